import Segmentation
import Tropa

/// `crm.segments`: clients in segments by k-means, fuzzy c-means, DBSCAN or RFM.
enum SegmentProcedures {
  static let all: [Procedure] =
    [stream, stats, write, SegmentEvaluation.evaluate, SegmentEvaluation.stability]
    + [SegmentComparison.compare, SegmentProfile.profile]

  static let inputs: [Procedure.Field] = [
    .init("configuration", "MAP", defaultValue: .map([:]))
  ]

  /// A segmentation as a call asks for it, and the rest of its configuration.
  static func run(
    _ call: ProcedureInvocation, _ name: String,
    _ read: (inout ConfigurationMap) throws -> Void = { _ in }
  ) throws -> SegmentRun {
    var configuration = try ConfigurationMap(call.arguments[0], of: name)
    let schema = try CustomerSchema(&configuration, call)
    let settings = try SegmentSettings(&configuration, of: name)
    let reference = try configuration.date("referenceDate")
    let naming = try configuration.choice("naming", default: SegmentNaming.Style.rfm)
    try read(&configuration)
    try configuration.finish()
    try schema.validate(call)
    let purchases = try Purchases(schema, GraphInventory(call), call: call)
    return try SegmentRun(
      call, settings, schema, purchases, referenceDate: reference, naming: naming)
  }

  static let stream = Procedure(
    "crm.segments.stream", inputs: inputs,
    outputs: [
      .init("nodeId", "INTEGER"), .init("segment", "INTEGER"), .init("name", "STRING"),
      .init("nameRu", "STRING"), .init("distance", "FLOAT"), .init("membership", "FLOAT"),
      .init("memberships", "LIST<FLOAT>"), .init("features", "MAP"),
    ],
    summary:
      "Segments of clients by k-means, fuzzy c-means, DBSCAN or RFM over purchases, engagement, "
      + "activity and the graph; with c-means also the degree of each client in each segment."
  ) { call in
    let run = try run(call, "crm.segments.stream")
    let rows = run.segments.indices
    let names = run.segments.map(run.name)
    func values(_ output: String, _ value: (Int) -> Value) -> ColumnData {
      .values(
        call.isWanted(output) ? rows.map(value) : [Value](repeating: .null, count: rows.count))
    }
    try call.emit(columns: [
      .integers(run.table.nodes.map { Int64($0.rawValue) }),
      .integers(run.segments.map(Int64.init)), .strings(names.map(\.en)),
      .strings(names.map(\.ru)), run.distances, .optionalFloats(rows.map(run.membership)),
      values("memberships") { row in
        run.memberships(row).map { .list($0.map { .float($0) }) } ?? .null
      },
      values("features") { run.table.known($0) },
    ])
  }

  static let stats = Procedure(
    "crm.segments.stats", inputs: inputs,
    outputs: [
      .init("segment", "INTEGER"), .init("name", "STRING"), .init("nameRu", "STRING"),
      .init("clients", "INTEGER"), .init("share", "FLOAT"), .init("means", "MAP"),
      .init("membership", "FLOAT"), .init("silhouette", "FLOAT"),
      .init("daviesBouldin", "FLOAT"), .init("calinskiHarabasz", "FLOAT"),
      .init("inertia", "FLOAT"), .init("iterations", "INTEGER"),
    ],
    summary:
      "The segments that crm.segments finds: sizes, means of the features, quality. Noise of "
      + "DBSCAN is segment -1."
  ) { call in
    let run = try run(call, "crm.segments.stats")
    let silhouette = call.isWanted("silhouette") ? run.silhouette : nil
    let indices =
      call.isWanted("daviesBouldin") || call.isWanted("calinskiHarabasz")
      ? run.indices : (nil, nil)
    func value(_ number: Double?) -> Value { number.map { .float($0) } ?? .null }
    let summaries = SegmentMeans(run.table, run.segments)
    let hasNoise = run.segments.contains(SegmentRun.noise)
    for segment in Array(1...max(run.segmentCount, 1)) + (hasNoise ? [SegmentRun.noise] : [])
    where segment == SegmentRun.noise || segment <= run.segmentCount {
      let rows = summaries.rows(segment)
      let name = run.name(segment)
      let degrees = rows.compactMap(run.membership)
      try call.emit([
        .integer(Int64(segment)), .string(name.en), .string(name.ru), .integer(Int64(rows.count)),
        .float(Double(rows.count) / Double(run.segments.count)), summaries.means(segment),
        degrees.isEmpty ? .null : .float(degrees.reduce(0, +) / Double(degrees.count)),
        value(silhouette), value(indices.0), value(indices.1), value(run.clustering?.inertia),
        run.clustering.map { .integer(Int64($0.iterations)) } ?? .null,
      ])
    }
  }

  static let write = Procedure(
    "crm.segments.write", inputs: inputs,
    outputs: [
      .init("clients", "INTEGER"), .init("segments", "INTEGER"), .init("noise", "INTEGER"),
      .init("nodePropertiesWritten", "INTEGER"), .init("silhouette", "FLOAT"),
      .init("features", "LIST<STRING>"),
    ], mode: .write,
    summary:
      "Writes each client's segment and its name; with c-means also the degree in it, and in all."
  ) { call in
    var property = "segment"
    var isRussian = false
    let run = try run(call, "crm.segments.write") { configuration in
      property = try configuration.string("writeProperty") ?? property
      isRussian = try configuration.choice("language", default: Language.en) == .ru
    }
    let nodes = run.table.nodes
    let rows = run.segments.indices
    var columns: [(String, ColumnData)] = [
      ("", .integers(run.segments.map(Int64.init))),
      (
        "Name",
        .strings(
          run.segments.map {
            let name = run.name($0)
            return isRussian ? name.ru : name.en
          })
      ),
    ]
    if run.clustering?.memberships != nil {
      columns.append(("Membership", .optionalFloats(rows.map(run.membership))))
      columns.append(
        (
          "Memberships",
          .values(rows.map { .list((run.memberships($0) ?? []).map { .float($0) }) })
        ))
    }
    for (suffix, values) in columns {
      try call.setProperty(property + suffix, of: nodes, to: values)
    }
    try call.emit([
      .integer(Int64(nodes.count)), .integer(Int64(run.segmentCount)),
      .integer(Int64(run.segments.count { $0 == SegmentRun.noise })),
      .integer(Int64(nodes.count * columns.count)),
      call.isWanted("silhouette") ? run.silhouette.map { .float($0) } ?? .null : .null,
      .list(run.table.columns.map { .string($0.name) }),
    ])
  }
}

/// Means of the features of each segment, in the features' own units; what is not known of a client
/// does not count.
struct SegmentMeans {
  private let table: FeatureTable
  private var members: [Int: [Int]] = [:]

  init(_ table: FeatureTable, _ segments: [Int]) {
    self.table = table
    for (row, segment) in segments.enumerated() { members[segment, default: []].append(row) }
  }

  func rows(_ segment: Int) -> [Int] { members[segment] ?? [] }

  func means(_ segment: Int) -> Value {
    var means: [String: Value] = [:]
    let rows = rows(segment)
    for column in table.columns {
      var sum = 0.0
      var count = 0
      for row in rows where !column.values[row].isNaN {
        sum += column.values[row]
        count += 1
      }
      means[column.name] = count == 0 ? .null : .float(sum / Double(count))
    }
    return .map(means)
  }
}
