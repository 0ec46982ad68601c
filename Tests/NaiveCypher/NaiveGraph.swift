package import GraphTypes

/// A property graph in dictionaries: what the interpreter reads and writes.
package final class NaiveGraph {
  package struct NodeRecord: Sendable {
    package var labels: Set<String>
    package var properties: [String: Value]
  }

  package struct RelationshipRecord: Sendable {
    package var type: String
    package var start: UInt64
    package var end: UInt64
    package var properties: [String: Value]
  }

  package private(set) var nodes: [UInt64: NodeRecord] = [:]
  package private(set) var relationships: [UInt64: RelationshipRecord] = [:]
  private var last: UInt64 = 0

  package init() {}

  package func copy() -> NaiveGraph {
    let copy = NaiveGraph()
    copy.nodes = nodes
    copy.relationships = relationships
    copy.last = last
    return copy
  }

  package func addNode(labels: Set<String>, properties: [String: Value]) -> UInt64 {
    last += 1
    nodes[last] = NodeRecord(labels: labels, properties: properties.withoutNulls)
    return last
  }

  package func addRelationship(
    _ type: String, from start: UInt64, to end: UInt64, properties: [String: Value]
  ) -> UInt64 {
    last += 1
    relationships[last] = RelationshipRecord(
      type: type, start: start, end: end, properties: properties.withoutNulls)
    return last
  }

  func change(_ element: Value, _ body: (inout [String: Value]) throws -> Void) throws {
    switch element {
    case .node(let node):
      guard nodes[node.id.rawValue] != nil else { throw NaiveError.deleted }
      try body(&nodes[node.id.rawValue]!.properties)
    case .relationship(let relationship):
      guard relationships[relationship.id.rawValue] != nil else { throw NaiveError.deleted }
      try body(&relationships[relationship.id.rawValue]!.properties)
    default: throw NaiveError.type("properties of neither a node nor a relationship")
    }
  }

  func changeLabels(_ element: Value, _ body: (inout Set<String>) -> Void) throws {
    guard case .node(let node) = element else { throw NaiveError.type("labels of no node") }
    guard nodes[node.id.rawValue] != nil else { throw NaiveError.deleted }
    body(&nodes[node.id.rawValue]!.labels)
  }

  func deleteNode(_ id: UInt64, detaching: Bool) {
    nodes[id] = nil
    if detaching {
      relationships = relationships.filter { $0.value.start != id && $0.value.end != id }
    }
  }

  func deleteRelationship(_ id: UInt64) { relationships[id] = nil }

  /// Whether every relationship has both of its ends.
  var isWhole: Bool {
    relationships.values.allSatisfy { nodes[$0.start] != nil && nodes[$0.end] != nil }
  }

  // MARK: Values

  func node(_ id: UInt64) -> Value { .node(Node(id: NodeID(id))) }

  func relationship(_ id: UInt64) -> Relationship {
    let record = relationships[id]
    return Relationship(
      id: RelationshipID(rawValue: id), start: NodeID(record?.start ?? 0),
      end: NodeID(record?.end ?? 0), type: record?.type ?? "")
  }

  /// The value with labels and properties filled in, as a result has it.
  func filled(_ value: Value) -> Value {
    switch value {
    case .node(let node): .node(filled(node))
    case .relationship(let relationship): .relationship(filled(relationship))
    case .path(let path):
      .path(Path(nodes: path.nodes.map(filled), relationships: path.relationships.map(filled)))
    case .list(let values): .list(values.map(filled))
    case .map(let entries): .map(entries.mapValues(filled))
    default: value
    }
  }

  private func filled(_ node: Node) -> Node {
    let record = nodes[node.id.rawValue]
    return Node(
      id: node.id, labels: record?.labels.sorted() ?? [], properties: record?.properties ?? [:])
  }

  private func filled(_ relationship: Relationship) -> Relationship {
    let id = relationship.id.rawValue
    let filled = self.relationship(id)
    return Relationship(
      id: filled.id, start: filled.start, end: filled.end, type: filled.type,
      properties: relationships[id]?.properties ?? [:])
  }
}

extension [String: Value] {
  var withoutNulls: [String: Value] { filter { if case .null = $0.value { false } else { true } } }
}

/// Why a query has no result.
package enum NaiveError: Error {
  case type(String)
  case arithmetic(String)
  case argument(String)
  case deleted
  case constraint
  /// The interpreter does not know the form: the query says nothing about the engine.
  case unsupported(String)
  /// The query is too much work for nested loops.
  case tooLong

  var isUnsupported: Bool { if case .unsupported = self { true } else { false } }
}
