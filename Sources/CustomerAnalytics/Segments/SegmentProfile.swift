import Segmentation
import Tropa

/// What the clients of each segment are like, in words.
enum SegmentProfile {
  static let profile = Procedure(
    "crm.segments.profile", inputs: SegmentProcedures.inputs,
    outputs: [
      .init("segment", "ANY"), .init("name", "STRING"), .init("nameRu", "STRING"),
      .init("clients", "INTEGER"), .init("share", "FLOAT"), .init("revenueShare", "FLOAT"),
      .init("means", "MAP"), .init("deviations", "MAP"), .init("category", "STRING"),
      .init("categoryShare", "FLOAT"), .init("categoryLift", "FLOAT"),
    ],
    summary:
      "Segments that clients have in a property: names in words, means of the features, how far "
      + "these are from all clients in standard deviations, and the category they prefer."
  ) { call in
    let name = "crm.segments.profile"
    var configuration = try ConfigurationMap(call.arguments[0], of: name)
    let schema = try CustomerSchema(&configuration, call)
    let property = try configuration.string("property") ?? "segment"
    let features = try FeatureSettings(&configuration)
    let reference = try configuration.date("referenceDate")
    let naming = try configuration.choice("naming", default: SegmentNaming.Style.words)
    try configuration.finish()
    try schema.validate(call)
    let stored = try StoredSegments(property, schema, call)
    let history = try PurchaseHistory(
      schema, unit: nil, monetary: .sum, referenceDate: reference, call: call)
    let table = try FeatureTable(schema, history: history, names: features.names, call: call)
    let space = try FeatureSpace(table, features)
    // Clients who bought something and have the property.
    var number: [UInt64: Int] = [:]
    for (row, node) in stored.nodes.enumerated() { number[node.rawValue] = stored.segments[row] }
    let segments = table.nodes.map { number[$0.rawValue] ?? 0 }
    let count = stored.values.count
    let columns = space.columns
    let interests = try CategoryInterests(history, segments, count, schema, call)
    let names = try SegmentNaming.names(
      naming, segments, count: count, history: history, columns: columns, interests: interests)
    let means = SegmentMeans(table, segments)
    let revenue = history.monetary.reduce(0, +)
    for segment in 1...count {
      let rows = means.rows(segment)
      var deviations: [String: Value] = [:]
      for column in columns where !rows.isEmpty {
        let all = column.values.reduce(0, +) / Double(column.values.count)
        let own = rows.reduce(0) { $0 + column.values[$1] } / Double(rows.count)
        deviations[column.feature] = .float(own - all)
      }
      let money = rows.reduce(0) { $0 + history.monetary[$1] }
      let interest = interests?[segment]
      try call.emit([
        stored.values[segment - 1], .string(names[segment - 1].en),
        .string(names[segment - 1].ru), .integer(Int64(rows.count)),
        .float(Double(rows.count) / Double(segments.count)),
        revenue > 0 ? .float(money / revenue) : .null, means.means(segment), .map(deviations),
        interest.map { .string($0.category) } ?? .null,
        interest.map { .float($0.share) } ?? .null, interest.map { .float($0.lift) } ?? .null,
      ])
    }
  }
}
