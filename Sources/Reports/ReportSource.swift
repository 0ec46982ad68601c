import Tropa

/// One state of a database, and what its parts are called: what sections ask.
///
/// Every answer is small: queries aggregate, no client has a row of its own.
final class ReportSource {
  let language: ReportLanguage
  let settings: ReportSettings
  private let connection: Connection
  /// Names that the graph has, by the keys of `crm.schema`.
  private let names: [String: String]
  /// First and last day with a purchase, and how many there are; nil where dates cannot be read.
  private(set) var span: (first: LocalDate, last: LocalDate, purchases: Int)?

  /// - Parameter connection: in a transaction, so that all queries read the same state.
  init(_ connection: Connection, _ settings: ReportSettings) throws {
    self.connection = connection
    self.settings = settings
    language = settings.language
    var names: [String: String] = [:]
    let rows = try connection.query(
      """
      CALL crm.schema.check($configuration) YIELD key, kind, name, found
      WHERE found OR kind = 'expression' AND name IS NOT NULL RETURN key, name
      """, parameters: ["configuration": .map(Self.schema(settings))])
    for row in rows { names[row["key"].text] = row["name"].text }
    self.names = names
    span = try? readSpan()
  }

  // MARK: Names

  /// The name of a key of `crm.schema` if the graph has it, quoted for Cypher.
  func name(_ key: String) -> String? { names[key].map(Self.quoted) }

  /// The same as a value.
  func plainName(_ key: String) -> Value { names[key].map { .string($0) } ?? .null }

  var hasPurchases: Bool {
    names["clientLabel"] != nil && (names["purchaseType"] ?? names["placedType"]) != nil
  }

  /// Clients (`c`) with their purchases: relationships `p` to products `x`, or orders `o`.
  var purchases: String {
    let client = "(c:\(name("clientLabel") ?? "Client"))"
    // As the procedures do: what the graph has counts.
    let path =
      if let type = name("purchaseType") {
        "\(client)-[p:\(type)]->(x)"
      } else if let lines = name("containsType") {
        "\(client)-[r:\(name("placedType") ?? "PLACED")]->(o)-[p:\(lines)]->(x)"
      } else {
        "\(client)-[r:\(name("placedType") ?? "PLACED")]->(o)"
      }
    return "MATCH \(path)" + (names["filter"].map { " WHERE (\($0))" } ?? "")
  }

  /// Whether products are known, not only orders.
  var hasProducts: Bool { names["purchaseType"] != nil || names["containsType"] != nil }

  /// Clauses and an expression for the category of a product `x`; nil if there is none.
  var category: (match: String, text: String)? {
    if let property = name("categoryProperty") { return ("", "x.\(property)") }
    guard let type = name("categoryType") else { return nil }
    return (" MATCH (x)-[:\(type)]->(k)", "coalesce(k.name, k.title, toStringOrNull(k.id))")
  }

  static func quoted(_ name: String) -> String {
    "`" + name.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``") + "`"
  }

  // MARK: Questions

  private static func schema(_ settings: ReportSettings) -> [String: Value] {
    switch settings.schema {
    case .null: [:]
    case let mapping: ["schema": mapping]
    }
  }

  /// After a question that fails others can be asked.
  @discardableResult
  func query(_ text: String, _ parameters: [String: Value] = [:]) throws -> QueryResult {
    do {
      return try connection.query(text, parameters: parameters)
    } catch {
      connection.resumeReading()
      throw error
    }
  }

  /// Calls a procedure of `crm` with the mapping of the report.
  ///
  /// - Parameters:
  ///   - configuration: beside the mapping; null values are left out.
  ///   - rest: what follows the call, from YIELD on.
  func call(
    _ procedure: String, _ configuration: [String: Value] = [:], _ rest: String
  ) throws -> QueryResult {
    var all = Self.schema(settings)
    for (key, value) in configuration {
      if case .null = value { continue }
      all[key] = value
    }
    return try query("CALL \(procedure)($configuration) \(rest)", ["configuration": .map(all)])
  }

  /// Whether a node with the label of a key has the property.
  func has(_ property: String, on key: String) throws -> Bool {
    guard let label = name(key) else { return false }
    return try !query(
      "MATCH (n:\(label)) WHERE n.\(Self.quoted(property)) IS NOT NULL RETURN 1 AS one LIMIT 1"
    ).isEmpty
  }

  func count(_ key: String) throws -> Int? {
    guard let label = name(key) else { return nil }
    return try query("MATCH (n:\(label)) RETURN count(n) AS n").first?["n"].integer
  }

  /// The property of the clients that has their segment, as `crm.effect.segments` finds it.
  func segmentProperty() throws -> String? {
    try ["segmentName", "segment", "rfmSegment"].first { try has($0, on: "clientLabel") }
  }

  private var knownCohorts: Cohorts?

  func cohorts() throws -> Cohorts {
    if let knownCohorts { return knownCohorts }
    let cohorts = try Cohorts(self)
    knownCohorts = cohorts
    return cohorts
  }

  /// Whether `crm.rfm.write` has been run, and is to count: for another day than it was run for it
  /// does not.
  func hasWrittenRFM() throws -> Bool {
    if settings.until != nil { return false }
    for property in ["rfmCell", "rfmRecency", "rfmFrequency", "rfmMonetary", "rfmSegment"]
    where try !has(property, on: "clientLabel") { return false }
    return true
  }

  // MARK: Dates

  /// `settings.until` as a value of a configuration.
  var until: Value { settings.until.map { .date($0) } ?? .null }

  /// The day that the report is for: the one after the last purchase unless it is set.
  var end: LocalDate? { settings.until ?? span.map { LocalDate(days: $0.last.days + 1) } }

  /// The day with which segments are compared.
  var start: LocalDate? { settings.since ?? end.map { LocalDate(days: $0.days - 90) } }

  private func readSpan() throws -> (LocalDate, LocalDate, Int)? {
    guard hasPurchases, let property = name("dateProperty") else { return nil }
    let date =
      names["purchaseType"] != nil ? "p.\(property)" : "coalesce(o.\(property), r.\(property))"
    let row = try query(
      """
      \(purchases) WITH min(\(date)) AS first, max(\(date)) AS last, count(*) AS purchases
      RETURN date(first) AS first, date(last) AS last, purchases
      """
    ).first
    guard let row, case .date(let first) = row["first"], case .date(let last) = row["last"] else {
      return nil
    }
    return (first, last, row["purchases"].integer ?? 0)
  }
}

extension Value {
  /// A string as it is, nothing for null, others as Cypher writes them.
  var text: String {
    switch self {
    case .null: ""
    case .string(let text): text
    default: text(.literal)
    }
  }

  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .float(let value) where value.isFinite: value
    default: nil
    }
  }

  var integer: Int? {
    if case .integer(let value) = self { Int(value) } else { nil }
  }

  /// A list of two numbers in order.
  var interval: ClosedRange<Double>? {
    guard case .list(let ends) = self, ends.count == 2, let low = ends[0].number,
      let high = ends[1].number, low <= high
    else { return nil }
    return low...high
  }

  /// Of a map.
  subscript(key: String) -> Value {
    if case .map(let map) = self { map[key] ?? .null } else { .null }
  }
}
