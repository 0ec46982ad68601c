internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// Passes everything on to another sink and notes the names in it.
final class NamingSink: ImportSink {
  private let sink: any ImportSink
  private(set) var names = ImportedNames()
  /// Labels by which nodes were looked up that may only have been changed, and what was changed.
  private var existingLabels: Set<String> = []
  private var changedKeys: Set<String> = []

  init(_ sink: any ImportSink) { self.sink = sink }

  func addNodes(
    labels: [String], columns: [BulkLoader.Column], count: Int
  ) throws -> [Range<UInt64>] {
    for label in labels { names.labels[label, default: []].formUnion(columns.map(\.key)) }
    return try sink.addNodes(labels: labels, columns: columns, count: count)
  }
  func update(_ node: NodeID, key: String, value: Value) throws {
    if changedKeys.insert(key).inserted {
      for label in existingLabels { names.labels[label, default: []].insert(key) }
    }
    try sink.update(node, key: key, value: value)
  }
  func addRelationships(
    type: String, from: UnsafePointer<UInt32>, to: UnsafePointer<UInt32>,
    columns: [BulkLoader.Column], count: Int
  ) throws {
    names.types[type, default: []].formUnion(columns.map(\.key))
    try sink.addRelationships(type: type, from: from, to: to, columns: columns, count: count)
  }
  func add(_ request: BulkSchemaRequest) throws { try sink.add(request) }
  func finish(progress: ((Double) -> Void)?) throws -> BulkLoader.Summary {
    try sink.finish(progress: progress)
  }
  func cancel() { sink.cancel() }
  var hasExistingNodes: Bool { sink.hasExistingNodes }
  func forEachExisting(
    label: String, key: String,
    _ body: (_ nodes: UnsafePointer<NodeID>, _ values: Vector, _ count: Int) throws -> Void
  ) throws {
    if hasExistingNodes {
      existingLabels.insert(label)
      names.labels[label, default: []].formUnion(changedKeys.union([key]))
    }
    try sink.forEachExisting(label: label, key: key, body)
  }
}
