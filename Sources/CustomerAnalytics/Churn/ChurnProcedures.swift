import Tropa

/// `crm.churn`: who is at risk of not coming back, and why.
enum ChurnProcedures {
  static let all: [Procedure] = [stream, stats, train, write]

  private static let inputs: [Procedure.Field] = [
    .init("configuration", "MAP", defaultValue: .map([:]))
  ]

  /// Risks of all clients with a purchase, in order of node id.
  private struct Scores {
    var nodes: [NodeID] = []
    var risks: [Double] = []
    var tiers: [ChurnTier] = []
    var reasons: [[ChurnReason]] = []
    var contributions: [Value] = []

    /// - Parameters:
    ///   - explained: whether reasons are wanted.
    ///   - contributes: whether contributions are.
    init(_ run: ChurnRun, explained: Bool, contributes: Bool) throws {
      let purchases = run.footprints.purchases
      let assessment = try run.assessment(
        at: run.referenceDay, explained: explained || contributes)
      var row = 0
      for client in purchases.nodes.indices {
        nodes.append(purchases.nodes[client])
        if row < assessment.clients.count && assessment.clients[row] == client {
          risks.append(assessment.risks[row])
          tiers.append(run.settings.tier(assessment.risks[row]))
          if explained { reasons.append(assessment.reasons(row)) }
          if contributes { contributions.append(Self.map(assessment, row)) }
          row += 1
        } else {
          let days = run.settings.activeWindow ?? 0
          risks.append(1)
          tiers.append(.lost)
          if explained {
            reasons.append([
              ChurnReason(
                en: "silent for more than \(days) days", ru: "молчит больше \(days) дн.")
            ])
          }
          if contributes { contributions.append(.null) }
        }
      }
    }

    private static func map(_ assessment: ChurnAssessment, _ row: Int) -> Value {
      guard let contributions = assessment.contributions else { return .null }
      var map: [String: Value] = [:]
      for (position, column) in assessment.features.columns.enumerated() {
        map[column.name] = .float(contributions[row, position])
      }
      return .map(map)
    }
  }

  static let stream = Procedure(
    "crm.churn.stream", inputs: inputs,
    outputs: [
      .init("nodeId", "INTEGER"), .init("churnRisk", "FLOAT"), .init("tier", "STRING"),
      .init("tierRu", "STRING"), .init("reasons", "LIST<STRING>"),
      .init("reasonsRu", "LIST<STRING>"), .init("contributions", "MAP"),
    ],
    summary: "The risk that a client does not buy again, and what pushes it."
  ) { call in
    var run = try ChurnRun(call, "crm.churn.stream")
    try run.configuration.finish()
    let scores = try Scores(
      run, explained: call.isWanted("reasons") || call.isWanted("reasonsRu"),
      contributes: call.isWanted("contributions"))
    func column(_ values: [Value]) -> ColumnData {
      .values(values.isEmpty ? [Value](repeating: .null, count: scores.nodes.count) : values)
    }
    try call.emit(columns: [
      .integers(scores.nodes.map { Int64($0.rawValue) }), .floats(scores.risks),
      .strings(scores.tiers.map(\.rawValue)), .strings(scores.tiers.map(\.russianName)),
      column(scores.reasons.map { .list($0.map { .string($0.en) }) }),
      column(scores.reasons.map { .list($0.map { .string($0.ru) }) }),
      column(scores.contributions),
    ])
  }

  static let stats = Procedure(
    "crm.churn.stats", inputs: inputs,
    outputs: [
      .init("method", "STRING"), .init("clients", "INTEGER"), .init("churned", "INTEGER"),
      .init("baseRate", "FLOAT"), .init("rocAuc", "FLOAT"), .init("prAuc", "FLOAT"),
      .init("liftAt10", "FLOAT"), .init("brier", "FLOAT"), .init("logLoss", "FLOAT"),
      .init("calibrationError", "FLOAT"), .init("calibration", "LIST<MAP>"),
      .init("horizon", "INTEGER"), .init("cutoff", "DATE"),
      .init("trainCutoffs", "LIST<DATE>"), .init("importance", "MAP"),
    ],
    summary: "How well crm.churn foretold the last period: risks at its start against who bought."
  ) { call in
    var run = try ChurnRun(call, "crm.churn.stats")
    try run.configuration.finish()
    let validation = try ChurnValidation(run)
    let dates = (validation.assessment.model?.cutoffs ?? []).map { Value.date(run.date($0)) }
    try call.emit([
      .string(run.settings.method.rawValue), .integer(Int64(validation.labels.count)),
      .integer(Int64(validation.labels.count { $0 })), .float(validation.baseRate),
      validation.rocAUC, validation.averagePrecision, validation.lift, validation.brier,
      validation.logLoss, validation.calibrationError, validation.calibration,
      .integer(Int64(run.horizon)), .date(run.date(validation.cutoff)), .list(dates),
      validation.importance,
    ])
  }

  static let train = Procedure(
    "crm.churn.train", inputs: inputs,
    outputs: [
      .init("model", "MAP"), .init("horizon", "INTEGER"), .init("features", "LIST<STRING>"),
      .init("trainCutoffs", "LIST<DATE>"),
    ],
    summary: "Trains the model of crm.churn on the last periods, as a map to be kept on a node."
  ) { call in
    var run = try ChurnRun(call, "crm.churn.train")
    try run.configuration.finish()
    let model = try run.train(before: run.referenceDay)
    try call.emit([
      model.map, .integer(Int64(model.horizon)), .list(model.features.map { .string($0) }),
      .list(model.cutoffs.map { .date(run.date($0)) }),
    ])
  }

  static let write = Procedure(
    "crm.churn.write", inputs: inputs,
    outputs: [
      .init("clients", "INTEGER"), .init("high", "INTEGER"), .init("medium", "INTEGER"),
      .init("low", "INTEGER"), .init("lost", "INTEGER"),
      .init("nodePropertiesWritten", "INTEGER"), .init("referenceDate", "DATE"),
    ], mode: .write,
    summary: "Writes each client's churn risk, its tier, and the reasons in words."
  ) { call in
    var run = try ChurnRun(call, "crm.churn.write")
    let prefix = try run.configuration.string("writePrefix") ?? "churn"
    let isRussian = try run.configuration.choice("language", default: Language.en) == .ru
    try run.configuration.finish()
    let scores = try Scores(run, explained: true, contributes: false)
    let columns: [(String, ColumnData)] = [
      ("Risk", .floats(scores.risks)),
      ("Tier", .strings(scores.tiers.map { isRussian ? $0.russianName : $0.rawValue })),
      (
        "Reasons",
        .values(
          scores.reasons.map { .list($0.map { .string(isRussian ? $0.ru : $0.en) }) })
      ),
    ]
    for (name, values) in columns {
      try call.setProperty(prefix + name, of: scores.nodes, to: values)
    }
    func count(_ tier: ChurnTier) -> Value {
      .integer(Int64(scores.tiers.count { $0 == tier }))
    }
    try call.emit([
      .integer(Int64(scores.nodes.count)), count(.high), count(.medium), count(.low),
      count(.lost), .integer(Int64(scores.nodes.count * columns.count)),
      .date(run.date(run.referenceDay)),
    ])
  }
}
