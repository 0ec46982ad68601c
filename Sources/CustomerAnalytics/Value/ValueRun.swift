import Segmentation
import Tropa

/// One call of `crm.value`: a model of repeat purchases and one of their value, fitted to all clients.
struct ValueRun {
  let modelName: LifetimeModelName
  let purchases: PurchaseTimeline
  /// Positions in the timeline.
  let clients: [Int]
  let data: RepeatPurchases
  let fit: FittedLifetimeModel
  /// Nil if no client has a repeat purchase of positive value.
  let value: GammaGamma.Fit?
  /// Repeat purchases, and their mean value (0 without one), one a client.
  let frequency: [Double]
  let meanValue: [Double]
  /// The expected value of a purchase to come, one a client.
  let expectedValue: [Double]
  let horizon: Int
  /// A year.
  let discountRate: Double
  let concurrency: Int
  var configuration: ConfigurationMap

  /// The mean length of a month in days; money is discounted by the month.
  static let month = 30.4375

  init(_ call: ProcedureInvocation, _ name: String) throws {
    configuration = try ConfigurationMap(call.arguments[0], of: name)
    let schema = try CustomerSchema(&configuration, call)
    modelName = try configuration.choice("model", default: .mbgnbd)
    horizon = try configuration.integer("horizon", default: 365, in: 1...36500)
    discountRate = try configuration.float("discountRate", default: 0.1, in: 0...10)
    concurrency = try configuration.integer("concurrency", default: 4, in: 1...1024)
    let reference = try configuration.date("referenceDate")
    try schema.validate(call)
    let purchases = try PurchaseTimeline(
      schema, GraphInventory(call), referenceDate: reference, call: call)
    self.purchases = purchases
    try call.checkCancellation()
    do throws(SegmentationError) {
      (clients, data) = try purchases.repeatPurchases(before: purchases.end)
      fit = try modelName.fit(
        data, concurrency: concurrency, isCancelled: { (try? call.checkCancellation()) == nil })
    } catch {
      try call.checkCancellation()
      throw QueryError(
        .argumentError, "NotEnoughHistory", "`\(name)`: \(error.description)",
        hint: "crm.value needs clients who bought on several days; check dateProperty and filter")
    }
    var (frequency, means): ([Double], [Double]) = ([], [])
    var total = 0.0
    for client in clients {
      let entries = purchases.entries(of: client, before: purchases.end)
      let money = entries.dropFirst().reduce(0) { $0 + purchases.amounts[$1] }
      total += entries.reduce(0) { $0 + purchases.amounts[$1] }
      frequency.append(Double(entries.count - 1))
      means.append(entries.count > 1 ? money / Double(entries.count - 1) : 0)
    }
    self.frequency = frequency
    meanValue = means
    let overall = total / Double(max(purchases.days.count, 1))
    let spending = try? GammaGamma.fit(frequency: frequency, value: means, concurrency: concurrency)
    value = spending
    if let model = spending?.model {
      expectedValue = zip(frequency, means).map { x, mean in
        // Returns that outweigh purchases tell nothing of the next purchase.
        let expected = model.expectedValue(frequency: mean > 0 ? x : 0, value: mean)
        return expected.isFinite ? expected : overall
      }
    } else {
      expectedValue = [Double](repeating: overall, count: clients.count)
    }
  }

  var nodes: [NodeID] { clients.map { purchases.nodes[$0] } }

  var probabilitiesAlive: [Double] { fit.model.probabilityAlive(data, concurrency: concurrency) }

  var expectedPurchases: [Double] {
    fit.model.expectedPurchases(in: Double(horizon), data, concurrency: concurrency)
  }

  /// Money expected in the horizon, discounted by the month.
  var lifetimeValues: [Double] {
    let model: any RepeatPurchaseModel = fit.model
    return LifetimeValue.expected(
      model, data, value: expectedValue, period: Self.month,
      periods: Double(horizon) / Self.month,
      rate: exponential(naturalLogarithm1p(discountRate) / 12) - 1, concurrency: concurrency)
  }

  /// Of frequency and mean value among clients with a repeat purchase: Gamma–Gamma takes it for 0.
  var correlation: Double? {
    let rows = frequency.indices.filter { frequency[$0] > 0 && meanValue[$0] > 0 }
    guard rows.count > 2 else { return nil }
    let n = Double(rows.count)
    let meanX = rows.reduce(0) { $0 + frequency[$1] } / n
    let meanY = rows.reduce(0) { $0 + meanValue[$1] } / n
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for row in rows {
      let (dx, dy) = (frequency[row] - meanX, meanValue[row] - meanY)
      xy += dx * dy
      xx += dx * dx
      yy += dy * dy
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
  }
}
