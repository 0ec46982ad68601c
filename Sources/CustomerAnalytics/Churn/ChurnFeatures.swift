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
    columns =
      Self.purchaseColumns(purchases, clients, day, horizon)
      + Self.engagementColumns(footprints.views, "view", purchases, clients, day, horizon)
      + Self.engagementColumns(footprints.carts, "cart", purchases, clients, day, horizon)
      + Self.engagementColumns(footprints.sessions, "session", purchases, clients, day, horizon)
      + Self.reviewColumns(footprints.reviews, clients, day)
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
      var (money, lines, products, recentMoney, squares) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for entry in entries {
        money += purchases.amounts[entry]
        lines += purchases.lines[entry]
        products += purchases.novelties[entry]
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
        visits / (tenure + 30), spread, products, lines / visits, recent(max(horizon / 2, 1)),
        recentVisits,
        recentVisits - previous, money, recentMoney, check,
        check > 0 ? purchases.amounts[entries.upperBound - 1] / check : 0, tenure,
      ])
    }
    return columns(
      rows,
      [
        ("recency", .silence), ("silence", .silence), ("lastVisits", .silence),
        ("visits", .frequency), ("interval", .frequency), ("rate", .frequency),
        ("irregularity", .frequency), ("products", .frequency), ("linesPerVisit", .money),
        ("halfVisits", .trend),
        ("recentVisits", .trend), ("trend", .trend), ("revenue", .money),
        ("recentRevenue", .money), ("averageCheck", .money), ("lastCheck", .money),
        ("tenure", .tenure),
      ])
  }

  /// - Parameter kind: of the events, with which the names begin.
  private static func engagementColumns<Event>(
    _ footprints: ClientFootprints<Event>?, _ kind: String, _ purchases: PurchaseTimeline,
    _ clients: [Int], _ day: Int, _ horizon: Int
  ) -> [Column] {
    guard let footprints else { return [] }
    let rows = clients.map { client in
      let range = footprints.range(client, before: day)
      let bought = purchases.entries(of: client, before: day)
      // Who never looked has not looked since the first purchase.
      let last =
        range.isEmpty
        ? purchases.days[bought.lowerBound]
        : Int(flooredDay(footprints.events.events[range.upperBound - 1].seconds))
      return [
        Double(day - last), Double(footprints.count(client, before: day, days: horizon)),
        Double(range.count) / Double(max(bought.count, 1)),
      ]
    }
    return columns(
      rows,
      [
        ("\(kind)Recency", .visits), ("\(kind)sLately", .visits), ("\(kind)sPerVisit", .visits),
      ])
  }

  private static func reviewColumns(
    _ footprints: ClientFootprints<Review>?, _ clients: [Int], _ day: Int
  ) -> [Column] {
    guard let footprints else { return [] }
    let reviews = footprints.events.events
    func marks(_ client: Int, _ mark: KeyPath<Review, Double>) -> [Double] {
      footprints.range(client, before: day).map { reviews[$0][keyPath: mark] }
        .filter { !$0.isNaN }
    }
    /// The mean mark and the last one of each client.
    func levels(_ mark: KeyPath<Review, Double>) -> (means: [Double], last: [Double]) {
      var (sum, count) = (0.0, 0.0)
      for client in clients {
        for value in marks(client, mark) {
          sum += value
          count += 1
        }
      }
      let usual = count > 0 ? sum / count : 0
      let given = clients.map { marks($0, mark) }
      // Without a mark neither better nor worse than usual; a single one says less than many.
      return (
        given.map { (usual + $0.reduce(0, +)) / Double($0.count + 1) },
        given.map { $0.last ?? usual }
      )
    }
    let ratings = levels(\.rating)
    var columns = [
      Column(
        name: "reviews", subject: .reviews,
        values: clients.map { Double(footprints.range($0, before: day).count) }),
      Column(name: "meanRating", subject: .reviews, values: ratings.means),
      Column(name: "lastRating", subject: .reviews, values: ratings.last),
    ]
    // What crm.text.sentiment.write has left. All days have the same columns.
    if reviews.contains(where: { !$0.sentiment.isNaN }) {
      let sentiments = levels(\.sentiment)
      columns += [
        Column(name: "meanSentiment", subject: .reviews, values: sentiments.means),
        Column(name: "lastSentiment", subject: .reviews, values: sentiments.last),
        Column(
          name: "blamingReviews", subject: .reviews,
          values: clients.map { Double(marks($0, \.sentiment).count { $0 <= -0.1 }) }),
      ]
    }
    return columns
  }

  private static func columns(
    _ rows: [[Double]], _ names: [(String, ChurnSubject)]
  ) -> [Column] {
    names.enumerated().map { position, name in
      Column(name: name.0, subject: name.1, values: rows.map { $0[position] })
    }
  }
}
