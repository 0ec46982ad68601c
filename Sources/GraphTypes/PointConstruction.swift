// Points from maps, their parts and their text.

extension Point {
  /// nil for an SRID that no coordinate system has.
  package var reference: SpatialReference? { SpatialReference(rawValue: srid) }

  /// A checked point: longitudes are brought into ±180°, latitudes must be within ±90°.
  package init(_ reference: SpatialReference, x: Double, y: Double, z: Double? = nil)
    throws(QueryError)
  {
    guard reference.hasHeight == (z != nil) else {
      throw TemporalError.invalid(
        "a point in '\(reference.name)' has \(reference.hasHeight ? 3 : 2) coordinates")
    }
    var x = x
    if reference.isGeographic {
      guard (-90...90).contains(y) else {
        throw TemporalError.invalid("latitude must be between -90 and 90, got \(y.cypherText)")
      }
      if x < -180 || x > 180 {
        x = (x + 180).truncatingRemainder(dividingBy: 360)
        x += x < 0 ? 180 : -180
      }
    }
    self.init(srid: reference.rawValue, x: x, y: y, z: z)
  }

  /// A checked point from its parts, as dumps and the line protocol have them.
  package init(srid: Int64, coordinates: [Double]) throws(QueryError) {
    guard let reference = Int32(exactly: srid).flatMap(SpatialReference.init(rawValue:)) else {
      throw TemporalError.invalid(
        "no coordinate system has the srid \(srid)",
        hint: "there are "
          + SpatialReference.allCases.map { "\($0.rawValue) (\($0.name))" }
          .joined(separator: ", "))
    }
    guard (2...3).contains(coordinates.count) else {
      throw TemporalError.invalid("a point has two or three coordinates, not \(coordinates.count)")
    }
    try self.init(
      reference, x: coordinates[0], y: coordinates[1],
      z: coordinates.count == 3 ? coordinates[2] : nil)
  }

  /// `point({x, y[, z]})` or `point({longitude, latitude[, height]})`, with `crs` or `srid` to say
  /// which coordinate system. Null if an entry is null.
  package static func construct(from argument: Value) throws(QueryError) -> Value {
    let map: [String: Value]
    switch argument {
    case .null: return .null
    case .map(let entries): map = entries
    default:
      throw QueryError.invalidType("point() takes a map, not \(argument.typeNameWithArticle)")
    }
    if map.values.contains(.null) { return .null }
    for name in map.keys.sorted() where !fieldNames.contains(name) {
      let nearest = NameSuggestion.nearest(to: name, among: fieldNames)
      throw TemporalError.invalid(
        "a point has no field '\(name)'", hint: nearest.map { "did you mean '\($0)'?" })
    }

    let longitude = try coordinate("longitude", map)
    let latitude = try coordinate("latitude", map)
    let x = try coordinate("x", map)
    let y = try coordinate("y", map)
    let height = try coordinate("height", map)
    let z = try coordinate("z", map) ?? height
    let named = try namedReference(map)
    let reference =
      named ?? .with(isGeographic: longitude != nil || latitude != nil, hasHeight: z != nil)
    if (longitude != nil || latitude != nil) && !reference.isGeographic {
      throw TemporalError.invalid("a point in '\(reference.name)' has no longitude and latitude")
    }
    guard let first = longitude ?? x, let second = latitude ?? y,
      (longitude == nil) == (latitude == nil)
    else {
      throw TemporalError.invalid(
        "a point needs x and y, or longitude and latitude",
        hint: "for example point({longitude: 37.62, latitude: 55.75})")
    }
    return .point(try Point(reference, x: first, y: second, z: z))
  }

  private static let fieldNames = [
    "x", "y", "z", "longitude", "latitude", "height", "crs", "srid",
  ]

  private static func coordinate(_ name: String, _ map: [String: Value]) throws(QueryError)
    -> Double?
  {
    switch map[name] {
    case nil: return nil
    case .integer(let value): return Double(value)
    case .float(let value): return value
    case .some(let other):
      throw QueryError.invalidType("\(name) must be a number, not \(other.typeNameWithArticle)")
    }
  }

  private static func namedReference(_ map: [String: Value]) throws(QueryError)
    -> SpatialReference?
  {
    let reference: SpatialReference?
    switch (map["crs"], map["srid"]) {
    case (nil, nil): return nil
    case (.string(let name), nil): reference = SpatialReference(name: name)
    case (nil, .integer(let srid)):
      reference = Int32(exactly: srid).flatMap(SpatialReference.init(rawValue:))
    case (.some, .some): throw TemporalError.invalid("give crs or srid, not both")
    default: throw QueryError.invalidType("crs must be a string and srid an integer")
    }
    guard let reference else {
      throw TemporalError.invalid(
        "unknown coordinate system",
        hint: "crs is one of "
          + SpatialReference.allCases.map { "'\($0.name)' (srid \($0.rawValue))" }
          .joined(separator: ", "))
    }
    return reference
  }

  /// `p.x`, `p.longitude`, `p.crs` and so on; nil for a part that the coordinate system lacks.
  package func component(named name: String) -> Value? {
    let isGeographic = reference?.isGeographic ?? false
    switch name {
    case "x": return .float(x)
    case "y": return .float(y)
    case "z": return z.map { .float($0) } ?? .null
    case "longitude" where isGeographic: return .float(x)
    case "latitude" where isGeographic: return .float(y)
    case "height" where isGeographic: return z.map { .float($0) } ?? .null
    case "crs": return reference.map { .string($0.name) } ?? .null
    case "srid": return .integer(Int64(srid))
    default: return nil
    }
  }

  var componentNames: [String] {
    ["x", "y", "z"] + (reference?.isGeographic == true ? ["longitude", "latitude", "height"] : [])
      + ["crs", "srid"]
  }
}

extension Point: CustomStringConvertible {
  /// `point({x: 1.0, y: 2.0, crs: 'cartesian'})`, which Cypher reads back.
  public var description: String {
    let height = z.map { ", z: \($0.cypherText)" } ?? ""
    let system = reference.map { "crs: '\($0.name)'" } ?? "srid: \(srid)"
    return "point({x: \(x.cypherText), y: \(y.cypherText)\(height), \(system)})"
  }
}
