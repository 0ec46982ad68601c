import Tropa

/// Clients by the month of their first purchase, and what each brought in each month after it: read
/// once for all sections that need it.
struct Cohorts {
  struct Cohort {
    let start: LocalDate
    let clients: Int
    /// By months since the first purchase.
    var cells: [(active: Int, revenue: Double)] = []
  }

  private(set) var cohorts: [Cohort] = []

  init(_ source: ReportSource) throws {
    let rows = try source.call(
      "crm.cohorts.stats", ["periods": .integer(10_000), "referenceDate": source.until],
      """
      YIELD cohort, clients, period, active, revenue
      RETURN cohort, clients, period, active, revenue ORDER BY cohort, period
      """)
    for row in rows {
      guard case .date(let start) = row["cohort"] else { continue }
      if cohorts.last?.start != start {
        cohorts.append(Cohort(start: start, clients: row["clients"].integer ?? 0))
      }
      cohorts[cohorts.count - 1].cells.append(
        (row["active"].integer ?? 0, row["revenue"].number ?? 0))
    }
  }

  var clients: Int { cohorts.reduce(0) { $0 + $1.clients } }

  /// Of all cohorts, by calendar month.
  var revenueByMonth: [(month: LocalDate, revenue: Double)] {
    var sums: [Int64: Double] = [:]
    for cohort in cohorts {
      let first = cohort.start.year * 12 + cohort.start.month - 1
      for (period, cell) in cohort.cells.enumerated() {
        sums[first + Int64(period), default: 0] += cell.revenue
      }
    }
    return sums.sorted { $0.key < $1.key }.compactMap { number, revenue in
      (try? LocalDate(year: number / 12, month: number % 12 + 1)).map { ($0, revenue) }
    }
  }
}
