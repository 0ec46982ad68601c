internal import GraphColumns
internal import GraphTypes

/// `collect(x)`: the values that are not null, in the order in which they came.
final class CollectAggregate: GroupedAggregate {
  private var lists: [[Value]] = []
  private var account: MemoryAccount
  private var byteCount = 0

  init(_ control: ExecutionControl) {
    account = MemoryAccount(control, purpose: "the lists of collect()")
  }
  deinit { account.release() }

  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    lists.grow(to: groupCount, [])
    let vector = arguments[0]
    if vector.isEntirelyNull { return }
    // Lists grow by doubling: an element takes its own room and half as much again.
    let perString = vector.type == .string ? 16 : 0
    byteCount += count * (MemoryLayout<Value>.stride * 3 / 2 + perString)
    try account.update(to: byteCount)
    for row in 0..<count where !vector.isNull(row) {
      lists[Int(groups[row])].append(vector.boxed(row))
    }
  }

  func results(_ range: Range<Int>) throws -> Vector {
    let result = Vector(type: .any, capacity: range.count)
    result.count = range.count
    for (row, group) in range.enumerated() {
      result.values[row] = .list(group < lists.count ? lists[group] : [])
    }
    return result
  }

  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws {
    guard let other = other as? CollectAggregate else { throw mismatchedAggregates() }
    lists.grow(to: groupCount, [])
    byteCount += other.byteCount
    try account.update(to: byteCount)
    for (group, list) in other.lists.enumerated() { lists[Int(map[group])] += list }
  }
}
