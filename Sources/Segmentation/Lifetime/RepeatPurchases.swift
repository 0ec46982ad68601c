/// What models of repeat purchases know of each client, grouped: clients of equal history count
/// once, with their number.
///
/// A client's first purchase starts the clock and does not count as a repeat. Times are in any unit;
/// rates are per that unit.
package struct RepeatPurchases: Sendable {
  /// Of each group: the number of repeat purchases x, ascending.
  package let frequency: [Double]
  /// Time from the first purchase to the last, tₓ; 0 without a repeat.
  package let recency: [Double]
  /// Time from the first purchase to the end of observation, T.
  package let age: [Double]
  /// Clients in each group.
  package let weights: [Double]
  /// The group of each client.
  package let groups: [Int]
  /// Different x, ascending, with their numbers of clients: many terms depend on x alone.
  let counts: [(frequency: Double, weight: Double)]
  let clientCount: Double

  private struct Key: Hashable {
    var frequency: Double
    var recency: Double
    var age: Double
  }

  /// - Parameters: one value a client, all of the same length.
  /// - Throws: for no clients, and for histories that cannot be: a negative number, a last purchase
  ///   before the first or after the end.
  /// - Complexity: O(*n*) expected, and O(*g* log *g*) for *g* different histories.
  package init(
    frequency: [Double], recency: [Double], age: [Double]
  ) throws(SegmentationError) {
    try require(
      frequency.count == recency.count && frequency.count == age.count, "frequency",
      "\(frequency.count) frequencies, \(recency.count) recencies and \(age.count) ages")
    try require(!frequency.isEmpty, "frequency", "there are no clients")
    var found: [Key: Int] = [:]
    var keys: [Key] = []
    var sizes: [Double] = []
    var members = [Int](repeating: 0, count: frequency.count)
    for row in frequency.indices {
      let (x, last, end) = (frequency[row], recency[row], age[row])
      try require(
        x >= 0 && x.isFinite && last >= 0 && last <= end && end.isFinite && (x > 0 || last == 0),
        "recency",
        "client \(row + 1) has \(x) repeat purchases, the last at \(last) of \(end); "
          + "recency must be between 0 and age, and 0 without a repeat purchase")
      let key = Key(frequency: x, recency: last, age: end)
      if let group = found[key] {
        sizes[group] += 1
        members[row] = group
      } else {
        found[key] = keys.count
        members[row] = keys.count
        keys.append(key)
        sizes.append(1)
      }
    }
    let order = keys.indices.sorted { a, b in
      (keys[a].frequency, keys[a].recency, keys[a].age)
        < (keys[b].frequency, keys[b].recency, keys[b].age)
    }
    var places = [Int](repeating: 0, count: keys.count)
    for (place, group) in order.enumerated() { places[group] = place }
    groups = members.map { places[$0] }
    self.frequency = order.map { keys[$0].frequency }
    self.recency = order.map { keys[$0].recency }
    self.age = order.map { keys[$0].age }
    weights = order.map { sizes[$0] }
    clientCount = Double(frequency.count)
    var counts: [(frequency: Double, weight: Double)] = []
    for (x, weight) in zip(self.frequency, weights) {
      if let last = counts.last, last.frequency == x {
        counts[counts.count - 1].weight += weight
      } else {
        counts.append((x, weight))
      }
    }
    self.counts = counts
  }

  private init(_ other: RepeatPurchases, timesScaledBy factor: Double) {
    frequency = other.frequency
    recency = other.recency.map { $0 * factor }
    age = other.age.map { $0 * factor }
    weights = other.weights
    groups = other.groups
    counts = other.counts
    clientCount = other.clientCount
  }

  /// The same in another unit of time.
  func scalingTimes(by factor: Double) -> RepeatPurchases {
    RepeatPurchases(self, timesScaledBy: factor)
  }

  package var hasRepeats: Bool { (counts.last?.frequency ?? 0) > 0 }

  /// One value a client from one a group.
  package func perClient<T>(_ values: [T]) -> [T] { groups.map { values[$0] } }
}
