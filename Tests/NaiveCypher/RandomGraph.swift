internal import GraphTypes
internal import TestSupport

/// A small random graph as statements with parameters, for the engine and the interpreter alike.
package struct RandomGraph {
  struct NodeText {
    var labels: [String]
    var properties: [String: Value]
  }

  struct RelationshipText {
    var type: String
    var start: Int
    var end: Int
    var properties: [String: Value]
  }

  private(set) var nodes: [NodeText] = []
  private(set) var relationships: [RelationshipText] = []

  package init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let nodeCount = seed % 8 == 0 ? 0 : Int.random(in: 2...7, using: &random)
    nodes = (0..<nodeCount).map { _ in
      NodeText(
        labels: QueryGenerator.labels.filter { _ in Int.random(in: 0..<5, using: &random) < 2 },
        properties: Self.properties(&random))
    }
    if nodeCount == 0 { return }
    relationships = (0..<Int.random(in: nodeCount...(2 * nodeCount), using: &random)).map { _ in
      RelationshipText(
        type: QueryGenerator.types.randomElement(using: &random) ?? "R",
        start: Int.random(in: 0..<nodeCount, using: &random),
        end: Int.random(in: 0..<nodeCount, using: &random), properties: Self.properties(&random))
    }
  }

  private static let mixed: [Value] = [
    .integer(1), .integer(2), .float(1.5), .float(2), .float(-0.0), .float(.nan),
    .float(.infinity), .string("a"), .string("Ж"), .boolean(true), .list([.integer(1)]), .list([]),
    .list([.string("a"), .string("b")]), .integer(9_007_199_254_740_993),
    .float(9_007_199_254_740_992),
  ]

  private static func properties(_ random: inout SeededGenerator) -> [String: Value] {
    var all: [String: Value] = [
      "i": .integer(.random(in: -1...5, using: &random)),
      "f": .float([0.5, 1.5, -0.0, 2, -2.5].randomElement(using: &random) ?? 0),
      "s": .string(["a", "b", "ab", "", "Ж", "ba"].randomElement(using: &random) ?? ""),
      "b": .boolean(.random(using: &random)),
      "m": mixed.randomElement(using: &random) ?? .null,
    ]
    for key in all.keys.sorted() where Int.random(in: 0..<4, using: &random) == 0 {
      all[key] = nil
    }
    return all
  }

  package func naive() -> NaiveGraph {
    let graph = NaiveGraph()
    let ids = nodes.map { graph.addNode(labels: Set($0.labels), properties: $0.properties) }
    for item in relationships {
      _ = graph.addRelationship(
        item.type, from: ids[item.start], to: ids[item.end], properties: item.properties)
    }
    return graph
  }

  /// Statements that make the graph, in order; the number of each node is its property `no` until
  /// the last statement takes it away.
  var statements: [(text: String, parameters: [String: Value])] {
    var all: [(text: String, parameters: [String: Value])] = []
    for (number, node) in nodes.enumerated() {
      all.append(
        (
          "CREATE (n\(node.labels.map { ":" + $0 }.joined())) SET n = $p, n.no = $n",
          ["p": .map(node.properties), "n": .integer(Int64(number))]
        ))
    }
    for item in relationships {
      all.append(
        (
          "MATCH (a), (b) WHERE a.no = $a AND b.no = $b CREATE (a)-[r:\(item.type)]->(b) SET r = $p",
          [
            "a": .integer(Int64(item.start)), "b": .integer(Int64(item.end)),
            "p": .map(item.properties),
          ]
        ))
    }
    all.append(("MATCH (n) REMOVE n.no", [:]))
    return all
  }

  /// One CREATE that makes the graph, to look at a failure by hand.
  package var script: String {
    let parts =
      nodes.enumerated().map { number, node in
        "(n\(number)\(node.labels.map { ":" + $0 }.joined()) \(Self.text(node.properties)))"
      }
      + relationships.map {
        "(n\($0.start))-[:\($0.type) \(Self.text($0.properties))]->(n\($0.end))"
      }
    return parts.isEmpty ? "" : "CREATE " + parts.joined(separator: ", ") + ";"
  }

  private static func text(_ properties: [String: Value]) -> String {
    func literal(_ value: Value) -> String {
      switch value {
      case .float(let float) where float.isNaN: "0.0/0.0"
      case .float(let float) where float.isInfinite: "1.0/0.0"
      case .float(let float): "\(float)"
      case .integer(let integer): "\(integer)"
      case .string(let text): "'\(text)'"
      case .boolean(let truth): "\(truth)"
      case .list(let items): "[" + items.map(literal).joined(separator: ", ") + "]"
      default: "null"
      }
    }
    return "{"
      + properties.keys.sorted().map { "\($0): \(literal(properties[$0] ?? .null))" }
      .joined(separator: ", ") + "}"
  }
}
