/// A model of repeat purchases fitted by maximum likelihood.
package struct LifetimeFit<Model: RepeatPurchaseModel>: Sendable {
  package let model: Model
  package let logLikelihood: Double
  /// Of each parameter, from the curvature of the likelihood; NaN where the data do not determine it.
  package let standardErrors: [Double]
  package let iterations: Int
  /// False when a parameter ran to the edge of what is tried, as where the data show no variety.
  package let didConverge: Bool

  /// Logarithms of the parameters stay within ± this (of times in units of the mean age): where
  /// clients do not differ, the best parameters are infinite.
  private static var bound: Double { 9 }

  /// - Parameter isCancelled: asked on the calling thread before each pass over the groups.
  /// - Throws: if nobody has a repeat purchase or no time has passed, so that there is nothing to
  ///   fit; when cancelled.
  /// - Complexity: some 30 passes over the groups for BG/NBD and MBG/NBD, some 300 for Pareto/NBD.
  package init(
    _ data: RepeatPurchases, concurrency: Int = 4, isCancelled: () -> Bool = { false }
  ) throws(SegmentationError) {
    try require(
      data.hasRepeats, "frequency",
      "no client bought again after the first purchase, so that repeat purchases cannot be modelled"
    )
    var age = 0.0
    for (value, weight) in zip(data.age, data.weights) { age += value * weight }
    let unit = age / data.clientCount
    let scaled = data.scalingTimes(by: 1 / unit)
    let count = Model.parameterNames.count
    var wasCancelled = false
    func objective(_ position: [Double], _ gradient: inout [Double]) -> Double {
      if wasCancelled || isCancelled() {
        // Nowhere to go from here: the search ends at once.
        wasCancelled = true
        for index in gradient.indices { gradient[index] = 0 }
        return 0
      }
      let model = Model(parameters: position.map(exponential))
      let n = scaled.clientCount
      var value =
        -model.logLikelihood(scaled, concurrency: concurrency, gradient: &gradient) / n
      for index in position.indices {
        gradient[index] /= -n
        let beyond = abs(position[index]) - Self.bound
        if beyond > 0 {
          value += beyond * beyond
          gradient[index] += 2 * beyond * (position[index] < 0 ? -1 : 1)
        }
      }
      return value
    }
    var best: QuasiNewton.Result?
    var iterations = 0
    // The likelihood may have a second, lower summit; a start that fails has a neighbour.
    for start in [0.0, -1, 1] {
      let result = QuasiNewton.minimise(
        from: [Double](repeating: start, count: count), tolerance: Model.gradientTolerance,
        maxIterations: 300, objective)
      if wasCancelled { throw .cancelled }
      iterations += result.iterations
      if result.value.isFinite && result.value < (best?.value ?? .infinity) { best = result }
      if result.didConverge && result.position.allSatisfy({ abs($0) < Self.bound - 1 }) { break }
    }
    guard let best else {
      throw SegmentationError("frequency", "the likelihood could not be computed for these data")
    }
    var parameters = best.position.map(exponential)
    for index in Model.timeParameters { parameters[index] *= unit }
    model = Model(parameters: parameters)
    logLikelihood = model.logLikelihood(data, concurrency: concurrency)
    standardErrors = Self.errors(best.position, parameters, data.clientCount, objective)
    self.iterations = iterations
    didConverge = best.didConverge && best.position.allSatisfy { abs($0) < Self.bound }
  }

  /// From the inverse of the second derivatives by the logarithms; d θ = θ d ln θ.
  private static func errors(
    _ position: [Double], _ parameters: [Double], _ clients: Double,
    _ objective: ([Double], inout [Double]) -> Double
  ) -> [Double] {
    let count = position.count
    let width = 1e-4
    var hessian = SquareMatrix(order: count)
    for row in 0..<count {
      var (low, high) = (position, position)
      low[row] -= width
      high[row] += width
      var below = [Double](repeating: 0, count: count)
      var above = below
      _ = objective(low, &below)
      _ = objective(high, &above)
      for column in 0..<count {
        let second = clients * (above[column] - below[column]) / (2 * width)
        hessian[row, column] += second / 2
        hessian[column, row] += second / 2
      }
    }
    guard let factor = hessian.cholesky() else {
      return [Double](repeating: .nan, count: count)
    }
    return (0..<count).map { index in
      var unit = [Double](repeating: 0, count: count)
      unit[index] = 1
      return parameters[index] * factor.solvingCholesky(unit)[index].squareRoot()
    }
  }
}
