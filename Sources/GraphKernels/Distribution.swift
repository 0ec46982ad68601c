/// A summary of many numbers. Percentiles are exact, by nearest rank: `p(x)` is the smallest value
/// that at least x per cent of the values do not exceed. All zero for no values.
package struct Distribution: Sendable, Equatable {
  package private(set) var count = 0
  package private(set) var minimum = 0.0
  package private(set) var maximum = 0.0
  package private(set) var mean = 0.0
  /// Of the population.
  package private(set) var standardDeviation = 0.0
  private var sorted: [Double] = []

  /// - Complexity: O(*n* log *n*).
  package init(_ values: [Double]) {
    var values = values
    values.sort()
    self.init(sorted: values)
  }

  private init(sorted values: [Double]) {
    guard !values.isEmpty else { return }
    sorted = values
    count = sorted.count
    minimum = sorted[0]
    maximum = sorted[count - 1]
    var sum = 0.0
    for value in sorted { sum += value }
    mean = sum / Double(count)
    var squares = 0.0
    for value in sorted { squares += (value - mean) * (value - mean) }
    standardDeviation = (squares / Double(count)).squareRoot()
    marks = Self.percents.map { Self.nearestRank(sorted, $0) }
    sorted = []
  }

  /// The sizes of communities, from the number of members of each: few are large.
  /// - Parameter counts: at least 0.
  /// - Complexity: O(*n*), and *k* log *k* for those of a thousand members and more.
  package init(counts: [Int]) {
    var frequencies = [Int](repeating: 0, count: 1000)
    var large: [Double] = []
    for count in counts {
      if count < 1000 { frequencies[count] += 1 } else { large.append(Double(count)) }
    }
    large.sort()
    var sorted: [Double] = []
    sorted.reserveCapacity(counts.count)
    for (size, frequency) in frequencies.enumerated() where frequency > 0 {
      sorted.append(contentsOf: repeatElement(Double(size), count: frequency))
    }
    self.init(sorted: sorted + large)
  }

  private static let percents = [1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 100]
  private var marks = [Double](repeating: 0, count: 11)

  private static func nearestRank(_ sorted: [Double], _ percent: Double) -> Double {
    // Rounded to 9 places first: 99.9 / 100 * 1000 is a little more than 999.
    let rank = ((percent / 100 * Double(sorted.count) * 1e9).rounded() / 1e9).rounded(.up)
    return sorted[min(max(Int(rank) - 1, 0), sorted.count - 1)]
  }

  package var p1: Double { marks[0] }
  package var p5: Double { marks[1] }
  package var p10: Double { marks[2] }
  package var p25: Double { marks[3] }
  package var p50: Double { marks[4] }
  package var p75: Double { marks[5] }
  package var p90: Double { marks[6] }
  package var p95: Double { marks[7] }
  package var p99: Double { marks[8] }
  package var p999: Double { marks[9] }
  package var p100: Double { marks[10] }

  /// The entries of GDS's `centralityDistribution`.
  package var centralityEntries: [(key: String, value: Double)] {
    [
      ("min", minimum), ("mean", mean), ("max", maximum), ("p50", p50), ("p75", p75),
      ("p90", p90), ("p95", p95), ("p99", p99), ("p999", p999),
    ]
  }

  /// The entries of GDS's `communityDistribution` and `componentDistribution`; there all but the
  /// mean are integers.
  package var communityEntries: [(key: String, value: Double)] {
    [
      ("min", minimum), ("mean", mean), ("max", maximum), ("p1", p1), ("p5", p5), ("p10", p10),
      ("p25", p25), ("p50", p50), ("p75", p75), ("p90", p90), ("p95", p95), ("p99", p99),
      ("p999", p999),
    ]
  }

  /// The entries of GDS's `similarityDistribution`.
  package var similarityEntries: [(key: String, value: Double)] {
    [
      ("min", minimum), ("max", maximum), ("mean", mean), ("stdDev", standardDeviation),
      ("p1", p1), ("p5", p5), ("p10", p10), ("p25", p25), ("p50", p50), ("p75", p75),
      ("p90", p90), ("p95", p95), ("p99", p99), ("p100", p100),
    ]
  }
}
