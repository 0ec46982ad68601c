/// The objective of logistic regression and its derivatives. A position is the coefficients, then
/// the intercept.
struct LogisticProblem {
  private let features: Matrix
  private let labels: [Bool]
  private let weights: [Double]?
  private let cost: Double
  private let ridge: Double
  private let lasso: Double
  private let concurrency: Int
  private let columns: Int

  /// Rows that one thread does at a time; sums are by blocks, so they do not depend on threads.
  private static let blockSize = 1024

  init(
    _ features: Matrix, _ labels: [Bool], _ weights: [Double]?,
    _ configuration: LogisticRegression.Configuration
  ) {
    self.features = features
    self.labels = labels
    self.weights = weights
    cost = configuration.inverseRegularisation
    ridge = 1 - configuration.l1Ratio
    lasso = configuration.l1Ratio
    concurrency = configuration.concurrency
    columns = features.columnCount
  }

  /// The intercept that fits the mean of the labels.
  var baseline: Double {
    var positive = 0.0
    var total = 0.0
    for row in labels.indices {
      let weight = weights?[row] ?? 1
      total += weight
      if labels[row] { positive += weight }
    }
    let share = min(max(positive / max(total, .leastNormalMagnitude), 1e-6), 1 - 1e-6)
    return naturalLogarithm(share / (1 - share))
  }

  private func penalty(_ position: [Double]) -> Double {
    var squares = 0.0
    var absolutes = 0.0
    for value in position.dropLast() {
      squares += value * value
      absolutes += abs(value)
    }
    return ridge / 2 * squares + lasso * absolutes
  }

  func objective(_ position: [Double]) -> Double {
    let sums = sumBlocks(position, width: 1) { rows, scores, sums in
      for row in rows {
        let score = scores[row - rows.lowerBound]
        sums[0] += (weights?[row] ?? 1) * softplus(labels[row] ? -score : score)
      }
    }
    return cost * sums[0] + penalty(position)
  }

  /// The gradient and Hessian of the smooth part: the loss and the squares.
  func derivatives(_ position: [Double]) -> (gradient: [Double], hessian: SquareMatrix) {
    let width = columns + 1
    let sums = sumBlocks(position, width: width + width * width) { rows, scores, sums in
      let count = rows.count
      let curvature = Scratch<Double>(count, repeating: 0)
      let slope = Scratch<Double>(count, repeating: 0)
      for index in 0..<count {
        let row = rows.lowerBound + index
        let probability = logistic(scores[index])
        let weight = weights?[row] ?? 1
        slope.base[index] = weight * (probability - (labels[row] ? 1 : 0))
        curvature.base[index] = weight * probability * (1 - probability)
      }
      features.values.withUnsafeBufferPointer { values in
        let weighted = Scratch<Double>(count, repeating: 0)
        for a in 0...columns {
          for index in 0..<count {
            let x = a < columns ? values[a * features.rowCount + rows.lowerBound + index] : 1
            sums[a] += slope.base[index] * x
            weighted.base[index] = curvature.base[index] * x
          }
          for b in 0...a {
            var sum = 0.0
            if b < columns {
              let start = b * features.rowCount + rows.lowerBound
              for index in 0..<count { sum += weighted.base[index] * values[start + index] }
            } else {
              for index in 0..<count { sum += weighted.base[index] }
            }
            sums[width + a * width + b] += sum
          }
        }
      }
    }
    var gradient = sums[..<width].map { $0 * cost }
    var hessian = SquareMatrix(order: width)
    for a in 0..<width {
      for b in 0...a {
        hessian[a, b] = cost * sums[width + a * width + b]
        hessian[b, a] = hessian[a, b]
      }
    }
    for column in 0..<columns {
      gradient[column] += ridge * position[column]
      hessian[column, column] += ridge
    }
    return (gradient, hessian)
  }

  /// The step to the least of the quadratic model and the absolute penalty.
  func step(from position: [Double], _ gradient: [Double], _ hessian: SquareMatrix) -> [Double] {
    var damped = hessian
    // Columns that depend on each other, or probabilities that are all 0 or 1, leave no curvature.
    var largest = 0.0
    for index in position.indices { largest = max(largest, hessian[index, index]) }
    for index in position.indices { damped[index, index] += 1e-12 * largest + 1e-300 }
    if lasso == 0, let factor = damped.cholesky() {
      return factor.solvingCholesky(gradient).map { -$0 }
    }
    return coordinateDescent(position, gradient, damped)
  }

  private func coordinateDescent(
    _ position: [Double], _ gradient: [Double], _ hessian: SquareMatrix
  ) -> [Double] {
    var step = [Double](repeating: 0, count: position.count)
    var slope = gradient
    for _ in 0..<1000 {
      var greatest = 0.0
      for index in position.indices {
        let curvature = hessian[index, index]
        let current = position[index] + step[index]
        var next = current - slope[index] / curvature
        if index < columns {
          let threshold = lasso / curvature
          next = next > threshold ? next - threshold : next < -threshold ? next + threshold : 0
        }
        let change = next - current
        if change == 0 { continue }
        step[index] += change
        for other in position.indices { slope[other] += hessian[other, index] * change }
        greatest = max(greatest, abs(change))
      }
      if greatest < 1e-11 { break }
    }
    return step
  }

  /// By how much the objective should fall along a step: the slope, and what the absolute penalty
  /// loses.
  func promise(_ position: [Double], _ step: [Double], _ gradient: [Double]) -> Double {
    var sum = QuasiNewton.dot(gradient, step)
    for column in 0..<columns {
      sum += lasso * (abs(position[column] + step[column]) - abs(position[column]))
    }
    return sum
  }

  /// Runs `body` with the scores of each block of rows.
  private func sumBlocks(
    _ position: [Double], width: Int,
    _ body: @Sendable (Range<Int>, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    let count = features.rowCount
    let blocks = (count + Self.blockSize - 1) / Self.blockSize
    let slots = Scratch<Double>(blocks * width, repeating: 0)
    parallelFor(blocks, concurrency: concurrency) { block in
      let rows = block * Self.blockSize..<min(count, (block + 1) * Self.blockSize)
      let scores = Scratch<Double>(rows.count, repeating: position[columns])
      features.values.withUnsafeBufferPointer { values in
        for column in 0..<columns {
          let coefficient = position[column]
          let start = column * count + rows.lowerBound
          for index in 0..<rows.count {
            scores.base[index] += coefficient * values[start + index]
          }
        }
      }
      body(rows, scores.base, slots.base + block * width)
    }
    var sums = [Double](repeating: 0, count: width)
    for block in 0..<blocks {
      for index in 0..<width { sums[index] += slots.base[block * width + index] }
    }
    return sums
  }
}
