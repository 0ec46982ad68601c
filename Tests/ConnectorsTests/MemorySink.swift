import GraphColumns
@testable import GraphStore
import GraphTypes

@testable import Connectors

/// A graph in plain Swift collections, as the target of an import.
final class MemorySink: ImportSink {
  struct Node {
    var labels: [String]
    var properties: [String: Value]
  }
  struct Edge {
    var type: String
    var from: Int
    var to: Int
    var properties: [String: Value]
  }
  var nodes: [Node] = []
  var edges: [Edge] = []
  var isFinished = false
  var isCancelled = false
  var existingCount = 0

  init(existing: [Node] = []) {
    nodes = existing
    existingCount = existing.count
  }

  func addNodes(
    labels: [String], columns: [BulkLoader.Column], count: Int
  ) throws -> [Range<UInt64>] {
    let first = nodes.count
    for row in 0..<count {
      nodes.append(Node(labels: labels, properties: properties(columns, row)))
    }
    // Two runs, as a loader that fills up a segment would give.
    let middle = UInt64(first + count / 2)
    return [UInt64(first)..<middle, middle..<UInt64(first + count)]
  }

  private func properties(_ columns: [BulkLoader.Column], _ row: Int) -> [String: Value] {
    var result: [String: Value] = [:]
    for column in columns {
      let value = column.values.value(atRow: row)
      if case .null = value { continue }
      result[column.key] = value
    }
    return result
  }

  func update(_ node: NodeID, key: String, value: Value) throws {
    nodes[Int(node.rawValue)].properties[key] = value
  }

  func addRelationships(
    type: String, from: UnsafePointer<UInt32>, to: UnsafePointer<UInt32>,
    columns: [BulkLoader.Column], count: Int
  ) throws {
    for row in 0..<count {
      edges.append(
        Edge(
          type: type, from: Int(from[row]), to: Int(to[row]), properties: properties(columns, row)))
    }
  }

  func finish(progress: ((Double) -> Void)?) throws -> BulkLoader.Summary {
    isFinished = true
    var summary = BulkLoader.Summary()
    summary.nodes = nodes.count - existingCount
    summary.relationships = edges.count
    summary.properties = nodes.dropFirst(existingCount).reduce(0) { $0 + $1.properties.count }
      + edges.reduce(0) { $0 + $1.properties.count }
    return summary
  }
  func cancel() { isCancelled = true }

  var hasExistingNodes: Bool { existingCount > 0 }

  func forEachExisting(
    label: String, key: String,
    _ body: (UnsafePointer<NodeID>, Vector, Int) throws -> Void
  ) throws {
    var ids: [NodeID] = []
    var values: [Value] = []
    for (row, node) in nodes.prefix(existingCount).enumerated() where node.labels.contains(label) {
      ids.append(NodeID(UInt64(row)))
      values.append(node.properties[key] ?? .null)
    }
    let vector = Vector(type: .any, capacity: max(values.count, 1))
    vector.count = values.count
    for (row, value) in values.enumerated() { vector.values[row] = value }
    if !ids.isEmpty { try body(ids, vector, ids.count) }
  }

  func nodes(_ label: String) -> [Node] { nodes.filter { $0.labels.contains(label) } }
  func edges(_ type: String) -> [Edge] { edges.filter { $0.type == type } }
}
