import GraphColumns
import GraphTypes

@testable import Connectors
@testable import GraphStore

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
  private var batches: [EdgeBatch] = []
  var requests: [BulkSchemaRequest] = []
  var isFinished = false
  var isCancelled = false
  var existingCount = 0

  /// Kept as it came: real data would take long as dictionaries.
  struct EdgeBatch {
    var type: String
    var from: [UInt32]
    var to: [UInt32]
    var columns: [BulkLoader.Column]
  }

  init(existing: [Node] = []) {
    nodes = existing
    existingCount = existing.count
  }

  func add(_ request: BulkSchemaRequest) { requests.append(request) }

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
    batches.append(
      EdgeBatch(
        type: type, from: Array(UnsafeBufferPointer(start: from, count: count)),
        to: Array(UnsafeBufferPointer(start: to, count: count)), columns: columns))
  }

  func finish(progress: ((Double) -> Void)?) throws -> BulkLoader.Summary {
    isFinished = true
    var summary = BulkLoader.Summary()
    summary.nodes = nodes.count - existingCount
    summary.relationships = batches.reduce(0) { $0 + $1.from.count }
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
  func batches(_ type: String) -> [EdgeBatch] { batches.filter { $0.type == type } }
  func edgeCount(_ type: String) -> Int { batches(type).reduce(0) { $0 + $1.from.count } }
  func edges(_ type: String) -> [Edge] { edges.filter { $0.type == type } }
  var edges: [Edge] {
    batches.flatMap { batch in
      batch.from.indices.map { row in
        Edge(
          type: batch.type, from: Int(batch.from[row]), to: Int(batch.to[row]),
          properties: properties(batch.columns, row))
      }
    }
  }

  /// The sum of a property over the relationships of a type.
  func sum(_ type: String, _ key: String) -> Double {
    var total = 0.0
    for batch in batches(type) {
      guard let column = batch.columns.first(where: { $0.key == key })?.values else { continue }
      for row in 0..<batch.from.count where !column.isNull(row) {
        if column.type == .float { total += column.floats[row] }
        if column.type == .integer { total += Double(column.integers[row]) }
      }
    }
    return total
  }
  func starts(_ type: String) -> Set<UInt32> { Set(batches(type).flatMap(\.from)) }
  func ends(_ type: String) -> Set<UInt32> { Set(batches(type).flatMap(\.to)) }
}
