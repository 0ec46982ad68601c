import Tropa

/// The segments that were written on the clients: size, money, what they like.
enum SegmentSection {
  static let section = Section(
    id: "segments", title: .segments,
    remedies: ["CALL crm.segments.write()", "CALL crm.rfm.write()"]
  ) { source in
    guard let property = try source.segmentProperty() else { return nil }
    let language = source.language
    let rows = try source.call(
      "crm.segments.profile",
      [
        "property": .string(property),
        "features": .list([.string("recency"), .string("frequency"), .string("monetary")]),
        "referenceDate": source.settings.until.map { .date($0) } ?? .null,
      ],
      """
      YIELD segment, clients, share, revenueShare, means, category
      RETURN segment, clients, share, revenueShare, means, category
      ORDER BY coalesce(revenueShare, 0) DESC, clients DESC
      """)
    var table = Table(columns: [
      .text(language(.segment)), .number(language(.clientsColumn)),
      .number(language(.shareOfClients)), .number(language(.shareOfMoney)),
      .number(language(.recency)), .number(language(.frequency)), .number(language(.monetary)),
      .text(language(.favourite)),
    ])
    var bars: [Bars.Row] = []
    for row in rows {
      let name = row["segment"].text
      let (share, money) = (row["share"].number ?? 0, row["revenueShare"].number)
      func mean(_ feature: String, _ digits: Int) -> String {
        row["means"][feature].number.map { language.number($0, digits: digits) } ?? "—"
      }
      table.rows.append([
        name, language.number(row["clients"].integer ?? 0), language.percent(share),
        money.map { language.percent($0) } ?? "—", mean("recency", 0), mean("frequency", 1),
        row["means"]["monetary"].number.map(language.money) ?? "—", row["category"].text,
      ])
      bars.append(.init(name: name, values: [share, money ?? .nan]))
    }
    var page = Markup()
    page.note(language(.segmentsNote))
    let chart = Bars(
      series: [
        (language(.shareOfClients), Palette.sky), (language(.shareOfMoney), Palette.blue),
      ], rows: bars)
    page.figure(chart.drawing { language.percent($0) }, title: language(.segments))
    table.write(to: &page)
    return page
  }
}
