#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Distances and boxes, as in Neo4j.

extension Point {
  /// The equatorial radius that Neo4j computes with, in metres.
  package static let earthRadius = 6_378_140.0

  /// Distance of two points of one coordinate system; nil if they have different ones.
  ///
  /// Cartesian: Euclidean, in the units of the coordinates. WGS 84: along the great circle on a
  /// sphere (haversine formula) in metres; with heights, the hypotenuse of the way at their mean
  /// height and their difference.
  package func distance(to other: Point) -> Double? {
    guard srid == other.srid, let reference else { return nil }
    let rise = (z ?? 0) - (other.z ?? 0)
    if !reference.isGeographic {
      let dx = x - other.x
      let dy = y - other.y
      return (dx * dx + dy * dy + rise * rise).squareRoot()
    }
    let radians = Double.pi / 180
    let halfLatitude = sin((other.y - y) * radians / 2)
    let halfLongitude = sin((other.x - x) * radians / 2)
    let haversine =
      halfLatitude * halfLatitude
      + cos(y * radians) * cos(other.y * radians) * halfLongitude * halfLongitude
    // Rounding may push the haversine of antipodes above 1.
    let angle = 2 * atan2(haversine.squareRoot(), max(0, 1 - haversine).squareRoot())
    if !reference.hasHeight { return Self.earthRadius * angle }
    let along = (Self.earthRadius + ((z ?? 0) + (other.z ?? 0)) / 2) * angle
    return (along * along + rise * rise).squareRoot()
  }

  /// Whether this lies in the box from `lowerLeft` to `upperRight`, borders included; nil if the
  /// three are not of one coordinate system. A geographic box whose left longitude is greater than
  /// its right one crosses the 180th meridian.
  package func isWithin(lowerLeft: Point, upperRight: Point) -> Bool? {
    guard srid == lowerLeft.srid, srid == upperRight.srid, let reference else { return nil }
    let crosses = reference.isGeographic && lowerLeft.x > upperRight.x
    let isInX =
      crosses
      ? x >= lowerLeft.x || x <= upperRight.x : x >= lowerLeft.x && x <= upperRight.x
    guard isInX, y >= lowerLeft.y, y <= upperRight.y else { return false }
    guard let z, let low = lowerLeft.z, let high = upperRight.z else { return true }
    return z >= low && z <= high
  }

  /// `point.distance(a, b)`: null unless both are points of one coordinate system.
  package static func distance(_ a: Value, _ b: Value) -> Value {
    guard case .point(let a) = a, case .point(let b) = b else { return .null }
    return a.distance(to: b).map { .float($0) } ?? .null
  }

  /// `point.withinBBox(point, lowerLeft, upperRight)`: null unless all are points of one system.
  package static func isWithinBox(_ point: Value, _ lowerLeft: Value, _ upperRight: Value) -> Value
  {
    guard case .point(let point) = point, case .point(let lowerLeft) = lowerLeft,
      case .point(let upperRight) = upperRight
    else { return .null }
    return point.isWithin(lowerLeft: lowerLeft, upperRight: upperRight).map { .boolean($0) }
      ?? .null
  }
}
