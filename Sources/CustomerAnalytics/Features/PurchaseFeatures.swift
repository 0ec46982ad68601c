import Tropa

extension FeatureSources {
  /// Features of what clients bought before the reference date.
  func purchaseValues(_ feature: Feature) throws -> FeatureValues {
    let purchases = history.purchases
    switch feature {
    case .recency, .tenure, .interval, .intervalMedian, .intervalDeviation:
      if !purchases.isDated && !purchases.events.isEmpty { return lacks(.dateProperty) }
    case .monetary, .averageCheck:
      if !purchases.hasAmounts && !purchases.events.isEmpty { return lacks(.amountProperty) }
    case .discountShare:
      if !purchases.hasDiscounts { return lacks(.discountProperty) }
      if !purchases.hasAmounts { return lacks(.amountProperty) }
    case .products:
      if !purchases.hasProducts { return lacks(.containsType) }
    default: break
    }
    switch feature {
    case .recency: return .known(fromHistory(history.recency, missing: .nan))
    case .frequency: return .known(frequency)
    case .monetary: return .known(fromHistory(history.monetary, missing: 0))
    case .tenure: return .known(tenure)
    case .averageCheck:
      let checks = history.ranges.indices.map { row in
        history.measure == .mean
          ? history.monetary[row] : history.monetary[row] / history.frequency[row]
      }
      return .known(fromHistory(checks, missing: .nan))
    case .interval, .intervalMedian, .intervalDeviation:
      return .known(fromHistory(intervals(feature), missing: .nan))
    case .products: return .known(fromHistory(distinctProducts(), missing: 0))
    case .categories:
      return try breadth(.categoryType, .categoryProperty)
    case .brands: return try breadth(.brandType, .brandProperty)
    case .discountShare: return .known(fromHistory(discountShares(), missing: .nan))
    default: return .missing("it is no feature of purchases", hint: nil)
    }
  }

  /// Of the days between one day with purchases and the next.
  private func intervals(_ feature: Feature) -> [Double] {
    let events = history.purchases.events.events
    var gaps: [Double] = []
    return history.ranges.map { range in
      gaps.removeAll(keepingCapacity: true)
      var last = flooredDay(events[range.lowerBound].seconds)
      for row in range.dropFirst() {
        let day = flooredDay(events[row].seconds)
        if day == last { continue }
        gaps.append(Double(day - last))
        last = day
      }
      switch feature {
      case .intervalMedian: return Self.median(&gaps)
      case .intervalDeviation: return Self.deviation(gaps)
      default:
        return gaps.isEmpty ? .nan : gaps.reduce(0, +) / Double(gaps.count)
      }
    }
  }

  /// NaN of nothing.
  static func median(_ values: inout [Double]) -> Double {
    if values.isEmpty { return .nan }
    values.sort()
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }

  /// The standard deviation of a sample; NaN of fewer than two values.
  static func deviation(_ values: [Double]) -> Double {
    if values.count < 2 { return .nan }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  private func discountShares() -> [Double] {
    let events = history.purchases.events.events
    return history.ranges.map { range in
      var paid = 0.0
      var off = 0.0
      var isKnown = false
      for row in range where !events[row].discount.isNaN && !events[row].amount.isNaN {
        paid += events[row].amount
        // Some shops write what is taken off as a negative number.
        off += abs(events[row].discount)
        isKnown = true
      }
      return isKnown && paid + off > 0 ? off / (paid + off) : .nan
    }
  }

  // MARK: Breadth

  private func distinctProducts() -> [Double] {
    let events = history.purchases.events.events
    var stamps = Stamps(history.purchases.productRange)
    return history.ranges.indices.map { row in
      var count = 0
      for event in history.ranges[row] where stamps.isFirst(events[event].product, of: row) {
        count += 1
      }
      return Double(count)
    }
  }

  /// Different groups of products, such as categories.
  private func breadth(_ type: SchemaKey, _ key: SchemaKey) throws -> FeatureValues {
    if !history.purchases.hasProducts { return lacks(.containsType) }
    guard let groups = try ProductGroups(type, key, history.purchases.productRange, self) else {
      return .missing(
        "the graph has no relationship type `\(schema[type] ?? "")` of products, and products have "
          + "no property `\(schema[key] ?? "")`",
        hint: "set \(type.rawValue) or \(key.rawValue) in `schema` if they are called otherwise")
    }
    let events = history.purchases.events.events
    var stamps = Stamps(0...Int64(groups.count))
    let counts = history.ranges.indices.map { row in
      var count = 0
      for event in history.ranges[row] {
        for group in groups.groups(of: events[event].product)
        where stamps.isFirst(Int64(group), of: row) {
          count += 1
        }
      }
      return Double(count)
    }
    return .known(fromHistory(counts, missing: 0))
  }

  // MARK: Likeness

  /// The cosine of the products of a client, each once, and of the counts of the buyers of each
  /// product among the best clients (the client not counted): 1 for a client who buys exactly what
  /// they buy.
  func bestSimilarity() -> FeatureValues {
    if !history.purchases.hasProducts { return lacks(.containsType) }
    if !history.purchases.hasAmounts { return lacks(.amountProperty) }
    let events = history.purchases.events.events
    let range = history.purchases.productRange
    let order = history.nodes.indices.sorted {
      (history.monetary[$1], $0) < (history.monetary[$0], $1)
    }
    let count = min(max(Int(Double(order.count) * options.bestShare), 1), order.count)
    var isBest = [Bool](repeating: false, count: order.count)
    for row in order[..<count] { isBest[row] = true }

    var buyers = [Double](repeating: 0, count: Int(range.upperBound - range.lowerBound) + 1)
    var stamps = Stamps(range)
    for row in history.nodes.indices where isBest[row] {
      for event in history.ranges[row] where stamps.isFirst(events[event].product, of: row) {
        buyers[Int(events[event].product - range.lowerBound)] += 1
      }
    }
    let squares = buyers.reduce(0) { $0 + $1 * $1 }
    var again = Stamps(range)
    let values = history.nodes.indices.map { row in
      var products = 0.0
      var common = 0.0
      for event in history.ranges[row] where again.isFirst(events[event].product, of: row) {
        products += 1
        common += buyers[Int(events[event].product - range.lowerBound)]
      }
      // A best client without itself: each of its products has one buyer fewer.
      let own = isBest[row] ? 1.0 : 0
      let others = squares - own * (2 * common - products)
      if products == 0 || others <= 0 { return Double.nan }
      return (common - own * products) / (products * others).squareRoot()
    }
    return .known(fromHistory(values, missing: .nan))
  }
}

/// Which of some numbers were met already in the row at hand, by the row that met each last.
struct Stamps {
  private let first: Int64
  private var rows: [Int32]

  init(_ range: ClosedRange<Int64>) {
    first = range.lowerBound
    rows = [Int32](repeating: -1, count: Int(range.upperBound - range.lowerBound) + 1)
  }

  /// Whether the row has not met the number yet; never for one below the range.
  @inline(__always)
  mutating func isFirst(_ number: Int64, of row: Int) -> Bool {
    let place = Int(number - first)
    if place < 0 || rows[place] == Int32(truncatingIfNeeded: row) { return false }
    rows[place] = Int32(truncatingIfNeeded: row)
    return true
  }

  /// Whether the row has met the number.
  @inline(__always)
  func has(_ number: Int64, of row: Int) -> Bool {
    rows[Int(number - first)] == Int32(truncatingIfNeeded: row)
  }
}

/// Which groups, such as categories, products belong to: nodes that relationships of a type lead
/// to, or else values of a property.
struct ProductGroups {
  /// How many groups there are; they are numbered from 0.
  let count: Int
  private let first: Int64
  private var starts: [Int32]
  private var members: [Int32]

  /// - Returns: nil if the graph has neither.
  init?(
    _ type: SchemaKey, _ key: SchemaKey, _ range: ClosedRange<Int64>, _ sources: FeatureSources
  ) throws {
    let schema = sources.schema
    let query: String
    if sources.inventory.has(schema[type], .type) {
      query = "MATCH (x)-[:\(schema.quoted(type))]->(k) RETURN id(x) AS product, id(k) AS kind"
    } else if sources.inventory.has(schema[key], .property) {
      let label =
        sources.inventory.has(schema[.productLabel], .label)
        ? ":\(schema.quoted(.productLabel))" : ""
      let value = schema.property("x", key)
      query =
        "MATCH (x\(label)) WHERE \(value) IS NOT NULL RETURN id(x) AS product, \(value) AS kind"
    } else {
      return nil
    }
    var products: [Int64] = []
    var kinds: [Int64] = []
    var numbering = ValueNumbering()
    let cursor = try sources.call.stream(query)
    while let batch = try cursor.nextColumns() {
      try batch.appendIntegers(of: 0, to: &products)
      batch.appendNumbers(of: 1, to: &kinds, numbering: &numbering)
      try sources.call.checkCancellation()
    }
    if products.isEmpty { return nil }
    first = range.lowerBound
    var numbers: [Int64: Int32] = [:]
    var pairs: [(place: Int, group: Int32)] = []
    for (product, kind) in zip(products, kinds) where range.contains(product) {
      let group = numbers[kind] ?? Int32(numbers.count)
      numbers[kind] = group
      pairs.append((Int(product - range.lowerBound), group))
    }
    count = numbers.count
    starts = [Int32](repeating: 0, count: Int(range.upperBound - range.lowerBound) + 2)
    for pair in pairs { starts[pair.place + 1] += 1 }
    for place in 1..<starts.count { starts[place] += starts[place - 1] }
    members = [Int32](repeating: 0, count: pairs.count)
    var next = starts
    for pair in pairs {
      members[Int(next[pair.place])] = pair.group
      next[pair.place] += 1
    }
  }

  /// The groups of a product.
  @inline(__always)
  func groups(of product: Int64) -> ArraySlice<Int32> {
    let place = Int(product - first)
    if place < 0 || place + 1 >= starts.count { return [] }
    return members[Int(starts[place])..<Int(starts[place + 1])]
  }
}
