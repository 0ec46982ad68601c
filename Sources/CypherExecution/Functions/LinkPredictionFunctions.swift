internal import GraphStore
internal import GraphTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `gds.alpha.linkprediction.*`: how likely two nodes are to be joined, by their neighbours.
extension BuiltInFunction {
  static let linkPrediction: [BuiltInFunction] = [
    pairFunction(
      "adamicAdar",
      "Common neighbours, those with few relationships counting more: Σ 1 / ln(degree)."
    ) { pair in
      try pair.common.reduce(0.0) { sum, node in
        let degree = Double(try pair.hood.degree(of: node))
        return degree > 1 ? sum + 1 / log(degree) : sum
      }
    },
    pairFunction("commonNeighbors", "How many neighbours two nodes have in common.") { pair in
      Double(pair.common.count)
    },
    pairFunction("preferentialAttachment", "The product of two nodes' degrees.") { pair in
      Double(try pair.hood.degree(of: pair.first))
        * Double(try pair.hood.degree(of: pair.second))
    },
    pairFunction(
      "resourceAllocation",
      "Common neighbours, those with few relationships counting more: Σ 1 / degree."
    ) { pair in
      try pair.common.reduce(0.0) { $0 + 1 / Double(try pair.hood.degree(of: $1)) }
    },
    pairFunction("totalNeighbors", "How many neighbours two nodes have together.") { pair in
      Double(
        try pair.hood.neighbours(of: pair.first)
          .union(pair.hood.neighbours(of: pair.second)).count)
    },
    BuiltInFunction(
      "gds.alpha.linkprediction.sameCommunity", "Graph data science",
      [
        Parameter("node1", "NODE"), Parameter("node2", "NODE"),
        Parameter("communityProperty", "STRING", isOptional: true),
      ], returns: "FLOAT", "1.0 if two nodes have the same value of `community`, else 0.0."
    ) { arguments, evaluation in
      let name = "gds.alpha.linkprediction.sameCommunity"
      let property = arguments.count > 2 ? try Argument.string(arguments[2], name) : "community"
      guard let key = evaluation.reader.propertyKeyID(property) else { return .float(0) }
      let a = try evaluation.reader.property(key, of: node(arguments[0], name))
      let b = try evaluation.reader.property(key, of: node(arguments[1], name))
      return .float(Value.equals(a, b) == true ? 1 : 0)
    },
  ]

  private static func node(_ value: Value, _ function: String) throws -> NodeID {
    guard case .node(let node) = value else {
      throw Argument.mismatch(value, function, "a node")
    }
    return node.id
  }

  private static func pairFunction(
    _ shortName: String, _ summary: String, _ body: @escaping @Sendable (NodePair) throws -> Double
  ) -> BuiltInFunction {
    let name = "gds.alpha.linkprediction.\(shortName)"
    return BuiltInFunction(
      name, "Graph data science",
      [
        Parameter("node1", "NODE"), Parameter("node2", "NODE"),
        Parameter("configuration", "MAP", isOptional: true),
      ], returns: "FLOAT", summary, stability: .statement
    ) { arguments, evaluation in
      let hood = try Neighbourhood(
        arguments.count > 2 ? arguments[2] : .map([:]), name, evaluation.reader)
      return .float(
        try body(
          NodePair(
            hood: hood, first: node(arguments[0], name), second: node(arguments[1], name))))
    }
  }
}

private struct NodePair {
  let hood: Neighbourhood
  let first: NodeID
  let second: NodeID
  let common: Set<NodeID>

  init(hood: Neighbourhood, first: NodeID, second: NodeID) throws {
    self.hood = hood
    self.first = first
    self.second = second
    common = try hood.neighbours(of: first).intersection(hood.neighbours(of: second))
      .subtracting([first, second])
  }
}

/// The relationships that are looked at: `{relationshipQuery: 'TYPE', direction: 'BOTH'}`.
private struct Neighbourhood {
  private var lists: [Adjacency] = []

  init(_ configuration: Value, _ function: String, _ reader: GraphReader) throws {
    guard case .map(let map) = configuration else {
      throw Argument.mismatch(configuration, function, "a map as configuration")
    }
    let known = ["relationshipQuery", "direction"]
    if let unknown = map.keys.sorted().first(where: { !known.contains($0) }) {
      throw QueryError(
        .argumentError, "UnknownConfigurationKey",
        "`\(function)` has no configuration key `\(unknown)`",
        hint: NameSuggestion.nearest(to: unknown, among: known).map { "did you mean `\($0)`?" }
          ?? "its keys are \(known.joined(separator: ", "))")
    }
    var types = reader.relationshipTypeNames.compactMap { reader.relationshipTypeID($0) }
    if let query = map["relationshipQuery"] {
      types = [reader.relationshipTypeID(try Argument.string(query, function))].compactMap { $0 }
    }
    let direction = try map["direction"].map { try Argument.string($0, function).uppercased() }
    guard ["BOTH", "OUTGOING", "INCOMING"].contains(direction ?? "BOTH") else {
      throw ExpressionError.argument("the direction is BOTH, OUTGOING or INCOMING")
    }
    for type in types {
      if direction != "INCOMING" { lists.append(try reader.adjacency(type, .outgoing)) }
      if direction != "OUTGOING" { lists.append(try reader.adjacency(type, .incoming)) }
    }
  }

  func neighbours(of node: NodeID) throws -> Set<NodeID> {
    var result: Set<NodeID> = []
    for list in lists {
      list.forEachRun(of: node) { run in
        for i in 0..<run.count { result.insert(NodeID(UInt64(run.neighbours[i]))) }
      }
    }
    return result
  }

  func degree(of node: NodeID) throws -> Int { lists.reduce(0) { $0 + $1.degree(of: node) } }
}
