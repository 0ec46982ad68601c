import Segmentation
import Tropa

/// `crm.segments`: k-means over RFM, engagement, activity and graph features.
enum SegmentProcedures {
  static let all: [Procedure] = [stream, stats, write]

  private static let inputs: [Procedure.Field] = [
    .init("configuration", "MAP", defaultValue: .map([:]))
  ]
  private static let summary =
    "Segments of clients by k-means over RFM, engagement, activity and graph features."

  static let stream = Procedure(
    "crm.segments.stream", inputs: inputs,
    outputs: [
      .init("nodeId", "INTEGER"), .init("segment", "INTEGER"), .init("name", "STRING"),
      .init("nameRu", "STRING"), .init("distance", "FLOAT"), .init("features", "MAP"),
    ], summary: summary
  ) { call in
    let run = try SegmentRun(call, "crm.segments.stream")
    try run.configuration.finish()
    try call.emit(columns: [
      .integers(run.table.nodes.map { Int64($0.rawValue) }),
      .integers(run.segments.map(Int64.init)),
      .strings(run.segments.map { run.names[$0 - 1].en }),
      .strings(run.segments.map { run.names[$0 - 1].ru }), .floats(run.result.distances),
      .values(run.table.nodes.indices.map(run.features)),
    ])
  }

  static let stats = Procedure(
    "crm.segments.stats", inputs: inputs,
    outputs: [
      .init("segment", "INTEGER"), .init("name", "STRING"), .init("nameRu", "STRING"),
      .init("clients", "INTEGER"), .init("share", "FLOAT"), .init("means", "MAP"),
      .init("silhouette", "FLOAT"), .init("inertia", "FLOAT"), .init("iterations", "INTEGER"),
    ], summary: "The segments that crm.segments finds: sizes, means of the features, quality."
  ) { call in
    let run = try SegmentRun(call, "crm.segments.stats")
    try run.configuration.finish()
    let silhouette = run.silhouette
    for segment in 1...run.k {
      let rows = run.segments.indices.filter { run.segments[$0] == segment }
      var means: [String: Value] = [:]
      for column in run.table.columns {
        let known = rows.filter { !column.values[$0].isNaN }
        let sum = known.reduce(0) { $0 + column.values[$1] }
        means[column.name] = known.isEmpty ? .null : .float(sum / Double(known.count))
      }
      try call.emit([
        .integer(Int64(segment)), .string(run.names[segment - 1].en),
        .string(run.names[segment - 1].ru), .integer(Int64(rows.count)),
        .float(Double(rows.count) / Double(run.segments.count)), .map(means),
        silhouette.map { .float($0) } ?? .null, .float(run.result.inertia),
        .integer(Int64(run.result.iterations)),
      ])
    }
  }

  static let write = Procedure(
    "crm.segments.write", inputs: inputs,
    outputs: [
      .init("clients", "INTEGER"), .init("segments", "INTEGER"),
      .init("nodePropertiesWritten", "INTEGER"), .init("silhouette", "FLOAT"),
      .init("features", "LIST<STRING>"),
    ], mode: .write,
    summary: "Writes each client's segment, its name, and the distance to its centre."
  ) { call in
    var run = try SegmentRun(call, "crm.segments.write")
    let property = try run.configuration.string("writeProperty") ?? "segment"
    let isRussian = try run.configuration.choice("language", default: Language.en) == .ru
    try run.configuration.finish()
    let nodes = run.table.nodes
    try call.setProperty(property, of: nodes, to: .integers(run.segments.map(Int64.init)))
    try call.setProperty(
      property + "Name", of: nodes,
      to: .strings(
        run.segments.map { isRussian ? run.names[$0 - 1].ru : run.names[$0 - 1].en }))
    try call.emit([
      .integer(Int64(nodes.count)), .integer(Int64(run.k)), .integer(Int64(nodes.count * 2)),
      run.silhouette.map { .float($0) } ?? .null,
      .list(run.table.columns.map { .string($0.name) }),
    ])
  }
}
