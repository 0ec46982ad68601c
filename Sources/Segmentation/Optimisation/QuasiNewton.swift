/// Minimising a smooth function of a few variables by BFGS (Nocedal, Wright: Numerical
/// Optimization, 2006, algorithm 6.1) with backtracking.
enum QuasiNewton {
  struct Result {
    var position: [Double]
    var value: Double
    var iterations: Int
    var didConverge: Bool
  }

  /// - Parameters:
  ///   - tolerance: stop when no component of the gradient is greater, or when the value no longer
  ///     falls by a part in 1e14.
  ///   - objective: gives the value and fills in the gradient; a value that is not finite is a
  ///     place where the function is not defined, and steps towards it are shortened.
  static func minimise(
    from start: [Double], tolerance: Double = 1e-8, maxIterations: Int = 500,
    _ objective: (_ position: [Double], _ gradient: inout [Double]) -> Double
  ) -> Result {
    let count = start.count
    var position = start
    var gradient = [Double](repeating: 0, count: count)
    var value = objective(position, &gradient)
    var inverse = SquareMatrix(identity: count)
    var isScaled = false
    var iterations = 0
    while iterations < maxIterations {
      if gradient.allSatisfy({ abs($0) <= tolerance }) {
        return Result(position: position, value: value, iterations: iterations, didConverge: true)
      }
      iterations += 1
      var direction = inverse.times(gradient).map { -$0 }
      var slope = dot(direction, gradient)
      if !(slope < 0) {
        inverse = SquareMatrix(identity: count)
        isScaled = false
        direction = gradient.map { -$0 }
        slope = dot(direction, gradient)
      }
      let longest = direction.map(abs).max() ?? 0
      // The first direction has no scale; no step may leave the region where logarithms make sense.
      var step = min(1, (isScaled ? 4 : 0.5) / max(longest, .leastNonzeroMagnitude))
      var next = position
      var nextGradient = gradient
      var nextValue = Double.infinity
      var accepted = false
      for _ in 0..<40 {
        for index in 0..<count { next[index] = position[index] + step * direction[index] }
        nextValue = objective(next, &nextGradient)
        if nextValue.isFinite && nextValue <= value + 1e-4 * step * slope {
          accepted = true
          break
        }
        step *= 0.4
      }
      guard accepted else {
        // Not even a tiny step helps: the value is as low as rounding lets it be.
        return Result(
          position: position, value: value, iterations: iterations,
          didConverge: gradient.allSatisfy { abs($0) <= 1e-4 })
      }
      let moved = (0..<count).map { next[$0] - position[$0] }
      let bent = (0..<count).map { nextGradient[$0] - gradient[$0] }
      let curvature = dot(moved, bent)
      if curvature > 1e-12 * (dot(moved, moved) * dot(bent, bent)).squareRoot() {
        if !isScaled {
          inverse.scale(by: curvature / dot(bent, bent))
          isScaled = true
        }
        inverse.update(moved: moved, bent: bent, curvature: curvature)
      }
      let gain = value - nextValue
      (position, gradient, value) = (next, nextGradient, nextValue)
      if gain <= 1e-14 * abs(value) && gradient.allSatisfy({ abs($0) <= 1e-5 }) {
        return Result(position: position, value: value, iterations: iterations, didConverge: true)
      }
    }
    return Result(position: position, value: value, iterations: iterations, didConverge: false)
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
}

extension SquareMatrix {
  /// The inverse Hessian after a step (Nocedal, Wright, 6.17).
  fileprivate mutating func update(moved: [Double], bent: [Double], curvature: Double) {
    let product = times(bent)
    let factor = (1 + QuasiNewton.dot(bent, product) / curvature) / curvature
    for row in 0..<order {
      for column in 0..<order {
        self[row, column] +=
          factor * moved[row] * moved[column]
          - (product[row] * moved[column] + moved[row] * product[column]) / curvature
      }
    }
  }
}
