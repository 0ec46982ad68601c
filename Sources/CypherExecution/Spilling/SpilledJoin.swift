internal import GraphColumns
internal import GraphTypes

/// A hash join whose right rows do not fit into memory (Grace hash join): both sides are divided by the
/// hashes of their keys, and one pair of parts is joined after the other. Where a right part still is
/// too large, as much of it as there is room for at a time is joined with the whole left part.
///
/// Left rows are numbered as they come; by these numbers what was joined is merged to the order that a
/// join in memory gives.
final class SpilledJoin {
  private let control: ExecutionControl
  private let keyCount: Int
  private let left: HashPartitions
  private let right: HashPartitions
  private var account: MemoryAccount
  private var leftCount: Int64 = 0
  private(set) var spilledBytes = 0

  static let purpose = "HashJoin"

  init(control: ExecutionControl, keyCount: Int) throws {
    self.control = control
    self.keyCount = keyCount
    left = try HashPartitions(control: control, purpose: Self.purpose)
    right = try HashPartitions(control: control, purpose: Self.purpose)
    account = MemoryAccount(control, purpose: Self.purpose)
  }

  /// Adds right rows whose keys can equal anything.
  func addRight(_ columns: [Vector], keys: [Vector], count: Int) throws {
    try right.append(Batch(columns: keys + columns, count: count), by: keys)
    updateAccount()
  }

  /// Adds left rows after all right ones: those `rows` of a batch whose keys can equal anything.
  func addLeft(
    _ batch: Batch, keys: [Vector], rows: UnsafePointer<Int32>, count: Int
  ) throws {
    let numbers = Vector(type: .integer, capacity: count)
    numbers.count = count
    for index in 0..<count { numbers.integers[index] = leftCount + Int64(rows[index]) }
    leftCount += Int64(batch.count)
    let columns = count == batch.count ? batch : batch.gather(rows, count: count)
    try left.append(
      Batch(columns: keys + [numbers] + columns.columns, count: count), by: keys
    ) { [right] in right.parts[$0].rowCount > 0 }
    updateAccount()
  }

  private func updateAccount() {
    spilledBytes = left.byteCount + right.byteCount
    account.updateBuffers(to: left.heldBytes + right.heldBytes)
  }

  /// - Returns: rows of a number, the left columns and the right ones.
  /// - Parameters:
  ///   - leftColumns: how many there are.
  ///   - rightColumns: how many there are.
  func finish(leftColumns: Int, rightColumns: Int) throws -> RowMerge {
    try left.finish()
    try right.finish()
    updateAccount()
    let file = try SpillFile(control: control, purpose: Self.purpose)
    var runs: [SpillRun] = []
    for (left, right) in zip(left.parts, right.parts) where left.rowCount > 0 {
      var reader = right.reader()
      while let table = try readTable(&reader, columnCount: rightColumns) {
        let run = SpillRun(file, blockBytes: SpillSizes(control).blockBytes)
        try join(left, table, into: run)
        if run.rowCount > 0 { runs.append(run) }
      }
    }
    account.release()
    spilledBytes += file.byteCount
    let columnCount = 1 + leftColumns + rightColumns
    return try RowMerge(
      runs, order: .ascending(column: 0), columnCount: columnCount, allColumns: columnCount,
      into: file, control: control)
  }

  /// As many rows as there is room for, but at least some; nil if there are no more.
  private func readTable(
    _ reader: inout SpillRun.Reader, columnCount: Int
  ) throws -> JoinTable? {
    let table = JoinTable(keyCount: keyCount, columnCount: columnCount, control: control)
    while let batch = try reader.next() {
      try control.check()
      try table.add(
        Array(batch.columns[keyCount...]), keys: Array(batch.columns[..<keyCount]),
        count: batch.count)
      if try account.isFull(at: table.byteCount) { return table }
    }
    return table.rowCount > 0 ? table : nil
  }

  private func join(_ left: SpillRun, _ table: JoinTable, into run: SpillRun) throws {
    let scratch = HashScratch()
    var reader = left.reader()
    while let batch = try reader.next() {
      try control.check()
      let rows = (0..<Int32(batch.count)).map { $0 }
      var walk = rows.withUnsafeBufferPointer { rows in
        JoinWalk(
          Batch(columns: Array(batch.columns[keyCount...]), count: batch.count),
          keys: Array(batch.columns[..<keyCount]), rows: rows.baseAddress.unsafelyUnwrapped,
          count: batch.count, table, scratch)
      }
      while let (leftRows, rightRows) = walk.next(table) {
        try control.check()
        try run.append(
          Batch(
            columns: walk.left.columns.map { $0.picking(leftRows) } + table.picking(rightRows),
            count: leftRows.count))
      }
    }
    try run.finish()
  }
}
