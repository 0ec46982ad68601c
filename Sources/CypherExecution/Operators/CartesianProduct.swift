internal import CypherPlanning
internal import GraphColumns

/// `.cartesianProduct`: each left row with all right rows, which are read once and kept, and passed
/// through once for each left batch.
final class CartesianProduct: Operator {
  private let right: RowBuffer
  private let addedColumns: [Int]
  private var isDrained = false
  private var left: Batch?
  private var leftRow = 0
  private var rightRows: RowBuffer.Reader
  private var rightBatch: Batch?

  init(_ plan: Plan, left: Operator, right: Operator, context: ExecutionContext) {
    // By way of a local: the optimiser of Swift 6.3.1 crashes on closures over `self` here.
    let added = right.layout.variables.indices.filter {
      !left.layout.contains(right.layout.variables[$0])
    }
    addedColumns = added
    self.right = RowBuffer(control: context.control, purpose: "CartesianProduct")
    rightRows = self.right.reader()
    super.init(
      plan, inputs: [left, right],
      layout: left.layout.adding(added.map { right.layout.variables[$0] }),
      context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override var spilledBytes: Int { right.spilledBytes }

  override func open() throws {
    try super.open()
    right.removeAll()
    isDrained = false
    left = nil
  }

  override func produce() throws -> Batch? {
    if left == nil {
      // The left side first: where it is empty, the right one need not be read.
      guard let batch = try inputs[0].next() else { return nil }
      if !isDrained {
        isDrained = true
        try right.append(allOf: inputs[1])
      }
      if right.rowCount == 0 { return nil }
      left = batch
      leftRow = 0
      rightRows = right.reader()
      rightBatch = try rightRows.next()
    }
    guard let left, let other = rightBatch else { return nil }
    let isLong = other.count >= Vector.batchCapacity / 8
    return isLong ? try nextLong(left, other) : try nextShort(left, other)
  }

  /// One left row with a whole right batch.
  private func nextLong(_ left: Batch, _ other: Batch) throws -> Batch {
    var columns = left.constant(row: leftRow, count: other.count).columns
    for column in addedColumns { columns.append(other.columns[column]) }
    try advance(to: leftRow + 1, left)
    return Batch(columns: columns, count: other.count)
  }

  /// Several left rows with a small right batch.
  private func nextShort(_ left: Batch, _ other: Batch) throws -> Batch {
    let leftCount = min(left.count - leftRow, max(1, Vector.batchCapacity / other.count))
    let count = leftCount * other.count
    let leftRows = RowNumbers(capacity: count)
    let rightRows = RowNumbers(capacity: count)
    var index = 0
    for row in leftRow..<leftRow + leftCount {
      for otherRow in 0..<other.count {
        leftRows.base[index] = Int32(row)
        rightRows.base[index] = Int32(otherRow)
        index += 1
      }
    }
    var columns = left.columns.map { $0.gather(leftRows.base, count: count) }
    for column in addedColumns {
      columns.append(other.columns[column].gather(rightRows.base, count: count))
    }
    try advance(to: leftRow + leftCount, left)
    return Batch(columns: columns, count: count)
  }

  /// All left rows of the batch with one right batch, then with the next.
  private func advance(to row: Int, _ left: Batch) throws {
    leftRow = row
    if leftRow < left.count { return }
    leftRow = 0
    rightBatch = try rightRows.next()
    if rightBatch == nil { self.left = nil }
  }
}
