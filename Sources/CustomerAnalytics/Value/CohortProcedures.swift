import Tropa

/// `crm.cohorts`: how many of the clients who first bought in a period come back in later ones.
enum CohortProcedures {
  static let all: [Procedure] = [stats]

  /// The calendar periods by which clients and purchases are grouped.
  enum Period: String, CaseIterable {
    case week, month, quarter, year

    /// Consecutive periods have consecutive numbers.
    func number(_ date: LocalDate) -> Int {
      switch self {
      // 1970-01-05 was a Monday.
      case .week: Int((date.days - 4 - Int64(((date.days - 4) % 7 + 7) % 7)) / 7)
      case .month: Int(date.year) * 12 + Int(date.month) - 1
      case .quarter: Int(date.year) * 4 + (Int(date.month) - 1) / 3
      case .year: Int(date.year)
      }
    }

    /// The first day of a period.
    func start(_ number: Int) throws(QueryError) -> LocalDate {
      let number = Int64(number)
      return switch self {
      case .week: LocalDate(days: number * 7 + 4)
      case .month: try LocalDate(year: number / 12, month: number % 12 + 1)
      case .quarter: try LocalDate(year: number / 4, month: number % 4 * 3 + 1)
      case .year: try LocalDate(year: number)
      }
    }
  }

  static let stats = Procedure(
    "crm.cohorts.stats",
    inputs: [.init("configuration", "MAP", defaultValue: .map([:]))],
    outputs: [
      .init("cohort", "DATE"), .init("clients", "INTEGER"), .init("period", "INTEGER"),
      .init("active", "INTEGER"), .init("retention", "FLOAT"), .init("revenue", "FLOAT"),
    ],
    summary: "Retention: of the clients who first bought in a period, how many buy in later ones."
  ) { call in
    var configuration = try ConfigurationMap(call.arguments[0], of: "crm.cohorts.stats")
    let schema = try CustomerSchema(&configuration, call)
    let period = try configuration.choice("period", default: Period.month)
    let limit = try configuration.integer("periods", default: 12, in: 0...10_000)
    let reference = try configuration.date("referenceDate")
    try configuration.finish()
    let purchases = try PurchaseTimeline(
      schema, GraphInventory(call), referenceDate: reference, call: call)
    var table: [Int: [Cell]] = [:]
    for client in purchases.nodes.indices {
      if client & 0xFFF == 0 { try call.checkCancellation() }
      let entries = purchases.entries(of: client, before: purchases.end)
      let cohort = period.number(LocalDate(days: Int64(purchases.days[entries.lowerBound])))
      var last = -1
      for entry in entries {
        let since = period.number(LocalDate(days: Int64(purchases.days[entry]))) - cohort
        if since > limit { break }
        table[cohort, default: []].add(
          purchases.amounts[entry], at: since, isFirst: since != last)
        last = since
      }
    }
    let latest = period.number(LocalDate(days: Int64(purchases.end - 1)))
    for cohort in table.keys.sorted() {
      guard let row = table[cohort] else { continue }
      let start = try period.start(cohort)
      // A period in which nobody came back is a row too.
      for since in 0...min(limit, max(latest - cohort, 0)) {
        let cell = since < row.count ? row[since] : Cell()
        try call.emit([
          .date(start), .integer(Int64(row[0].active)), .integer(Int64(since)),
          .integer(Int64(cell.active)), .float(Double(cell.active) / Double(row[0].active)),
          .float(cell.revenue),
        ])
      }
    }
  }

  fileprivate struct Cell {
    var active = 0
    var revenue = 0.0
  }
}

extension [CohortProcedures.Cell] {
  /// - Parameter isFirst: whether it is the client's first purchase in the period.
  fileprivate mutating func add(_ amount: Double, at period: Int, isFirst: Bool) {
    while count <= period { append(CohortProcedures.Cell()) }
    if isFirst { self[period].active += 1 }
    self[period].revenue += amount
  }
}
