/// A model of clients who buy for a while and then, unnoticed, leave for good ("buy till you die").
package protocol RepeatPurchaseModel: Sendable {
  static var parameterNames: [String] { get }
  /// Positions of the parameters that are times (the inverse of rates).
  static var timeParameters: [Int] { get }
  /// How exact the gradient is, a client; a fit stops where no component exceeds it.
  static var gradientTolerance: Double { get }
  /// In the order of `parameterNames`; all positive.
  var parameters: [Double] { get }
  init(parameters: [Double])

  /// Natural logarithm, without constants left out.
  func logLikelihood(_ data: RepeatPurchases, concurrency: Int) -> Double

  /// The same, with its derivatives by the logarithms of the parameters.
  func logLikelihood(
    _ data: RepeatPurchases, concurrency: Int, gradient: inout [Double]
  ) -> Double

  /// The probability that a client with x repeat purchases, the last of them at tₓ of T, has not
  /// left, in `0 ... 1`.
  func probabilityAlive(frequency: Double, recency: Double, age: Double) -> Double

  /// ln of the likelihood of such a client's purchases, but for terms that do not depend on T.
  func logDensity(frequency: Double, recency: Double, age: Double) -> Double

  /// Expected purchases of such a client in the `time` after T.
  func expectedPurchases(
    in time: Double, frequency: Double, recency: Double, age: Double
  ) -> Double

  /// Expected repeat purchases of a new client in the `time` after the first purchase.
  func expectedPurchases(in time: Double) -> Double
}

extension RepeatPurchaseModel {
  /// One value a client.
  package func probabilityAlive(_ data: RepeatPurchases, concurrency: Int = 4) -> [Double] {
    data.mapGroups(concurrency) {
      probabilityAlive(frequency: $0, recency: $1, age: $2)
    }
  }

  /// The probability that a client buys nothing in the `time` after T, having left or not.
  package func probabilityOfSilence(
    in time: Double, frequency: Double, recency: Double, age: Double
  ) -> Double {
    min(
      1,
      exponential(
        logDensity(frequency: frequency, recency: recency, age: age + time)
          - logDensity(frequency: frequency, recency: recency, age: age)))
  }

  /// One value a client.
  package func probabilityOfSilence(
    in time: Double, _ data: RepeatPurchases, concurrency: Int = 4
  ) -> [Double] {
    data.mapGroups(concurrency) {
      probabilityOfSilence(in: time, frequency: $0, recency: $1, age: $2)
    }
  }

  /// One value a client.
  package func expectedPurchases(
    in time: Double, _ data: RepeatPurchases, concurrency: Int = 4
  ) -> [Double] {
    data.mapGroups(concurrency) {
      expectedPurchases(in: time, frequency: $0, recency: $1, age: $2)
    }
  }
}

extension RepeatPurchases {
  /// Groups that one thread does at a time; sums are by blocks, so they do not depend on threads.
  static let blockSize = 2048

  /// `function(x, tₓ, T)` of each client, computed once a group.
  func mapGroups(
    _ concurrency: Int, _ function: @Sendable (Double, Double, Double) -> Double
  ) -> [Double] {
    let count = weights.count
    let result = Scratch<Double>(count, repeating: 0)
    let blocks = (count + Self.blockSize - 1) / Self.blockSize
    parallelFor(blocks, concurrency: concurrency) { block in
      for group in block * Self.blockSize..<min(count, (block + 1) * Self.blockSize) {
        result.base[group] = function(frequency[group], recency[group], age[group])
      }
    }
    return perClient(result.array)
  }

  /// Sums of `width` numbers over all groups. `body` adds those of a range of groups to its own
  /// zeroed slots.
  func sumGroups(
    _ width: Int, _ concurrency: Int,
    _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    let count = weights.count
    let blocks = (count + Self.blockSize - 1) / Self.blockSize
    let slots = Scratch<Double>(blocks * width, repeating: 0)
    parallelFor(blocks, concurrency: concurrency) { block in
      body(
        block * Self.blockSize..<min(count, (block + 1) * Self.blockSize),
        slots.base + block * width)
    }
    var sums = [Double](repeating: 0, count: width)
    for block in 0..<blocks {
      for index in 0..<width { sums[index] += slots.base[block * width + index] }
    }
    return sums
  }
}
