import Tropa

/// Where features come from: purchases, views, reviews and ties, each read from the graph at most
/// once and only when a feature needs it.
final class FeatureSources {
  let schema: CustomerSchema
  let inventory: GraphInventory
  let history: PurchaseHistory
  let options: FeatureOptions
  let call: ProcedureInvocation
  /// The clients that are rows, in order of their ids.
  private(set) var nodes: [NodeID]
  /// Row of the history of each; -1 for clients who bought nothing.
  private(set) var historyRows: [Int]
  /// From when on events do not count.
  let end: Int64

  init(
    _ schema: CustomerSchema, _ history: PurchaseHistory, _ options: FeatureOptions,
    _ call: ProcedureInvocation
  ) throws {
    self.schema = schema
    self.history = history
    self.options = options
    self.call = call
    inventory = try GraphInventory(call)
    end = history.referenceDate.days * 86_400
    nodes = history.nodes
    historyRows = Array(history.nodes.indices)
    if options.includesNonBuyers { try addVisitors() }
  }

  /// Rows for those who bought nothing and left another footprint.
  private func addVisitors() throws {
    var all = Set(history.nodes)
    func add<Event>(_ events: ClientEvents<Event>?) {
      guard let events else { return }
      for group in events.nodes.indices where !events.range(group, before: end).isEmpty {
        all.insert(events.nodes[group])
      }
    }
    add(try views)
    add(try carts)
    add(try sessions)
    add(try reviews)
    nodes = all.sorted { $0.rawValue < $1.rawValue }
    historyRows = [Int](repeating: -1, count: nodes.count)
    var row = 0
    for (position, node) in nodes.enumerated()
    where row < history.nodes.count && history.nodes[row] == node {
      historyRows[position] = row
      row += 1
    }
  }

  /// The values of the history's clients, and `missing` for others.
  func fromHistory(_ values: [Double], missing: Double) -> [Double] {
    if nodes.count == history.nodes.count { return values }
    return historyRows.map { $0 < 0 ? missing : values[$0] }
  }

  lazy var tenure = fromHistory(history.tenure, missing: .nan)
  lazy var frequency = fromHistory(history.frequency, missing: 0)
  lazy var rows = RowIndex(nodes)

  // MARK: Footprints

  /// Read at the first use; nil inside: the graph has none.
  private var loadedViews: ClientEvents<Footprint>??
  private var loadedCarts: ClientEvents<Footprint>??
  private var loadedSessions: ClientEvents<Session>??
  private var loadedReviews: ClientEvents<Review>??

  private func loaded<T>(
    _ path: ReferenceWritableKeyPath<FeatureSources, T??>, _ load: () throws -> T?
  ) rethrows -> T? {
    if let value = self[keyPath: path] { return value }
    let value = try load()
    self[keyPath: path] = .some(value)
    return value
  }

  var views: ClientEvents<Footprint>? {
    get throws {
      try loaded(\.loadedViews) {
        try ClientEvents<Footprint>(.viewType, date: .viewDateProperty, schema, inventory, call)
      }
    }
  }
  var carts: ClientEvents<Footprint>? {
    get throws {
      try loaded(\.loadedCarts) {
        try ClientEvents<Footprint>(.cartType, date: .cartDateProperty, schema, inventory, call)
      }
    }
  }
  var sessions: ClientEvents<Session>? {
    get throws {
      try loaded(\.loadedSessions) { try ClientEvents<Session>(schema, inventory, call) }
    }
  }
  var reviews: ClientEvents<Review>? {
    get throws {
      try loaded(\.loadedReviews) { try ClientEvents<Review>(schema, inventory, call) }
    }
  }

  // MARK: Columns

  /// The columns of a name: those of a feature, of an embedding, or of a property of the clients.
  ///
  /// - Throws: `QueryError` for a name that is none of these.
  func columns(named name: String) throws -> ([FeatureTable.Column], FeatureTable.Gap?) {
    // As the property is called whose sizes are the feature.
    if let feature = Feature(rawValue: name == "community" ? "communitySize" : name) {
      let (column, gap) = try column(feature)
      return (column.map { [$0] } ?? [], gap)
    }
    if name == "embedding" { return try embedding() }
    guard inventory.properties.contains(name) else { throw Self.unknown(name, inventory) }
    guard let values = try property(name) else {
      return ([], .init(name: name, reason: "no client has the property", hint: nil))
    }
    return ([.init(name: name, values: values, isLogarithmic: false)], nil)
  }

  /// Whether a name is a feature, or a property that any node has.
  static func isKnown(_ name: String, _ inventory: GraphInventory) -> Bool {
    Feature(rawValue: name) != nil || ["community", "embedding"].contains(name)
      || inventory.properties.contains(name)
  }

  static func unknown(_ name: String, _ inventory: GraphInventory) -> QueryError {
    let all = Feature.allCases.map(\.rawValue) + ["embedding"]
    return QueryError(
      .argumentError, "UnknownFeature", "there is no feature `\(name)`",
      hint: NameSuggestion.nearest(to: name, among: all + inventory.properties)
        .map { "did you mean `\($0)`?" }
        ?? "features are \(all.joined(separator: ", ")), or numeric properties of the clients")
  }

  /// A feature of all clients, or why the graph cannot give it.
  func column(
    _ feature: Feature
  ) throws -> (column: FeatureTable.Column?, gap: FeatureTable.Gap?) {
    let values: FeatureValues =
      switch feature.group {
      case .purchases: try purchaseValues(feature)
      case .engagement: try engagementValues(feature)
      case .activity: try activityValues(feature)
      case .graph: try graphValues(feature)
      }
    switch values {
    case .known(let values):
      return (
        .init(
          name: feature.rawValue, values: values, isLogarithmic: feature.isLogarithmic,
          filling: feature.filling), nil
      )
    case .missing(let reason, let hint):
      return (nil, .init(name: feature.rawValue, reason: reason, hint: hint))
    }
  }

  /// That the graph lacks what a key names.
  func lacks(_ key: SchemaKey) -> FeatureValues {
    .missing(
      "the graph has no \(key.kind.words) `\(schema[key] ?? "")` where it is looked for",
      hint: "set \(key.rawValue) in `schema` if it is called otherwise")
  }

  /// A numeric property of the clients; NaN for those without; nil if none has it.
  func property(_ name: String) throws -> [Double]? {
    let key = CustomerSchema.quoted(name)
    let cursor = try call.stream(
      """
      MATCH (c:\(schema.quoted(.clientLabel))) WHERE c.\(key) IS NOT NULL
      RETURN id(c) AS client, c.\(key) AS value
      """)
    var values = [Double](repeating: .nan, count: nodes.count)
    var clients: [Int64] = []
    var numbers: [Double] = []
    var isKnown = false
    while let batch = try cursor.nextColumns() {
      clients.removeAll(keepingCapacity: true)
      numbers.removeAll(keepingCapacity: true)
      try batch.appendIntegers(of: 0, to: &clients)
      do throws(QueryError) {
        try batch.appendFloats(of: 1, to: &numbers)
      } catch {
        throw QueryError(
          .typeError, "InvalidArgumentType",
          "a feature must be a number, and the property `\(name)` of clients is not: \(error.message)"
        )
      }
      for (client, number) in zip(clients, numbers) {
        guard let row = rows[client] else { continue }
        values[row] = number
        isKnown = true
      }
      try call.checkCancellation()
    }
    return isKnown ? values : nil
  }
}

/// The values of a feature, one a client, or why there are none.
enum FeatureValues {
  /// NaN for clients of whom it is not known.
  case known([Double])
  case missing(_ reason: String, hint: String?)
}

/// The row of each client: an array over the ids between the first and the last, which lie close.
struct RowIndex {
  private let first: Int64
  private var rows: [Int32]

  init(_ nodes: [NodeID]) {
    guard let first = nodes.first, let last = nodes.last else {
      self.first = 0
      rows = []
      return
    }
    self.first = Int64(first.rawValue)
    rows = [Int32](repeating: -1, count: Int(last.rawValue - first.rawValue) + 1)
    for (row, node) in nodes.enumerated() {
      rows[Int(node.rawValue - first.rawValue)] = Int32(row)
    }
  }

  subscript(_ client: Int64) -> Int? {
    let place = client - first
    guard place >= 0, place < rows.count, rows[Int(place)] >= 0 else { return nil }
    return Int(rows[Int(place)])
  }
}
