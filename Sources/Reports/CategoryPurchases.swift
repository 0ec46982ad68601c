import Tropa

/// Purchases of parts of the clients (segments, communities) by category.
struct CategoryPurchases {
  struct Favourite {
    let category: Int
    let purchases: Int
    /// Share of the category in the part's purchases over that in all purchases.
    let lift: Double
  }

  /// The ones that are bought most.
  private(set) var categories: [String] = []
  let parts: [Value]
  private var counts: [[Int]] = []
  private var all: [Int] = []
  private var ofPart: [Int]
  private var total = 0

  init(_ rows: QueryResult, _ parts: [Value], _ limit: Int) {
    self.parts = parts
    ofPart = parts.map { _ in 0 }
    var totals: [String: Int] = [:]
    for row in rows {
      totals[row["category"].text, default: 0] += row["purchases"].integer ?? 0
    }
    categories = totals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit).map(\.key)
    all = categories.map { totals[$0] ?? 0 }
    counts = parts.map { _ in categories.map { _ in 0 } }
    let partNumbers = Dictionary(
      zip(parts, parts.indices), uniquingKeysWith: { first, _ in first })
    let categoryNumbers = Dictionary(
      zip(categories, categories.indices), uniquingKeysWith: { first, _ in first })
    for row in rows {
      let purchases = row["purchases"].integer ?? 0
      total += purchases
      guard let part = partNumbers[row["part"]] else { continue }
      ofPart[part] += purchases
      if let category = categoryNumbers[row["category"].text] {
        counts[part][category] += purchases
      }
    }
  }

  /// At most three: those that tell most of the part's difference from all clients; if it has
  /// none, what it buys most.
  func favourites(_ part: Int) -> [Favourite] {
    let known = categories.indices.filter { counts[part][$0] > 0 }.map { category in
      let own = Double(counts[part][category]) / Double(max(ofPart[part], 1))
      let expected = Double(all[category]) / Double(max(total, 1))
      return Favourite(
        category: category, purchases: counts[part][category], lift: own / expected)
    }
    let favoured = known.filter { $0.lift >= 1.05 }.sorted {
      // The part of the divergence, without a logarithm: purchases beyond those expected.
      Double($0.purchases) * (1 - 1 / $0.lift) > Double($1.purchases) * (1 - 1 / $1.lift)
    }
    if favoured.isEmpty {
      return known.max { $0.purchases < $1.purchases }.map { [$0] } ?? []
    }
    return Array(favoured.prefix(3))
  }
}
