/// GDS's `scaler` for centrality scores. A scaler that would divide by zero (all values equal)
/// gives zeros.
package enum ScoreScaler: String, Sendable, CaseIterable {
  case none = "NONE"
  case minMax = "MINMAX"
  case max = "MAX"
  case mean = "MEAN"
  case log = "LOG"
  case standardScore = "STDSCORE"
  case l1Norm = "L1NORM"
  case l2Norm = "L2NORM"
  case center = "CENTER"

  /// - Parameter offset: added before the logarithm of `log`.
  package func apply(to values: [Double], offset: Double = 0) -> [Double] {
    guard self != .none, !values.isEmpty else { return values }
    let count = Double(values.count)
    var low = Double.infinity
    var high = -Double.infinity
    var sum = 0.0
    var absolute = 0.0
    var squares = 0.0
    for value in values {
      low = Swift.min(low, value)
      high = Swift.max(high, value)
      sum += value
      absolute += abs(value)
      squares += value * value
    }
    let average = sum / count
    switch self {
    case .none: return values
    case .minMax: return scaled(values, subtract: low, divide: high - low)
    case .max: return scaled(values, subtract: 0, divide: Swift.max(abs(low), abs(high)))
    case .mean: return scaled(values, subtract: average, divide: high - low)
    case .log: return values.map { naturalLogarithm($0 + offset) }
    case .standardScore:
      var deviation = 0.0
      for value in values { deviation += (value - average) * (value - average) }
      return scaled(values, subtract: average, divide: (deviation / count).squareRoot())
    case .l1Norm: return scaled(values, subtract: 0, divide: absolute)
    case .l2Norm: return scaled(values, subtract: 0, divide: squares.squareRoot())
    case .center: return scaled(values, subtract: average, divide: 1)
    }
  }

  /// The values of members scaled, the others as they are.
  func applied(to values: [Double], members nodes: NodeMapping, offset: Double) -> [Double] {
    if self == .none { return values }
    var result = values
    var scaled = apply(to: nodes.memberValues(values), offset: offset)[...]
    for range in nodes.members {
      result.replaceSubrange(range, with: scaled.prefix(range.count))
      scaled = scaled.dropFirst(range.count)
    }
    return result
  }

  private func scaled(_ values: [Double], subtract: Double, divide: Double) -> [Double] {
    if abs(divide) < 1e-15 { return [Double](repeating: 0, count: values.count) }
    return values.map { ($0 - subtract) / divide }
  }
}
