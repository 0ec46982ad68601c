/// The four coordinate systems of points.
package enum SpatialReference: Int32, Sendable, CaseIterable {
  case wgs84 = 4326
  case wgs84With3D = 4979
  case cartesian = 7203
  case cartesianWith3D = 9157

  package var name: String {
    switch self {
    case .wgs84: "wgs-84"
    case .wgs84With3D: "wgs-84-3d"
    case .cartesian: "cartesian"
    case .cartesianWith3D: "cartesian-3d"
    }
  }

  package init?(name: String) {
    let folded = name.lowercased()
    guard let match = Self.allCases.first(where: { $0.name == folded }) else { return nil }
    self = match
  }

  /// Coordinates are degrees of longitude and latitude.
  package var isGeographic: Bool { self == .wgs84 || self == .wgs84With3D }
  package var hasHeight: Bool { self == .wgs84With3D || self == .cartesianWith3D }

  static func with(isGeographic: Bool, hasHeight: Bool) -> SpatialReference {
    isGeographic
      ? (hasHeight ? .wgs84With3D : .wgs84) : (hasHeight ? .cartesianWith3D : .cartesian)
  }
}
