import Tropa

/// Scores of recency and frequency as a grid with money as shade, and the named segments.
enum RFMSection {
  static let section = Section(
    id: "rfm", title: .rfm, remedies: ["CALL crm.rfm.stream()"]
  ) { source in
    let language = source.language
    let rows = try rows(source)
    if rows.isEmpty { return nil }
    var grid = [Int: (clients: Int, money: Double)]()
    var segments = [String: (clients: Int, money: Double)]()
    for row in rows {
      let (clients, money) = (row["clients"].integer ?? 0, row["money"].number ?? 0)
      let cell = (row["r"].integer ?? 0) * 10 + (row["f"].integer ?? 0)
      grid[cell, default: (0, 0)].clients += clients
      grid[cell, default: (0, 0)].money += money
      segments[row["segment"].text, default: (0, 0)].clients += clients
      segments[row["segment"].text, default: (0, 0)].money += money
    }
    let total = segments.values.reduce(0) { $0 + $1.money }
    let all = segments.values.reduce(0) { $0 + $1.clients }
    let greatest = grid.values.map(\.money).max() ?? 0
    let scores = 1...5
    let map = HeatMap(
      rows: scores.reversed().map(String.init), columns: scores.map(String.init),
      cells: scores.reversed().map { f in
        scores.map { r in
          guard let cell = grid[r * 10 + f] else { return nil }
          let share = total > 0 ? cell.money / total : 0
          return HeatMap.Cell(
            // The eye tells shares apart by their roots: money is in few cells.
            shade: greatest > 0 ? (max(cell.money, 0) / greatest).squareRoot() : 0,
            lines: [language.number(cell.clients), language.compact(cell.money)],
            tip: "R \(r), F \(f): \(language.percent(share))")
        }
      }, rowTitle: language(.frequencyScore), columnTitle: language(.recencyScore), cellWidth: 128,
      cellHeight: 52)
    var page = Markup()
    page.note(language(.rfmNote))
    page.figure(map.drawing, title: language(.rfm))
    var table = Table(columns: [
      .text(language(.segment)), .number(language(.clientsColumn)),
      .number(language(.shareOfClients)), .number(language(.monetary)),
      .number(language(.shareOfMoney)),
    ])
    for (name, part) in segments.sorted(by: { ($1.value.money, $0.key) < ($0.value.money, $1.key) })
    {
      table.rows.append([
        name, language.number(part.clients),
        language.percent(Double(part.clients) / Double(max(all, 1))), language.money(part.money),
        total > 0 ? language.percent(part.money / total) : "—",
      ])
    }
    page.element("h3", language(.rfmSegments))
    table.write(to: &page)
    return page
  }

  /// Clients and money by scores and segment: those written on the clients, or found now.
  private static func rows(_ source: ReportSource) throws -> QueryResult {
    if try source.hasWrittenRFM(), let label = source.name("clientLabel") {
      return try source.query(
        """
        MATCH (c:\(label)) WHERE c.rfmCell IS NOT NULL
        RETURN c.rfmCell / 100 AS r, c.rfmCell / 10 % 10 AS f, c.rfmSegment AS segment,
          count(*) AS clients, sum(c.rfmMonetary) AS money
        """)
    }
    let name = source.language == .ru ? "segmentRu" : "segment"
    return try source.call(
      "crm.rfm.stream", ["referenceDate": source.until],
      """
      YIELD r, f, monetary, \(name) AS segment
      RETURN r, f, segment, count(*) AS clients, sum(monetary) AS money
      """)
  }
}
