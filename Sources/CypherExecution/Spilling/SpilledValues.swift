internal import GraphColumns
internal import GraphTypes

/// The arguments of `function(DISTINCT x)` that did not fit into memory, with their groups, divided by
/// the hashes of both.
///
/// Columns on disk: the group, whether the function has had the value, the arguments.
final class SpilledValues {
  private let control: ExecutionControl
  private let partitions: HashPartitions
  private var account: MemoryAccount
  private(set) var byteCount = 0

  static let purpose = "EagerAggregation"

  init(_ control: ExecutionControl) throws {
    self.control = control
    partitions = try HashPartitions(control: control, purpose: Self.purpose)
    account = MemoryAccount(control, purpose: Self.purpose)
  }

  /// - Parameter isGiven: the function has had the values.
  func append(_ arguments: [Vector], groups: [Int32], isGiven: Bool) throws {
    let count = groups.count
    let numbers = Vector(type: .integer, capacity: count)
    numbers.count = count
    for (row, group) in groups.enumerated() { numbers.integers[row] = Int64(group) }
    try partitions.append(
      Batch(
        columns: [numbers, .constant(.boolean(isGiven), count: count)] + arguments, count: count),
      by: [numbers, arguments[0]])
    account.updateBuffers(to: partitions.heldBytes)
    byteCount = partitions.byteCount
  }

  /// All values, equal ones too.
  func eachBatch(_ body: (_ arguments: [Vector], _ groups: [Int32]) throws -> Void) throws {
    try partitions.finish()
    for part in partitions.parts {
      var reader = part.reader()
      while let batch = try reader.next() {
        try control.check()
        try body(Array(batch.columns.dropFirst(2)), Self.groups(of: batch))
      }
    }
  }

  /// Each value of a group once, unless the function has had it.
  /// - Parameter body: takes arguments, their groups and the rows that are meant.
  func forEachNew(
    _ body: (_ arguments: [Vector], _ groups: [Int32], _ rows: [Int32]) throws -> Void
  ) throws {
    try partitions.finish()
    for part in partitions.parts { try forEachNew(part, level: 1, body) }
    account.release()
  }

  private func forEachNew(
    _ part: SpillRun, level: Int,
    _ body: (_ arguments: [Vector], _ groups: [Int32], _ rows: [Int32]) throws -> Void
  ) throws {
    // Few values are equal by the time that they are written: their number tells the size of the set.
    let isTooLarge = part.rowCount * 64 > control.memoryLimit / 4
    if isTooLarge && level <= HashPartitions.maximumLevel {
      let smaller = try HashPartitions(control: control, purpose: Self.purpose, level: level)
      var reader = part.reader()
      while let batch = try reader.next() {
        try smaller.append(batch, by: [batch.columns[0], batch.columns[2]])
        account.updateBuffers(to: smaller.heldBytes)
      }
      try smaller.finish()
      byteCount += smaller.byteCount
      for part in smaller.parts { try forEachNew(part, level: level + 1, body) }
      return
    }
    let seen = DistinctValues()
    var reader = part.reader()
    while let batch = try reader.next() {
      try control.check()
      let groups = Self.groups(of: batch)
      let isGiven = batch.columns[1]
      let new = groups.withUnsafeBufferPointer { groups in
        groups.baseAddress.map { seen.insert(batch.columns[2], $0, batch.count) } ?? []
      }.filter { !isGiven.booleans[isGiven.physical(Int($0))] }
      try account.update(to: seen.byteCount)
      try body(Array(batch.columns.dropFirst(2)), groups, new)
    }
  }

  private static func groups(of batch: Batch) -> [Int32] {
    let numbers = batch.columns[0]
    return (0..<batch.count).map {
      Int32(truncatingIfNeeded: numbers.integers[numbers.physical($0)])
    }
  }
}
