import Foundation
internal import GraphTypes

/// What a query gave, so written that equal outcomes are equal texts: of the engine and of the
/// interpreter, whose identities differ.
package struct Outcome: Equatable, CustomStringConvertible {
  /// nil after an error.
  package var rows: [String]?
  /// Afterwards, when the query writes.
  package var graph: [String] = []
  /// Why there are no rows; does not count.
  package var message = ""

  package static func == (a: Outcome, b: Outcome) -> Bool {
    a.rows == b.rows && (a.rows == nil || a.graph == b.graph)
  }

  package var description: String {
    guard let rows else { return "failed: \(message)" }
    return "\(rows.count) rows\n    " + rows.joined(separator: "\n    ")
      + (graph.isEmpty ? "" : "\n  graph\n    " + graph.joined(separator: "\n    "))
  }

  static func failed(_ error: any Error) -> Outcome { Outcome(rows: nil, message: "\(error)") }

  init(rows: [String]?, message: String = "") {
    self.rows = rows
    self.message = message
  }

  init(_ rows: [[Value]], of query: QueryGenerator.GeneratedQuery) {
    let texts = rows.map { row in
      row.enumerated().map { index, value in
        Self.text(value, query.isLoose, isBag: query.bagColumns.contains(index))
      }.joined(separator: " | ")
    }
    self.rows = query.isOrdered ? texts : texts.sorted()
  }

  private static func text(_ value: Value, _ isLoose: Bool, isBag: Bool = false) -> String {
    switch value {
    case .null: return "null"
    case .boolean(let truth): return "\(truth)"
    case .integer(let number): return "\(number)"
    case .float(let number):
      // Sums of floats differ by the order of adding.
      if number.rounded() == number, abs(number) < 0x1p63 {
        return isLoose ? "\(Int64(number))" : String(format: "%.10gf", number)
      }
      return String(format: "%.10gf", number)
    case .string(let text): return "'\(text)'"
    case .list(let items):
      let texts = items.map { self.text($0, isLoose) }
      return "[" + (isBag ? texts.sorted() : texts).joined(separator: ", ") + "]"
    case .map(let entries):
      return "{"
        + entries.keys.sorted().map { "\($0): \(text(entries[$0] ?? .null, isLoose))" }
        .joined(separator: ", ") + "}"
    case .node(let node):
      return "(\(node.labels.sorted().joined(separator: ":")) "
        + "\(text(.map(node.properties), isLoose)))"
    case .relationship(let relationship):
      return "[\(relationship.type) \(text(.map(relationship.properties), isLoose))]"
    case .path(let path):
      return "<"
        + (path.nodes.map { text(.node($0), isLoose) }
        + path.relationships.map { text(.relationship($0), isLoose) }).joined(separator: " ") + ">"
    default: return "\(value)"
    }
  }

  /// The graph as texts of its elements, with what the ends are told apart by: their texts, and
  /// those of their neighbours.
  static func graph(_ nodes: [Node], _ relationships: [Relationship], isLoose: Bool) -> [String] {
    var names = Dictionary(
      uniqueKeysWithValues: nodes.map { ($0.id, text(.node($0), isLoose)) })
    func edge(_ relationship: Relationship) -> String {
      "\(names[relationship.start] ?? "?")-\(text(.relationship(relationship), isLoose))->"
        + "\(names[relationship.end] ?? "?")"
    }
    let edges = relationships.map(edge).sorted()
    var around: [NodeID: [String]] = [:]
    for relationship in relationships {
      around[relationship.start, default: []].append(edge(relationship))
      around[relationship.end, default: []].append(edge(relationship))
    }
    for (id, edges) in around { names[id, default: ""] += " \(edges.sorted())".hashed }
    return names.values.sorted() + edges
  }
}

extension String {
  /// Short, and the same for the same text in every process.
  fileprivate var hashed: String {
    String(
      utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 },
      radix: 36)
  }
}

extension NaiveGraph {
  package func outcome(isLoose: Bool) -> [String] {
    let nodes = self.nodes.keys.compactMap { id -> Node? in
      if case .node(let node) = filled(node(id)) { node } else { nil }
    }
    let relationships = self.relationships.keys.compactMap { id -> Relationship? in
      if case .relationship(let found) = filled(.relationship(relationship(id))) {
        found
      } else {
        nil
      }
    }
    return Outcome.graph(nodes, relationships, isLoose: isLoose)
  }
}
