import Tropa

/// How the risks that were written on the clients are distributed.
enum ChurnSection {
  private static let bins = 20
  /// Clients up to which the model is tested anew, which trains it once more.
  private static let testedClients = 50_000

  private static let tiers: [(names: Set<String>, phrase: Phrase, fill: String)] = [
    (["low", "низкий"], .low, Palette.green), (["medium", "средний"], .medium, Palette.yellow),
    (["high", "высокий"], .high, Palette.orange), (["lost", "ушёл"], .lost, Palette.grey),
  ]

  static let section = Section(
    id: "churn", title: .churn, remedies: ["CALL crm.churn.write()"]
  ) { source in
    guard try source.has("churnRisk", on: "clientLabel"), let label = source.name("clientLabel")
    else { return nil }
    let language = source.language
    let rows = try source.query(
      """
      MATCH (c:\(label)) WHERE c.churnRisk IS NOT NULL
      RETURN toInteger(floor(c.churnRisk * \(bins))) AS bin, c.churnTier AS tier,
        count(*) AS clients, sum(c.rfmMonetary) AS money
      """)
    var counts = [Int](repeating: 0, count: bins)
    var tierOfBin = [Int](repeating: 0, count: bins)
    var largest = [Int](repeating: 0, count: bins)
    var byTier = tiers.map { _ in (clients: 0, money: 0.0) }
    for row in rows {
      let bin = min(max(row["bin"].integer ?? 0, 0), bins - 1)
      let clients = row["clients"].integer ?? 0
      counts[bin] += clients
      guard let tier = tiers.firstIndex(where: { $0.names.contains(row["tier"].text) }) else {
        continue
      }
      byTier[tier].clients += clients
      byTier[tier].money += row["money"].number ?? 0
      if clients > largest[bin] { (largest[bin], tierOfBin[bin]) = (clients, tier) }
    }
    let chart = Columns(
      bars: counts.indices.map { bin in
        let (low, high) = (Double(bin) / Double(bins), Double(bin + 1) / Double(bins))
        return Columns.Bar(
          name: language.percent(low, digits: 0), value: Double(counts[bin]),
          fill: tiers[tierOfBin[bin]].fill,
          tip: "\(language.percent(low, digits: 0)) – \(language.percent(high, digits: 0)): "
            + language.number(counts[bin]))
      }, nameStep: 2, axisTitle: language(.risk))
    var page = Markup()
    page.note(language(.churnNote))
    page.figure(chart.drawing(language.compact), title: language(.churn))
    let all = counts.reduce(0, +)
    let hasMoney = byTier.contains { $0.money != 0 }
    var table = Table(
      columns: [
        .text(language(.tier)), .number(language(.clientsColumn)),
        .number(language(.shareOfClients)),
      ] + (hasMoney ? [.number(language(.moneyAtRisk))] : []))
    for (tier, part) in zip(tiers, byTier) where part.clients > 0 {
      table.rows.append(
        [
          language(tier.phrase), language.number(part.clients),
          language.percent(Double(part.clients) / Double(max(all, 1))),
        ] + (hasMoney ? [language.money(part.money)] : []))
    }
    table.write(to: &page)
    if all <= testedClients, let quality = try? quality(source) { page.note(quality) }
    return page
  }

  /// A sentence about the test on the last period; nil if the history is too short for one.
  private static func quality(_ source: ReportSource) throws -> String? {
    let language = source.language
    guard
      let row = try source.call(
        "crm.churn.stats", ["referenceDate": source.until],
        "YIELD rocAuc, baseRate, liftAt10 RETURN rocAuc, baseRate, liftAt10"
      ).first, let auc = row["rocAuc"].number
    else { return nil }
    var parts = ["\(language(.auc)) \(language.number(auc, digits: 3))"]
    if let rate = row["baseRate"].number {
      parts.append("\(language(.baseRate)) \(language.percent(rate))")
    }
    if let lift = row["liftAt10"].number {
      parts.append("\(language(.liftAtTen)) \(language.number(lift, digits: 2))")
    }
    return "\(language(.churnQuality)) \(parts.joined(separator: "; "))."
  }
}
