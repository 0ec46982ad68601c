internal import GraphColumns
internal import GraphTypes

/// A sum of floats with the rounding errors beside it (A. Neumaier, "Rundungsfehleranalyse einiger
/// Verfahren zur Summation endlicher Summen", ZAMM 54, 1974): the order of the terms, and so the number of
/// threads, shows in the result only where nearly everything cancels out.
struct CompensatedSum {
  private var sum = 0.0
  private var error = 0.0

  @inline(__always) mutating func add(_ term: Double) {
    // Knuth's two-sum: exact without a look at which is larger.
    let total = sum + term
    let part = total - sum
    error += (sum - (total - part)) + (term - part)
    sum = total
  }

  mutating func add(_ other: CompensatedSum) {
    add(other.sum)
    error += other.error
  }

  /// Sum and error, as values.
  var state: [Value] { [.float(sum), .float(error)] }

  init() {}

  /// Nil where the values are no `state`.
  init?(state: ArraySlice<Value>) {
    guard state.count == 2, case .float(let sum)? = state.first,
      case .float(let error)? = state.last
    else { return nil }
    self.sum = sum
    self.error = error
  }

  /// Infinities and NaN leave no error that means anything.
  var value: Double { sum.isFinite ? sum + error : sum }
}

/// `sum(x)`: integers stay integers until a float joins them; durations add up among themselves.
final class SumAggregate: GroupedAggregate {
  /// What kinds of values a group has seen.
  private struct Kinds: OptionSet {
    var rawValue: UInt8
    static let integer = Kinds(rawValue: 1)
    static let float = Kinds(rawValue: 2)
    static let duration = Kinds(rawValue: 4)
  }

  private var kinds: [Kinds] = []
  private var integers: [Int64] = []
  private var floats: [CompensatedSum] = []
  /// Grown only when there is a duration.
  private var durations: [CalendarDuration] = []

  private func grow(_ groupCount: Int) {
    kinds.grow(to: groupCount, [])
    integers.grow(to: groupCount, 0)
    floats.grow(to: groupCount, CompensatedSum())
  }

  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    grow(groupCount)
    if arguments[0].isEntirelyNull { return }
    let vector = arguments[0].expanded(count)
    switch vector.type {
    case .integer: try addIntegers(vector, groups, count)
    case .float: addFloats(vector, groups, count)
    default:
      for row in 0..<count { try add(vector.boxed(row), to: Int(groups[row])) }
    }
  }

  private func addIntegers(_ vector: Vector, _ groups: UnsafePointer<Int32>, _ count: Int) throws {
    let elements = vector.integers
    let hasNulls = !vector.hasNoNulls
    var isOverflown = false
    integers.withUnsafeMutableBufferPointer { sums in
      kinds.withUnsafeMutableBufferPointer { kinds in
        for row in 0..<count {
          if hasNulls && vector.isNull(row) { continue }
          let group = Int(groups[row])
          let (sum, overflow) = sums[group].addingReportingOverflow(elements[row])
          sums[group] = sum
          kinds[group].formUnion(.integer)
          isOverflown = isOverflown || overflow
        }
      }
    }
    if isOverflown { throw ExpressionError.integerOverflow("the result of sum()") }
  }

  private func addFloats(_ vector: Vector, _ groups: UnsafePointer<Int32>, _ count: Int) {
    let elements = vector.floats
    let hasNulls = !vector.hasNoNulls
    floats.withUnsafeMutableBufferPointer { sums in
      kinds.withUnsafeMutableBufferPointer { kinds in
        for row in 0..<count {
          if hasNulls && vector.isNull(row) { continue }
          let group = Int(groups[row])
          sums[group].add(elements[row])
          kinds[group].formUnion(.float)
        }
      }
    }
  }

  private func add(_ value: Value, to group: Int) throws {
    switch value {
    case .null: break
    case .integer(let number):
      let (sum, overflow) = integers[group].addingReportingOverflow(number)
      if overflow { throw ExpressionError.integerOverflow("the result of sum()") }
      integers[group] = sum
      kinds[group].formUnion(.integer)
    case .float(let number):
      floats[group].add(number)
      kinds[group].formUnion(.float)
    case .duration(let duration):
      durations.grow(to: kinds.count, CalendarDuration())
      durations[group] = try durations[group] + duration
      kinds[group].formUnion(.duration)
    default: throw Argument.mismatch(value, "sum", "numbers or durations")
    }
    if kinds[group].contains(.duration) && kinds[group] != .duration {
      throw ExpressionError.type("sum() cannot add a duration to a number")
    }
  }

  private func result(_ group: Int) -> Value {
    guard group < kinds.count else { return .integer(0) }
    if kinds[group].contains(.duration) { return .duration(durations[group]) }
    if kinds[group].contains(.float) {
      return .float(floats[group].value + Double(integers[group]))
    }
    return .integer(integers[group])
  }

  func results(_ range: Range<Int>) throws -> Vector {
    var builder = VectorBuilder(capacity: range.count)
    for group in range { builder.append(result(group)) }
    return builder.finish()
  }

  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws {
    guard let other = other as? SumAggregate else { throw mismatchedAggregates() }
    grow(groupCount)
    for group in other.kinds.indices {
      let target = Int(map[group])
      if other.kinds[group].contains(.integer) {
        try add(.integer(other.integers[group]), to: target)
      }
      if other.kinds[group].contains(.float) {
        floats[target].add(other.floats[group])
        kinds[target].formUnion(.float)
      }
      if other.kinds[group].contains(.duration) {
        try add(.duration(other.durations[group]), to: target)
      }
    }
  }
}

extension SumAggregate {
  var byteCount: Int {
    kinds.capacity + integers.capacity * 8
      + floats.capacity * MemoryLayout<CompensatedSum>.stride
      + durations.capacity * MemoryLayout<CalendarDuration>.stride
  }

  /// An integer, a duration, or a list of an integer (null for none) and a float sum's state.
  func states(_ range: Range<Int>) throws -> Vector {
    var builder = VectorBuilder(capacity: range.count)
    for group in range {
      guard group < kinds.count, kinds[group] != [] else {
        builder.append(.null)
        continue
      }
      if kinds[group].contains(.float) {
        let integer: Value =
          kinds[group].contains(.integer) ? .integer(integers[group]) : .null
        builder.append(.list([integer] + floats[group].state))
      } else {
        builder.append(result(group))
      }
    }
    return builder.finish()
  }

  func add(
    states: Vector, groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    grow(groupCount)
    for row in 0..<count {
      let group = Int(groups[row])
      guard case .list(let parts) = states.boxed(row) else {
        try add(states.boxed(row), to: group)
        continue
      }
      try add(parts.first ?? .null, to: group)
      guard let sum = CompensatedSum(state: parts.dropFirst()) else {
        throw mismatchedAggregates()
      }
      floats[group].add(sum)
      kinds[group].formUnion(.float)
    }
  }
}

/// `avg(x)` of numbers or durations; null for none.
final class AverageAggregate: GroupedAggregate {
  private var counts: [Int64] = []
  private var sums: [CompensatedSum] = []
  private var durations: [CalendarDuration?] = []

  private func grow(_ groupCount: Int) {
    counts.grow(to: groupCount, 0)
    sums.grow(to: groupCount, CompensatedSum())
  }

  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    grow(groupCount)
    if arguments[0].isEntirelyNull { return }
    let vector = arguments[0].expanded(count)
    switch vector.type {
    case .integer: add(vector, vector.integers, groups, count) { Double($0) }
    case .float: add(vector, vector.floats, groups, count) { $0 }
    default:
      for row in 0..<count {
        let group = Int(groups[row])
        switch vector.boxed(row) {
        case .null: break
        case .integer(let number): add(Double(number), to: group)
        case .float(let number): add(number, to: group)
        case .duration(let duration): try add(duration, count: 1, to: group)
        case let other: throw Argument.mismatch(other, "avg", "numbers or durations")
        }
        try check(group)
      }
    }
  }

  @inline(__always)
  private func add<T>(
    _ vector: Vector, _ elements: UnsafeMutablePointer<T>, _ groups: UnsafePointer<Int32>,
    _ count: Int, _ convert: (T) -> Double
  ) {
    let hasNulls = !vector.hasNoNulls
    sums.withUnsafeMutableBufferPointer { sums in
      counts.withUnsafeMutableBufferPointer { counts in
        for row in 0..<count {
          if hasNulls && vector.isNull(row) { continue }
          let group = Int(groups[row])
          sums[group].add(convert(elements[row]))
          counts[group] += 1
        }
      }
    }
  }

  private func add(_ number: Double, to group: Int) {
    sums[group].add(number)
    counts[group] += 1
  }

  private func add(_ duration: CalendarDuration, count: Int64, to group: Int) throws {
    durations.grow(to: counts.count, nil)
    durations[group] = try durations[group].map { try $0 + duration } ?? duration
    counts[group] += count
  }

  private func check(_ group: Int) throws {
    if group < durations.count, durations[group] != nil, sums[group].value != 0 {
      throw ExpressionError.type("avg() cannot add a duration to a number")
    }
  }

  func results(_ range: Range<Int>) throws -> Vector {
    var builder = VectorBuilder(capacity: range.count)
    for group in range {
      if group >= counts.count || counts[group] == 0 {
        builder.append(.null)
      } else if group < durations.count, let total = durations[group] {
        builder.append(.duration(try total / counts[group]))
      } else {
        builder.append(.float(sums[group].value / Double(counts[group])))
      }
    }
    return builder.finish()
  }

  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws {
    guard let other = other as? AverageAggregate else { throw mismatchedAggregates() }
    grow(groupCount)
    for group in other.counts.indices {
      let target = Int(map[group])
      if group < other.durations.count, let duration = other.durations[group] {
        try add(duration, count: other.counts[group], to: target)
      } else {
        sums[target].add(other.sums[group])
        counts[target] += other.counts[group]
      }
      try check(target)
    }
  }

  var byteCount: Int {
    counts.capacity * 8 + sums.capacity * MemoryLayout<CompensatedSum>.stride
      + durations.capacity * MemoryLayout<CalendarDuration?>.stride
  }

  /// A list of the count and a duration or a sum's state.
  func states(_ range: Range<Int>) throws -> Vector {
    var builder = VectorBuilder(capacity: range.count)
    for group in range {
      if group >= counts.count || counts[group] == 0 {
        builder.append(.null)
      } else if group < durations.count, let total = durations[group] {
        builder.append(.list([.integer(counts[group]), .duration(total)]))
      } else {
        builder.append(.list([.integer(counts[group])] + sums[group].state))
      }
    }
    return builder.finish()
  }

  func add(
    states: Vector, groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    grow(groupCount)
    for row in 0..<count {
      let group = Int(groups[row])
      guard case .list(let parts) = states.boxed(row) else { continue }
      guard case .integer(let number)? = parts.first else { throw mismatchedAggregates() }
      if case .duration(let duration)? = parts.last {
        try add(duration, count: number, to: group)
      } else if let sum = CompensatedSum(state: parts.dropFirst()) {
        sums[group].add(sum)
        counts[group] += number
      } else {
        throw mismatchedAggregates()
      }
      try check(group)
    }
  }
}
