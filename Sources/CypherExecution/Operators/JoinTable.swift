internal import GraphColumns
internal import GraphTypes

/// The right rows of a hash join by their keys. Built by one thread; then any may look keys up.
final class JoinTable: @unchecked Sendable {
  private let table: KeyTable
  private let rows: [ColumnBuffer]
  /// By key: the first row and the last one; by row: the next one of the same key. -1 ends.
  private var heads: [Int32] = []
  private var tails: [Int32] = []
  private var following: [Int32] = []
  private var scratch = RowNumberScratch()

  init(keyCount: Int, columnCount: Int, control: ExecutionControl) {
    table = KeyTable(columnCount: keyCount, control: control)
    rows = (0..<columnCount).map { _ in ColumnBuffer() }
  }

  var rowCount: Int { following.count }
  var byteCount: Int {
    rows.reduce(table.byteCount + (following.capacity + heads.capacity * 2) * 4) {
      $0 + $1.byteCount
    }
  }

  func add(_ columns: [Vector], keys: [Vector], count: Int) throws {
    let found = scratch.reserve(count)
    try table.find(keys, count: count, into: found)
    heads.grow(to: table.count, -1)
    tails.grow(to: table.count, -1)
    for index in 0..<count {
      let row = Int32(truncatingIfNeeded: following.count)
      let group = Int(found[index])
      following.append(-1)
      if heads[group] < 0 {
        heads[group] = row
      } else {
        following[Int(tails[group])] = row
      }
      tails[group] = row
    }
    for (buffer, column) in zip(rows, columns) { buffer.append(column, rows: nil, count: count) }
  }

  /// The first right row of each key; -1: none.
  func find(
    _ keys: [Vector], count: Int, into rows: UnsafeMutablePointer<Int32>, _ scratch: HashScratch
  ) {
    table.lookUp(keys, count: count, into: rows, scratch)
    for index in 0..<count where rows[index] >= 0 { rows[index] = heads[Int(rows[index])] }
  }

  /// The next row with the same key; -1: there is none.
  func next(after row: Int32) -> Int32 { following[Int(row)] }

  /// Columns of some rows.
  func picking(_ numbers: [Int32]) -> [Vector] { rows.map { $0.contents.picking(numbers) } }

  /// All rows, those of one key in the order in which they came.
  func forEachBatch(_ body: (_ columns: [Vector], _ keys: [Vector], _ count: Int) throws -> Void)
    rethrows
  {
    var (numbers, groups): ([Int32], [Int32]) = ([], [])
    let keys = table.keys(0..<table.count)
    func flush() throws {
      try body(picking(numbers), keys.map { $0.picking(groups) }, numbers.count)
      numbers.removeAll(keepingCapacity: true)
      groups.removeAll(keepingCapacity: true)
    }
    for (group, head) in heads.enumerated() {
      var row = head
      while row >= 0 {
        numbers.append(row)
        groups.append(Int32(truncatingIfNeeded: group))
        row = following[Int(row)]
        if numbers.count == Vector.batchCapacity { try flush() }
      }
    }
    if !numbers.isEmpty { try flush() }
  }
}

/// Walks the partners of a batch of left rows, in the order of these.
struct JoinWalk {
  let left: Batch
  private let heads: [Int32]
  private var leftRow = -1
  private var rightRow: Int32 = -1

  /// - Parameter keys: of the left rows that can equal anything, `rows` of the batch.
  init(
    _ left: Batch, keys: [Vector], rows: UnsafePointer<Int32>, count: Int, _ table: JoinTable,
    _ scratch: HashScratch
  ) {
    self.left = left
    var heads = [Int32](repeating: -1, count: left.count)
    let found = RowNumbers(capacity: count)
    table.find(keys, count: count, into: found.base, scratch)
    for index in 0..<count { heads[Int(rows[index])] = found.base[index] }
    self.heads = heads
  }

  /// The next pairs of a left row and a right one; nil at the end.
  mutating func next(_ table: JoinTable) -> (left: [Int32], right: [Int32])? {
    if leftRow == left.count { return nil }
    var leftRows: [Int32] = []
    var rightRows: [Int32] = []
    while leftRows.count < Vector.batchCapacity {
      if rightRow >= 0 {
        leftRows.append(Int32(leftRow))
        rightRows.append(rightRow)
        rightRow = table.next(after: rightRow)
        continue
      }
      leftRow += 1
      if leftRow == left.count { break }
      rightRow = heads[leftRow]
    }
    return (leftRows, rightRows)
  }
}
