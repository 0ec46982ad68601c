internal import GraphTypes

/// `gds.similarity.*`, `gds.util.*` and what else of GDS is a function.
extension BuiltInFunction {
  static let graphDataScience: [BuiltInFunction] = similarities + utilities + linkPrediction

  private static let category = "Graph data science"

  // MARK: Similarities

  private static let similarities: [BuiltInFunction] = [
    vectorFunction("gds.similarity.cosine", "The cosine of the angle between two vectors.") {
      cosine($0, $1) ?? 0
    },
    vectorFunction(
      "gds.similarity.pearson", "The correlation of two vectors: the cosine about their means."
    ) { a, b in cosine(centred(a), centred(b)) ?? 0 },
    vectorFunction("gds.similarity.euclideanDistance", "The distance of two points.") {
      distance($0, $1)
    },
    vectorFunction("gds.similarity.euclidean", "1 / (1 + distance of two points).") {
      1 / (1 + distance($0, $1))
    },
    setFunction(
      "gds.similarity.jaccard", "The share of the elements of two sets that are in both."
    ) { common, a, b in a + b - common > 0 ? common / (a + b - common) : 0 },
    setFunction(
      "gds.similarity.overlap", "The share of the smaller set that is in the other one, too."
    ) { common, a, b in min(a, b) > 0 ? common / min(a, b) : 0 },
  ]

  private static let vectors = [
    Parameter("vector1", "LIST<INTEGER | FLOAT>"), Parameter("vector2", "LIST<INTEGER | FLOAT>"),
  ]

  private static func vectorFunction(
    _ name: String, _ summary: String,
    _ body: @escaping @Sendable ([Double], [Double]) -> Double
  ) -> BuiltInFunction {
    BuiltInFunction(name, category, vectors, returns: "FLOAT", summary) { arguments, _ in
      let a = try numbers(arguments[0], name)
      let b = try numbers(arguments[1], name)
      guard a.count == b.count else {
        throw ExpressionError.argument(
          "\(name)() takes two lists of one length, not of \(a.count) and \(b.count) numbers")
      }
      return .float(body(a, b))
    }
  }

  private static func setFunction(
    _ name: String, _ summary: String,
    _ body: @escaping @Sendable (_ common: Double, _ a: Double, _ b: Double) -> Double
  ) -> BuiltInFunction {
    BuiltInFunction(name, category, vectors, returns: "FLOAT", summary) { arguments, _ in
      let a = Set(try numbers(arguments[0], name))
      let b = Set(try numbers(arguments[1], name))
      return .float(body(Double(a.intersection(b).count), Double(a.count), Double(b.count)))
    }
  }

  private static func numbers(_ value: Value, _ function: String) throws -> [Double] {
    try Argument.list(value, function).map { try Argument.number($0, function) }
  }

  private static func centred(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    return values.map { $0 - mean }
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  // MARK: Utilities

  private static let utilities: [BuiltInFunction] = [
    BuiltInFunction(
      "gds.util.asNode", category, [Parameter("nodeId", "INTEGER")], returns: "NODE",
      "The node with an id; null if there is none."
    ) { arguments, evaluation in try node(arguments[0], "gds.util.asNode", evaluation) },
    BuiltInFunction(
      "gds.util.asNodes", category, [Parameter("nodeIds", "LIST<INTEGER>")],
      returns: "LIST<NODE>", "The nodes with some ids, null for those that there are not."
    ) { arguments, evaluation in
      .list(
        try Argument.list(arguments[0], "gds.util.asNodes").map {
          try node($0, "gds.util.asNodes", evaluation)
        })
    },
    BuiltInFunction(
      "gds.util.nodeProperty", category,
      [
        Parameter("graphName", "STRING"), Parameter("nodeId", "NODE | INTEGER"),
        Parameter("propertyKey", "STRING"), Parameter("nodeLabel", "STRING", isOptional: true),
      ], returns: "ANY",
      "The value of a node property in a projected graph; null if the node has none.",
      stability: .volatile
    ) { arguments, evaluation in
      let name = "gds.util.nodeProperty"
      return try evaluation.context.procedures.projectedGraphs.nodeProperty(
        graph: Argument.string(arguments[0], name), node: nodeID(arguments[1], name),
        key: Argument.string(arguments[2], name),
        label: arguments.count > 3 ? Argument.string(arguments[3], name) : "*")
    },
    BuiltInFunction(
      "gds.graph.exists", category, [Parameter("graphName", "STRING")], returns: "BOOLEAN",
      "Whether there is a projected graph of that name.", stability: .volatile
    ) { arguments, evaluation in
      .boolean(
        evaluation.context.procedures.projectedGraphs.exists(
          try Argument.string(arguments[0], "gds.graph.exists")))
    },
    BuiltInFunction(
      "gds.version", category, [], returns: "STRING", "The version of the algorithms."
    ) { _, evaluation in .string(evaluation.context.procedures.projectedGraphs.version) },
    BuiltInFunction(
      "gds.util.NaN", category, [], returns: "FLOAT", "Not a number."
    ) { _, _ in .float(.nan) },
    BuiltInFunction(
      "gds.util.infinity", category, [], returns: "FLOAT", "Infinity."
    ) { _, _ in .float(.infinity) },
    BuiltInFunction(
      "gds.util.isFinite", category, [Parameter("value", "INTEGER | FLOAT")],
      returns: "BOOLEAN", "Whether a number is neither infinite nor NaN."
    ) { arguments, _ in
      .boolean(try Argument.number(arguments[0], "gds.util.isFinite").isFinite)
    },
    BuiltInFunction(
      "gds.util.isInfinite", category, [Parameter("value", "INTEGER | FLOAT")],
      returns: "BOOLEAN", "Whether a number is infinite or NaN."
    ) { arguments, _ in
      .boolean(try !Argument.number(arguments[0], "gds.util.isInfinite").isFinite)
    },
  ]

  private static func nodeID(_ value: Value, _ function: String) throws -> NodeID {
    switch value {
    case .node(let node): return node.id
    case .integer(let raw) where raw >= 0: return NodeID(UInt64(raw))
    default: throw Argument.mismatch(value, function, "a node or its id")
    }
  }

  private static func node(
    _ value: Value, _ function: String, _ evaluation: Evaluation
  ) throws -> Value {
    if case .null = value { return .null }
    let id = try nodeID(value, function)
    let reader = evaluation.reader
    guard id.rawValue < UInt64(reader.nodeRowCount), reader.exists(id) else { return .null }
    return .node(Node(id: id))
  }
}
