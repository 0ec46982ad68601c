internal import GraphColumns
internal import GraphTypes

/// `count(*)` and `count(x)`.
final class CountAggregate: GroupedAggregate {
  private var counts: [Int64] = []

  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    counts.grow(to: groupCount, 0)
    guard let vector = arguments.first, !vector.hasNoNulls else {
      addRows(groups: groups, count: count, groupCount: groupCount)
      return
    }
    if vector.isConstant {
      if !vector.isNull(0) { addRows(groups: groups, count: count, groupCount: groupCount) }
      return
    }
    counts.withUnsafeMutableBufferPointer { counts in
      for row in 0..<count where !vector.isNull(row) { counts[Int(groups[row])] += 1 }
    }
  }

  /// Counts rows, whatever they hold.
  func addRows(groups: UnsafePointer<Int32>, count: Int, groupCount: Int) {
    counts.grow(to: groupCount, 0)
    counts.withUnsafeMutableBufferPointer { counts in
      if groupCount == 1 {
        counts[0] += Int64(count)
      } else {
        for row in 0..<count { counts[Int(groups[row])] += 1 }
      }
    }
  }

  func results(_ range: Range<Int>) throws -> Vector {
    let result = Vector(type: .integer, capacity: range.count)
    result.count = range.count
    for (row, group) in range.enumerated() {
      result.integers[row] = group < counts.count ? counts[group] : 0
    }
    return result
  }

  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws {
    guard let other = other as? CountAggregate else { throw mismatchedAggregates() }
    counts.grow(to: groupCount, 0)
    for (group, count) in other.counts.enumerated() { counts[Int(map[group])] += count }
  }

  var byteCount: Int { counts.capacity * MemoryLayout<Int64>.stride }

  func states(_ range: Range<Int>) throws -> Vector { try results(range) }

  func add(
    states: Vector, groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    counts.grow(to: groupCount, 0)
    for row in 0..<count { counts[Int(groups[row])] += states.integers[states.physical(row)] }
  }
}
