import Tropa

/// When each client bought, and for how much: one entry a client and day, so that histories can be
/// cut off at any day. Several orders of one day are one visit to the shop.
struct PurchaseTimeline {
  /// In order of node id.
  private(set) var nodes: [NodeID] = []
  /// Entries of client *i* are `starts[i] ..< starts[i + 1]`, in order of day.
  private(set) var starts: [Int] = [0]
  /// Days since 1970-01-01.
  private(set) var days: [Int] = []
  /// Money; purchases of which it is not known count as 0.
  private(set) var amounts: [Double] = []
  /// Lines of orders.
  private(set) var lines: [Double] = []
  /// Products that the client had not bought before.
  private(set) var novelties: [Double] = []
  /// The first day of all.
  private(set) var begin = 0
  /// The day after which nothing is known: purchases are before it.
  private(set) var end = 0

  /// - Parameter referenceDate: nil for the day after the last purchase of all.
  /// - Throws: `QueryError` if purchases have no dates, or nobody bought anything before that day.
  init(
    _ schema: CustomerSchema, _ inventory: GraphInventory, referenceDate: LocalDate?,
    call: ProcedureInvocation
  ) throws {
    let purchases = try Purchases(schema, inventory, call: call)
    if !purchases.events.isEmpty && !purchases.isDated {
      throw schema.missing(.dateProperty, of: "purchase")
    }
    end = Int((referenceDate ?? purchases.dayAfterLast ?? LocalDate(days: 0)).days)
    read(purchases.events)
    guard !nodes.isEmpty else {
      throw QueryError(
        .argumentError, "NoClients",
        "no client has a purchase" + (referenceDate.map { " before \($0)" } ?? ""),
        hint: "check filter and referenceDate in the configuration")
    }
  }

  private mutating func read(_ groups: ClientEvents<Purchase>) {
    let events = groups.events
    var seen: Set<Int64> = []
    begin = end
    for group in groups.nodes.indices {
      let range = groups.range(group, before: Int64(end) * 86_400)
      if range.isEmpty { continue }
      seen.removeAll(keepingCapacity: true)
      var last = Int.min
      for row in range {
        let day = Int(flooredDay(events[row].seconds))
        if day != last {
          days.append(day)
          amounts.append(0)
          lines.append(0)
          novelties.append(0)
          last = day
        }
        let entry = days.count - 1
        if !events[row].amount.isNaN { amounts[entry] += events[row].amount }
        lines[entry] += 1
        let product = events[row].product
        if product != Purchase.noProduct && seen.insert(product).inserted {
          novelties[entry] += 1
        }
      }
      begin = min(begin, days[starts[starts.count - 1]])
      nodes.append(groups.nodes[group])
      starts.append(days.count)
    }
  }

  /// Days that are known.
  var span: Int { end - begin }

  /// The entries of a client before a day.
  func entries(of client: Int, before day: Int) -> Range<Int> {
    starts[client]..<firstEntry(of: client, from: day)
  }

  /// Whether a client buys in `from ..< to`.
  func buys(_ client: Int, from: Int, to: Int) -> Bool {
    let entry = firstEntry(of: client, from: from)
    return entry < starts[client + 1] && days[entry] < to
  }

  /// Days with a purchase in `from ..< to`.
  func visits(_ client: Int, from: Int, to: Int) -> Int {
    max(0, firstEntry(of: client, from: to) - firstEntry(of: client, from: from))
  }

  private func firstEntry(of client: Int, from day: Int) -> Int {
    var low = starts[client]
    var high = starts[client + 1]
    while low < high {
      let middle = (low + high) / 2
      if days[middle] < day { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
