import Tropa

/// The period, counts, and revenue by month.
enum OverviewSection {
  static let section = Section(
    id: "overview", title: .overview, remedies: ["CALL crm.schema.check()"]
  ) { source in
    let language = source.language
    let months = try MonthlyRevenue(source)
    var facts: [(String, String)] = []
    func add(_ phrase: Phrase, _ count: Int?) {
      if let count { facts.append((language(phrase), language.number(count))) }
    }
    if let span = source.span {
      facts.append(
        (language(.period), "\(language.date(span.first)) – \(language.date(span.last))"))
    }
    add(.clients, try source.count("clientLabel"))
    add(.buyers, months.buyers)
    add(.purchases, source.span?.purchases)
    facts.append((language(.revenue), language.compact(months.total)))
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
    let bars = months.months.suffix(60).map { month in
      Columns.Bar(
        name: language.month(month.start), value: month.revenue,
        tip: "\(language.month(month.start)): \(language.money(month.revenue))")
    }
    if bars.count > 1 {
      let chart = Columns(bars: bars, nameStep: max((bars.count + 11) / 12, 1))
      page.figure(
        chart.drawing(language.compact), title: language(.revenueByMonth), showsTitle: true)
    }
    return page
  }
}

/// Revenue of each month, from the cohorts: what each cohort brought in its n-th month.
struct MonthlyRevenue {
  private(set) var months: [(start: LocalDate, revenue: Double)] = []
  private(set) var buyers = 0
  var total: Double { months.reduce(0) { $0 + $1.revenue } }

  init(_ source: ReportSource) throws {
    let rows = try source.call(
      "crm.cohorts.stats",
      [
        "periods": .integer(10_000),
        "referenceDate": source.settings.until.map { .date($0) } ?? .null,
      ],
      """
      YIELD cohort, period, clients, revenue
      WITH cohort.year * 12 + cohort.month - 1 + period AS month, sum(revenue) AS revenue,
        sum(CASE period WHEN 0 THEN clients ELSE 0 END) AS buyers
      RETURN date({year: month / 12, month: month % 12 + 1}) AS month, revenue, buyers
      ORDER BY month
      """)
    for row in rows {
      buyers += row["buyers"].integer ?? 0
      guard case .date(let start) = row["month"] else { continue }
      months.append((start, row["revenue"].number ?? 0))
    }
  }
}
