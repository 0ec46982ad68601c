import Tropa

/// What each trigger changed, against its control group.
enum TriggerEffectSection {
  private static let outputs =
    "trigger, treated, control, conversionTreated, conversionControl, uplift, upliftInterval, "
    + "extraRevenue, sampleRatioMismatch"

  static let section = Section(
    id: "trigger-effect", title: .triggerEffect,
    remedies: [
      "tropa triggers run DATABASE --rules triggers.yaml", "CALL crm.effect.triggers.stream()",
    ]
  ) { source in
    if try source.query("MATCH ()-[a:ASSIGNED]->(:Trigger) RETURN 1 AS one LIMIT 1").isEmpty {
      return nil
    }
    let language = source.language
    let rows = try source.call(
      "crm.effect.triggers.stream", [:],
      "YIELD \(outputs) RETURN \(outputs) ORDER BY treated DESC, trigger LIMIT 20"
    ).filter { $0["treated"].integer ?? 0 > 0 }
    if rows.isEmpty { return nil }
    func points(_ share: Double) -> Double { share * 100 }
    let drawn = rows.compactMap { row -> Intervals.Row? in
      guard let value = row["uplift"].number else { return nil }
      return .init(
        name: row["trigger"].text, value: points(value),
        interval: row["upliftInterval"].interval.map {
          points($0.lowerBound)...points($0.upperBound)
        })
    }
    var page = Markup()
    page.note(language(.triggerEffectNote))
    if !drawn.isEmpty {
      let chart = Intervals(rows: drawn, width: 860, marksZero: true)
      page.figure(
        chart.drawing { language.number($0, digits: 1) }, title: language(.triggerEffect))
    }
    var table = Table(columns: [
      .text(language(.trigger)), .number(language(.treated)), .number(language(.control)),
      .number(language(.conversion)), .number("\(language(.conversion)), \(language(.control))"),
      .number(language(.uplift)), .number(language(.extraRevenue)), .text(language(.groupSizes)),
    ])
    for (index, row) in rows.enumerated() {
      func percent(_ name: String) -> String {
        row[name].number.map { language.percent($0) } ?? "—"
      }
      var uplift = row["uplift"].number.map { language.number(points($0), digits: 1) } ?? "—"
      if let interval = row["upliftInterval"].interval {
        uplift +=
          " [\(language.number(points(interval.lowerBound), digits: 1)); "
          + "\(language.number(points(interval.upperBound), digits: 1))]"
      }
      var isWrong = false
      if case .boolean(true) = row["sampleRatioMismatch"] { isWrong = true }
      if isWrong { table.warned.insert(index) }
      table.rows.append([
        row["trigger"].text, language.number(row["treated"].integer ?? 0),
        language.number(row["control"].integer ?? 0), percent("conversionTreated"),
        percent("conversionControl"), uplift,
        row["extraRevenue"].number.map(language.money) ?? "—",
        language(isWrong ? .mismatch : .asPlanned),
      ])
    }
    table.write(to: &page)
    return page
  }
}
