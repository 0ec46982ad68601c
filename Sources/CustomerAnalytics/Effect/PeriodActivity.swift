import Tropa

/// What clients did in a period and in the one before it, of the same length.
struct PeriodActivity {
  /// A row for each client who ever did anything before the period's end.
  let nodes: [NodeID]
  let from: LocalDate
  let to: LocalDate

  /// Purchases less returns, times the margin.
  private(set) var gain: [Double]
  private(set) var revenue: [Double]
  private(set) var orders: [Double]
  /// Of the whole time before the period's end.
  private(set) var gainSoFar: [Double]
  /// 1 or 0: bought in the period; bought, visited, reviewed in it; bought in the period before;
  /// bought for the first time in it.
  private(set) var isBuyer: [Double]
  private(set) var isActive: [Double]
  private(set) var wasBuyer: [Double]
  private(set) var isNew: [Double]
  /// Ratings of the period: how many, and on a scale from 0 to 10 their sum, promoters (9 and more)
  /// and detractors (below 7).
  private(set) var ratings: [Double]
  private(set) var ratingSum: [Double]
  private(set) var promoters: [Double]
  private(set) var detractors: [Double]

  struct Settings {
    var from: LocalDate?
    var to: LocalDate?
    /// Share of the revenue that is gain.
    var margin = 1.0
    /// The lowest and highest rating that there can be.
    var ratingScale = (low: 1.0, high: 5.0)
  }

  /// - Throws: `QueryError` for a graph without dated purchases with amounts, and a period that is
  ///   empty.
  init(
    _ schema: CustomerSchema, _ settings: Settings, call: ProcedureInvocation
  ) throws {
    let inventory = try GraphInventory(call)
    let purchases = try Purchases(schema, inventory, call: call)
    try purchases.requireDatesAndAmounts(schema)
    to = settings.to ?? purchases.dayAfterLast ?? LocalDate(days: 0)
    from = settings.from ?? LocalDate(days: to.days - 90)
    guard from < to else {
      throw QueryError(
        .argumentError, "InvalidPeriod", "the period from \(from) to \(to) has no day",
        hint: "`to` is the first day that does not count")
    }
    let views = try ClientEvents<Footprint>(
      .viewType, date: .viewDateProperty, schema, inventory, call)
    let sessions = try ClientEvents<Session>(schema, inventory, call)
    let reviews = try ClientEvents<Review>(schema, inventory, call)

    let end = to.days * 86_400
    var clients = Set(purchases.events.clients(before: end))
    clients.formUnion(views?.clients(before: end) ?? [])
    clients.formUnion(sessions?.clients(before: end) ?? [])
    clients.formUnion(reviews?.clients(before: end) ?? [])
    nodes = clients.sorted().map { NodeID($0) }
    let zeros = [Double](repeating: 0, count: nodes.count)
    (gain, revenue, orders, gainSoFar) = (zeros, zeros, zeros, zeros)
    (isBuyer, isActive, wasBuyer, isNew) = (zeros, zeros, zeros, zeros)
    (ratings, ratingSum, promoters, detractors) = (zeros, zeros, zeros, zeros)
    addPurchases(purchases, margin: settings.margin)
    try call.checkCancellation()
    if let views { addVisits(views) }
    if let sessions { addVisits(sessions) }
    if let reviews {
      addVisits(reviews)
      addRatings(reviews, settings.ratingScale)
    }
  }

  private func seconds(_ date: LocalDate) -> Int64 { date.days * 86_400 }

  private mutating func addPurchases(_ purchases: Purchases, margin: Double) {
    let (start, end) = (seconds(from), seconds(to))
    let before = start - (end - start)
    let events = purchases.events.events
    var distinct = DistinctCounter()
    for (row, group) in purchases.events.groups(of: nodes).enumerated() where group >= 0 {
      let all = purchases.events.range(group, before: end)
      let earlier = purchases.events.range(group, before: start)
      for event in all where !events[event].amount.isNaN {
        gainSoFar[row] += margin * events[event].amount
      }
      wasBuyer[row] = earlier.last.map { events[$0].seconds >= before ? 1 : 0 } ?? 0
      let inPeriod = earlier.upperBound..<all.upperBound
      if inPeriod.isEmpty { continue }
      isBuyer[row] = 1
      isActive[row] = 1
      isNew[row] = earlier.isEmpty ? 1 : 0
      for event in inPeriod where !events[event].amount.isNaN {
        revenue[row] += events[event].amount
      }
      gain[row] = margin * revenue[row]
      orders[row] = Double(purchases.orders(in: inPeriod, &distinct))
    }
  }

  private mutating func addVisits<Event>(_ visits: ClientEvents<Event>) {
    guard visits.isDated else { return }
    let (start, end) = (seconds(from), seconds(to))
    for (row, group) in visits.groups(of: nodes).enumerated() where group >= 0 {
      guard let last = visits.range(group, before: end).last else { continue }
      if visits.events[last].seconds >= start { isActive[row] = 1 }
    }
  }

  private mutating func addRatings(
    _ reviews: ClientEvents<Review>, _ scale: (low: Double, high: Double)
  ) {
    guard reviews.isDated else { return }
    let (start, end) = (seconds(from), seconds(to))
    for (row, group) in reviews.groups(of: nodes).enumerated() where group >= 0 {
      for event in reviews.range(group, before: end) {
        let review = reviews.events[event]
        guard review.seconds >= start, !review.rating.isNaN else { continue }
        let score = (review.rating - scale.low) / (scale.high - scale.low) * 10
        ratings[row] += 1
        ratingSum[row] += score
        if score >= 9 { promoters[row] += 1 }
        if score < 7 { detractors[row] += 1 }
      }
    }
  }
}

extension ClientEvents {
  /// Ids of the clients who have done anything before a time.
  fileprivate func clients(before seconds: Int64) -> [UInt64] {
    nodes.indices.lazy.filter { !range($0, before: seconds).isEmpty }.map { nodes[$0].rawValue }
  }
}
