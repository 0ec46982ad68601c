import Segmentation
import Tropa

/// `crm.rfm`: scores 1 … 5 of recency, frequency and monetary value, and named segments.
enum RFMProcedures {
  static let all: [Procedure] = [stream, stats, write]

  private static let summary =
    "Recency, frequency and monetary value of clients, their scores 1 to 5, and the named segment."
  private static let inputs: [Procedure.Field] = [
    .init("configuration", "MAP", defaultValue: .map([:]))
  ]

  /// One run: history, scores and segments of the clients.
  private struct Run {
    let rfm: RFMRun
    var history: PurchaseHistory { rfm.history }
    var scores: RFMScores { rfm.scores }
    var segments: [RFMSegment] { rfm.segments }
    var configuration: ConfigurationMap

    init(_ call: ProcedureInvocation, _ name: String) throws {
      configuration = try ConfigurationMap(call.arguments[0], of: name)
      let schema = try CustomerSchema(&configuration, call)
      try schema.validate(call)
      let settings = try RFMSettings(&configuration)
      let unit: PurchaseHistory.FrequencyUnit? =
        configuration.has("frequency")
        ? try configuration.choice("frequency", default: .orders) : nil
      let measure = try configuration.choice(
        "monetary", default: PurchaseHistory.MonetaryMeasure.sum)
      let reference = try configuration.date("referenceDate")
      let history = try PurchaseHistory(
        schema, unit: unit, monetary: measure, referenceDate: reference, call: call)
      rfm = try RFMRun(history, settings)
    }

    func cell(_ row: Int) -> Int64 {
      Int64(scores.recency[row] * 100 + scores.frequency[row] * 10 + scores.monetary[row])
    }
  }

  static let stream = Procedure(
    "crm.rfm.stream", inputs: inputs,
    outputs: [
      .init("nodeId", "INTEGER"), .init("recency", "INTEGER"), .init("frequency", "INTEGER"),
      .init("monetary", "FLOAT"), .init("r", "INTEGER"), .init("f", "INTEGER"),
      .init("m", "INTEGER"), .init("cell", "INTEGER"), .init("segment", "STRING"),
      .init("segmentRu", "STRING"),
    ], summary: summary
  ) { call in
    let run = try Run(call, "crm.rfm.stream")
    try run.configuration.finish()
    let rows = run.history.nodes.indices
    try call.emit(columns: [
      .integers(run.history.nodes.map { Int64($0.rawValue) }),
      .integers(run.history.recency.map { Int64($0) }),
      .integers(run.history.frequency.map { Int64($0) }), .floats(run.history.monetary),
      .integers(run.scores.recency.map(Int64.init)),
      .integers(run.scores.frequency.map(Int64.init)),
      .integers(run.scores.monetary.map(Int64.init)), .integers(rows.map(run.cell)),
      .strings(run.segments.map { $0.englishName }),
      .strings(run.segments.map { $0.russianName }),
    ])
  }

  static let stats = Procedure(
    "crm.rfm.stats", inputs: inputs,
    outputs: [
      .init("segment", "STRING"), .init("segmentRu", "STRING"), .init("clients", "INTEGER"),
      .init("share", "FLOAT"), .init("recency", "FLOAT"), .init("frequency", "FLOAT"),
      .init("monetary", "FLOAT"), .init("revenue", "FLOAT"), .init("referenceDate", "DATE"),
    ], summary: "The RFM segments: how many clients, and their means."
  ) { call in
    let run = try Run(call, "crm.rfm.stats")
    try run.configuration.finish()
    let total = max(run.history.nodes.count, 1)
    for segment in run.rfm.scheme.segments {
      let rows = run.segments.indices.filter { run.segments[$0] == segment }
      func mean(_ values: [Double]) -> Value {
        rows.isEmpty ? .null : .float(rows.reduce(0) { $0 + values[$1] } / Double(rows.count))
      }
      try call.emit([
        .string(segment.englishName), .string(segment.russianName), .integer(Int64(rows.count)),
        .float(Double(rows.count) / Double(total)), mean(run.history.recency),
        mean(run.history.frequency), mean(run.history.monetary),
        .float(rows.reduce(0) { $0 + run.history.monetary[$1] }),
        .date(run.history.referenceDate),
      ])
    }
  }

  static let write = Procedure(
    "crm.rfm.write", inputs: inputs,
    outputs: [
      .init("clients", "INTEGER"), .init("nodePropertiesWritten", "INTEGER"),
      .init("referenceDate", "DATE"),
    ], mode: .write,
    summary: "Writes recency, frequency, monetary, their scores and the segment on the clients."
  ) { call in
    var run = try Run(call, "crm.rfm.write")
    let prefix = try run.configuration.string("writePrefix") ?? "rfm"
    let isRussian = try run.configuration.choice("language", default: Language.en) == .ru
    try run.configuration.finish()
    let nodes = run.history.nodes
    let rows = nodes.indices
    let columns: [(String, ColumnData)] = [
      ("Recency", .integers(run.history.recency.map { Int64($0) })),
      ("Frequency", .integers(run.history.frequency.map { Int64($0) })),
      ("Monetary", .floats(run.history.monetary)),
      ("Cell", .integers(rows.map(run.cell))),
      (
        "Segment",
        .strings(
          run.segments.map { isRussian ? $0.russianName : $0.englishName })
      ),
    ]
    for (name, values) in columns {
      try call.setProperty(prefix + name, of: nodes, to: values)
    }
    try call.emit([
      .integer(Int64(nodes.count)), .integer(Int64(nodes.count * columns.count)),
      .date(run.history.referenceDate),
    ])
  }
}

/// In which language names are written on nodes.
enum Language: String, CaseIterable { case en, ru }
