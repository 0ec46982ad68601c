import Segmentation
import Tropa

/// Two segmentations of the same clients, or one at two dates.
enum SegmentComparison {
  static let compare = Procedure(
    "crm.segments.compare", inputs: SegmentProcedures.inputs,
    outputs: [
      .init("from", "ANY"), .init("fromName", "STRING"), .init("to", "ANY"),
      .init("toName", "STRING"), .init("clients", "INTEGER"), .init("share", "FLOAT"),
      .init("adjustedRandIndex", "FLOAT"), .init("normalizedMutualInformation", "FLOAT"),
    ],
    summary:
      "How clients are divided by two properties, or pass from segment to segment between two "
      + "dates: the transition matrix, adjusted Rand index and normalized mutual information."
  ) { call in
    let name = "crm.segments.compare"
    var configuration = try ConfigurationMap(call.arguments[0], of: name)
    let schema = try CustomerSchema(&configuration, call)
    let properties = try configuration.strings("properties", default: [])
    if !properties.isEmpty {
      guard properties.count == 2 else {
        throw QueryError(
          .argumentError, "InvalidConfigurationValue",
          "`properties` of `\(name)` has \(properties.count) names; it must have two",
          hint: "write properties: ['segment', 'rfmSegment']")
      }
      try configuration.finish()
      try schema.require(.clientLabel, GraphInventory(call))
      try emit(
        Side(StoredSegments(properties[0], schema, call)),
        Side(StoredSegments(properties[1], schema, call)), call)
      return
    }
    let property = try configuration.string("property")
    let dates = try dates(&configuration, name, count: property == nil ? 2 : 1)
    let settings = try SegmentSettings(&configuration, of: name)
    let refit = try configuration.boolean("refit", default: false)
    let naming = try configuration.choice("naming", default: SegmentNaming.Style.rfm)
    let isRussian = try configuration.choice("language", default: Language.en) == .ru
    try configuration.finish()
    try schema.validate(call)
    let stored = try property.map { try StoredSegments($0, schema, call) }
    let purchases = try Purchases(schema, GraphInventory(call), call: call)
    func run(_ date: LocalDate?) throws -> SegmentRun {
      try SegmentRun(
        call, settings, schema, purchases, referenceDate: date, naming: naming)
    }
    if let stored {
      try emit(Side(stored), Side(run(dates.first), isRussian), call)
      return
    }
    let first = try run(dates[0])
    if refit {
      try emit(Side(first, isRussian), Side(run(dates[1]), isRussian), call)
    } else {
      let (nodes, segments) = try first.again(purchases, at: dates[1])
      try emit(
        Side(first, isRussian), Side(first, isRussian, nodes: nodes, segments: segments), call)
    }
  }

  private static func dates(
    _ configuration: inout ConfigurationMap, _ name: String, count: Int
  ) throws -> [LocalDate] {
    if count == 1 {
      return try configuration.date("referenceDate").map { [$0] } ?? []
    }
    guard case .list(let values) = configuration.value("dates"), values.count == 2 else {
      throw QueryError(
        .argumentError, "MissingConfigurationKey",
        "`\(name)` needs two properties, a property, or two dates to compare",
        hint: "write properties: ['segment', 'rfmSegment'], property: 'segment', or "
          + "dates: [date('2025-01-01'), date('2026-01-01')]")
    }
    return try values.map { value in
      var map = try ConfigurationMap(.map(["dates": value]), of: name)
      guard let date = try map.date("dates") else { throw map.missing("dates", example: "[…]") }
      return date
    }
  }

  /// The groups of one side.
  private struct Side {
    var nodes: [NodeID]
    /// Index into `values`, one a client.
    var groups: [Int]
    var values: [Value]
    var names: [String]

    init(_ stored: StoredSegments) {
      nodes = stored.nodes
      groups = stored.segments.map { $0 - 1 }
      values = stored.values
      names = stored.values.map {
        switch $0 {
        case .string(let text): text
        default: "\($0)"
        }
      }
    }

    init(
      _ run: SegmentRun, _ isRussian: Bool, nodes: [NodeID]? = nil, segments: [Int]? = nil
    ) {
      self.nodes = nodes ?? run.table.nodes
      let count = run.segmentCount
      groups = (segments ?? run.segments).map { $0 == SegmentRun.noise ? count : $0 - 1 }
      let numbers =
        Array(1...max(count, 1)).prefix(count) + (groups.contains(count) ? [SegmentRun.noise] : [])
      values = numbers.map { .integer(Int64($0)) }
      names = numbers.map { isRussian ? run.name($0).ru : run.name($0).en }
    }
  }

  /// A row for each pair of groups with clients; those whom only one side knows have null on the
  /// other.
  private static func emit(_ first: Side, _ second: Side, _ call: ProcedureInvocation) throws {
    var pairs: [(Int, Int)] = []
    var arrived = [Int](repeating: 0, count: second.values.count)
    var left = [Int](repeating: 0, count: first.values.count)
    var (a, b) = (0, 0)
    // Both in order of node ids.
    while a < first.nodes.count || b < second.nodes.count {
      let idA = a < first.nodes.count ? first.nodes[a].rawValue : .max
      let idB = b < second.nodes.count ? second.nodes[b].rawValue : .max
      if idA == idB {
        pairs.append((first.groups[a], second.groups[b]))
      } else if idA < idB {
        left[first.groups[a]] += 1
      } else {
        arrived[second.groups[b]] += 1
      }
      if idA <= idB { a += 1 }
      if idB <= idA { b += 1 }
    }
    let agreement = PartitionAgreement(pairs.map(\.0), pairs.map(\.1))
    let indices: [Value] =
      pairs.isEmpty
      ? [.null, .null]
      : [.float(agreement.adjustedRandIndex), .float(agreement.normalizedMutualInformation)]
    func row(_ from: Int?, _ to: Int?, _ clients: Int, of all: Int) throws {
      if clients == 0 { return }
      try call.emit(
        [
          from.map { first.values[$0] } ?? .null,
          from.map { .string(first.names[$0]) } ?? .null,
          to.map { second.values[$0] } ?? .null,
          to.map { .string(second.names[$0]) } ?? .null,
          .integer(Int64(clients)), .float(Double(clients) / Double(max(all, 1))),
        ] + indices)
    }
    for (group, line) in agreement.counts.enumerated() {
      let all = line.reduce(left[group], +)
      for (other, clients) in line.enumerated() { try row(group, other, clients, of: all) }
    }
    for group in left.indices {
      let line = group < agreement.counts.count ? agreement.counts[group] : []
      try row(group, nil, left[group], of: line.reduce(left[group], +))
    }
    let all = arrived.reduce(0, +)
    for group in arrived.indices { try row(nil, group, arrived[group], of: all) }
  }
}
