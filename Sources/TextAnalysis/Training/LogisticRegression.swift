internal import Glibc
internal import Segmentation

/// Two-class logistic regression with an L2 penalty: minimises
/// `½‖w‖² + Σ cᵢ ln(1 + exp(-yᵢ w·xᵢ))` by coordinate descent in the dual (Yu, Huang, Lin: "Dual
/// coordinate descent methods for logistic regression and maximum entropy models", Machine Learning
/// 85, 2011; the solver 7 of LIBLINEAR). The bias is the weight of a column of ones and is
/// penalised as the others are.
///
/// - Complexity: O(entries) an epoch.
struct LogisticRegression {
  var weights: [Float]
  var bias: Float

  struct Configuration: Sendable {
    /// Largest violation of the optimality conditions.
    var tolerance = 0.02
    var epochsMaximum = 200
    var seed: UInt64 = 1
  }

  /// - Parameters:
  ///   - rows: the training rows; `members` are the ones used, in any order.
  ///   - isPositive: by row of `rows`.
  ///   - costs: `cᵢ` by row of `rows`.
  ///   - isCancelled: looked at once an epoch; the weights are of no use then.
  static func fit(
    _ rows: SparseRows, members: [Int], isPositive: [Bool], costs: [Double],
    _ configuration: Configuration = .init(), isCancelled: () -> Bool = { false }
  ) -> LogisticRegression {
    var weights = [Float](repeating: 0, count: rows.columnCount)
    var bias: Float = 0
    weights.withUnsafeMutableBufferPointer { weights in
      var descent = DualDescent(rows, members, isPositive, costs, weights)
      var random = RandomSource(seed: configuration.seed)
      for _ in 0..<configuration.epochsMaximum {
        if isCancelled() || descent.epoch(&random) < configuration.tolerance { break }
      }
      bias = descent.bias
    }
    return LogisticRegression(weights: weights, bias: bias)
  }

  func decision(_ rows: SparseRows, _ row: Int) -> Double {
    var sum = bias
    for index in rows.starts[row]..<rows.starts[row + 1] {
      sum += weights[Int(rows.columns[index])] * rows.values[index]
    }
    return Double(sum)
  }
}

private struct DualDescent {
  let rows: SparseRows
  let weights: UnsafeMutableBufferPointer<Float>
  var bias: Float = 0
  /// Rows in the order of the epoch at hand.
  private var order: [Int]
  private let signs: [Float]
  private let costs: [Double]
  private let squaredLengths: [Double]
  /// The dual variable of each member and what is left of its cost; neither reaches 0.
  private var alpha: [Double]
  private var rest: [Double]
  private let members: [Int]
  private var innerTolerance = 0.01

  init(
    _ rows: SparseRows, _ members: [Int], _ isPositive: [Bool], _ costs: [Double],
    _ weights: UnsafeMutableBufferPointer<Float>
  ) {
    self.rows = rows
    self.members = members
    self.weights = weights
    self.costs = members.map { costs[$0] }
    signs = members.map { isPositive[$0] ? 1 : -1 }
    order = Array(members.indices)
    alpha = self.costs.map { min(0.001 * $0, 1e-8) }
    rest = zip(self.costs, alpha).map { $0 - $1 }
    squaredLengths = members.map { row in
      rows.values[rows.starts[row]..<rows.starts[row + 1]]
        .reduce(1) { $0 + Double($1) * Double($1) }
    }
    for index in members.indices { move(index, by: Float(alpha[index]) * signs[index]) }
  }

  @inline(__always)
  private mutating func move(_ index: Int, by step: Float) {
    bias += step
    let row = members[index]
    let range = rows.starts[row]..<rows.starts[row + 1]
    rows.columns.withUnsafeBufferPointer { columns in
      rows.values.withUnsafeBufferPointer { values in
        for entry in range { weights[Int(columns[entry])] += step * values[entry] }
      }
    }
  }

  @inline(__always)
  private func margin(_ index: Int) -> Double {
    let row = members[index]
    let range = rows.starts[row]..<rows.starts[row + 1]
    var sum = bias
    rows.columns.withUnsafeBufferPointer { columns in
      rows.values.withUnsafeBufferPointer { values in
        for entry in range { sum += weights[Int(columns[entry])] * values[entry] }
      }
    }
    return Double(sum * signs[index])
  }

  /// One pass over all members.
  ///
  /// - Returns: the largest violation met.
  mutating func epoch(_ random: inout RandomSource) -> Double {
    for index in order.indices {
      order.swapAt(index, index + random.index(below: order.count - index))
    }
    var violation = 0.0
    var newtonSteps = 0
    for index in order {
      let cost = costs[index]
      let curvature = squaredLengths[index]
      let slope = margin(index)
      // The half of the problem in which the variable stays away from the cost.
      let isFirst = 0.5 * curvature * (rest[index] - alpha[index]) + slope >= 0
      let sign = isFirst ? 1.0 : -1.0
      let old = isFirst ? alpha[index] : rest[index]
      var z = cost - old < 0.5 * cost ? 0.1 * old : old
      func gradient() -> Double { curvature * (z - old) + sign * slope + log(z / (cost - z)) }
      var gradientNow = gradient()
      violation = max(violation, abs(gradientNow))
      var steps = 0
      while steps < 100, abs(gradientNow) >= innerTolerance {
        let next = z - gradientNow / (curvature + cost / (cost - z) / z)
        z = next <= 0 ? z * 0.1 : next
        gradientNow = gradient()
        newtonSteps += 1
        steps += 1
      }
      if steps == 0 { continue }
      alpha[index] = isFirst ? z : cost - z
      rest[index] = isFirst ? cost - z : z
      move(index, by: Float(sign * (z - old)) * signs[index])
    }
    if newtonSteps <= order.count / 10 { innerTolerance = max(1e-8, 0.1 * innerTolerance) }
    return violation
  }
}
