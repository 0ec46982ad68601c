import Segmentation
import Tropa

/// `crm.effect.triggers` and `crm.effect.uplift`: what treating clients changed, against a control
/// group.
enum ExperimentProcedures {
  static let all: [Procedure] = [triggers, uplift]

  /// What both procedures read of the configuration.
  private struct Settings {
    let schema: CustomerSchema
    let assignments: Assignments
    let window: Int64
    let onlyComplete: Bool

    init(_ configuration: inout ConfigurationMap, _ call: ProcedureInvocation) throws {
      schema = try CustomerSchema(&configuration, call)
      let query = try configuration.string("assignments")
      let control = try configuration.string("controlGroup") ?? "control"
      let from = try configuration.date("from")
      let to = try configuration.date("to")
      window =
        86_400 * Int64(try configuration.integer("window", default: 30, in: 1...3650))
      onlyComplete = try configuration.boolean("onlyCompleteWindows", default: true)
      assignments = try Assignments(
        query: query, controlGroup: control, from: from, to: to, call: call)
    }
  }

  // MARK: Triggers against their control groups

  static let triggers = Procedure(
    "crm.effect.triggers.stream",
    inputs: [.init("configuration", "MAP", defaultValue: .map([:]))],
    outputs: [
      .init("trigger", "STRING"), .init("experiment", "STRING"), .init("treated", "INTEGER"),
      .init("control", "INTEGER"),
      .init("conversionTreated", "FLOAT"), .init("conversionControl", "FLOAT"),
      .init("uplift", "FLOAT"), .init("upliftInterval", "LIST<FLOAT>"),
      .init("revenueTreated", "FLOAT"), .init("revenueControl", "FLOAT"),
      .init("difference", "FLOAT"), .init("differenceInterval", "LIST<FLOAT>"),
      .init("extraRevenue", "FLOAT"), .init("cost", "FLOAT"), .init("roi", "FLOAT"),
      .init("roiInterval", "LIST<FLOAT>"), .init("sampleRatioProbability", "FLOAT"),
      .init("sampleRatioMismatch", "BOOLEAN"),
    ],
    summary: "For each trigger conversion and revenue per client of the treated and of the control "
      + "group after the assignment, their differences with intervals, ROI, and a check of the "
      + "groups' sizes."
  ) { call in
    var configuration = try ConfigurationMap(call.arguments[0], of: "crm.effect.triggers.stream")
    let settings = try Settings(&configuration, call)
    let margin = try EffectSettings.margin(&configuration)
    let costs = try EffectSettings.Costs(&configuration, "costs")
    let bootstrap = try EffectSettings.bootstrap(&configuration)
    try configuration.finish()
    let source = try ExperimentOutcomes.Source(settings.schema, call: call)
    for experiment in settings.assignments.experiments {
      let outcomes = source.outcomes(of: experiment, window: settings.window)
      let rows = experiment.clients.indices.filter {
        !settings.onlyComplete || outcomes.isComplete[$0]
      }
      let result = try SegmentationFailure.translated(call) {
        try TriggerEffect(
          experiment, outcomes, rows: rows, margin: margin, cost: costs[experiment.trigger],
          bootstrap, isCancelled: { (try? call.checkCancellation()) == nil })
      }
      try call.emit(try result.row(experiment))
      try call.checkCancellation()
    }
  }

  // MARK: Uplift

  static let uplift = Procedure(
    "crm.effect.uplift.stats", inputs: [.init("configuration", "MAP")],
    outputs: [
      .init("trigger", "STRING"), .init("experiment", "STRING"), .init("clients", "INTEGER"),
      .init("qini", "FLOAT"),
      .init("auuc", "FLOAT"), .init("averageEffect", "FLOAT"), .init("upliftAtTop", "FLOAT"),
      .init("weightedAverageUplift", "FLOAT"), .init("parts", "LIST<MAP>"),
    ],
    summary: "How well a score tells which clients a trigger changes: Qini and AUUC coefficients, "
      + "and the effect in parts of the clients from the highest score down."
  ) { call in
    var configuration = try ConfigurationMap(call.arguments[0], of: "crm.effect.uplift.stats")
    let settings = try Settings(&configuration, call)
    guard let property = try configuration.string("scoreProperty") else {
      throw QueryError(
        .argumentError, "MissingConfigurationKey",
        "`crm.effect.uplift.stats` needs the key `scoreProperty`",
        hint: "name the property of the clients that has the expected effect")
    }
    let top = try configuration.float("top", default: 0.3, in: 0.001...1)
    let parts = try configuration.integer("parts", default: 10, in: 1...1000)
    try configuration.finish()
    let scores = try scores(property, settings.schema, call)
    let source = try ExperimentOutcomes.Source(settings.schema, call: call)
    for experiment in settings.assignments.experiments {
      let outcomes = source.outcomes(of: experiment, window: settings.window)
      let rows = experiment.clients.indices.filter {
        scores[experiment.clients[$0].client] != nil
          && (!settings.onlyComplete || outcomes.isComplete[$0])
      }
      if rows.count < experiment.clients.count {
        call.addNotice(
          "\(experiment.clients.count - rows.count) clients of `\(experiment.trigger)` have no score, "
            + "or their window is not over; they are left out")
      }
      let sample: UpliftSample
      do throws(SegmentationError) {
        sample = try UpliftSample(
          outcomes: rows.map { outcomes.hasBought[$0] },
          isTreated: rows.map { !experiment.clients[$0].isControl },
          scores: rows.map { scores[experiment.clients[$0].client] ?? 0 })
      } catch {
        call.addNotice("no uplift of `\(experiment.trigger)`: \(error.description)")
        continue
      }
      let effects = sample.effects(parts: parts)
      func value(_ number: Double?) -> Value { number.map { .float($0) } ?? .null }
      try call.emit([
        .string(experiment.trigger), experiment.name.map { .string($0) } ?? .null,
        .integer(Int64(rows.count)),
        value(UpliftCurve.normalisedArea(sample, kind: .qini)),
        value(UpliftCurve.normalisedArea(sample, kind: .uplift)),
        value(sample.effect(atTop: 1, of: .overall)),
        value(sample.effect(atTop: top, of: .byGroup)),
        value(sample.weightedAverageEffect(parts: parts)),
        .list(
          effects.map {
            .map(["treated": .integer(Int64($0.treated)), "uplift": value($0.effect)])
          }),
      ])
      try call.checkCancellation()
    }
  }

  private static func scores(
    _ property: String, _ schema: CustomerSchema, _ call: ProcedureInvocation
  ) throws -> [NodeID: Double] {
    let text = "c.\(CustomerSchema.quoted(property))"
    let cursor = try call.stream(
      "MATCH (c:\(schema.quoted(.clientLabel))) WHERE \(text) IS NOT NULL "
        + "RETURN id(c) AS node, toFloatOrNull(\(text)) AS score")
    var scores: [NodeID: Double] = [:]
    while let row = try cursor.nextRow() {
      guard case .integer(let id) = row.values[0], case .float(let score) = row.values[1],
        !score.isNaN
      else { continue }
      scores[NodeID(UInt64(id))] = score
    }
    if scores.isEmpty {
      throw QueryError(
        .argumentError, "SchemaMismatch", "no client has a number as `\(property)`",
        hint: "scoreProperty is written by crm.churn.write, crm.value.write, or your own model")
    }
    return scores
  }
}
