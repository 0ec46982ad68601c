import TestSupport
import Tropa

/// A small random shop, and its features by their definitions, one client at a time.
struct NaiveShop {
  struct Product {
    var category: Int?
    var brand: String?
  }
  struct Line {
    var client: Int
    var product: Int
    var seconds: Int64
    var amount: Double
    var discount: Double?
    var order: Int?
  }
  struct Footprint {
    var client: Int
    var product: Int
    var seconds: Int64
  }
  struct Review {
    var client: Int
    var seconds: Int64
    var rating: Int?
    var sentiment: Double?
  }

  static let day: Int64 = 86_400
  static let start: Int64 = 20_000 * day
  let clients: Int
  var products: [Product] = []
  var lines: [Line] = []
  var views: [Footprint] = []
  var carts: [Footprint] = []
  var reviews: [Review] = []
  var follows: [(Int, Int)] = []

  init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    clients = Int.random(in: 1...12, using: &random)
    let span = Int64.random(in: 1...60, using: &random) * Self.day
    for _ in 0..<Int.random(in: 1...9, using: &random) {
      products.append(
        Product(
          category: Bool.random(using: &random) ? Int.random(in: 0..<4, using: &random) : nil,
          brand: Bool.random(using: &random)
            ? "brand \(Int.random(in: 0..<4, using: &random))" : nil))
    }
    func seconds() -> Int64 { Self.start + Int64.random(in: 0..<span, using: &random) }
    func client() -> Int { Int.random(in: 0..<clients, using: &random) }
    func product() -> Int { products.indices.randomElement(using: &random) ?? 0 }
    for order in 0..<Int.random(in: 1...30, using: &random) {
      let (buyer, at) = (client(), seconds())
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        lines.append(
          Line(
            client: buyer, product: product(), seconds: at,
            amount: Double(Int.random(in: -5...100, using: &random)),
            discount: Bool.random(using: &random) ? 2.5 : nil,
            order: Int.random(in: 0..<4, using: &random) > 0 ? order : nil))
      }
    }
    for _ in 0..<Int.random(in: 1...60, using: &random) {
      views.append(Footprint(client: client(), product: product(), seconds: seconds()))
    }
    for _ in 0..<Int.random(in: 1...20, using: &random) {
      carts.append(Footprint(client: client(), product: product(), seconds: seconds()))
    }
    for _ in 0..<Int.random(in: 1...15, using: &random) {
      reviews.append(
        Review(
          client: client(), seconds: seconds(),
          rating: Bool.random(using: &random) ? Int.random(in: 1...5, using: &random) : nil,
          sentiment: Bool.random(using: &random) ? 0.25 : nil))
    }
    for _ in 0..<Int.random(in: 1...20, using: &random) { follows.append((client(), client())) }
  }

  // MARK: In a database

  func create(in database: Database) throws {
    func rows<T>(_ items: [T], _ row: (T) -> [String: Value]) -> [String: Value] {
      ["rows": .list(items.map { .map(row($0)) })]
    }
    func integer(_ number: Int) -> Value { .integer(Int64(number)) }
    func time(_ seconds: Int64) -> Value { .localDateTime(LocalDateTime(seconds: seconds)) }
    // Products first, and clients in another order than that of their numbers, so that neither node
    // ids nor relationships come in an order that happens to suit.
    try database.query(
      "UNWIND $rows AS r CREATE (:Product {id: r.id, category: r.category, brand: r.brand})",
      parameters: rows(Array(products.enumerated())) {
        [
          "id": integer($0.offset), "category": $0.element.category.map(integer) ?? .null,
          "brand": $0.element.brand.map { .string($0) } ?? .null,
        ]
      })
    try database.query(
      "UNWIND $rows AS r CREATE (:Client {id: r.id})",
      parameters: rows((0..<clients).reversed()) { ["id": integer($0)] })
    let match = "UNWIND $rows AS r MATCH (c:Client {id: r.c}), (x:Product {id: r.x}) CREATE "
    try database.query(
      match
        + "(c)-[:PURCHASED {at: r.at, amount: r.amount, discount: r.discount, orderId: r.o}]->(x)",
      parameters: rows(lines) {
        [
          "c": integer($0.client), "x": integer($0.product), "at": time($0.seconds),
          "amount": .float($0.amount), "discount": $0.discount.map { .float($0) } ?? .null,
          "o": $0.order.map(integer) ?? .null,
        ]
      })
    for (type, footprints) in [("VIEWED", views), ("ADDED_TO_CART", carts)] {
      try database.query(
        match + "(c)-[:\(type) {at: r.at}]->(x)",
        parameters: rows(footprints) {
          ["c": integer($0.client), "x": integer($0.product), "at": time($0.seconds)]
        })
    }
    try database.query(
      """
      UNWIND $rows AS r MATCH (c:Client {id: r.c})
      CREATE (c)-[:WROTE]->(:Review {createdAt: r.at, rating: r.rating, sentiment: r.sentiment})
      """,
      parameters: rows(reviews) {
        [
          "c": integer($0.client), "at": time($0.seconds),
          "rating": $0.rating.map(integer) ?? .null,
          "sentiment": $0.sentiment.map { .float($0) } ?? .null,
        ]
      })
    try database.query(
      """
      UNWIND $rows AS r MATCH (a:Client {id: r.a}), (b:Client {id: r.b}) CREATE (a)-[:FOLLOWS]->(b)
      """, parameters: rows(follows) { ["a": integer($0.0), "b": integer($0.1)] })
  }

  // MARK: By definition

  private func before<T>(_ items: [T], _ end: Int64, _ seconds: (T) -> Int64) -> [T] {
    items.filter { seconds($0) < end }
  }

  /// The day after the last purchase.
  var standardReference: Int64 {
    ((lines.map(\.seconds).max() ?? 0) / Self.day + 1) * Self.day
  }

  func buyers(before end: Int64) -> Set<Int> {
    Set(lines.filter { $0.seconds < end }.map(\.client))
  }
  func visitors(before end: Int64) -> Set<Int> {
    Set((views + carts).filter { $0.seconds < end }.map(\.client))
      .union(reviews.filter { $0.seconds < end }.map(\.client))
  }

  /// Features of a client; what is not known is left out.
  func features(of client: Int, before end: Int64) -> [String: Double] {
    let lines = lines.filter { $0.client == client && $0.seconds < end }
      .sorted { $0.seconds < $1.seconds }
    let views = views.filter { $0.client == client && $0.seconds < end }
    let carts = carts.filter { $0.client == client && $0.seconds < end }
    let reviews = reviews.filter { $0.client == client && $0.seconds < end }
    var features: [String: Double] = [:]
    func days(since seconds: Int64) -> Double { Double((end - seconds) / Self.day) }

    let numbered = Set(lines.compactMap(\.order)).count
    let unnumbered = Set(lines.filter { $0.order == nil }.map { $0.seconds / Self.day }).count
    let anyOrder = self.lines.contains { $0.order != nil }
    let purchaseDays = Set(lines.map { $0.seconds / Self.day }).sorted()
    let orders = Double(anyOrder ? numbered + unnumbered : purchaseDays.count)
    let money = lines.reduce(0) { $0 + $1.amount }
    features["frequency"] = orders
    features["monetary"] = money
    features["products"] = Double(Set(lines.map(\.product)).count)
    features["categories"] = Double(Set(lines.compactMap { products[$0.product].category }).count)
    features["brands"] = Double(Set(lines.compactMap { products[$0.product].brand }).count)
    if let first = lines.first, let last = lines.last {
      features["recency"] = days(since: last.seconds)
      features["tenure"] = days(since: first.seconds)
      features["averageCheck"] = money / orders
    }
    let gaps = zip(purchaseDays, purchaseDays.dropFirst()).map { Double($1 - $0) }.sorted()
    if !gaps.isEmpty {
      let mean = gaps.reduce(0, +) / Double(gaps.count)
      features["interval"] = mean
      features["intervalMedian"] = (gaps[(gaps.count - 1) / 2] + gaps[gaps.count / 2]) / 2
      if gaps.count > 1 {
        let squares = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        features["intervalDeviation"] = (squares / Double(gaps.count - 1)).squareRoot()
      }
    }
    let discounted = lines.filter { $0.discount != nil }
    let off = discounted.reduce(0) { $0 + ($1.discount ?? 0) }
    let full = off + discounted.reduce(0) { $0 + $1.amount }
    if !discounted.isEmpty && full > 0 { features["discountShare"] = off / full }

    features["views"] = Double(views.count)
    features["viewsPerOrder"] = Double(views.count) / max(orders, 1)
    features["carts"] = Double(carts.count)
    if let last = views.map(\.seconds).max() { features["viewRecency"] = days(since: last) }
    let times = (views + carts).map(\.seconds).sorted()
    if let last = times.last { features["visitRecency"] = days(since: last) }
    let breaks = zip(times, times.dropFirst()).filter { $1 - $0 > 1800 }.count
    features["sessions"] = times.isEmpty ? 0 : Double(breaks + 1)
    if !times.isEmpty { features["depth"] = Double(times.count) / Double(breaks + 1) }
    let seen = Set(views.map(\.product))
    if !seen.isEmpty {
      let converted = seen.filter { product in
        let look = views.filter { $0.product == product }.map(\.seconds).min() ?? 0
        return lines.contains { $0.product == product && $0.seconds >= look }
      }
      features["viewConversion"] = Double(converted.count) / Double(seen.count)
    }

    features["reviews"] = Double(reviews.count)
    features["reviewsPerOrder"] = Double(reviews.count) / max(orders, 1)
    let ratings = reviews.compactMap(\.rating)
    if !ratings.isEmpty {
      features["rating"] = Double(ratings.reduce(0, +)) / Double(ratings.count)
    }
    let sentiments = reviews.compactMap(\.sentiment)
    if !sentiments.isEmpty { features["sentiment"] = 0.25 }
    features["following"] = Double(follows.filter { $0.0 == client }.count)
    features["followers"] = Double(follows.filter { $0.1 == client }.count)
    return features
  }

  /// Cosine with the counts of the buyers among the best clients, others than the client.
  func bestSimilarity(of client: Int, best: Set<Int>, before end: Int64) -> Double? {
    let lines = lines.filter { $0.seconds < end }
    let own = Set(lines.filter { $0.client == client }.map(\.product))
    var counts: [Int: Double] = [:]
    for other in best where other != client {
      for product in Set(lines.filter { $0.client == other }.map(\.product)) {
        counts[product, default: 0] += 1
      }
    }
    if own.isEmpty || counts.isEmpty { return nil }
    let norm = counts.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return own.reduce(0) { $0 + (counts[$1] ?? 0) } / (Double(own.count).squareRoot() * norm)
  }
}
