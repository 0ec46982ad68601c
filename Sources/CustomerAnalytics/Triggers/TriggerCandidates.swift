import Tropa

/// For whom a trigger fires, before caps: one candidate for a client.
struct TriggerCandidates {
  struct Candidate {
    /// Row in the audience.
    var client: Int32
    /// Row of `columns`; -1 for none.
    var row: Int32 = -1
    /// Node id; -1 for none.
    var product: Int64 = -1
    /// What the reason and places of the message speak of, by `measures`.
    var first = 0.0
    var second = 0.0
  }
  /// In order of clients.
  private(set) var list: [Candidate] = []
  /// Names of `first` and `second`.
  var measures: [String] = []
  /// Further values, by name and row.
  var columns: [String: [Value]] = [:]
  /// Why, in words.
  var reason: @Sendable (Candidate) -> String = { _ in "" }

  /// Adds candidates in any order; of those of one client the better one stays.
  ///
  /// - Parameter isBetter: whether the first is better than the second; the earlier one stays
  ///   otherwise.
  mutating func set(
    _ candidates: [Candidate], isBetter: (Candidate, Candidate) -> Bool = { _, _ in false }
  ) {
    let isInOrder = zip(candidates, candidates.dropFirst()).allSatisfy { $0.client <= $1.client }
    // A stable order: of equals the one that came first.
    let sorted =
      isInOrder
      ? candidates
      : candidates.indices.sorted {
        (candidates[$0].client, $0) < (candidates[$1].client, $1)
      }.map { candidates[$0] }
    list.removeAll()
    for candidate in sorted {
      if let last = list.last, last.client == candidate.client {
        if isBetter(candidate, last) { list[list.count - 1] = candidate }
      } else {
        list.append(candidate)
      }
    }
  }

  mutating func keep(_ isEligible: [Bool]) { list.removeAll { !isEligible[Int($0.client)] } }
}

/// Finds the candidates of triggers in the graph. What several triggers need is read once.
struct TriggerFinder {
  let settings: TriggerSettings
  let schema: CustomerSchema
  let inventory: GraphInventory
  let audience: TriggerAudience
  let call: ProcedureInvocation
  private var knownPurchases: Purchases?

  init(
    _ settings: TriggerSettings, _ schema: CustomerSchema, _ inventory: GraphInventory,
    _ audience: TriggerAudience, _ call: ProcedureInvocation
  ) {
    self.settings = settings
    self.schema = schema
    self.inventory = inventory
    self.audience = audience
    self.call = call
  }

  mutating func candidates(_ rule: TriggerRule) throws -> TriggerCandidates {
    var found: TriggerCandidates
    switch rule.source {
    case .clients: return try clients(rule)
    case .query(let text): found = try query(text, rule)
    case .replenishment(let kind):
      found = try replenishment(kind, try purchases(), isRussian: settings.isRussian)
    case .nextBest(let kind):
      found = try nextBest(kind, try purchases(), isRussian: settings.isRussian)
    case .thankYou(let kind):
      found = try thankYou(kind, try purchases(), isRussian: settings.isRussian)
    case .winBack(let kind): found = try winBack(kind, rule)
    case .complaint(let kind): found = try complaint(kind, rule)
    }
    if let isEligible = try eligible(rule) { found.keep(isEligible) }
    return found
  }

  private mutating func purchases() throws -> Purchases {
    if let knownPurchases { return knownPurchases }
    let purchases = try Purchases(schema, inventory, call: call)
    if !purchases.isDated { throw schema.missing(.dateProperty, of: "purchase") }
    knownPurchases = purchases
    return purchases
  }

  // MARK: Conditions

  private func clients(_ rule: TriggerRule) throws -> TriggerCandidates {
    var found = TriggerCandidates()
    found.set(
      try matching(rule).compactMap { node in
        audience.row(node).map { TriggerCandidates.Candidate(client: Int32($0)) }
      })
    var reasons: [String] = []
    if !rule.segments.isEmpty {
      reasons.append(
        (settings.isRussian ? "сегмент: " : "segment: ") + rule.segments.joined(separator: ", "))
    }
    if let condition = rule.condition { reasons.append(condition) }
    let reason = reasons.joined(separator: "; ")
    found.reason = { _ in reason }
    return found
  }

  /// Whether each client meets the condition and is in the segment; nil if all do.
  private func eligible(_ rule: TriggerRule) throws -> [Bool]? {
    if rule.condition == nil && rule.segments.isEmpty { return nil }
    var isEligible = [Bool](repeating: false, count: audience.count)
    for node in try matching(rule) {
      if let row = audience.row(node) { isEligible[row] = true }
    }
    return isEligible
  }

  /// Node ids of the clients that meet the condition and are in the segment.
  private func matching(_ rule: TriggerRule) throws -> [Int64] {
    var conditions: [String] = []
    if let condition = rule.condition { conditions.append("(\(condition)\n)") }
    if !rule.segments.isEmpty { conditions.append(try segmentCondition(rule)) }
    var nodes: [Int64] = []
    try read(
      "MATCH (c:\(schema.quoted(.clientLabel))) WHERE \(conditions.joined(separator: " AND ")) "
        + "RETURN id(c) AS client", "condition", rule
    ) { try $0.appendIntegers(of: 0, to: &nodes) }
    return nodes
  }

  /// Properties in which segments have names.
  private static let segmentProperties = ["segmentName", "rfmSegment", "churnTier"]

  private func segmentCondition(_ rule: TriggerRule) throws -> String {
    let properties = rule.segmentProperty.map { [$0] } ?? Self.segmentProperties
    let known = properties.filter(inventory.properties.contains)
    guard !known.isEmpty else {
      throw QueryError(
        .argumentError, "SchemaMismatch",
        "the trigger `\(rule.name)` is for a segment, and no client has the property "
          + "`\(properties[0])`",
        hint: rule.segmentProperty.flatMap {
          NameSuggestion.nearest(to: $0, among: inventory.properties)
        }.map { "did you mean `\($0)`?" }
          ?? "run crm.segments.write or crm.rfm.write first, or set segmentProperty")
    }
    let names = Value.list(rule.segments.map { .string($0) }).text(.literal)
    let tests = known.map { "c.\(CustomerSchema.quoted($0)) IN \(names)" }
    return "(\(tests.joined(separator: " OR ")))"
  }

  // MARK: Queries

  /// Runs a rule's own Cypher; errors say whose it is.
  private func read(
    _ text: String, _ what: String, _ rule: TriggerRule, parameters: [String: Value] = [:],
    _ body: (ResultBatch) throws -> Void
  ) throws {
    do {
      let cursor = try call.stream(text, parameters: parameters)
      while let batch = try cursor.nextColumns() {
        try body(batch)
        try call.checkCancellation()
      }
    } catch let error as QueryError {
      if error.kind == .cancelled { throw error }
      throw QueryError(
        error.kind, error.detail, "the \(what) of the trigger `\(rule.name)`: \(error.message)",
        hint: error.hint)
    }
  }

  private func query(_ text: String, _ rule: TriggerRule) throws -> TriggerCandidates {
    var candidates: [TriggerCandidates.Candidate] = []
    var columns: [String: [Value]] = [:]
    var names: [String] = []
    try read(
      text, "query", rule,
      parameters: [
        "now": .localDateTime(LocalDateTime(seconds: settings.now)),
        "today": .date(LocalDate(days: settings.today)),
      ]
    ) { batch in
      names = batch.columns
      guard let client = names.firstIndex(of: "client") else {
        throw QueryError(
          .argumentError, "UnknownColumn", "it has no column `client`",
          hint: "return the node or its id: RETURN c AS client")
      }
      let product = names.firstIndex(of: "product")
      let score = names.firstIndex(of: "score")
      for row in 0..<batch.count {
        guard let node = try Self.node(batch.value(row, of: client), "client"),
          let client = audience.row(node)
        else { continue }
        var candidate = TriggerCandidates.Candidate(client: Int32(client))
        candidate.row = Int32(columns[names[0], default: []].count)
        if let product {
          candidate.product = try Self.node(batch.value(row, of: product), "product") ?? -1
        }
        if let score {
          switch batch.value(row, of: score) {
          case .integer(let number): candidate.first = Double(number)
          case .float(let number): candidate.first = number
          default: candidate.first = -.infinity
          }
        }
        candidates.append(candidate)
        for (index, name) in names.enumerated() {
          columns[name, default: []].append(batch.value(row, of: index))
        }
      }
    }
    var found = TriggerCandidates()
    found.set(candidates) { $0.first > $1.first }
    let reasons = columns["reason"] ?? []
    for name in ["client", "product", "score"] { columns[name] = nil }
    found.columns = columns
    let fallback = rule.name
    found.reason = { candidate in
      guard candidate.row >= 0, Int(candidate.row) < reasons.count else { return fallback }
      switch reasons[Int(candidate.row)] {
      case .null: return fallback
      case .string(let text): return text
      case let other: return other.text(.display)
      }
    }
    return found
  }

  /// The id of a node that is given as itself or as its id; nil for null.
  private static func node(_ value: Value, _ column: String) throws -> Int64? {
    switch value {
    case .node(let node): return Int64(node.id.rawValue)
    case .integer(let id) where id >= 0: return id
    case .null: return nil
    default:
      throw QueryError(
        .typeError, "InvalidColumnType",
        "the column `\(column)` is \(value.typeName), not a node or its id")
    }
  }

  // MARK: Risk and complaints

  private func winBack(
    _ kind: TriggerRule.WinBack, _ rule: TriggerRule
  ) throws -> TriggerCandidates {
    guard inventory.properties.contains(kind.property) else {
      throw QueryError(
        .argumentError, "SchemaMismatch",
        "the trigger `\(rule.name)` needs the risk of churn, and no client has the property "
          + "`\(kind.property)`",
        hint: "run CALL crm.churn.write() first, or set riskProperty")
    }
    let risk = "c.\(CustomerSchema.quoted(kind.property))"
    var nodes: [Int64] = []
    var risks: [Double] = []
    try read(
      """
      MATCH (c:\(schema.quoted(.clientLabel))) WHERE $from <= \(risk) <= $upTo
      RETURN id(c) AS client, \(risk) AS risk
      """, "risk", rule,
      parameters: ["from": .float(kind.from), "upTo": .float(kind.upTo)]
    ) { batch in
      try batch.appendIntegers(of: 0, to: &nodes)
      try batch.appendFloats(of: 1, to: &risks)
    }
    var found = TriggerCandidates()
    found.set(
      nodes.indices.compactMap { index in
        audience.row(nodes[index]).map {
          TriggerCandidates.Candidate(client: Int32($0), first: risks[index])
        }
      })
    found.measures = ["risk"]
    let words = settings.isRussian ? "риск ухода" : "churn risk"
    found.reason = { "\(words) \(Self.rounded($0.first, 2))" }
    return found
  }

  private func complaint(
    _ kind: TriggerRule.Complaint, _ rule: TriggerRule
  ) throws -> TriggerCandidates {
    try schema.require(.reviewType, inventory)
    let date = try schema.find(.reviewDateProperty, inventory, call)
    let rating = try schema.find(.ratingProperty, inventory, call)
    let sentiment = try schema.find(.sentimentProperty, inventory, call)
    guard let date else { throw schema.missing(.reviewDateProperty, of: "review") }
    if rating == nil && sentiment == nil { throw schema.missing(.ratingProperty, of: "review") }
    let about =
      inventory.has(schema[.aboutType], .type)
      ? "OPTIONAL MATCH (v)-[:\(schema.quoted(.aboutType))]->(x)" : "WITH c, w, v, null AS x"
    var clients: [Int64] = []
    var products: [Int64] = []
    var seconds: [Int64] = []
    var ratings: [Double] = []
    var sentiments: [Double] = []
    try read(
      """
      MATCH (c:\(schema.quoted(.clientLabel)))-[w:\(schema.quoted(.reviewType))]->(v)
      WHERE \(date.text) IS NOT NULL
        AND (\(rating?.text ?? "null") <= $rating OR \(sentiment?.text ?? "null") < $sentiment)
      \(about)
      RETURN id(c) AS client, \(date.text) AS at, \(rating?.text ?? "null") AS rating,
        \(sentiment?.text ?? "null") AS sentiment, id(x) AS product
      """, "reviews", rule,
      parameters: ["rating": .float(kind.rating), "sentiment": .float(kind.sentiment)]
    ) { batch in
      try batch.appendIntegers(of: 0, to: &clients)
      try batch.appendSeconds(of: 1, to: &seconds, null: undated)
      try batch.appendFloats(of: 2, to: &ratings)
      try batch.appendFloats(of: 3, to: &sentiments)
      try batch.appendIntegers(of: 4, to: &products, null: -1)
    }
    let since = settings.today - Int64(kind.within)
    // The last review is the one to speak of.
    let recent = clients.indices.filter {
      flooredDay(seconds[$0]) >= since && seconds[$0] <= settings.now
    }.sorted { (seconds[$1], products[$0]) < (seconds[$0], products[$1]) }
    var found = TriggerCandidates()
    found.set(
      recent.compactMap { index in
        audience.row(clients[index]).map {
          TriggerCandidates.Candidate(
            client: Int32($0), product: products[index], first: ratings[index],
            second: sentiments[index])
        }
      })
    found.measures = ["rating", "sentiment"]
    let isRussian = settings.isRussian
    let worst = kind.rating
    found.reason = { candidate in
      if candidate.first <= worst {
        let stars = Self.rounded(candidate.first, 1)
        return isRussian ? "отзыв с оценкой \(stars)" : "a review with \(stars) stars"
      }
      return isRussian ? "отрицательный отзыв" : "a negative review"
    }
    return found
  }

  /// With at most so many decimals, none that are zero.
  static func rounded(_ number: Double, _ decimals: Int) -> String {
    let scale = [1.0, 10.0, 100.0][min(max(decimals, 0), 2)]
    let value = (number * scale).rounded() / scale
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return String(value)
  }
}
