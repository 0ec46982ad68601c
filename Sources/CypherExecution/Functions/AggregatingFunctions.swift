internal import GraphTypes

extension BuiltInFunction {
  static let aggregating: [BuiltInFunction] = [
    BuiltInFunction(
      aggregate: "avg", [Parameter("input", "INTEGER | FLOAT | DURATION")],
      returns: "FLOAT | DURATION", "The mean of the values that are not null."),
    BuiltInFunction(
      aggregate: "collect", [Parameter("input", "ANY")], returns: "LIST<ANY>",
      "The values that are not null as a list."),
    BuiltInFunction(
      aggregate: "count", [Parameter("input", "ANY")], returns: "INTEGER",
      "The number of values that are not null; count(*) is the number of rows."),
    BuiltInFunction(
      aggregate: "gds.graph.project",
      [
        Parameter("graphName", "STRING"), Parameter("sourceNode", "NODE | INTEGER"),
        Parameter("targetNode", "NODE | INTEGER", isOptional: true),
        Parameter("dataConfig", "MAP", isOptional: true),
        Parameter("configuration", "MAP", isOptional: true),
      ], returns: "MAP",
      "Makes a projected graph of the rows: a node for each source and target, a relationship for "
        + "each row whose target is not null. Null for no rows."),
    BuiltInFunction(
      aggregate: "max", [Parameter("input", "ANY")], returns: "ANY",
      "The greatest of the values that are not null, in the order of ORDER BY."),
    BuiltInFunction(
      aggregate: "min", [Parameter("input", "ANY")], returns: "ANY",
      "The least of the values that are not null, in the order of ORDER BY."),
    BuiltInFunction(
      aggregate: "percentileCont",
      [Parameter("input", "FLOAT"), Parameter("percentile", "FLOAT")], returns: "FLOAT",
      "The value below which the given share (0 to 1) of the values lies, interpolated."),
    BuiltInFunction(
      aggregate: "percentileDisc",
      [Parameter("input", "INTEGER | FLOAT"), Parameter("percentile", "FLOAT")],
      returns: "INTEGER | FLOAT", "The value that is nearest to the given percentile (0 to 1)."),
    BuiltInFunction(
      aggregate: "stDev", [Parameter("input", "FLOAT")], returns: "FLOAT",
      "The standard deviation of a population, estimated from a sample (divided by n - 1)."),
    BuiltInFunction(
      aggregate: "stDevP", [Parameter("input", "FLOAT")], returns: "FLOAT",
      "The standard deviation of a whole population (divided by n)."),
    BuiltInFunction(
      aggregate: "sum", [Parameter("input", "INTEGER | FLOAT | DURATION")],
      returns: "INTEGER | FLOAT | DURATION", "The sum of the values that are not null; 0 for none."),
  ]
}
