internal import GraphColumns
internal import GraphTypes

/// `collect(x)`: the values that are not null, in the order in which they came.
final class CollectAggregate: GroupedAggregate {
  private var lists: [[Value]] = []
  private(set) var byteCount = 0

  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    grow(groupCount)
    let vector = arguments[0]
    if vector.isEntirelyNull { return }
    let isBoxed = vector.type == .any || vector.type == .string
    // Lists grow by doubling: an element takes its own room and half as much again.
    byteCount += count * MemoryLayout<Value>.stride * 3 / 2
    for row in 0..<count where !vector.isNull(row) {
      let value = vector.boxed(row)
      if isBoxed { byteCount += value.heldByteCount }
      lists[Int(groups[row])].append(value)
    }
  }

  private func grow(_ groupCount: Int) {
    byteCount += max(0, groupCount - lists.count) * 2 * MemoryLayout<[Value]>.stride
    lists.grow(to: groupCount, [])
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
    byteCount += other.byteCount
    grow(groupCount)
    for (group, list) in other.lists.enumerated() { lists[Int(map[group])] += list }
  }

  func states(_ range: Range<Int>) throws -> Vector { try results(range) }

  func add(
    states: Vector, groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    grow(groupCount)
    for row in 0..<count {
      guard case .list(let list) = states.boxed(row), !list.isEmpty else { continue }
      byteCount += states.boxed(row).heldByteCount * 3 / 2
      lists[Int(groups[row])] += list
    }
  }
}
