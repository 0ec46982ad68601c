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
    var writer = ColumnWriter(
      clients.count,
      [
        ("recency", .silence), ("silence", .silence), ("lastVisits", .silence),
        ("visits", .frequency), ("interval", .frequency), ("rate", .frequency),
        ("irregularity", .frequency), ("products", .frequency), ("linesPerVisit", .money),
        ("halfVisits", .trend), ("recentVisits", .trend), ("trend", .trend), ("revenue", .money),
        ("recentRevenue", .money), ("averageCheck", .money), ("lastCheck", .money),
        ("tenure", .tenure),
      ])
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
      writer.put(recency)
      writer.put(recency / (interval + 1))
      writer.put(recent(max(horizon / 4, 1)))
      writer.put(visits)
      writer.put(interval)
      writer.put(visits / (tenure + 30))
      writer.put(spread)
      writer.put(products)
      writer.put(lines / visits)
      writer.put(recent(max(horizon / 2, 1)))
      writer.put(recentVisits)
      writer.put(recentVisits - previous)
      writer.put(money)
      writer.put(recentMoney)
      writer.put(check)
      writer.put(check > 0 ? purchases.amounts[entries.upperBound - 1] / check : 0)
      writer.put(tenure)
    }
    return writer.columns
  }

  /// - Parameter kind: of the events, with which the names begin.
  private static func engagementColumns<Event>(
    _ footprints: ClientFootprints<Event>?, _ kind: String, _ purchases: PurchaseTimeline,
    _ clients: [Int], _ day: Int, _ horizon: Int
  ) -> [Column] {
    guard let footprints else { return [] }
    var writer = ColumnWriter(
      clients.count,
      [
        ("\(kind)Recency", .visits), ("\(kind)sLately", .visits), ("\(kind)sPerVisit", .visits),
      ])
    for client in clients {
      let range = footprints.range(client, before: day)
      let bought = purchases.entries(of: client, before: day)
      // Who never looked has not looked since the first purchase.
      let last =
        range.isEmpty
        ? purchases.days[bought.lowerBound]
        : Int(flooredDay(footprints.events.events[range.upperBound - 1].seconds))
      writer.put(Double(day - last))
      writer.put(Double(footprints.count(client, before: day, days: horizon)))
      writer.put(Double(range.count) / Double(max(bought.count, 1)))
    }
    return writer.columns
  }

  private static func reviewColumns(
    _ footprints: ClientFootprints<Review>?, _ clients: [Int], _ day: Int
  ) -> [Column] {
    guard let footprints else { return [] }
    let reviews = footprints.events.events
    /// Sum, number and last of the marks of some reviews; NaN without one.
    func marks(
      _ range: Range<Int>, _ mark: (Review) -> Double
    ) -> (sum: Double, count: Double, last: Double) {
      var (sum, count, last) = (0.0, 0.0, Double.nan)
      for row in range {
        let value = mark(reviews[row])
        if value.isNaN { continue }
        sum += value
        count += 1
        last = value
      }
      return (sum, count, last)
    }
    func usual(_ mark: (Review) -> Double) -> Double {
      var (sum, count) = (0.0, 0.0)
      for client in clients {
        let given = marks(footprints.range(client, before: day), mark)
        sum += given.sum
        count += given.count
      }
      return count > 0 ? sum / count : 0
    }
    var names: [(String, ChurnSubject)] = [
      ("reviews", .reviews), ("meanRating", .reviews), ("lastRating", .reviews),
    ]
    // What crm.text.sentiment.write has left. All days have the same columns.
    let hasSentiment = reviews.contains { !$0.sentiment.isNaN }
    if hasSentiment {
      names += [
        ("meanSentiment", .reviews), ("lastSentiment", .reviews), ("blamingReviews", .reviews),
      ]
    }
    let usualRating = usual { $0.rating }
    let usualSentiment = hasSentiment ? usual { $0.sentiment } : 0
    var writer = ColumnWriter(clients.count, names)
    func put(_ given: (sum: Double, count: Double, last: Double), _ usual: Double) {
      // Without a mark neither better nor worse than usual; a single one says less than many.
      writer.put((usual + given.sum) / (given.count + 1))
      writer.put(given.count > 0 ? given.last : usual)
    }
    for client in clients {
      let range = footprints.range(client, before: day)
      writer.put(Double(range.count))
      put(marks(range) { $0.rating }, usualRating)
      if !hasSentiment { continue }
      put(marks(range) { $0.sentiment }, usualSentiment)
      writer.put(Double(range.count { reviews[$0].sentiment <= -0.1 }))
    }
    return writer.columns
  }
}

/// Fills columns client by client.
private struct ColumnWriter {
  private let names: [(String, ChurnSubject)]
  private let count: Int
  /// Shape `[names.count * count]`, column after column.
  private var values: [Double]
  private var row = 0
  private var column = 0

  init(_ count: Int, _ names: [(String, ChurnSubject)]) {
    self.names = names
    self.count = count
    values = [Double](repeating: 0, count: count * names.count)
  }

  /// The next column of the client, and after the last the next client.
  mutating func put(_ value: Double) {
    values[column * count + row] = value
    column += 1
    if column == names.count {
      column = 0
      row += 1
    }
  }

  var columns: [ChurnFeatures.Column] {
    names.enumerated().map { position, name in
      .init(
        name: name.0, subject: name.1,
        values: Array(values[position * count..<(position + 1) * count]))
    }
  }
}
