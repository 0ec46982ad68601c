/// What clients are expected to bring.
package enum LifetimeValue {
  /// Expected money of each client in the coming periods, discounted: Σ E[purchases in period i] ·
  /// value / (1 + rate)ⁱ.
  ///
  /// - Parameters:
  ///   - value: the expected value of a purchase, one a client.
  ///   - period: the length of a period in the unit of the data, for example 4.345 weeks.
  ///   - periods: may have a fraction: the last period is shorter then.
  ///   - rate: by which money loses value in a period, at least 0.
  package static func expected(
    _ model: some RepeatPurchaseModel, _ data: RepeatPurchases, value: [Double], period: Double,
    periods: Double, rate: Double, concurrency: Int = 4
  ) -> [Double] {
    var discounted = data.mapGroups(concurrency) { x, last, end in
      var sum = 0.0
      var before = 0.0
      var factor = 1.0
      var index = 1.0
      while index - 1 < periods {
        let time = period * min(index, periods)
        let until = model.expectedPurchases(in: time, frequency: x, recency: last, age: end)
        factor /= 1 + rate
        sum += (until - before) * factor
        before = until
        index += 1
      }
      return sum
    }
    for row in discounted.indices { discounted[row] *= value[row] }
    return discounted
  }
}
