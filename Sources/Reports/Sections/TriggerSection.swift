import Tropa

/// Which triggers were assigned to most clients.
enum TriggerSection {
  static let section = Section(
    id: "triggers", title: .triggers,
    remedies: ["tropa triggers run DATABASE --rules triggers.yaml"]
  ) { source in
    guard let label = source.name("clientLabel") else { return nil }
    let language = source.language
    let rows = try source.query(
      """
      MATCH (c:\(label))-[a:ASSIGNED]->(t:Trigger)
      RETURN t.name AS trigger, max(a.channel) AS channel, count(DISTINCT c) AS clients,
        sum(CASE a.group WHEN 'control' THEN 0 ELSE 1 END) AS treated,
        sum(CASE a.group WHEN 'control' THEN 1 ELSE 0 END) AS control, max(a.sendAt) AS last
      ORDER BY treated DESC, trigger LIMIT 20
      """)
    if rows.isEmpty { return nil }
    var table = Table(columns: [
      .text(language(.trigger)), .text(language(.channel)), .number(language(.clientsReached)),
      .number(language(.sent)), .number(language(.control)), .number(language(.lastTime)),
    ])
    var bars: [Bars.Row] = []
    for row in rows {
      let treated = row["treated"].integer ?? 0
      table.rows.append([
        row["trigger"].text, row["channel"].text, language.number(row["clients"].integer ?? 0),
        language.number(treated), language.number(row["control"].integer ?? 0),
        day(row["last"]).map(language.date) ?? "—",
      ])
      bars.append(.init(name: row["trigger"].text, values: [Double(treated)]))
    }
    var page = Markup()
    let chart = Bars(series: [(language(.sent), Palette.blue)], rows: bars)
    page.figure(
      chart.drawing { language.number($0, digits: 0) }, title: language(.triggers))
    table.write(to: &page)
    return page
  }

  private static func day(_ value: Value) -> LocalDate? {
    switch value {
    case .date(let date): date
    case .localDateTime(let time): time.date
    default: nil
    }
  }
}
