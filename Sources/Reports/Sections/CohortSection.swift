import Tropa

/// Retention of the clients of the last months.
enum CohortSection {
  private static let periods = 12

  static let section = Section(
    id: "cohorts", title: .cohorts, remedies: ["CALL crm.cohorts.stats()"]
  ) { source in
    let language = source.language
    let rows = try source.call(
      "crm.cohorts.stats",
      [
        "periods": .integer(Int64(periods)),
        "referenceDate": source.settings.until.map { .date($0) } ?? .null,
      ],
      "YIELD cohort, clients, period, active, retention "
        + "RETURN cohort, clients, period, active, retention ORDER BY cohort, period")
    var cohorts: [(start: LocalDate, clients: Int, shares: [(share: Double, active: Int)])] = []
    for row in rows {
      guard case .date(let start) = row["cohort"] else { continue }
      if cohorts.last?.start != start {
        cohorts.append((start, row["clients"].integer ?? 0, []))
      }
      cohorts[cohorts.count - 1].shares.append(
        (row["retention"].number ?? 0, row["active"].integer ?? 0))
    }
    cohorts = cohorts.suffix(18)
    if cohorts.isEmpty { return nil }
    let columns = cohorts.map(\.shares.count).max() ?? 1
    // The first month is always 100%.
    let greatest = cohorts.flatMap { $0.shares.dropFirst().map(\.share) }.max() ?? 1
    let map = HeatMap(
      rows: cohorts.map { "\(language.month($0.start)) · \(language.number($0.clients))" },
      columns: (0..<columns).map(String.init),
      cells: cohorts.map { cohort in
        (0..<columns).map { period in
          guard period < cohort.shares.count else { return nil }
          let (share, active) = cohort.shares[period]
          return HeatMap.Cell(
            shade: period == 0 || greatest == 0 ? 0 : share / greatest,
            lines: [language.number(share * 100, digits: share < 0.0995 ? 1 : 0)],
            tip: "\(language.month(cohort.start)) + \(period): \(language.number(active))")
        }
      }, columnTitle: language(.monthsLater), cellWidth: 54, cellHeight: 27)
    var page = Markup()
    page.note(language(.cohortsNote))
    page.figure(map.drawing, title: language(.cohorts))
    return page
  }
}
