internal import GraphColumns
internal import GraphTypes

/// `stDev(x)` and `stDevP(x)`; 0.0 for fewer than two values.
///
/// Welford's method; partial results merge as in Chan, Golub and LeVeque, "Updating formulae and a
/// pairwise algorithm for computing sample variances" (1979).
final class DeviationAggregate: GroupedAggregate {
  private struct State {
    var count = 0.0
    var mean = 0.0
    /// Sum of squared differences from the mean.
    var squares = 0.0
  }

  private let ofSample: Bool
  private var states: [State] = []
  private var name: String { ofSample ? "stDev" : "stDevP" }

  init(ofSample: Bool) { self.ofSample = ofSample }

  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    states.grow(to: groupCount, State())
    if arguments[0].isEntirelyNull { return }
    let vector = arguments[0].expanded(count)
    switch vector.type {
    case .float: add(vector, vector.floats, groups, count) { $0 }
    case .integer: add(vector, vector.integers, groups, count) { Double($0) }
    default:
      for row in 0..<count where !vector.isNull(row) {
        Self.add(try Argument.number(vector.boxed(row), name), to: &states[Int(groups[row])])
      }
    }
  }

  @inline(__always)
  private func add<T>(
    _ vector: Vector, _ elements: UnsafeMutablePointer<T>, _ groups: UnsafePointer<Int32>,
    _ count: Int, _ convert: (T) -> Double
  ) {
    states.withUnsafeMutableBufferPointer { states in
      for row in 0..<count where !vector.isNull(row) {
        Self.add(convert(elements[row]), to: &states[Int(groups[row])])
      }
    }
  }

  @inline(__always)
  private static func add(_ number: Double, to state: inout State) {
    state.count += 1
    let difference = number - state.mean
    state.mean += difference / state.count
    state.squares += difference * (number - state.mean)
  }

  func results(_ range: Range<Int>) throws -> Vector {
    let result = Vector(type: .float, capacity: range.count)
    result.count = range.count
    for (row, group) in range.enumerated() {
      let state = group < states.count ? states[group] : State()
      let divisor = ofSample ? state.count - 1 : state.count
      result.floats[row] = state.count < 2 ? 0 : (state.squares / divisor).squareRoot()
    }
    return result
  }

  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws {
    guard let other = other as? DeviationAggregate else { throw mismatchedAggregates() }
    states.grow(to: groupCount, State())
    for (group, state) in other.states.enumerated() where state.count > 0 {
      add(state, to: Int(map[group]))
    }
  }

  private func add(_ b: State, to group: Int) {
    let a = states[group]
    let count = a.count + b.count
    let difference = b.mean - a.mean
    states[group] = State(
      count: count, mean: a.mean + difference * b.count / count,
      squares: a.squares + b.squares + difference * difference * a.count * b.count / count)
  }

  var byteCount: Int { states.capacity * MemoryLayout<State>.stride }

  /// A list of the count, the mean and the squares.
  func states(_ range: Range<Int>) throws -> Vector {
    var builder = VectorBuilder(capacity: range.count)
    for group in range {
      let state = group < states.count ? states[group] : State()
      builder.append(
        state.count == 0
          ? .null : .list([.float(state.count), .float(state.mean), .float(state.squares)]))
    }
    return builder.finish()
  }

  func add(
    states vector: Vector, groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    states.grow(to: groupCount, State())
    for row in 0..<count {
      guard case .list(let parts) = vector.boxed(row) else { continue }
      guard parts.count == 3, case .float(let number) = parts[0], case .float(let mean) = parts[1],
        case .float(let squares) = parts[2]
      else { throw mismatchedAggregates() }
      add(State(count: number, mean: mean, squares: squares), to: Int(groups[row]))
    }
  }
}

/// `percentileCont(x, p)` and `percentileDisc(x, p)`; null for no values.
final class PercentileAggregate: GroupedAggregate {
  private let isContinuous: Bool
  private var numbers: [[Value]] = []
  private var percentiles: [Double] = []
  private var name: String { isContinuous ? "percentileCont" : "percentileDisc" }

  private(set) var byteCount = 0

  private let control: ExecutionControl

  init(isContinuous: Bool, _ control: ExecutionControl) {
    self.isContinuous = isContinuous
    self.control = control
  }

  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    grow(groupCount)
    byteCount += count * MemoryLayout<Value>.stride * 3 / 2
    for row in 0..<count {
      let group = Int(groups[row])
      let percentile = try Argument.number(arguments[1].boxed(row), name)
      guard (0...1).contains(percentile) else {
        throw ExpressionError.outOfRange(
          "the percentile of \(name)() must be between 0.0 and 1.0, got \(percentile.cypherText)")
      }
      percentiles[group] = percentile
      let value = arguments[0].boxed(row)
      if case .null = value { continue }
      _ = try Argument.number(value, name)
      numbers[group].append(value)
    }
  }

  private func grow(_ groupCount: Int) {
    byteCount += max(0, groupCount - numbers.count) * 2 * (MemoryLayout<[Value]>.stride + 8)
    numbers.grow(to: groupCount, [])
    percentiles.grow(to: groupCount, 0)
  }

  func results(_ range: Range<Int>) throws -> Vector {
    var builder = VectorBuilder(capacity: range.count)
    for group in range {
      guard group < numbers.count, !numbers[group].isEmpty else {
        builder.append(.null)
        continue
      }
      var comparisons = 0
      let sorted = try numbers[group].sorted { a, b in
        comparisons += 1
        if comparisons & 0xFFFF == 0 { try control.check() }
        return Value.order(a, b) < 0
      }
      builder.append(
        isContinuous
          ? .float(try interpolated(sorted, percentiles[group]))
          : Self.nearest(sorted, percentiles[group]))
    }
    return builder.finish()
  }

  /// As Neo4j: the smallest value below which at least the share of the values lies.
  private static func nearest(_ sorted: [Value], _ percentile: Double) -> Value {
    if percentile == 1 || sorted.count == 1 { return sorted[sorted.count - 1] }
    let position = percentile * Double(sorted.count)
    let index = Int(position)
    return sorted[Double(index) != position || index == 0 ? index : index - 1]
  }

  private func interpolated(_ sorted: [Value], _ percentile: Double) throws -> Double {
    let position = percentile * Double(sorted.count - 1)
    let below = Int(position.rounded(.down))
    let above = Int(position.rounded(.up))
    let low = try Argument.number(sorted[below], name)
    if above == below { return low }
    let high = try Argument.number(sorted[above], name)
    return low * (Double(above) - position) + high * (position - Double(below))
  }

  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws {
    guard let other = other as? PercentileAggregate else { throw mismatchedAggregates() }
    grow(groupCount)
    for (group, list) in other.numbers.enumerated() {
      add(list, percentile: other.percentiles[group], to: Int(map[group]))
    }
  }

  private func add(_ list: [Value], percentile: Double, to group: Int) {
    byteCount += list.count * MemoryLayout<Value>.stride * 3 / 2
    numbers[group] += list
    percentiles[group] = max(percentiles[group], percentile)
  }

  /// A list of the percentile and the list of values.
  func states(_ range: Range<Int>) throws -> Vector {
    var builder = VectorBuilder(capacity: range.count)
    for group in range {
      builder.append(
        group < numbers.count
          ? .list([.float(percentiles[group]), .list(numbers[group])]) : .null)
    }
    return builder.finish()
  }

  func add(
    states: Vector, groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    grow(groupCount)
    for row in 0..<count {
      guard case .list(let parts) = states.boxed(row) else { continue }
      guard parts.count == 2, case .float(let percentile) = parts[0],
        case .list(let list) = parts[1]
      else { throw mismatchedAggregates() }
      add(list, percentile: percentile, to: Int(groups[row]))
    }
  }
}
