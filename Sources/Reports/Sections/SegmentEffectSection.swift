import Tropa

/// The measures of each segment in the last period, with intervals.
enum SegmentEffectSection {
  static let section = Section(
    id: "segment-effect", title: .segmentEffect,
    remedies: ["CALL crm.segments.write()", "CALL crm.effect.segments.stream()"]
  ) { source in
    guard let property = try source.segmentProperty() else { return nil }
    let language = source.language
    let names = measures.map(\.name).joined(separator: ", ")
    let rows = try source.call(
      "crm.effect.segments.stream",
      [
        "segmentProperty": .string(property),
        "from": source.start.map { .date($0) } ?? .null,
        "to": source.end.map { .date($0) } ?? .null,
      ],
      """
      YIELD segment, `from`, `to`, clients, revenue, \(names), intervals
      RETURN segment, `from`, `to`, clients, \(names), intervals
      ORDER BY revenue DESC, segment
      """)
    guard let first = rows.first else { return nil }
    var page = Markup()
    if case .date(let from) = first["from"], case .date(let to) = first["to"] {
      let last = LocalDate(days: to.days - 1)
      page.note(
        "\(language.date(from)) – \(language.date(last)). \(language(.segmentEffectNote))")
    }
    func shown(_ measure: Measure, _ value: Double?) -> String {
      guard let value else { return "—" }
      return switch measure.unit {
      case .share: language.percent(value)
      case .money: language.money(value)
      case .points: language.number(value, digits: 1)
      }
    }
    page.element("div", ["class": "pair"]) { pair in
      for measure in measures where measure.isDrawn {
        let points = rows.compactMap { row -> Intervals.Row? in
          guard let value = row[measure.name].number else { return nil }
          return .init(
            name: row["segment"].text, value: value,
            interval: row["intervals"][measure.name].interval)
        }
        if points.isEmpty { continue }
        let chart = Intervals(rows: points)
        pair.figure(
          chart.drawing {
            measure.unit == .share ? language.percent($0, digits: 0) : language.compact($0)
          }, title: language(measure.title), showsTitle: true)
      }
    }
    let known = measures.filter { measure in rows.contains { $0[measure.name].number != nil } }
    var table = Table(
      columns: [.text(language(.segment)), .number(language(.clientsColumn))]
        + known.map { .number(language($0.name == "arpu" ? .arpuColumn : $0.title)) })
    for row in rows {
      table.rows.append(
        [row["segment"].text, language.number(row["clients"].integer ?? 0)]
          + known.map { shown($0, row[$0.name].number) })
    }
    table.write(to: &page)
    return page
  }

  private enum Unit { case share, money, points }

  private struct Measure {
    let name: String
    let title: Phrase
    let unit: Unit
    let isDrawn: Bool
    init(_ name: String, _ title: Phrase, _ unit: Unit, drawn: Bool = false) {
      self.name = name
      self.title = title
      self.unit = unit
      isDrawn = drawn
    }
  }

  private static let measures: [Measure] = [
    .init("retention", .retention, .share, drawn: true),
    .init("conversion", .conversion, .share, drawn: true),
    .init("arpu", .arpu, .money, drawn: true),
    .init("averageCheck", .averageCheck, .money, drawn: true), .init("churn", .churnRate, .share),
    .init("ltv", .ltv, .money), .init("csi", .csi, .points), .init("nps", .nps, .points),
    .init("roi", .roi, .share),
  ]
}
