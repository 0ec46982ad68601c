internal import Glibc

/// Probabilities of classes from decisions: multinomial logistic regression with few coefficients
/// (matrix scaling in the words of Guo, Pleiss, Sun, Weinberger: "On calibration of modern neural
/// networks", 2017), fitted on decisions for texts that the decisions' models have not seen.
///
/// The probabilities are those of the training texts' shares. The label is
/// `argmax pₖ / shareₖ^rarity`: with a rarity of 0 the most probable class, with 1 the one whose
/// probability has risen most above its share. The rarity is the one with the best macro F1 on the
/// texts of the fit, which finds the rare classes better than the most probable class does.
struct Calibration: Sendable {
  /// By class: a coefficient for each decision, and the constant at the end.
  var coefficients: [[Double]]
  /// By class, of the training texts.
  var shares: [Double]
  /// See above; from 0 to 1.
  var rarity = 1.0

  @inline(__always)
  private func logit(_ row: [Double], _ decisions: [Double]) -> Double {
    var sum = row[row.count - 1]
    for index in 0..<row.count - 1 { sum += row[index] * decisions[index] }
    return sum
  }

  func score(_ decisions: [Double], _ classes: [SentimentClass]) -> SentimentScore {
    var score = SentimentScore(negative: 0, neutral: 0, positive: 0, label: .neutral)
    var logits = SIMD3<Double>(repeating: -.infinity)
    for (index, row) in coefficients.enumerated() { logits[index] = logit(row, decisions) }
    let highest = logits.max()
    var total = 0.0
    var best = -Double.infinity
    for index in coefficients.indices {
      total += exp(logits[index] - highest)
      let relative = logits[index] - rarity * log(max(shares[index], 1e-9))
      if relative > best {
        best = relative
        score.label = classes[index]
      }
    }
    for index in coefficients.indices {
      let probability = Float(exp(logits[index] - highest) / total)
      switch classes[index] {
      case .negative: score.negative = probability
      case .neutral: score.neutral = probability
      case .positive: score.positive = probability
      }
    }
    return score
  }

  /// How well the labels agree with the true classes, which are positions in `classes`.
  func confusion(
    _ decisions: [[Double]], labels: [Int], _ classes: [SentimentClass]
  ) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes)
    for (row, label) in zip(decisions, labels) {
      matrix.add(truth: classes[label], label: score(row, classes).label)
    }
    return matrix
  }

  /// Chooses the rarity by the texts of the fit: one number of eleven, too few to overfit.
  mutating func chooseRarity(
    _ decisions: [[Double]], labels: [Int], _ classes: [SentimentClass]
  ) {
    var best = (rarity: 1.0, macroF1: -1.0)
    for tenth in (0...10).reversed() {
      rarity = Double(tenth) / 10
      let macroF1 = confusion(decisions, labels: labels, classes).macroF1
      if macroF1 > best.macroF1 { best = (rarity, macroF1) }
    }
    rarity = best.rarity
  }

  /// Minimises `Σ -ln p + ½ penalty ‖coefficients‖²` (constants nearly free) by Newton's method.
  ///
  /// - Parameters:
  ///   - decisions: a row a text, all of equal length.
  ///   - labels: positions of classes, below `classCount`.
  static func fit(
    _ decisions: [[Double]], labels: [Int], classCount: Int, penalty: Double = 1
  ) -> Calibration {
    let width = (decisions.first?.count ?? 0) + 1
    let size = classCount * width
    var counts = [Double](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    let shares = counts.map { $0 / Double(max(labels.count, 1)) }
    var parameters = [Double](repeating: 0, count: size)
    func penaltyOf(_ index: Int) -> Double { index % width == width - 1 ? 1e-6 : penalty }
    func probabilities(_ row: [Double], _ parameters: [Double]) -> [Double] {
      var logits = [Double](repeating: 0, count: classCount)
      for k in 0..<classCount {
        var sum = parameters[k * width + width - 1]
        for j in 0..<width - 1 { sum += parameters[k * width + j] * row[j] }
        logits[k] = sum
      }
      let highest = logits.max() ?? 0
      let powers = logits.map { exp($0 - highest) }
      let total = powers.reduce(0, +)
      return powers.map { $0 / total }
    }
    func loss(_ parameters: [Double]) -> Double {
      var sum = 0.0
      for (row, label) in zip(decisions, labels) {
        sum -= log(max(probabilities(row, parameters)[label], 1e-300))
      }
      for index in 0..<size {
        sum += 0.5 * penaltyOf(index) * parameters[index] * parameters[index]
      }
      return sum
    }
    var current = loss(parameters)
    for _ in 0..<50 {
      var gradient = [Double](repeating: 0, count: size)
      var hessian = [Double](repeating: 0, count: size * size)
      for (row, label) in zip(decisions, labels) {
        let p = probabilities(row, parameters)
        let x = row + [1]
        for a in 0..<classCount {
          let residual = p[a] - (a == label ? 1 : 0)
          for j in 0..<width { gradient[a * width + j] += residual * x[j] }
          for b in 0..<classCount {
            let factor = p[a] * ((a == b ? 1 : 0) - p[b])
            for j in 0..<width {
              for l in 0..<width {
                hessian[(a * width + j) * size + b * width + l] += factor * x[j] * x[l]
              }
            }
          }
        }
      }
      for index in 0..<size {
        gradient[index] += penaltyOf(index) * parameters[index]
        hessian[index * size + index] += penaltyOf(index)
      }
      guard let step = solve(hessian, gradient, size) else { break }
      // Halved until it leads down.
      var factor = 1.0
      var next = parameters
      var nextLoss = current
      repeat {
        for index in 0..<size { next[index] = parameters[index] - factor * step[index] }
        nextLoss = loss(next)
        factor /= 2
      } while !(nextLoss <= current) && factor > 1e-6
      guard nextLoss <= current else { break }
      let gain = current - nextLoss
      parameters = next
      current = nextLoss
      if gain < 1e-9 * max(1, abs(current)) { break }
    }
    return Calibration(
      coefficients: (0..<classCount).map { Array(parameters[$0 * width..<($0 + 1) * width]) },
      shares: shares)
  }

  /// Solves a symmetric positive definite system by Cholesky's factorisation; nil if it is none.
  private static func solve(_ matrix: [Double], _ right: [Double], _ size: Int) -> [Double]? {
    var lower = matrix
    for i in 0..<size {
      for j in 0...i {
        var sum = lower[i * size + j]
        for k in 0..<j { sum -= lower[i * size + k] * lower[j * size + k] }
        if i == j {
          guard sum > 0 else { return nil }
          lower[i * size + i] = sum.squareRoot()
        } else {
          lower[i * size + j] = sum / lower[j * size + j]
        }
      }
    }
    var solution = right
    for i in 0..<size {
      for k in 0..<i { solution[i] -= lower[i * size + k] * solution[k] }
      solution[i] /= lower[i * size + i]
    }
    for i in (0..<size).reversed() {
      for k in i + 1..<size { solution[i] -= lower[k * size + i] * solution[k] }
      solution[i] /= lower[i * size + i]
    }
    return solution
  }
}
