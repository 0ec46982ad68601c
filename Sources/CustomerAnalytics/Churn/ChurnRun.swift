import Segmentation
import Tropa

/// One call of `crm.churn`: the footprints, and risks at any day from what was known before it.
struct ChurnRun {
  let settings: ChurnSettings
  let footprints: ChurnFootprints
  /// Days after a cut-off in which a purchase shows that a client stayed.
  let horizon: Int
  var configuration: ConfigurationMap
  private let call: ProcedureInvocation
  private let name: String
  private let given: ChurnModel?

  /// Without a horizon in the configuration: so many days, or a quarter of what is known.
  private static let usualHorizon = 90
  /// Rows of each outcome without which nothing can be learned.
  private static let leastRows = 5

  init(_ call: ProcedureInvocation, _ name: String) throws {
    self.call = call
    self.name = name
    configuration = try ConfigurationMap(call.arguments[0], of: name)
    let schema = try CustomerSchema(&configuration, call)
    settings = try ChurnSettings(&configuration)
    let reference = try configuration.date("referenceDate")
    footprints = try ChurnFootprints(
      schema, referenceDate: reference, engagement: settings.usesEngagement, call: call)
    let purchases = footprints.purchases
    if case .null = settings.model {
      given = nil
    } else {
      given = try ChurnModel(settings.model, of: name)
    }
    horizon =
      given?.horizon ?? settings.horizon
      ?? (settings.method == .window
        ? settings.window : max(1, min(Self.usualHorizon, purchases.span / 4)))
  }

  /// The day for which risks are said.
  var referenceDay: Int { footprints.purchases.end }

  func features(at day: Int) -> ChurnFeatures {
    ChurnFeatures(
      footprints, at: day, horizon: horizon, activeWindow: settings.activeWindow)
  }

  /// Risks at a day; whatever is learned is learned from before it.
  func assessment(at day: Int, explained: Bool) throws -> ChurnAssessment {
    let features = features(at: day)
    var assessment = ChurnAssessment(
      clients: features.clients, risks: [], features: features, horizon: horizon)
    try call.checkCancellation()
    switch settings.method {
    case .window, .quantile, .silence:
      let limits = ChurnRules.limits(settings, features, footprints.purchases)
      assessment.limits = limits
      assessment.risks = ChurnRules.risks(
        recency: features.column("recency") ?? [], limits: limits)
    case .probabilistic:
      assessment.risks = try probabilities(features)
    case .model:
      let model = try given ?? train(before: day)
      try matches(model, features)
      try precedes(model, day)
      let matrix = features.matrix
      assessment.risks = model.risks(matrix, concurrency: settings.concurrency)
      try call.checkCancellation()
      if explained {
        do throws(SegmentationError) {
          assessment.contributions = try model.contributions(
            matrix, concurrency: settings.concurrency, isCancelled: isCancelled)
        } catch {
          throw try refusal(error)
        }
      }
      assessment.model = model
    }
    try call.checkCancellation()
    return assessment
  }

  /// Days at which to learn: their horizon is over before `day`.
  func cutoffs(before day: Int) -> [Int] {
    let step = max(1, horizon / 3)
    return (0..<settings.snapshots).map { day - horizon - $0 * step }
      .filter { $0 - footprints.purchases.begin >= max(1, horizon / 2) }
  }

  func train(before day: Int) throws -> ChurnModel {
    let cutoffs = cutoffs(before: day)
    guard !cutoffs.isEmpty else { throw tooShort(day) }
    var snapshots: [ChurnFeatures] = []
    var labels: [[Bool]] = []
    for cutoff in cutoffs {
      let snapshot = features(at: cutoff)
      labels.append(snapshot.departures(footprints.purchases, horizon: horizon))
      snapshots.append(snapshot)
      try call.checkCancellation()
    }
    let left = labels.reduce(0) { $0 + $1.count { $0 } }
    let stayed = labels.reduce(0) { $0 + $1.count } - left
    guard min(left, stayed) >= Self.leastRows else {
      throw QueryError(
        .argumentError, "NotEnoughHistory",
        "in the \(horizon) days after \(date(cutoffs[0])), \(stayed) clients bought and \(left) "
          + "did not: too few of one kind to learn from",
        hint: "set another horizon, or use method: 'silence', which learns nothing")
    }
    do throws(SegmentationError) {
      return try ChurnModel(
        snapshots, labels: labels, horizon: horizon, settings, isCancelled: isCancelled)
    } catch {
      throw try refusal(error)
    }
  }

  private func probabilities(_ features: ChurnFeatures) throws -> [Double] {
    do throws(SegmentationError) {
      let (clients, data) = try footprints.purchases.repeatPurchases(before: features.day)
      let fit = try settings.lifetimeModel.fit(
        data, concurrency: settings.concurrency, isCancelled: isCancelled)
      let all = fit.model.probabilityOfSilence(
        in: Double(horizon), data, concurrency: settings.concurrency)
      if clients.count == features.clients.count { return all }
      let byClient = Dictionary(uniqueKeysWithValues: zip(clients, all))
      return features.clients.map { byClient[$0] ?? 1 }
    } catch {
      throw try refusal(error)
    }
  }

  private func matches(_ model: ChurnModel, _ features: ChurnFeatures) throws(QueryError) {
    let names = features.columns.map(\.name)
    guard model.features == names else {
      throw QueryError(
        .argumentError, "InvalidConfigurationValue",
        "the model of `\(name)` was trained on the features \(model.features.joined(separator: ", ")); "
          + "here they are \(names.joined(separator: ", "))",
        hint: "train it again with crm.churn.train, with the same configuration")
    }
  }

  /// What a model learned must have been over by the day for which it is asked: else it would be
  /// checked with its own answers.
  private func precedes(_ model: ChurnModel, _ day: Int) throws(QueryError) {
    let end = (model.cutoffs.max() ?? 0) + model.horizon
    guard end > day else { return }
    throw QueryError(
      .argumentError, "InvalidConfigurationValue",
      "the model of `\(name)` learned from what clients did until \(date(end)), after the day "
        + "\(date(day)) for which it is asked",
      hint:
        "train one with referenceDate: date('\(date(day))') for crm.churn.train, or set a later "
        + "referenceDate here")
  }

  private func isCancelled() -> Bool { (try? call.checkCancellation()) == nil }

  /// What a method cannot work with, in words.
  /// - Throws: instead, if it was cancelled.
  private func refusal(_ error: SegmentationError) throws -> QueryError {
    try call.checkCancellation()
    return QueryError(
      .argumentError, "InvalidConfigurationValue",
      "`\(error.subject)` of `\(name)`: \(error.description)")
  }

  func tooShort(_ day: Int) -> QueryError {
    QueryError(
      .argumentError, "NotEnoughHistory",
      "there are \(day - footprints.purchases.begin) days of purchases before \(date(day)), too few "
        + "to learn from with a horizon of \(horizon) days",
      hint: "set a shorter horizon, or use method: 'silence', which learns nothing")
  }

  func date(_ day: Int) -> LocalDate { LocalDate(days: Int64(day)) }
}
