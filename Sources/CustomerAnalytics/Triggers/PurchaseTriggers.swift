import Tropa

/// Triggers that purchases themselves pull.
extension TriggerFinder {
  private typealias Candidate = TriggerCandidates.Candidate

  // MARK: Replenishment

  /// Clients who bought a product, or of a category, on several days, and are about to need it again:
  /// its own interval is the time from the first to the last of these days by their number less one.
  /// It is due `early` days before that has passed since the last, and until `until` times it has.
  func replenishment(
    _ kind: TriggerRule.Replenishment, _ purchases: Purchases, isRussian: Bool
  ) throws -> TriggerCandidates {
    if !purchases.hasProducts { throw schema.missing(.containsType, of: "order") }
    var categories: ProductCategories?
    if kind.unit == .category {
      categories = try ProductCategories(schema, inventory, call)
      if categories == nil { throw schema.missing(.categoryProperty, of: "product") }
    }
    let events = purchases.events
    var candidates: [Candidate] = []
    var bought: [(item: Int64, day: Int64)] = []
    for group in events.nodes.indices {
      if group & 0xFFFF == 0 { try call.checkCancellation() }
      guard let client = audience.row(Int64(events.nodes[group].rawValue)) else { continue }
      bought.removeAll(keepingCapacity: true)
      for event in events.events[events.range(group, before: settings.now + 1)] {
        var item = event.product
        if let categories { item = Int64(categories.category(of: item)) }
        if item >= 0 { bought.append((item, flooredDay(event.seconds))) }
      }
      if bought.count < kind.purchases { continue }
      bought.sort { ($0.item, $0.day) < ($1.item, $1.day) }
      var best: Candidate?
      var mostOverdue = 0.0
      var start = 0
      while start < bought.count {
        var end = start + 1
        var days = 1
        while end < bought.count && bought[end].item == bought[start].item {
          if bought[end].day != bought[end - 1].day { days += 1 }
          end += 1
        }
        if days >= kind.purchases {
          let interval = Double(bought[end - 1].day - bought[start].day) / Double(days - 1)
          let silence = Double(settings.today - bought[end - 1].day)
          let isDue =
            silence >= interval - Double(kind.early) && silence <= interval * kind.until
            && silence > 0
          // The one that is the most overdue by its own measure.
          if isDue, silence / interval > mostOverdue {
            mostOverdue = silence / interval
            best = Candidate(
              client: Int32(client), first: interval.rounded(), second: silence)
            if categories == nil {
              best?.product = bought[start].item
            } else {
              best?.row = Int32(bought[start].item)
            }
          }
        }
        start = end
      }
      if let best { candidates.append(best) }
    }
    var found = TriggerCandidates()
    found.set(candidates)
    found.measures = ["days", "silence"]
    if let categories { found.columns["category"] = categories.names.map { .string($0) } }
    found.reason = { candidate in
      let interval = Self.rounded(candidate.first, 0)
      let silence = Self.rounded(candidate.second, 0)
      return isRussian
        ? "покупает раз в \(interval) дн., последний раз \(silence) дн. назад"
        : "buys it every \(interval) days, last \(silence) days ago"
    }
    return found
  }

  // MARK: Thanks

  /// Clients who bought today or in the days before, for enough money.
  func thankYou(
    _ kind: TriggerRule.ThankYou, _ purchases: Purchases, isRussian: Bool
  ) throws -> TriggerCandidates {
    let events = purchases.events
    let start = (settings.today - Int64(kind.within)) * 86_400
    var candidates: [Candidate] = []
    for group in events.nodes.indices {
      if group & 0xFFFF == 0 { try call.checkCancellation() }
      let all = events.range(group, before: settings.now + 1)
      let before = events.range(group, before: start)
      if before.upperBound == all.upperBound || kind.isFirstOnly && !before.isEmpty { continue }
      guard let client = audience.row(Int64(events.nodes[group].rawValue)) else { continue }
      var candidate = Candidate(client: Int32(client))
      var dearest = -Double.infinity
      for event in events.events[before.upperBound..<all.upperBound] {
        let amount = event.amount.isNaN ? 0 : event.amount
        candidate.first += amount
        if amount > dearest {
          dearest = amount
          candidate.product = event.product
        }
      }
      if candidate.first >= kind.least { candidates.append(candidate) }
    }
    var found = TriggerCandidates()
    found.set(candidates)
    found.measures = ["amount"]
    let hasAmounts = purchases.hasAmounts
    found.reason = { candidate in
      let amount = hasAmounts ? " " + Self.rounded(candidate.first, 2) : ""
      if kind.isFirstOnly { return (isRussian ? "первая покупка" : "first purchase") + amount }
      return (isRussian ? "покупка" : "purchase") + amount
    }
    return found
  }

  // MARK: Next best product

  /// For each client the product that goes best with what the client bought last and that the client
  /// never bought.
  func nextBest(
    _ kind: TriggerRule.NextBest, _ purchases: Purchases, isRussian: Bool
  ) throws -> TriggerCandidates {
    if !purchases.hasProducts { throw schema.missing(.containsType, of: "order") }
    let events = purchases.events
    let earliest = kind.within.map { settings.today - Int64($0) } ?? .min
    var baskets = Baskets(last: kind.basket)
    var clients: [Int] = []
    var isRecent: [Bool] = []
    for group in events.nodes.indices {
      let range = events.range(group, before: settings.now + 1)
      guard !range.isEmpty, let client = audience.row(Int64(events.nodes[group].rawValue)) else {
        continue
      }
      baskets.add(events.events[range].lazy.map(\.product))
      clients.append(client)
      isRecent.append(flooredDay(events.events[range.upperBound - 1].seconds) >= earliest)
    }
    let similar = try SimilarProducts(baskets, support: kind.support) {
      try call.checkCancellation()
    }
    var scorer = NextBestScorer(baskets, similar)
    var candidates: [Candidate] = []
    for (basket, client) in clients.enumerated() where isRecent[basket] {
      if basket & 0xFFFF == 0 { try call.checkCancellation() }
      if let best = scorer.best(basket) {
        candidates.append(
          Candidate(client: Int32(client), product: best.product, first: best.score))
      }
    }
    var found = TriggerCandidates()
    found.set(candidates)
    found.measures = ["score"]
    let reason =
      isRussian ? "подходит к последним покупкам" : "goes with what was bought last"
    found.reason = { _ in reason }
    return found
  }
}
