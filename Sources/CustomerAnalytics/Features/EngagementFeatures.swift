import Tropa

extension FeatureSources {
  /// Features of visits: what clients looked at, put into the cart, and how long ago.
  func engagementValues(_ feature: Feature) throws -> FeatureValues {
    switch feature {
    case .views:
      guard let views = try views else { return lacks(.viewType) }
      return .known(counts(views))
    case .viewsPerOrder:
      guard let views = try views else { return lacks(.viewType) }
      return .known(perOrder(counts(views)))
    case .carts:
      guard let carts = try carts else { return lacks(.cartType) }
      return .known(counts(carts))
    case .viewRecency:
      guard let views = try views else { return lacks(.viewType) }
      if !views.isDated { return lacks(.viewDateProperty) }
      return .known(recency(lastSeconds(views)))
    case .visitRecency:
      var last = [Int64](repeating: undated, count: nodes.count)
      var isKnown = false
      func add<Event>(_ events: ClientEvents<Event>?) {
        guard let events, events.isDated else { return }
        isKnown = true
        for (row, seconds) in lastSeconds(events).enumerated() {
          last[row] = max(last[row], seconds)
        }
      }
      add(try sessions)
      add(try views)
      add(try carts)
      return isKnown ? .known(recency(last)) : noVisits
    case .viewConversion: return try conversion()
    case .sessions, .depth: return try visits(feature)
    default: return .missing("it is no feature of engagement", hint: nil)
    }
  }

  private var noVisits: FeatureValues {
    .missing(
      "the graph has no dated sessions, views or cart events",
      hint: "set sessionType, viewType or cartType in `schema` if they are called otherwise")
  }

  // MARK: Counting

  /// How many events each client has before the reference date.
  func counts<Event>(_ events: ClientEvents<Event>) -> [Double] {
    events.groups(of: nodes).map { $0 < 0 ? 0 : Double(events.range($0, before: end).count) }
  }

  func perOrder(_ counts: [Double]) -> [Double] {
    counts.indices.map { counts[$0] / max(frequency[$0], 1) }
  }

  /// The time of the last event before the reference date; `undated` without one.
  private func lastSeconds<Event>(_ events: ClientEvents<Event>) -> [Int64] {
    events.groups(of: nodes).map { group in
      if group < 0 { return undated }
      let range = events.range(group, before: end)
      return range.isEmpty ? undated : events.events[range.upperBound - 1].seconds
    }
  }

  private func recency(_ last: [Int64]) -> [Double] {
    last.map { $0 == undated ? .nan : Double((end - $0) / 86_400) }
  }

  // MARK: Visits

  /// Visits and events in each: sessions of the graph, or, where it has none, views and cart events
  /// with less than `sessionGap` of silence between them.
  private func visits(_ feature: Feature) throws -> FeatureValues {
    let views = try views
    let carts = try carts
    if let sessions = try sessions {
      let counts = counts(sessions)
      if feature == .sessions { return .known(counts) }
      if let depth = meanEvents(sessions) { return .known(depth) }
      if views == nil && carts == nil { return lacks(.sessionEventsProperty) }
      let footprints = self.counts(views, carts)
      return .known(counts.indices.map { counts[$0] > 0 ? footprints[$0] / counts[$0] : .nan })
    }
    let dated = [views, carts].compactMap { $0 }.filter(\.isDated)
    if dated.isEmpty { return noVisits }
    let visits = self.visits(dated)
    if feature == .sessions { return .known(visits) }
    let footprints = counts(dated.first, dated.count > 1 ? dated[1] : nil)
    return .known(visits.indices.map { visits[$0] > 0 ? footprints[$0] / visits[$0] : .nan })
  }

  private func counts(
    _ first: ClientEvents<Footprint>?, _ second: ClientEvents<Footprint>?
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: nodes.count)
    for events in [first, second] {
      guard let events else { continue }
      for (row, count) in counts(events).enumerated() { sums[row] += count }
    }
    return sums
  }

  /// Mean of what sessions say of their events; nil if none says it.
  private func meanEvents(_ sessions: ClientEvents<Session>) -> [Double]? {
    var isKnown = false
    let means = sessions.groups(of: nodes).map { group -> Double in
      if group < 0 { return .nan }
      var sum = 0.0
      var count = 0.0
      for row in sessions.range(group, before: end) where !sessions.events[row].events.isNaN {
        sum += sessions.events[row].events
        count += 1
      }
      if count > 0 { isKnown = true }
      return count > 0 ? sum / count : .nan
    }
    return isKnown ? means : nil
  }

  /// Visits that one or two kinds of footprints are made in, merged in time.
  private func visits(_ footprints: [ClientEvents<Footprint>]) -> [Double] {
    let a = footprints[0]
    let b = footprints.count > 1 ? footprints[1] : ClientEvents<Footprint>()
    let aGroups = a.groups(of: nodes)
    let bGroups = b.groups(of: nodes)
    return nodes.indices.map { row in
      let aRange = aGroups[row] < 0 ? 0..<0 : a.range(aGroups[row], before: end)
      let bRange = bGroups[row] < 0 ? 0..<0 : b.range(bGroups[row], before: end)
      var (i, j) = (aRange.lowerBound, bRange.lowerBound)
      var count = 0
      var last = Int64.min
      while i < aRange.upperBound || j < bRange.upperBound {
        let seconds: Int64
        if j >= bRange.upperBound
          || i < aRange.upperBound && a.events[i].seconds <= b.events[j].seconds
        {
          seconds = a.events[i].seconds
          i += 1
        } else {
          seconds = b.events[j].seconds
          j += 1
        }
        if count == 0 || seconds - last > options.sessionGap { count += 1 }
        last = seconds
      }
      return Double(count)
    }
  }

  // MARK: Conversion

  /// The share of the different products looked at that were bought at the time of the first look or
  /// later; where views or purchases have no dates, at any time.
  private func conversion() throws -> FeatureValues {
    guard let views = try views else { return lacks(.viewType) }
    let purchases = history.purchases
    if !purchases.hasProducts { return lacks(.containsType) }
    let isOrdered = views.isDated && purchases.isDated
    let bought = purchases.events.events
    let viewGroups = views.groups(of: nodes)
    var range = purchases.productRange
    for view in views.events {
      range = min(range.lowerBound, view.product)...max(range.upperBound, view.product)
    }
    var seen = Stamps(range)
    var owned = Stamps(range)
    var lastBought = [Int64](repeating: undated, count: range.count)
    let values = nodes.indices.map { row -> Double in
      if viewGroups[row] < 0 { return .nan }
      let looks = views.range(viewGroups[row], before: end)
      if looks.isEmpty { return .nan }
      let historyRow = historyRows[row]
      if historyRow >= 0 {
        for event in history.ranges[historyRow] where bought[event].product >= 0 {
          _ = owned.isFirst(bought[event].product, of: row)
          lastBought[Int(bought[event].product - range.lowerBound)] = bought[event].seconds
        }
      }
      var products = 0
      var converted = 0
      for look in looks where seen.isFirst(views.events[look].product, of: row) {
        let product = views.events[look].product
        products += 1
        if owned.has(product, of: row),
          !isOrdered || lastBought[Int(product - range.lowerBound)] >= views.events[look].seconds
        {
          converted += 1
        }
      }
      return Double(converted) / Double(products)
    }
    return .known(values)
  }
}
