internal import GraphColumns
internal import GraphTypes

/// Groups with what their aggregates have come to.
protocol GroupStates: AnyObject {
  var aggregates: [any GroupedAggregate] { get }
  var groupCount: Int { get }
  var byteCount: Int { get }
  /// The keys of groups `range`, one vector for each key expression.
  func keys(_ range: Range<Int>) -> [Vector]
}

/// Groups that did not fit into memory, divided by the hashes of their keys.
///
/// A part of an input is grouped in memory as long as there is room; then its groups are written with
/// the states of their aggregates, and memory is empty again. In the end one part of the keys after
/// the other is put together, and divided once more if it is still too large. Groups come out in the
/// order in which their first rows came: each is written with a number that stands for this, and the
/// parts, which are in order of it, are merged.
///
/// Columns on disk: the number, the keys, the states; in the end results instead of states.
final class SpilledGroups {
  private let control: ExecutionControl
  private let purpose: String
  private let keyCount: Int
  private let makeAggregates: () throws -> [any GroupedAggregate]
  private let partitions: HashPartitions
  private var account: MemoryAccount
  /// The number of the next group.
  private var nextNumber: Int64
  private(set) var spilledBytes = 0

  /// - Parameter firstNumber: of this thread's groups; those of later rows must have higher ones.
  init(
    control: ExecutionControl, purpose: String, keyCount: Int, firstNumber: Int64 = 0,
    makeAggregates: @escaping () throws -> [any GroupedAggregate]
  ) throws {
    self.control = control
    self.purpose = purpose
    self.keyCount = keyCount
    self.makeAggregates = makeAggregates
    nextNumber = firstNumber
    partitions = try HashPartitions(control: control, purpose: purpose)
    account = MemoryAccount(control, purpose: purpose)
  }

  /// Writes all groups.
  func append(_ groups: some GroupStates) throws {
    let start = nextNumber
    nextNumber += Int64(groups.groupCount)
    try Self.write(groups, to: partitions, control) { range in
      let numbers = Vector(type: .integer, capacity: range.count)
      numbers.count = range.count
      for (row, group) in range.enumerated() { numbers.integers[row] = start + Int64(group) }
      return numbers
    }
    account.updateBuffers(to: partitions.heldBytes)
    spilledBytes = partitions.byteCount
  }

  private static func write(
    _ groups: some GroupStates, to partitions: HashPartitions, _ control: ExecutionControl,
    numbers: (Range<Int>) -> Vector
  ) throws {
    for range in parts(of: groups, control) {
      try control.check()
      let keys = groups.keys(range)
      let states = try groups.aggregates.map { try $0.states(range) }
      try partitions.append(
        Batch(columns: [numbers(range)] + keys + states, count: range.count), by: keys)
    }
  }

  /// Ranges of groups, so small that their states make no great batches.
  private static func parts(
    of groups: some GroupStates, _ control: ExecutionControl
  ) -> some Sequence<Range<Int>> {
    let count = groups.groupCount
    let bytesPerGroup = groups.byteCount / max(count, 1) + 1
    let step = min(Vector.batchCapacity, max(16, control.memoryLimit / 64 / bytesPerGroup))
    return stride(from: 0, to: count, by: step).lazy.map { $0..<min(count, $0 + step) }
  }

  /// Puts all groups together; no more are appended.
  /// - Parameter others: of other threads, in order of their numbers.
  func finish(with others: [SpilledGroups] = []) throws -> RowMerge {
    let all = [self] + others
    for groups in all {
      try groups.partitions.finish()
      groups.account.updateBuffers(to: groups.partitions.heldBytes)
    }
    let file = try SpillFile(control: control, purpose: purpose)
    var runs: [SpillRun] = []
    for part in partitions.parts.indices {
      try combine(all.map { $0.partitions.parts[part] }, level: 1, into: file, &runs)
    }
    let columnCount = 1 + keyCount + (try makeAggregates().count)
    defer { spilledBytes += others.reduce(file.byteCount) { $0 + $1.spilledBytes } }
    return try RowMerge(
      runs, order: .ascending(column: 0), columnCount: columnCount, allColumns: columnCount,
      into: file, control: control)
  }

  /// - Parameter runs: receives the groups of the parts, each in one run.
  private func combine(
    _ parts: [SpillRun], level: Int, into file: SpillFile, _ runs: inout [SpillRun]
  ) throws {
    var groups = CombinedGroups(keyCount: keyCount, try makeAggregates(), control: control)
    var smaller: HashPartitions?
    for part in parts {
      var reader = part.reader()
      while let batch = try reader.next() {
        try control.check()
        try groups.add(batch)
        // One group cannot be divided, nor what has the same hash.
        guard groups.groupCount > 1, level <= HashPartitions.maximumLevel else {
          try account.update(to: groups.byteCount + (smaller?.heldBytes ?? 0))
          continue
        }
        if try account.isFull(at: groups.byteCount + (smaller?.heldBytes ?? 0)) {
          let target =
            try smaller ?? HashPartitions(control: control, purpose: purpose, level: level)
          smaller = target
          try groups.write(to: target, control)
          groups = CombinedGroups(keyCount: keyCount, try makeAggregates(), control: control)
          account.updateBuffers(to: target.heldBytes)
        }
      }
    }
    guard let smaller else {
      let run = SpillRun(file, blockBytes: SpillSizes(control).blockBytes)
      try groups.writeResults(to: run, control)
      try run.finish()
      runs.append(run)
      return account.release()
    }
    try groups.write(to: smaller, control)
    groups = CombinedGroups(keyCount: keyCount, try makeAggregates(), control: control)
    try smaller.finish()
    account.release()
    spilledBytes += smaller.byteCount
    for part in smaller.parts where part.rowCount > 0 {
      try combine([part], level: level + 1, into: file, &runs)
    }
  }

  /// Groups that are put together from what was written.
  private final class CombinedGroups: GroupStates {
    let aggregates: [any GroupedAggregate]
    private let keyCount: Int
    private let table: KeyTable
    private var numbers: [Int64] = []
    private var scratch = RowNumberScratch()

    init(
      keyCount: Int, _ aggregates: [any GroupedAggregate], control: ExecutionControl
    ) {
      self.keyCount = keyCount
      self.aggregates = aggregates
      table = KeyTable(columnCount: keyCount, control: control)
    }

    var groupCount: Int { table.count }
    func keys(_ range: Range<Int>) -> [Vector] { table.keys(range) }
    var byteCount: Int {
      aggregates.reduce(table.byteCount + numbers.capacity * 8) { $0 + $1.byteCount }
    }

    func add(_ batch: Batch) throws {
      let groups = scratch.reserve(batch.count)
      try table.find(Array(batch.columns[1..<(1 + keyCount)]), count: batch.count, into: groups)
      // Numbers ascend: the first one of a group is its least.
      for row in 0..<batch.count where Int(groups[row]) == numbers.count {
        numbers.append(batch.columns[0].integers[batch.columns[0].physical(row)])
      }
      for (index, aggregate) in aggregates.enumerated() {
        try aggregate.add(
          states: batch.columns[1 + keyCount + index], groups: groups, count: batch.count,
          groupCount: table.count)
      }
    }

    private func numbers(_ range: Range<Int>) -> Vector {
      let vector = Vector(type: .integer, capacity: range.count)
      vector.count = range.count
      for (row, group) in range.enumerated() { vector.integers[row] = numbers[group] }
      return vector
    }

    func write(to partitions: HashPartitions, _ control: ExecutionControl) throws {
      try SpilledGroups.write(self, to: partitions, control) { numbers($0) }
    }

    func writeResults(to run: SpillRun, _ control: ExecutionControl) throws {
      for range in SpilledGroups.parts(of: self, control) {
        try control.check()
        let results = try aggregates.map { try $0.results(range) }
        try run.append(
          Batch(columns: [numbers(range)] + keys(range) + results, count: range.count))
      }
    }
  }
}
