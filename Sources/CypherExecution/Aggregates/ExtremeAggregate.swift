internal import GraphColumns
internal import GraphTypes

/// `min(x)` and `max(x)` in the order of ORDER BY, across types; null for none.
///
/// One typed array of best values while all arguments have one type, boxed values after that.
final class ExtremeAggregate: GroupedAggregate {
  private let isMaximum: Bool
  private var kind: VectorType?
  private var isPresent: [Bool] = []
  private var integers: [Int64] = []
  private var floats: [Double] = []
  private var dates: [LocalDate] = []
  private var dateTimes: [LocalDateTime] = []
  private var values: [Value] = []
  /// Bytes that `values` refer to.
  private var heldBytes = 0

  init(isMaximum: Bool) { self.isMaximum = isMaximum }

  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    isPresent.grow(to: groupCount, false)
    if arguments[0].isEntirelyNull {
      grow(groupCount)
      return
    }
    let vector = arguments[0].expanded(count)
    setKind(vector.type)
    grow(groupCount)
    switch kind {
    case .integer:
      if isMaximum {
        Self.update(&integers, &isPresent, vector, groups, count) { $0 > $1 }
      } else {
        Self.update(&integers, &isPresent, vector, groups, count) { $0 < $1 }
      }
    case .float:
      // NaN comes after all numbers.
      if isMaximum {
        Self.update(&floats, &isPresent, vector, groups, count) {
          $0 > $1 || ($0.isNaN && !$1.isNaN)
        }
      } else {
        Self.update(&floats, &isPresent, vector, groups, count) {
          $0 < $1 || ($1.isNaN && !$0.isNaN)
        }
      }
    case .date:
      if isMaximum {
        Self.update(&dates, &isPresent, vector, groups, count) { $0 > $1 }
      } else {
        Self.update(&dates, &isPresent, vector, groups, count) { $0 < $1 }
      }
    case .localDateTime:
      if isMaximum {
        Self.update(&dateTimes, &isPresent, vector, groups, count) { $0 > $1 }
      } else {
        Self.update(&dateTimes, &isPresent, vector, groups, count) { $0 < $1 }
      }
    default:
      for row in 0..<count { offer(vector, row, to: Int(groups[row])) }
    }
  }

  @inline(__always)
  private static func update<T>(
    _ best: inout [T], _ isPresent: inout [Bool], _ vector: Vector,
    _ groups: UnsafePointer<Int32>, _ count: Int, _ isBetter: (T, T) -> Bool
  ) {
    let elements: UnsafeMutablePointer<T> = vector.elements()
    let hasNulls = !vector.hasNoNulls
    best.withUnsafeMutableBufferPointer { best in
      isPresent.withUnsafeMutableBufferPointer { isPresent in
        for row in 0..<count {
          if hasNulls && vector.isNull(row) { continue }
          let group = Int(groups[row])
          if !isPresent[group] || isBetter(elements[row], best[group]) {
            best[group] = elements[row]
            isPresent[group] = true
          }
        }
      }
    }
  }

  private func offer(_ vector: Vector, _ row: Int, to group: Int) {
    if vector.isNull(row) { return }
    // Most strings are not better: they are compared where they are.
    if vector.type == .string, isPresent[group], case .string(let best) = values[group] {
      var best = best
      let order = best.withUTF8 {
        vector.strings[row].byteOrder(StringRef(base: $0.baseAddress, count: $0.count))
      }
      if isMaximum ? order <= 0 : order >= 0 { return }
    }
    offer(vector.boxed(row), to: group)
  }

  private func offer(_ value: Value, to group: Int) {
    if case .null = value { return }
    if isPresent[group] {
      let order = Value.order(value, values[group])
      if isMaximum ? order <= 0 : order >= 0 { return }
    }
    heldBytes += value.heldByteCount - values[group].heldByteCount
    values[group] = value
    isPresent[group] = true
  }

  private func setKind(_ type: VectorType) {
    let wanted: VectorType =
      switch type {
      case .integer, .float, .date, .localDateTime: type
      default: .any
      }
    guard let kind else {
      self.kind = wanted
      return
    }
    if kind == wanted || kind == .any { return }
    let boxed = isPresent.indices.map { result($0) }
    values = boxed
    (integers, floats, dates, dateTimes) = ([], [], [], [])
    self.kind = .any
  }

  private func grow(_ groupCount: Int) {
    isPresent.grow(to: groupCount, false)
    let groupCount = isPresent.count
    switch kind {
    case .integer: integers.grow(to: groupCount, 0)
    case .float: floats.grow(to: groupCount, 0)
    case .date: dates.grow(to: groupCount, LocalDate(days: 0))
    case .localDateTime: dateTimes.grow(to: groupCount, LocalDateTime(seconds: 0))
    case .any: values.grow(to: groupCount, .null)
    default: break
    }
  }

  private func result(_ group: Int) -> Value {
    guard group < isPresent.count, isPresent[group] else { return .null }
    switch kind {
    case .integer: return .integer(integers[group])
    case .float: return .float(floats[group])
    case .date: return .date(dates[group])
    case .localDateTime: return .localDateTime(dateTimes[group])
    default: return values[group]
    }
  }

  func results(_ range: Range<Int>) throws -> Vector {
    var builder = VectorBuilder(capacity: range.count)
    for group in range { builder.append(result(group)) }
    return builder.finish()
  }

  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws {
    guard let other = other as? ExtremeAggregate else { throw mismatchedAggregates() }
    let count = other.isPresent.count
    try map.withUnsafeBufferPointer { map in
      guard let base = map.baseAddress, count > 0 else { return }
      try add(
        states: try other.states(0..<count), groups: base, count: count, groupCount: groupCount)
    }
    grow(groupCount)
  }

  var byteCount: Int {
    isPresent.capacity + integers.capacity * 8 + floats.capacity * 8 + dates.capacity * 8
      + dateTimes.capacity * 16 + values.capacity * MemoryLayout<Value>.stride + heldBytes
  }

  func states(_ range: Range<Int>) throws -> Vector { try results(range) }

  func add(
    states: Vector, groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    try add([states], groups: groups, count: count, groupCount: groupCount)
  }
}
