import Segmentation
import Tropa

/// `crm.effect.segments`: how each segment did in a period.
enum SegmentEffectProcedure {
  static let all: [Procedure] = [stream]

  private static let counts: [Procedure.Field] = [
    .init("clients", "INTEGER"), .init("clientsAtStart", "INTEGER"),
    .init("activeClients", "INTEGER"), .init("buyers", "INTEGER"), .init("newClients", "INTEGER"),
    .init("orders", "INTEGER"), .init("revenue", "FLOAT"),
  ]

  static let stream = Procedure(
    "crm.effect.segments.stream",
    inputs: [.init("configuration", "MAP", defaultValue: .map([:]))],
    outputs: [.init("segment", "STRING"), .init("from", "DATE"), .init("to", "DATE")] + counts
      + SegmentEffect.measures.map { .init($0, "FLOAT") } + [.init("intervals", "MAP")],
    summary: "ARPU, average check, conversion, retention, churn, LTV, CSI, NPS and ROI of each "
      + "segment in a period, with confidence intervals."
  ) { call in
    var configuration = try ConfigurationMap(call.arguments[0], of: "crm.effect.segments.stream")
    let schema = try CustomerSchema(&configuration, call)
    var settings = PeriodActivity.Settings()
    settings.from = try configuration.date("from")
    settings.to = try configuration.date("to")
    settings.margin = try EffectSettings.margin(&configuration)
    if let scale = try configuration.floats("ratingScale") {
      guard scale.count == 2, scale[0] < scale[1] else {
        throw QueryError(
          .argumentError, "InvalidScale", "`ratingScale` must be the lowest and highest rating",
          hint: "write ratingScale: [1, 5]")
      }
      settings.ratingScale = (scale[0], scale[1])
    }
    let property = try configuration.string("segmentProperty")
    let forecastProperty = try configuration.string("clvProperty") ?? "clv"
    let costs = try EffectSettings.Costs(&configuration, "costs")
    let bootstrap = try EffectSettings.bootstrap(&configuration)
    try configuration.finish()

    let clients = try ClientSegments(schema, property, forecastProperty, call)
    let activity = try PeriodActivity(schema, settings, call: call)
    let segments = clients.rows(of: activity.nodes)
    let unknown = costs.unknown(among: clients.names)
    if let first = unknown.first {
      let nearest = NameSuggestion.nearest(to: first, among: clients.names)
      throw QueryError(
        .argumentError, "UnknownSegment", "no client is in the segment `\(first)` of `costs`",
        hint: nearest.map { "did you mean `\($0)`?" }
          ?? "segments are \(clients.names.joined(separator: ", "))")
    }
    let forecast = clients.forecast(of: activity.nodes)
    for segment in segments {
      let effect = try SegmentationFailure.translated(call) {
        try SegmentEffect(
          activity, rows: segment.rows, forecast: forecast, cost: costs[segment.name], bootstrap,
          isCancelled: { (try? call.checkCancellation()) == nil })
      }
      try call.emit(
        [
          .string(segment.name), .date(activity.from), .date(activity.to),
          .integer(Int64(effect.clients)), .integer(Int64(effect.atStart)),
          .integer(Int64(effect.active)), .integer(Int64(effect.buyers)),
          .integer(Int64(effect.new)), .integer(Int64(effect.orders)), .float(effect.revenue),
        ] + SegmentEffect.measures.map { effect.values[$0].map { .float($0) } ?? .null }
          + [.map(effect.intervals.mapValues(\.value))])
      try call.checkCancellation()
    }
  }
}

/// Which segment each client is in, and what is expected of them, as other procedures wrote it.
private struct ClientSegments {
  private var segments: [NodeID: String] = [:]
  private var forecasts: [NodeID: Double] = [:]

  /// Properties that `crm.segments.write` and `crm.rfm.write` leave, the first that is there counts.
  private static let usual = ["segmentName", "segment", "rfmSegment"]

  init(
    _ schema: CustomerSchema, _ property: String?, _ forecast: String, _ call: ProcedureInvocation
  ) throws {
    let inventory = try GraphInventory(call)
    try schema.require(.clientLabel, inventory)
    let client = "(c:\(schema.quoted(.clientLabel)))"
    guard
      let found = try (property.map { [$0] } ?? Self.usual).first(where: {
        try inventory.has($0, .property)
          && !call.query(
            "MATCH \(client) WHERE c.\(CustomerSchema.quoted($0)) IS NOT NULL RETURN 1 LIMIT 1"
          ).isEmpty
      })
    else {
      throw QueryError(
        .argumentError, "NoSegments",
        property.map { "no client has the property `\($0)`" } ?? "clients have no segments yet",
        hint: "run crm.segments.write or crm.rfm.write first, or name another segmentProperty")
    }
    let text = "c.\(CustomerSchema.quoted(found))"
    let cursor = try call.stream(
      "MATCH \(client) WHERE \(text) IS NOT NULL RETURN id(c) AS node, \(text) AS segment, "
        + "toFloatOrNull(c.\(CustomerSchema.quoted(forecast))) AS forecast")
    while let row = try cursor.nextRow() {
      guard case .integer(let id) = row.values[0] else { continue }
      let node = NodeID(UInt64(id))
      segments[node] = EffectSettings.name(row.values[1])
      if case .float(let value) = row.values[2] { forecasts[node] = value }
    }
  }

  /// Of all segments, whether their clients did anything or not.
  var names: [String] { Set(segments.values).sorted() }

  /// Rows of each segment's clients, the segments in order of their names.
  func rows(of nodes: [NodeID]) -> [(name: String, rows: [Int])] {
    var rows: [String: [Int]] = [:]
    for (row, node) in nodes.enumerated() {
      if let segment = segments[node] { rows[segment, default: []].append(row) }
    }
    return rows.sorted { $0.key < $1.key }.map { (name: $0.key, rows: $0.value) }
  }

  func forecast(of nodes: [NodeID]) -> [Double]? {
    forecasts.isEmpty ? nil : nodes.map { forecasts[$0] ?? .nan }
  }
}
