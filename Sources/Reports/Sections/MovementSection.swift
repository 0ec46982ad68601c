import Tropa

/// How clients passed between RFM segments from one date to another.
enum MovementSection {
  /// Up to so many purchases it is found unasked: two histories of all clients are built for it.
  private static let purchases = 3_000_000

  static let section = Section(
    id: "movement", title: .movement, remedies: ["tropa report DATABASE --since DATE"]
  ) { source in
    guard let start = source.start, let end = source.end, let span = source.span,
      start > span.first
    else { return nil }
    if source.settings.since == nil, span.purchases > purchases { return nil }
    let language = source.language
    let rows = try source.call(
      "crm.segments.compare",
      [
        "method": .string("rfm"), "dates": .list([.date(start), .date(end)]),
        "refit": .boolean(true), "language": .string(language.rawValue),
      ],
      """
      YIELD fromName, toName, clients
      RETURN fromName, toName, clients ORDER BY fromName, toName
      """)
    if rows.isEmpty { return nil }
    var counts: [String: [String: Int]] = [:]
    var later: [String: Int] = [:]
    for row in rows {
      // An empty name: not there on that date.
      let (from, to) = (row["fromName"].text, row["toName"].text)
      let clients = row["clients"].integer ?? 0
      counts[from, default: [:]][to, default: 0] += clients
      later[to, default: 0] += clients
    }
    let names = Set(counts.keys).union(later.keys).subtracting([""])
      .sorted { (later[$1] ?? 0, $0) < (later[$0] ?? 0, $1) }
    let hasLeavers = later[""] != nil
    let sides = names + (counts[""] == nil ? [] : [""])
    let ends = names + (hasLeavers ? [""] : [])
    let map = HeatMap(
      rows: sides.map { $0.isEmpty ? language(.newcomers) : $0 },
      columns: ends.map { $0.isEmpty ? language(.leavers) : $0 },
      cells: sides.map { from in
        let all = (counts[from] ?? [:]).values.reduce(0, +)
        return ends.map { to in
          guard let clients = counts[from]?[to], clients > 0 else { return nil }
          let share = Double(clients) / Double(max(all, 1))
          return HeatMap.Cell(
            shade: share,
            lines: [share < 0.005 ? "<1" : language.number(share * 100, digits: 0)],
            tip: "\(from.isEmpty ? language(.newcomers) : from) → "
              + "\(to.isEmpty ? language(.leavers) : to): \(language.number(clients))")
        }
      }, cellWidth: 52, cellHeight: 28, turnsColumns: true)
    var table = Table(columns: [
      .text(language(.segment)), .number("\(language(.before)), \(language.date(start))"),
      .number("\(language(.after)), \(language.date(end))"), .number(language(.change)),
    ])
    for name in names {
      let before = (counts[name] ?? [:]).values.reduce(0, +)
      let after = later[name] ?? 0
      table.rows.append([
        name, language.number(before), language.number(after), language.signed(after - before),
      ])
    }
    var page = Markup()
    page.note("\(language.date(start)) → \(language.date(end)). \(language(.movementNote))")
    table.write(to: &page)
    page.figure(map.drawing, title: language(.movement))
    return page
  }
}
