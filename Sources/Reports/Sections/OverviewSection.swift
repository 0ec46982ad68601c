import Tropa

/// The period, counts, and revenue by month.
enum OverviewSection {
  static let section = Section(
    id: "overview", title: .overview, remedies: ["CALL crm.schema.check()"]
  ) { source in
    let language = source.language
    let cohorts = try source.cohorts()
    let months = cohorts.revenueByMonth
    var facts: [(String, String)] = []
    func add(_ phrase: Phrase, _ count: Int?) {
      if let count { facts.append((language(phrase), language.number(count))) }
    }
    if let span = source.span {
      facts.append(
        (language(.period), "\(language.date(span.first)) – \(language.date(span.last))"))
    }
    add(.clients, try source.count("clientLabel"))
    add(.buyers, cohorts.clients)
    add(.purchases, source.span?.purchases)
    facts.append((language(.revenue), language.compact(months.reduce(0) { $0 + $1.revenue })))
    add(.products, try source.count("productLabel"))
    add(.reviews, try source.count("reviewLabel"))

    var page = Markup()
    page.element("dl") { list in
      for (name, value) in facts {
        list.element("div") { fact in
          fact.element("dt", name)
          fact.element("dd", value)
        }
      }
    }
    page.lineBreak()
    let bars = months.suffix(60).map { month, revenue in
      Columns.Bar(
        name: language.month(month), value: revenue,
        tip: "\(language.month(month)): \(language.money(revenue))")
    }
    if bars.count > 1 {
      let chart = Columns(bars: bars, nameStep: max((bars.count + 11) / 12, 1))
      page.figure(
        chart.drawing(language.compact), title: language(.revenueByMonth), showsTitle: true)
    }
    return page
  }
}
