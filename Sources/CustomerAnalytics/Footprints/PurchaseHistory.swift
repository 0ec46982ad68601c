import Tropa

/// Recency, frequency and monetary value at a reference date of the clients who had bought anything
/// before it, in order of node id.
struct PurchaseHistory {
  enum FrequencyUnit: String, CaseIterable {
    /// Different values of the order property.
    case orders
    /// Different days with a purchase.
    case days
    /// Purchase relationships.
    case purchases
  }
  enum MonetaryMeasure: String, CaseIterable {
    case sum
    /// Per order, day or purchase, as frequency counts.
    case mean
  }

  private(set) var nodes: [NodeID] = []
  /// Whole days, of 24 hours, from the last purchase to the start of the reference date; without
  /// times of day that is the difference of the dates. NaN if purchases have no dates.
  private(set) var recency: [Double] = []
  private(set) var frequency: [Double] = []
  private(set) var monetary: [Double] = []
  /// The same from the first purchase.
  private(set) var tenure: [Double] = []
  /// The purchases before the reference date: ranges of `purchases.events.events`, in order of time.
  private(set) var ranges: [Range<Int>] = []
  let referenceDate: LocalDate
  let unit: FrequencyUnit
  let measure: MonetaryMeasure
  let purchases: Purchases

  /// Reads the purchases and makes their history.
  ///
  /// - Parameters:
  ///   - unit: nil for orders where purchases say which they belong to, else days.
  ///   - referenceDate: nil for the day after the last purchase of all. Purchases on and after it
  ///     do not count.
  /// - Throws: `QueryError` if purchases have no dates or amounts.
  init(
    _ schema: CustomerSchema, unit: FrequencyUnit?, monetary measure: MonetaryMeasure,
    referenceDate: LocalDate?, call: ProcedureInvocation
  ) throws {
    let purchases = try Purchases(schema, GraphInventory(call), call: call)
    try purchases.requireDatesAndAmounts(schema)
    self.init(
      purchases, unit: unit, monetary: measure, referenceDate: referenceDate)
  }

  /// The history at another date of purchases that are there already.
  ///
  /// - Complexity: O(*n* log *m*) for *n* purchases, at most *m* of a client.
  init(
    _ purchases: Purchases, unit: FrequencyUnit?, monetary measure: MonetaryMeasure,
    referenceDate: LocalDate?
  ) {
    self.purchases = purchases
    self.measure = measure
    let unit =
      unit ?? (purchases.hasOrders ? .orders : purchases.isDated ? .days : .purchases)
    self.unit = unit
    let reference = referenceDate ?? purchases.dayAfterLast ?? LocalDate(days: 0)
    self.referenceDate = reference
    let end = reference.days * 86_400
    let groups = purchases.events
    let events = groups.events
    let isDated = groups.isDated
    var distinct = DistinctCounter()
    nodes.reserveCapacity(groups.nodes.count)
    for group in groups.nodes.indices {
      let range = groups.range(group, before: end)
      if range.isEmpty { continue }
      var money = 0.0
      for row in range where !events[row].amount.isNaN { money += events[row].amount }
      let count =
        switch unit {
        case .purchases: range.count
        case .days: Self.days(events, range)
        case .orders: purchases.orders(in: range, &distinct)
        }
      nodes.append(groups.nodes[group])
      ranges.append(range)
      frequency.append(Double(count))
      monetary.append(
        measure == .sum || count == 0 ? money : money / Double(count))
      let last = events[range.upperBound - 1].seconds
      let first = events[range.lowerBound].seconds
      recency.append(isDated ? Double((end - last) / 86_400) : .nan)
      tenure.append(isDated ? Double((end - first) / 86_400) : .nan)
    }
  }

  /// Different days of events in order of time.
  static func days(_ events: [Purchase], _ range: Range<Int>) -> Int {
    var count = 0
    var last = Int64.min
    for row in range {
      let day = flooredDay(events[row].seconds)
      if count == 0 || day != last { count += 1 }
      last = day
    }
    return count
  }

}

extension Purchases {
  /// Different orders of one client; purchases without an order, such as receipts, count by their
  /// day.
  func orders(in range: Range<Int>, _ distinct: inout DistinctCounter) -> Int {
    let events = events.events
    distinct.removeAll()
    var daysWithoutOrder = 0
    var lastDay = Int64.min
    for row in range {
      let order = events[row].order
      if order != Purchase.noOrder {
        distinct.insert(order)
        continue
      }
      let day = flooredDay(events[row].seconds)
      if daysWithoutOrder == 0 || day != lastDay { daysWithoutOrder += 1 }
      lastDay = day
    }
    return distinct.count() + daysWithoutOrder
  }
}

/// Counts different numbers among few.
struct DistinctCounter {
  private var numbers: [Int64] = []
  private var last = Int64.min

  mutating func removeAll() {
    numbers.removeAll(keepingCapacity: true)
    last = .min
  }
  /// Neighbours that are equal cost nothing.
  @inline(__always)
  mutating func insert(_ number: Int64) {
    if number == last && !numbers.isEmpty { return }
    last = number
    numbers.append(number)
  }
  mutating func count() -> Int {
    if numbers.count < 2 { return numbers.count }
    numbers.sort()
    var count = 1
    for position in 1..<numbers.count where numbers[position] != numbers[position - 1] {
      count += 1
    }
    return count
  }
}
