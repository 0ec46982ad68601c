internal import GraphTypes

extension BuiltInFunction {
  static let spatial: [BuiltInFunction] = [
    BuiltInFunction(
      "point", "Spatial", [Parameter("input", "MAP")], returns: "POINT",
      "A point from x and y or longitude and latitude, and a third coordinate if wanted."
    ) { arguments, _ in try Point.construct(from: arguments[0]) },
    distance("point.distance"),
    distance("distance"),
    BuiltInFunction(
      "point.withinBBox", "Spatial",
      [
        Parameter("point", "POINT"), Parameter("lowerLeft", "POINT"),
        Parameter("upperRight", "POINT"),
      ], returns: "BOOLEAN", "True if a point lies in the box between two others."
    ) { arguments, _ in Point.isWithinBox(arguments[0], arguments[1], arguments[2]) },
  ]

  private static func distance(_ name: String) -> BuiltInFunction {
    BuiltInFunction(
      name, "Spatial", [Parameter("from", "POINT"), Parameter("to", "POINT")], returns: "FLOAT",
      "The distance of two points: in metres on the globe, else in units of the coordinates."
    ) { arguments, _ in Point.distance(arguments[0], arguments[1]) }
  }
}
