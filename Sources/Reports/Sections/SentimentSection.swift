import Tropa

/// What reviews say, in all and of delivery, price, quality and service.
enum SentimentSection {
  private static let aspects: [(name: String, title: Phrase)] = [
    ("all", .all), ("delivery", .delivery), ("price", .price), ("quality", .quality),
    ("service", .service),
  ]

  static let section = Section(
    id: "sentiment", title: .sentiment, remedies: ["CALL crm.text.sentiment.write()"]
  ) { source in
    guard let label = source.name("reviewLabel"), try source.has("sentiment", on: "reviewLabel")
    else { return nil }
    let language = source.language
    // The bounds of aspects are those of `SentimentClass`; a review as a whole has its class.
    let rows = try source.query(
      """
      MATCH (r:\(label)) WHERE r.sentiment IS NOT NULL
      UNWIND [
        ['all', CASE r.sentimentClass WHEN 'negative' THEN -1 WHEN 'positive' THEN 1
          WHEN 'neutral' THEN 0 ELSE r.sentiment END],
        ['delivery', r.sentimentDelivery], ['price', r.sentimentPrice],
        ['quality', r.sentimentQuality], ['service', r.sentimentService]
      ] AS pair
      WITH pair[0] AS aspect, pair[1] AS score WHERE score IS NOT NULL
      RETURN aspect, count(*) AS reviews, sum(CASE WHEN score <= -0.1 THEN 1 ELSE 0 END) AS negative,
        sum(CASE WHEN score >= 0.1 THEN 1 ELSE 0 END) AS positive
      """)
    var bars: [StackedBars.Row] = []
    for (name, title) in aspects {
      guard let row = rows.first(where: { $0["aspect"].text == name }),
        let reviews = row["reviews"].integer, reviews > 0
      else { continue }
      func share(_ name: String) -> Double { Double(row[name].integer ?? 0) / Double(reviews) }
      let (negative, positive) = (share("negative"), share("positive"))
      bars.append(
        .init(
          name: language(title), shares: [negative, max(1 - negative - positive, 0), positive],
          note: "\(language.number(reviews)) \(language(.reviews))"))
    }
    if bars.isEmpty { return nil }
    let chart = StackedBars(
      parts: [
        (language(.negative), Palette.orange), (language(.neutral), Palette.rule),
        (language(.positive), Palette.blue),
      ], rows: bars)
    var page = Markup()
    page.note(language(.sentimentNote))
    page.figure(
      chart.drawing { language.percent($0, digits: 0) }, title: language(.sentiment))
    return page
  }
}
