import Segmentation
import Tropa

/// What is known of clients at the start of a day: features from before it, and nothing after.
struct ChurnFeatures {
  /// A feature and the subject under which it is explained.
  struct Column {
    var name: String
    var subject: ChurnSubject
    var values: [Double]
  }

  /// The day; purchases on and after it are not known.
  let day: Int
  /// Positions in the timeline of the clients with a purchase before the day.
  let clients: [Int]
  let columns: [Column]

  var matrix: Matrix { Matrix(columns: columns.map(\.values)) }

  func column(_ name: String) -> [Double]? { columns.first { $0.name == name }?.values }

  init(_ footprints: ChurnFootprints, at day: Int, horizon: Int, activeWindow: Int? = nil) {
    self.day = day
    let purchases = footprints.purchases
    var clients: [Int] = []
    for client in purchases.nodes.indices {
      let entries = purchases.entries(of: client, before: day)
      guard let last = entries.last else { continue }
      if let activeWindow, day - purchases.days[last] > activeWindow { continue }
      clients.append(client)
    }
    self.clients = clients
    var columns = Self.purchaseColumns(purchases, clients, day, horizon)
    if let views = footprints.views {
      columns += Self.viewColumns(views, purchases, clients, day, horizon)
    }
    if let reviews = footprints.reviews {
      columns += Self.reviewColumns(reviews, clients, day, horizon)
    }
    self.columns = columns
  }

  /// Whether each client buys nothing in the `horizon` from the day on.
  func departures(_ purchases: PurchaseTimeline, horizon: Int) -> [Bool] {
    clients.map { !purchases.buys($0, from: day, to: day + horizon) }
  }

  private static func purchaseColumns(
    _ purchases: PurchaseTimeline, _ clients: [Int], _ day: Int, _ horizon: Int
  ) -> [Column] {
    var rows: [[Double]] = []
    rows.reserveCapacity(clients.count)
    let days = purchases.days
    for client in clients {
      let entries = purchases.entries(of: client, before: day)
      let visits = Double(entries.count)
      let (first, last) = (days[entries.lowerBound], days[entries.upperBound - 1])
      let tenure = Double(day - first)
      let recency = Double(day - last)
      let interval = visits > 1 ? Double(last - first) / (visits - 1) : tenure
      var (money, lines, recentMoney, squares) = (0.0, 0.0, 0.0, 0.0)
      for entry in entries {
        money += purchases.amounts[entry]
        lines += purchases.lines[entry]
        if days[entry] >= day - horizon { recentMoney += purchases.amounts[entry] }
        if entry > entries.lowerBound {
          let gap = Double(days[entry] - days[entry - 1]) - interval
          squares += gap * gap
        }
      }
      let spread = visits > 2 ? (squares / (visits - 2)).squareRoot() / max(interval, 1) : 0
      func recent(_ length: Int) -> Double {
        Double(purchases.visits(client, from: day - length, to: day))
      }
      let recentVisits = recent(horizon)
      let previous = Double(
        purchases.visits(client, from: day - 2 * horizon, to: day - horizon))
      let check = money / visits
      rows.append([
        recency, recency / (interval + 1), recent(max(horizon / 4, 1)), visits, interval,
        visits / (tenure + 30), spread, lines / visits, recent(max(horizon / 2, 1)), recentVisits,
        recentVisits - previous, money, recentMoney, check,
        check > 0 ? purchases.amounts[entries.upperBound - 1] / check : 0, tenure,
      ])
    }
    return columns(
      rows,
      [
        ("recency", .silence), ("silence", .silence), ("lastVisits", .silence),
        ("visits", .frequency), ("interval", .frequency), ("rate", .frequency),
        ("irregularity", .frequency), ("linesPerVisit", .money), ("halfVisits", .trend),
        ("recentVisits", .trend), ("trend", .trend), ("revenue", .money),
        ("recentRevenue", .money), ("averageCheck", .money), ("lastCheck", .money),
        ("tenure", .tenure),
      ])
  }

  private static func viewColumns(
    _ views: EventTimeline, _ purchases: PurchaseTimeline, _ clients: [Int], _ day: Int,
    _ horizon: Int
  ) -> [Column] {
    let rows = clients.map { client in
      let entries = views.entries(of: client, before: day)
      let recent = views.entries(of: client, from: day - horizon, before: day)
      let first = purchases.days[purchases.entries(of: client, before: day).lowerBound]
      let count = entries.reduce(0) { $0 + views.counts[$1] }
      // Who never looked has not looked since the first purchase.
      let last = entries.last.map { views.days[$0] } ?? first
      return [
        Double(day - last), recent.reduce(0) { $0 + views.counts[$1] },
        count / Double(max(purchases.entries(of: client, before: day).count, 1)),
      ]
    }
    return columns(
      rows,
      [("viewRecency", .visits), ("recentViews", .visits), ("viewsPerVisit", .visits)])
  }

  private static func reviewColumns(
    _ reviews: EventTimeline, _ clients: [Int], _ day: Int, _ horizon: Int
  ) -> [Column] {
    let stars = reviews.values.indices
      .filter { reviews.days[$0] < day && !reviews.values[$0].isNaN }
      .map { reviews.values[$0] }
    let usual = stars.isEmpty ? 0 : stars.reduce(0, +) / Double(stars.count)
    let rows = clients.map { client in
      let entries = reviews.entries(of: client, before: day)
      let given = entries.map { reviews.values[$0] }.filter { !$0.isNaN }
      // Without a rating neither better nor worse than usual; a single one says less than many.
      let mean = (usual + given.reduce(0, +)) / Double(given.count + 1)
      return [
        entries.reduce(0) { $0 + reviews.counts[$1] }, mean, given.last ?? usual,
      ]
    }
    return columns(
      rows, [("reviews", .reviews), ("meanRating", .reviews), ("lastRating", .reviews)])
  }

  private static func columns(
    _ rows: [[Double]], _ names: [(String, ChurnSubject)]
  ) -> [Column] {
    names.enumerated().map { position, name in
      Column(name: name.0, subject: name.1, values: rows.map { $0[position] })
    }
  }
}

/// All that clients left behind, by day.
struct ChurnFootprints {
  var purchases: PurchaseTimeline
  var views: EventTimeline?
  var reviews: EventTimeline?
}
