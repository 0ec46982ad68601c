import Segmentation
import Tropa

/// How clients at risk are found.
enum ChurnMethod: String, CaseIterable {
  /// Silent for longer than a number of days.
  case window
  /// Silent for longer than a quantile of the times between purchases of all clients.
  case quantile
  /// Silent for longer than some multiple of the client's own interval.
  case silence
  /// The probability of no purchase in the horizon, from a model of repeat purchases.
  case probabilistic
  /// The same, learned from what clients did before.
  case model
}

enum ChurnClassifier: String, CaseIterable { case logistic, trees, both }

/// The configuration of `crm.churn`, but for where the data are.
struct ChurnSettings {
  var method: ChurnMethod
  /// Days; nil: see `ChurnRun.horizon`.
  var horizon: Int?
  /// Days of silence for `method: 'window'`.
  var window: Int
  /// For `method: 'quantile'`.
  var quantile: Double
  /// Multiples of the own interval for `method: 'silence'`.
  var factor: Double
  var lifetimeModel: LifetimeModelName
  var classifier: ChurnClassifier
  /// Cut-offs to learn from, a third of the horizon apart.
  var snapshots: Int
  /// Clients silent for longer are lost: they are neither learned from nor predicted. Nil for all.
  var activeWindow: Int?
  /// Risks from which on a client is of the tier.
  var highRisk: Double
  var mediumRisk: Double
  var inverseRegularisation: Double
  var trees: GradientBoostedTrees.Configuration
  var concurrency: Int
  /// A model that was trained before.
  var model: Value
  var usesEngagement: Bool

  init(_ map: inout ConfigurationMap) throws(QueryError) {
    method = try map.choice("method", default: .model)
    horizon =
      map.has("horizon") ? try map.integer("horizon", default: 90, in: 1...3650) : nil
    window = try map.integer("window", default: 90, in: 1...3650)
    quantile = try map.float("quantile", default: 0.9, in: 0.01...0.999)
    factor = try map.float("factor", default: 3, in: 0.1...100)
    lifetimeModel = try map.choice("lifetimeModel", default: .mbgnbd)
    classifier = try map.choice("classifier", default: .both)
    snapshots = try map.integer("snapshots", default: 3, in: 1...24)
    activeWindow =
      map.has("activeWindow") ? try map.integer("activeWindow", default: 365, in: 1...36500) : nil
    highRisk = try map.float("highRisk", default: 0.7, in: 0...1)
    mediumRisk = try map.float("mediumRisk", default: 0.4, in: 0...1)
    guard mediumRisk <= highRisk else {
      throw QueryError(
        .argumentError, "InvalidConfigurationValue",
        "`mediumRisk` is \(mediumRisk), above `highRisk` of \(highRisk)")
    }
    inverseRegularisation = try map.float("inverseRegularisation", default: 0.1, in: 1e-6...1e6)
    concurrency = try map.integer("concurrency", default: 4, in: 1...1024)
    trees = GradientBoostedTrees.Configuration()
    trees.maxTrees = try map.integer("maxTrees", default: 100, in: 1...10_000)
    trees.learningRate = try map.float("learningRate", default: 0.05, in: 1e-4...1)
    trees.maxLeaves = try map.integer("maxLeaves", default: 6, in: 2...1024)
    trees.minRowsInLeaf = try map.integer("minRowsInLeaf", default: 20, in: 1...1_000_000)
    trees.l2 = 1
    trees.concurrency = concurrency
    model = map.value("model")
    usesEngagement = try map.boolean("engagement", default: true)
  }

  func tier(_ risk: Double) -> ChurnTier {
    risk >= highRisk ? .high : risk >= mediumRisk ? .medium : .low
  }
}

enum ChurnTier: String, CaseIterable {
  case high, medium, low
  /// Silent for longer than the active window.
  case lost

  var russianName: String {
    switch self {
    case .high: "высокий"
    case .medium: "средний"
    case .low: "низкий"
    case .lost: "ушёл"
    }
  }
}
