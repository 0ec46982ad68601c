/// What a reason is about. Features of one subject say nearly the same, so their contributions are
/// added up before they are put into words.
enum ChurnSubject: String, CaseIterable {
  case silence, frequency, trend, money, tenure, visits, reviews
}

/// A sentence in both languages.
struct ChurnReason: Equatable {
  var en: String
  var ru: String
}

/// Why a client is at risk, in words: the subjects that push the risk most, each with the client's
/// own figures.
enum ChurnReasons {
  /// At most so many.
  static let limit = 3
  /// Less than this, in ln of the odds, is not worth a word.
  private static let remarkable = 0.1

  /// - Parameters:
  ///   - contributions: of each column, to ln of the odds of leaving.
  ///   - value: a client's feature by name.
  static func reasons(
    _ columns: [ChurnFeatures.Column], contributions: [Double], horizon: Int,
    value: (String) -> Double?
  ) -> [ChurnReason] {
    var sums: [ChurnSubject: Double] = [:]
    for (column, contribution) in zip(columns, contributions) {
      sums[column.subject, default: 0] += contribution
    }
    return ChurnSubject.allCases
      .filter { (sums[$0] ?? 0) >= remarkable }
      .sorted { (sums[$0] ?? 0) > (sums[$1] ?? 0) }
      .prefix(limit)
      .map { sentence($0, horizon, value) }
  }

  private static func sentence(
    _ subject: ChurnSubject, _ horizon: Int, _ value: (String) -> Double?
  ) -> ChurnReason {
    func number(_ name: String) -> Double { value(name) ?? 0 }
    switch subject {
    case .silence:
      return silent(
        days: number("recency"),
        interval: number("visits") > 1 ? number("interval") : nil)
    case .frequency:
      if number("visits") <= 1 {
        return ChurnReason(en: "bought only once", ru: "покупал один раз")
      }
      let days = whole(number("interval"))
      return ChurnReason(
        en: "buys rarely: every \(days) days", ru: "покупает редко: раз в \(days) дн.")
    case .trend:
      let (now, before) = (
        number("recentVisits"), number("recentVisits") - number("trend")
      )
      if now == 0 {
        return ChurnReason(
          en: "no purchase in the last \(horizon) days",
          ru: "нет покупок за последние \(horizon) дн.")
      }
      return now < before
        ? ChurnReason(
          en: "buys less than before: \(whole(now)) after \(whole(before)) in \(horizon) days",
          ru: "покупает реже, чем раньше: \(whole(now)) после \(whole(before)) за \(horizon) дн.")
        : ChurnReason(
          en: "few purchases lately: \(whole(now)) in \(horizon) days",
          ru: "мало покупок за последнее время: \(whole(now)) за \(horizon) дн.")
    case .money:
      let check = whole(number("averageCheck"))
      return ChurnReason(
        en: "spending: average check \(check)", ru: "траты: средний чек \(check)")
    case .tenure:
      let days = whole(number("tenure"))
      return ChurnReason(
        en: "a client for \(days) days", ru: "клиент \(days) дн.")
    case .visits:
      // Of what the graph has, that which says most of visits.
      let kind = ["session", "view", "cart"].first { value("\($0)Recency") != nil } ?? "view"
      let days = whole(number("\(kind)Recency"))
      let count = whole(number("\(kind)sLately"))
      if count == 0 {
        return ChurnReason(
          en: "has not looked in for \(days) days", ru: "не заходит \(days) дн.")
      }
      return ChurnReason(
        en: "looks in little: \(count) times in \(horizon) days",
        ru: "мало заходит: \(count) раз за \(horizon) дн.")
    case .reviews:
      if number("reviews") == 0 {
        return ChurnReason(en: "writes no reviews", ru: "не пишет отзывов")
      }
      let stars = (number("lastRating") * 10).rounded() / 10
      return ChurnReason(
        en: "reviews: the last rating \(stars)", ru: "отзывы: последняя оценка \(stars)")
    }
  }

  /// Silence in days, and in the client's own intervals if there are any.
  static func silent(days: Double, interval: Double?) -> ChurnReason {
    let own = interval.map { (days / max($0, 1) * 10).rounded() / 10 }
    guard let own, own >= 1.5 else {
      return ChurnReason(
        en: "silent for \(whole(days)) days", ru: "молчит \(whole(days)) дн.")
    }
    return ChurnReason(
      en: "silent for \(whole(days)) days, \(own) times the usual interval",
      ru: "молчит \(whole(days)) дн., в \(own) раза дольше обычного")
  }

  static func whole(_ value: Double) -> Int { Int(min(max(value.rounded(), -1e15), 1e15)) }
}
