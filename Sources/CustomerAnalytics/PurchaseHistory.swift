import Tropa

/// Recency, frequency and monetary value of the clients who bought anything, in order of node id.
struct PurchaseHistory {
  enum FrequencyUnit: String, CaseIterable {
    /// Different values of the order property.
    case orders
    /// Different days with a purchase.
    case days
    /// Purchase relationships.
    case purchases
  }
  enum MonetaryMeasure: String, CaseIterable {
    case sum
    /// Per order, day or purchase, as frequency counts.
    case mean
  }

  var nodes: [NodeID] = []
  /// Whole days, of 24 hours, from the last purchase to the start of the reference date; without
  /// times of day that is the difference of the dates.
  var recency: [Double] = []
  var frequency: [Double] = []
  var monetary: [Double] = []
  /// The same from the first purchase.
  var tenure: [Double] = []
  var referenceDate = LocalDate(days: 0)

  /// - Parameter referenceDate: nil for the day after the last purchase of all. Purchases on and
  ///   after it do not count.
  init(
    _ schema: CustomerSchema, unit: FrequencyUnit?, monetary measure: MonetaryMeasure,
    referenceDate: LocalDate?, call: ProcedureInvocation
  ) throws {
    let date = "p.\(CustomerSchema.quoted(schema.dateProperty))"
    let amount = "p.\(CustomerSchema.quoted(schema.amountProperty))"
    let order = "p.\(CustomerSchema.quoted(schema.orderProperty))"
    let pattern =
      "MATCH (c:\(CustomerSchema.quoted(schema.clientLabel)))"
      + "-[p:\(CustomerSchema.quoted(schema.purchaseType))]->()"
    var conditions = ["\(date) IS NOT NULL"]
    if let filter = schema.filter { conditions.append("(\(filter))") }
    let unit = try unit ?? Self.defaultUnit(schema, call)
    let count =
      switch unit {
      case .orders:
        // What has no order number, such as a receipt, counts by its day.
        try Self.anyPurchase(schema, "\(order) IS NULL", call)
          ? "count(DISTINCT coalesce(\(order), date(\(date))))" : "count(DISTINCT \(order))"
      case .days: "count(DISTINCT date(\(date)))"
      case .purchases: "count(p)"
      }
    var parameters: [String: Value] = [:]
    if let referenceDate {
      conditions.append("date(\(date)) < $referenceDate")
      parameters["referenceDate"] = .date(referenceDate)
    }
    let result = try call.query(
      """
      \(pattern) WHERE \(conditions.joined(separator: " AND "))
      RETURN id(c) AS node, max(\(date)) AS last, min(\(date)) AS first, \(count) AS frequency,
        sum(\(amount)) AS monetary
      ORDER BY node
      """, parameters: parameters)
    nodes = try result.integers("node").map { NodeID(UInt64($0)) }
    frequency = try result.floats("frequency")
    let sums = try result.floats("monetary")
    let last = try result.values("last").map { try Self.seconds($0, schema.dateProperty) }
    let first = try result.values("first").map { try Self.seconds($0, schema.dateProperty) }
    let reference = referenceDate?.days ?? Self.day(last.max() ?? -86400) + 1
    self.referenceDate = LocalDate(days: reference)
    recency = last.map { Double((reference * 86400 - $0) / 86400) }
    tenure = first.map { Double((reference * 86400 - $0) / 86400) }
    monetary =
      measure == .sum
      ? sums : zip(sums, frequency).map { $1 > 0 ? $0 / $1 : 0 }
  }

  /// Orders where purchases say which they belong to, else days.
  private static func defaultUnit(
    _ schema: CustomerSchema, _ call: ProcedureInvocation
  ) throws -> FrequencyUnit {
    let order = "p.\(CustomerSchema.quoted(schema.orderProperty))"
    return try anyPurchase(schema, "\(order) IS NOT NULL", call) ? .orders : .days
  }

  /// Whether there is a purchase for which the condition holds.
  private static func anyPurchase(
    _ schema: CustomerSchema, _ condition: String, _ call: ProcedureInvocation
  ) throws -> Bool {
    let result = try call.query(
      """
      MATCH (c:\(CustomerSchema.quoted(schema.clientLabel)))
        -[p:\(CustomerSchema.quoted(schema.purchaseType))]->()
      WHERE \(condition) RETURN 1 AS one LIMIT 1
      """)
    return !result.isEmpty
  }

  private static func day(_ seconds: Int64) -> Int64 {
    seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
  }

  /// A date or a date-time in its own zone, as seconds since 1970-01-01T00:00.
  private static func seconds(_ value: Value, _ property: String) throws(QueryError) -> Int64 {
    switch value {
    case .date(let date): return date.days * 86400
    case .localDateTime(let value): return value.seconds
    case .dateTime(let value): return value.seconds + Int64(value.offset)
    default:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "the purchase property `\(property)` has \(value.typeName) values, not dates",
        hint: "import it as date or localdatetime, or set dateProperty to another property")
    }
  }
}
