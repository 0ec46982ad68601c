package import GraphColumns
package import GraphStore
package import GraphTypes

/// Where an import puts its nodes and relationships: a `BulkLoader`, or a test's own.
package protocol ImportSink: AnyObject {
  func addNodes(
    labels: [String], columns: [BulkLoader.Column], count: Int
  ) throws -> [Range<UInt64>]
  func update(_ node: NodeID, key: String, value: Value) throws
  func addRelationships(
    type: String, from: UnsafePointer<UInt32>, to: UnsafePointer<UInt32>,
    columns: [BulkLoader.Column], count: Int
  ) throws
  /// Makes an index or constraint from what has been added, when it finishes.
  func add(_ request: BulkSchemaRequest) throws
  func finish(progress: ((Double) -> Void)?) throws -> BulkLoader.Summary
  func cancel()
  /// Whether there were nodes before.
  var hasExistingNodes: Bool { get }
  /// The nodes with a label that were there before, some at a time, with their values of a key.
  func forEachExisting(
    label: String, key: String,
    _ body: (_ nodes: UnsafePointer<NodeID>, _ values: Vector, _ count: Int) throws -> Void
  ) throws
}

extension BulkLoader: ImportSink {
  package var hasExistingNodes: Bool { (existing?.nodeCount ?? 0) > 0 }

  package func forEachExisting(
    label: String, key: String,
    _ body: (_ nodes: UnsafePointer<NodeID>, _ values: Vector, _ count: Int) throws -> Void
  ) throws {
    guard let reader = existing, let label = reader.labelID(label),
      let key = reader.propertyKeyID(key)
    else { return }
    let nodes = UnsafeMutablePointer<NodeID>.allocate(capacity: Segments.rowCount)
    defer { nodes.deallocate() }
    for segment in 0..<reader.nodeSegmentCount {
      let count = reader.scanNodes(segment: segment, labels: [label], into: nodes)
      if count == 0 { continue }
      try body(nodes, try reader.gather(key, nodes: nodes, count: count), count)
    }
  }
}
