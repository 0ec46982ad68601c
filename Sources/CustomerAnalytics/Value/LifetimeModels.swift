import Segmentation
import Tropa

/// Models of repeat purchases by their names in a configuration.
enum LifetimeModelName: String, CaseIterable {
  case bgnbd, mbgnbd, paretonbd

  func fit(
    _ data: RepeatPurchases, concurrency: Int, isCancelled: () -> Bool
  ) throws(SegmentationError) -> FittedLifetimeModel {
    switch self {
    case .bgnbd:
      FittedLifetimeModel(
        try LifetimeFit<BetaGeometricNBD>(
          data, concurrency: concurrency, isCancelled: isCancelled))
    case .mbgnbd:
      FittedLifetimeModel(
        try LifetimeFit<ModifiedBetaGeometricNBD>(
          data, concurrency: concurrency, isCancelled: isCancelled))
    case .paretonbd:
      FittedLifetimeModel(
        try LifetimeFit<ParetoNBD>(
          data, concurrency: concurrency, isCancelled: isCancelled))
    }
  }
}

/// Any of the models, fitted; times are days.
struct FittedLifetimeModel {
  let model: any RepeatPurchaseModel
  let names: [String]
  let standardErrors: [Double]
  let logLikelihood: Double
  let didConverge: Bool

  init<Model>(_ fit: LifetimeFit<Model>) {
    model = fit.model
    names = Model.parameterNames
    standardErrors = fit.standardErrors
    logLikelihood = fit.logLikelihood
    didConverge = fit.didConverge
  }

  var parameters: Value { map(model.parameters) }
  var errors: Value { map(standardErrors) }

  private func map(_ values: [Double]) -> Value {
    .map(
      Dictionary(
        uniqueKeysWithValues: zip(names, values.map { $0.isNaN ? .null : .float($0) })))
  }
}

extension PurchaseTimeline {
  /// The clients with a purchase before a day, and their repeat purchases: days with a purchase
  /// after the first. They are observed to the day before, as the literature counts.
  func repeatPurchases(
    before day: Int
  ) throws(SegmentationError) -> (clients: [Int], data: RepeatPurchases) {
    var clients: [Int] = []
    var (x, recency, age): ([Double], [Double], [Double]) = ([], [], [])
    for client in nodes.indices {
      let entries = entries(of: client, before: day)
      if entries.isEmpty { continue }
      let first = days[entries.lowerBound]
      clients.append(client)
      x.append(Double(entries.count - 1))
      recency.append(Double(days[entries.upperBound - 1] - first))
      age.append(Double(day - 1 - first))
    }
    return (clients, try RepeatPurchases(frequency: x, recency: recency, age: age))
  }
}
