import Tropa

/// The segments that were written on the clients: size, money, what they like.
enum SegmentSection {
  static let section = Section(
    id: "segments", title: .segments,
    remedies: ["CALL crm.segments.write()", "CALL crm.rfm.write()"]
  ) { source in
    guard let property = try source.segmentProperty() else { return nil }
    let language = source.language
    let rows = try rows(source, property)
    let favourites = try favourites(source, property)
    let allClients = rows.reduce(0) { $0 + ($1["clients"].integer ?? 0) }
    let allMoney = rows.reduce(0) { $0 + ($1["money"].number ?? 0) }
    var table = Table(columns: [
      .text(language(.segment)), .number(language(.clientsColumn)),
      .number(language(.shareOfClients)), .number(language(.shareOfMoney)),
      .number(language(.recency)), .number(language(.frequency)), .number(language(.monetary)),
      .text(language(.favourite)),
    ])
    var bars: [Bars.Row] = []
    for row in rows {
      let name = row["segment"].text
      let clients = row["clients"].integer ?? 0
      let share = Double(clients) / Double(max(allClients, 1))
      let money = row["money"].number.flatMap { allMoney > 0 ? $0 / allMoney : nil }
      func mean(_ feature: String, _ digits: Int) -> String {
        row[feature].number.map { language.number($0, digits: digits) } ?? "—"
      }
      table.rows.append([
        name, language.number(clients), language.percent(share),
        money.map { language.percent($0) } ?? "—", mean("recency", 0), mean("frequency", 1),
        row["monetary"].number.map(language.money) ?? "—", favourites[name] ?? "",
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

  /// Clients, means and money of each segment: of the measures that `crm.rfm.write` left, or found
  /// now.
  private static func rows(_ source: ReportSource, _ property: String) throws -> QueryResult {
    if try source.hasWrittenRFM(), let label = source.name("clientLabel") {
      let segment = "c.\(ReportSource.quoted(property))"
      return try source.query(
        """
        MATCH (c:\(label)) WHERE \(segment) IS NOT NULL
        RETURN \(segment) AS segment, count(*) AS clients, avg(c.rfmRecency) AS recency,
          avg(c.rfmFrequency) AS frequency, avg(c.rfmMonetary) AS monetary,
          sum(c.rfmMonetary) AS money
        ORDER BY money DESC, clients DESC
        """)
    }
    return try source.call(
      "crm.segments.profile",
      [
        "property": .string(property), "referenceDate": source.until,
        "features": .list([.string("recency"), .string("frequency"), .string("monetary")]),
      ],
      """
      YIELD segment, clients, means
      RETURN segment, clients, means.recency AS recency, means.frequency AS frequency,
        means.monetary AS monetary, means.monetary * clients AS money
      ORDER BY money DESC, clients DESC
      """)
  }

  /// By segment the category of which it buys most beyond what all clients do.
  private static func favourites(
    _ source: ReportSource, _ property: String
  ) throws -> [String: String] {
    guard source.hasProducts, let category = source.category else { return [:] }
    let rows = try source.query(
      """
      \(source.purchases)\(category.match)
      WITH c.\(ReportSource.quoted(property)) AS part, \(category.text) AS category
      WHERE category IS NOT NULL
      RETURN part, category, count(*) AS purchases
      """)
    let segments = Set(rows.map { $0["part"] }).filter { $0 != .null }
    let table = CategoryPurchases(rows, Array(segments), 1000)
    var names: [String: String] = [:]
    for (index, segment) in table.parts.enumerated() {
      guard let best = table.favourites(index).first else { continue }
      names[segment.text] = table.categories[best.category]
    }
    return names
  }
}
