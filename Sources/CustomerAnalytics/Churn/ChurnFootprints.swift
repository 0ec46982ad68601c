import Tropa

/// All that clients left behind, in time. Properties that algorithms wrote on the clients are not
/// among it: they were computed from the whole graph, so from what came after a cut-off too.
struct ChurnFootprints {
  let purchases: PurchaseTimeline
  let views: ClientFootprints<Footprint>?
  let carts: ClientFootprints<Footprint>?
  let sessions: ClientFootprints<Session>?
  let reviews: ClientFootprints<Review>?

  /// - Parameter engagement: whether to look at more than purchases.
  init(
    _ schema: CustomerSchema, referenceDate: LocalDate?, engagement: Bool,
    call: ProcedureInvocation
  ) throws {
    let inventory = try GraphInventory(call)
    let purchases = try PurchaseTimeline(
      schema, inventory, referenceDate: referenceDate, call: call)
    self.purchases = purchases
    func dated<Event>(_ events: ClientEvents<Event>?) -> ClientFootprints<Event>? {
      guard let events, events.isDated, !events.isEmpty else { return nil }
      return ClientFootprints(events: events, groups: events.groups(of: purchases.nodes))
    }
    guard engagement else {
      (views, carts, sessions, reviews) = (nil, nil, nil, nil)
      return
    }
    views = dated(
      try ClientEvents<Footprint>(.viewType, date: .viewDateProperty, schema, inventory, call))
    carts = dated(
      try ClientEvents<Footprint>(.cartType, date: .cartDateProperty, schema, inventory, call))
    sessions = dated(try ClientEvents<Session>(schema, inventory, call))
    reviews = dated(try ClientEvents<Review>(schema, inventory, call))
  }
}

/// Events of one kind by the clients of a timeline.
struct ClientFootprints<Event: ClientEvent> {
  let events: ClientEvents<Event>
  /// The group of each client; -1 for those without events.
  let groups: [Int]

  /// Events of a client before a day, as a range of `events.events`.
  func range(_ client: Int, before day: Int) -> Range<Int> {
    groups[client] < 0 ? 0..<0 : events.range(groups[client], before: Int64(day) * 86_400)
  }

  /// How many of them are in the `days` before the day.
  func count(_ client: Int, before day: Int, days: Int) -> Int {
    let all = range(client, before: day)
    let old = range(client, before: day - days)
    return all.count - old.count
  }
}
