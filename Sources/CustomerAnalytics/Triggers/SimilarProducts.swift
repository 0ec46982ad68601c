/// What clients bought: for each its products, numbered densely, the last bought first.
struct Baskets {
  /// Node id of each product.
  private(set) var products: [Int64] = []
  /// Where the baskets begin in `items`, and their end.
  private(set) var starts: [Int] = [0]
  /// Numbers of products, without repetitions; the last bought first.
  private(set) var items: [UInt32] = []
  /// Of each basket so many count for similarity.
  let last: Int
  private var numbers: [Int64: UInt32] = [:]

  init(last: Int) { self.last = last }

  var count: Int { starts.count - 1 }

  /// - Parameter bought: node ids in order of time; negative ones are of no product.
  mutating func add(_ bought: some BidirectionalCollection<Int64>) {
    let start = items.count
    for product in bought.reversed() where product >= 0 {
      let number: UInt32
      if let known = numbers[product] {
        number = known
      } else {
        number = UInt32(products.count)
        numbers[product] = number
        products.append(product)
      }
      if !items[start...].contains(number) { items.append(number) }
    }
    starts.append(items.count)
  }

  /// All products of a basket.
  func all(_ basket: Int) -> ArraySlice<UInt32> { items[starts[basket]..<starts[basket + 1]] }
  /// Those that count for similarity.
  func recent(_ basket: Int) -> ArraySlice<UInt32> { all(basket).prefix(last) }
}

/// For each product those that are bought by the same clients: the cosine of their columns in the
/// matrix of clients and products, n(a, b) / √(n(a) n(b)) (Sarwar, Karypis, Konstan, Riedl:
/// "Item-based collaborative filtering recommendation algorithms", 2001).
struct SimilarProducts {
  static let neighbours = 10
  /// For each product its most similar ones, the most similar first.
  private(set) var starts: [Int] = [0]
  private(set) var items: [UInt32] = []
  private(set) var scores: [Float] = []

  /// - Parameters:
  ///   - support: clients who bought both, at least.
  ///   - check: throws when the work is to end.
  /// - Complexity: O(*clients* · *last*²) time.
  init(_ baskets: Baskets, support: Int, check: () throws -> Void) rethrows {
    let productCount = baskets.products.count
    var from: [UInt32] = []
    var to: [UInt32] = []
    for basket in 0..<baskets.count {
      for item in baskets.recent(basket) {
        from.append(item)
        to.append(UInt32(basket))
      }
    }
    let buyers = Adjacency(from: from, to: to, count: productCount)
    var together = [UInt32](repeating: 0, count: productCount)
    var touched: [UInt32] = []
    for product in 0..<productCount {
      if product & 0x3F == 0 { try check() }
      touched.removeAll(keepingCapacity: true)
      for basket in buyers[product] {
        for item in baskets.recent(Int(basket)) {
          if together[Int(item)] == 0 { touched.append(item) }
          together[Int(item)] += 1
        }
      }
      let own = Double(buyers[product].count)
      var best: [(item: UInt32, score: Float)] = []
      for item in touched {
        let common = Double(together[Int(item)])
        together[Int(item)] = 0
        if Int(item) == product || common < Double(support) { continue }
        let score = Float(common / (own * Double(buyers[Int(item)].count)).squareRoot())
        best.append((item, score))
      }
      best.sort { a, b in
        a.score != b.score
          ? a.score > b.score
          : baskets.products[Int(a.item)] < baskets.products[Int(b.item)]
      }
      for (item, score) in best.prefix(Self.neighbours) {
        items.append(item)
        scores.append(score)
      }
      starts.append(items.count)
    }
  }
}

/// The best product for a client: of the products that are similar to those that it bought last and
/// that it never bought, the one with the greatest sum of similarities.
struct NextBestScorer {
  private let baskets: Baskets
  private let similar: SimilarProducts
  private var sums: [Float]
  private var touched: [UInt32] = []
  /// By the last basket that has it.
  private var owner: [Int32]
  /// How many of a client's last products are looked at.
  private static let seeds = 10

  init(_ baskets: Baskets, _ similar: SimilarProducts) {
    self.baskets = baskets
    self.similar = similar
    sums = [Float](repeating: 0, count: baskets.products.count)
    owner = [Int32](repeating: -1, count: baskets.products.count)
  }

  mutating func best(_ basket: Int) -> (product: Int64, score: Double)? {
    for item in baskets.all(basket) { owner[Int(item)] = Int32(basket) }
    touched.removeAll(keepingCapacity: true)
    for seed in baskets.recent(basket).prefix(Self.seeds) {
      for index in similar.starts[Int(seed)]..<similar.starts[Int(seed) + 1] {
        let item = Int(similar.items[index])
        if owner[item] == Int32(basket) { continue }
        if sums[item] == 0 { touched.append(UInt32(item)) }
        sums[item] += similar.scores[index]
      }
    }
    var best: (product: Int64, score: Double)?
    for item in touched {
      let score = Double(sums[Int(item)])
      sums[Int(item)] = 0
      let product = baskets.products[Int(item)]
      if let known = best, (known.score, product) > (score, known.product) { continue }
      best = (product, score)
    }
    return best
  }
}
