internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// The nodes of an index's label that lack its only key, in ascending order: what the index does not
/// have.
final class MissingNodes {
  private let label: LabelID
  private let key: PropertyKeyID
  private let context: ExecutionContext
  private let segmentCount: Int
  private var segment = 0
  private let pending = UnsafeMutablePointer<NodeID>.allocate(capacity: Segments.rowCount)
  private var pendingStart = 0
  private var pendingEnd = 0

  init(_ index: IndexDefinition, _ context: ExecutionContext) {
    label = LabelID(index.labels[0])
    key = index.keys[0]
    self.context = context
    let reader = context.reader
    // Both are counts of what the reader sees: mostly there are none.
    let count = reader.nodeCount(label: label) - Int(reader.statistics(of: index).entries)
    segmentCount = count == 0 ? 0 : reader.nodeSegmentCount
  }
  deinit { pending.deallocate() }

  /// - Returns: how many; fewer than `capacity` at the end.
  func read(into nodes: UnsafeMutablePointer<NodeID>, capacity: Int) throws -> Int {
    var count = 0
    while count < capacity {
      if pendingStart == pendingEnd {
        guard segment < segmentCount else { break }
        try readSegment()
        continue
      }
      let part = min(capacity - count, pendingEnd - pendingStart)
      (nodes + count).update(from: pending + pendingStart, count: part)
      pendingStart += part
      count += part
    }
    return count
  }

  private func readSegment() throws {
    try context.control.check()
    let count = context.reader.scanNodes(segment: segment, labels: [label], into: pending)
    segment += 1
    pendingStart = 0
    pendingEnd = 0
    if count == 0 { return }
    let values = try context.reader.gather(key, nodes: pending, count: count)
    if values.type != .any && values.hasNoNulls { return }
    for row in 0..<count where values.isNull(row) {
      pending[pendingEnd] = pending[row]
      pendingEnd += 1
    }
  }
}
