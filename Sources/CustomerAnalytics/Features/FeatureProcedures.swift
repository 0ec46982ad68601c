import Tropa

/// `crm.features`: what is known of each client at a reference date.
enum FeatureProcedures {
  static let all: [Procedure] = [stream, stats, write]

  private static let inputs: [Procedure.Field] = [
    .init("configuration", "MAP", defaultValue: .map([:]))
  ]

  static let stream = Procedure(
    "crm.features.stream", inputs: inputs,
    outputs: [.init("nodeId", "INTEGER")]
      + Feature.allCases.map { .init($0.rawValue, "FLOAT") } + [.init("features", "MAP")],
    summary:
      "What clients buy, how they engage, what they write and where they stand in the graph, "
      + "at a reference date; null is what the graph does not know. Only the columns that are "
      + "yielded are computed."
  ) { call in
    let run = try FeatureRun(call, "crm.features.stream")
    let table = try run.table { call.isWanted("features") || call.isWanted($0) }
    var columns: [ColumnData] = [.integers(table.nodes.map { Int64($0.rawValue) })]
    let unknown = ColumnData.optionalFloats([Double?](repeating: nil, count: table.nodes.count))
    for feature in Feature.allCases {
      let column = table.columns.first { $0.name == feature.rawValue }
      columns.append(
        column.map { .optionalFloats($0.values.map { $0.isNaN ? nil : $0 }) } ?? unknown)
    }
    columns.append(
      .values(
        call.isWanted("features")
          ? table.nodes.indices.map(table.known)
          : [Value](repeating: .null, count: table.nodes.count)))
    run.tell(table.gaps)
    try call.emit(columns: columns)
  }

  static let stats = Procedure(
    "crm.features.stats", inputs: inputs,
    outputs: [
      .init("feature", "STRING"), .init("kind", "STRING"), .init("meaning", "STRING"),
      .init("clients", "INTEGER"), .init("missing", "INTEGER"), .init("mean", "FLOAT"),
      .init("deviation", "FLOAT"), .init("minimum", "FLOAT"), .init("median", "FLOAT"),
      .init("maximum", "FLOAT"), .init("note", "STRING"),
    ],
    summary:
      "The features of crm.features: of how many clients each is known, its distribution, and "
      + "why the graph cannot give it."
  ) { call in
    let run = try FeatureRun(call, "crm.features.stats")
    let table = try run.table { _ in true }
    for column in table.columns {
      let feature = Feature(rawValue: column.name)
      var known = column.values.filter { !$0.isNaN }
      let mean = known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
      let deviation = FeatureSources.deviation(known)
      let median = FeatureSources.median(&known)
      func value(_ number: Double?) -> Value {
        number.flatMap { $0.isNaN ? nil : .float($0) } ?? .null
      }
      try call.emit([
        .string(column.name), .string(feature?.group.rawValue ?? "property"),
        feature.map { .string($0.summary) } ?? .null, .integer(Int64(known.count)),
        .integer(Int64(column.values.count - known.count)), value(mean), value(deviation),
        value(known.first), value(median), value(known.last), .null,
      ])
    }
    for gap in table.gaps {
      let feature = Feature(rawValue: gap.name)
      try call.emit([
        .string(gap.name), .string(feature?.group.rawValue ?? "property"),
        feature.map { .string($0.summary) } ?? .null, .integer(0),
        .integer(Int64(table.nodes.count)), .null, .null, .null, .null, .null,
        .string(gap.reason + (gap.hint.map { "; \($0)" } ?? "")),
      ])
    }
  }

  static let write = Procedure(
    "crm.features.write", inputs: inputs,
    outputs: [
      .init("clients", "INTEGER"), .init("features", "LIST<STRING>"),
      .init("nodePropertiesWritten", "INTEGER"), .init("referenceDate", "DATE"),
    ], mode: .write,
    summary:
      "Writes the features of crm.features on the clients: featureRecency, featureFrequency …; "
      + "what is not known gets no property."
  ) { call in
    let run = try FeatureRun(call, "crm.features.write", isWriting: true)
    let prefix = run.prefix
    let table = try run.table { _ in true }
    var written = 0
    var names: [Value] = []
    for column in table.columns {
      let name =
        prefix.isEmpty
        ? column.name
        : prefix + column.name.prefix(1).uppercased()
          + column.name.dropFirst()
      let isWhole = column.values.allSatisfy { !$0.isNaN }
      try call.setProperty(
        name, of: table.nodes,
        to: isWhole
          ? .floats(column.values) : .optionalFloats(column.values.map { $0.isNaN ? nil : $0 }))
      written += column.values.reduce(0) { $0 + ($1.isNaN ? 0 : 1) }
      names.append(.string(name))
    }
    run.tell(table.gaps)
    try call.emit([
      .integer(Int64(table.nodes.count)), .list(names), .integer(Int64(written)),
      .date(table.referenceDate),
    ])
  }
}

/// One call of `crm.features`.
struct FeatureRun {
  /// Of the properties that are written.
  let prefix: String
  private let sources: FeatureSources
  /// As the configuration names them; nil for all that the graph has.
  private let names: [String]?
  private let call: ProcedureInvocation

  init(_ call: ProcedureInvocation, _ name: String, isWriting: Bool = false) throws {
    self.call = call
    var configuration = try ConfigurationMap(call.arguments[0], of: name)
    let schema = try CustomerSchema(&configuration, call)
    names =
      configuration.has("features")
      ? try configuration.strings("features", default: []) : nil
    let options = try FeatureOptions(&configuration)
    let unit: PurchaseHistory.FrequencyUnit? =
      configuration.has("frequency")
      ? try configuration.choice("frequency", default: .orders) : nil
    let measure = try configuration.choice(
      "monetary", default: PurchaseHistory.MonetaryMeasure.sum)
    let reference = try configuration.date("referenceDate")
    prefix = isWriting ? try configuration.string("writePrefix") ?? "feature" : ""
    try configuration.finish()

    // Mistakes are told of before anything is read.
    let inventory = try GraphInventory(call)
    for name in names ?? [] where !FeatureSources.isKnown(name, inventory) {
      throw FeatureSources.unknown(name, inventory)
    }
    let purchases = try Purchases(schema, inventory, call: call)
    if reference != nil && !purchases.isDated && !purchases.events.isEmpty {
      call.addNotice(
        "purchases have no dates, so all of them count, whatever the reference date",
        hint: "set dateProperty in `schema` if the date is called otherwise")
    }
    let history = PurchaseHistory(
      purchases, unit: unit, monetary: measure, referenceDate: reference)
    sources = try FeatureSources(schema, history, options, call)
  }

  /// - Parameter isWanted: which features to compute when the configuration names none.
  /// - Throws: `QueryError` for a name that is no feature.
  func table(_ isWanted: (String) -> Bool) throws -> FeatureTable {
    var wanted = names ?? Feature.allCases.map(\.rawValue).filter(isWanted)
    if names == nil && options.computesGraph && isWanted("features") { wanted.append("embedding") }
    return try FeatureTable(sources, wanted)
  }

  private var options: FeatureOptions { sources.options }

  /// Features that were named and cannot be given are told of.
  func tell(_ gaps: [FeatureTable.Gap]) {
    guard names != nil else { return }
    for gap in gaps {
      call.addNotice("the feature `\(gap.name)` is missing: \(gap.reason)", hint: gap.hint)
    }
  }
}

extension FeatureTable {
  /// What is known of the client of a row, by the names of the columns.
  func known(_ row: Int) -> Value {
    var map: [String: Value] = [:]
    for column in columns where !column.values[row].isNaN {
      map[column.name] = .float(column.values[row])
    }
    return .map(map)
  }
}
