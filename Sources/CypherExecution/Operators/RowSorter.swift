internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// Puts the rows of one thread in order. What does not fit into memory is written in sorted runs.
///
/// Where only the first `wanted` rows of the order count, it never holds many more: whenever twice as
/// many have come, the rest is dropped.
final class RowSorter {
  let keys: SortKeys
  private(set) var runs: [SpillRun] = []
  private let wanted: Int
  private let bound: Int
  private let buffer: SortBuffer
  private let control: ExecutionControl
  private let purpose: String
  private var account: MemoryAccount
  private var file: SpillFile?
  private var entries: SortEntries?
  private var scratch = RowNumberScratch()

  init(_ keys: SortKeys, wanted: Int, control: ExecutionControl, purpose: String) {
    self.keys = keys
    self.wanted = wanted
    self.control = control
    self.purpose = purpose
    bound = max(4 * Vector.batchCapacity, wanted > Int.max / 2 ? Int.max : wanted * 2)
    buffer = SortBuffer(keys.order, columnCount: keys.columnCount)
    account = MemoryAccount(control, purpose: purpose)
  }

  var spilledBytes: Int { file?.byteCount ?? 0 }

  func add(_ batch: Batch) throws {
    try append(batch)
    if buffer.count > bound { try buffer.truncate(to: wanted, control) }
    if try account.isFull(at: buffer.byteCount) { try spill() }
  }

  /// Most rows of a long input are ruled out by their first key alone, once rows have been dropped.
  private func append(_ batch: Batch) throws {
    guard wanted < Int.max, let key = try keys.first(of: batch) else {
      return buffer.append(try keys.appended(to: batch))
    }
    let rows = scratch.reserve(batch.count)
    let count = buffer.candidates(key, count: batch.count, into: rows) ?? batch.count
    if count == 0 { return }
    if count == batch.count {
      buffer.append(try keys.appended(to: batch, first: key))
    } else {
      buffer.append(
        try keys.appended(
          to: batch.gather(rows, count: count), first: key.gather(rows, count: count)))
    }
  }

  /// No more rows come: sorts what is in memory.
  func finish() throws {
    if runs.isEmpty { entries = try buffer.sorted(control) } else { try spill() }
  }

  /// The rows in memory, after `finish`.
  var sortedRows: SortedRows? {
    entries.map { SortedRows(buffer.columns, $0, order: keys.order, control) }
  }

  /// Writes the rows in memory as a run.
  func spill() throws {
    if buffer.count == 0 { return }
    let file = try self.file ?? SpillFile(control: control, purpose: purpose)
    self.file = file
    let sorted = try entries ?? buffer.sorted(control)
    entries = nil
    let run = SpillRun(file, blockBytes: SpillSizes(control).blockBytes)
    let rows = SortedRows(buffer.columns, sorted, order: keys.order, control)
    var left = min(wanted, buffer.count)
    while left > 0 {
      let numbers = rows.take(min(left, Vector.batchCapacity))
      left -= numbers.count
      try run.append(
        Batch(columns: rows.columns.map { $0.picking(numbers) }, count: numbers.count))
    }
    try run.finish()
    runs.append(run)
    buffer.removeAll()
    try account.update(to: buffer.byteCount)
  }
}

/// All rows of an input in order, for `Sort` and `Top`. Equal rows keep the order in which they came.
///
/// Large inputs are read and sorted by several threads, each a part of them, and then merged.
final class SortedInput {
  private let sortKeys: [SortKey]
  private let input: Operator
  private let purpose: String
  /// Not in an inner side of an apply, which is opened for few rows many times.
  private let mayBeParallel: Bool
  private var sorters: [RowSorter] = []
  private var merge: RowMerge?
  private var mergeFile: SpillFile?

  init(_ keys: [SortKey], input: Operator, mayBeParallel: Bool, purpose: String) throws {
    sortKeys = keys
    self.input = input
    self.mayBeParallel = mayBeParallel && !keys.map(\.expression).hasSubquery
    self.purpose = purpose
    // An error in a key comes before the first row.
    _ = try makeSorter(wanted: 0, input.context)
  }

  var isRead: Bool { merge != nil }
  var spilledBytes: Int {
    sorters.reduce(mergeFile?.byteCount ?? 0) { $0 + $1.spilledBytes }
  }

  func reset() {
    sorters = []
    merge = nil
    mergeFile = nil
  }

  private func makeSorter(wanted: Int, _ context: ExecutionContext) throws -> RowSorter {
    let keys = try SortKeys(
      sortKeys, layout: input.layout, collation: input.context.collation, context: context)
    return RowSorter(keys, wanted: wanted, control: context.control, purpose: purpose)
  }

  /// Reads the input.
  /// - Parameter wanted: rows that will be asked for at most.
  func read(wanted: Int, isProfiled: Bool) throws {
    if mayBeParallel, let pipeline = try ParallelPipeline(input, isProfiled: isProfiled) {
      let sorters = try (0..<pipeline.count).map {
        try makeSorter(wanted: wanted, pipeline.context(of: $0))
      }
      self.sorters = sorters
      try pipeline.drain({ try sorters[$0].add($1) }, finish: { try sorters[$0].finish() })
    } else {
      let sorter = try makeSorter(wanted: wanted, input.context)
      sorters = [sorter]
      while let batch = try input.next() { try sorter.add(batch) }
      try sorter.finish()
    }
    merge = try makeMerge()
  }

  private func makeMerge() throws -> RowMerge? {
    guard let keys = sorters.first?.keys else { return nil }
    let columnCount = input.layout.variables.count
    if sorters.allSatisfy(\.runs.isEmpty) {
      return RowMerge(
        sorters.compactMap(\.sortedRows), order: keys.order, columnCount: columnCount)
    }
    let control = input.context.control
    for sorter in sorters { try sorter.spill() }
    let file = try SpillFile(control: control, purpose: purpose)
    mergeFile = file
    return try RowMerge(
      sorters.flatMap(\.runs), order: keys.order, columnCount: columnCount,
      allColumns: keys.columnCount, into: file, control: control)
  }

  func next() throws -> Batch? { try merge?.next() }
}
