import Tropa

/// Retention of the clients of the last months.
enum CohortSection {
  private static let periods = 12

  static let section = Section(
    id: "cohorts", title: .cohorts, remedies: ["CALL crm.cohorts.stats()"]
  ) { source in
    let language = source.language
    let cohorts = try source.cohorts().cohorts.suffix(18)
    if cohorts.isEmpty { return nil }
    let columns = min(cohorts.map(\.cells.count).max() ?? 1, periods + 1)
    func share(_ cohort: Cohorts.Cohort, _ period: Int) -> Double {
      Double(cohort.cells[period].active) / Double(max(cohort.clients, 1))
    }
    // The first month is always 100%.
    let greatest =
      cohorts.flatMap { cohort in
        (1..<max(min(cohort.cells.count, columns), 1)).map { share(cohort, $0) }
      }.max() ?? 0
    let map = HeatMap(
      rows: cohorts.map { "\(language.month($0.start)) · \(language.number($0.clients))" },
      columns: (0..<columns).map(String.init),
      cells: cohorts.map { cohort in
        (0..<columns).map { period in
          guard period < cohort.cells.count else { return nil }
          let share = share(cohort, period)
          let active = cohort.cells[period].active
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
