/// Confidence intervals of means, ratios and their differences by resampling clients (Efron 1979).
///
/// Resampled are up to `Group.maximumUnits` units: clients, or where there are more, sums over clients that are
/// spread evenly, which have the same variance of means. Units are drawn by Poisson weights (Hanley,
/// MacGibbon 2006; Chamandy et al. 2012): each counts a Poisson(1) number of times, in all columns
/// alike.
package struct Bootstrap: Sendable {
  package var resamples = 1000
  package var level = 0.95
  package var seed: UInt64 = 42

  package init() {}

  /// Clients of one group, by what is summed over them.
  package struct Group: Sendable {
    /// By unit: clients, then the sums of the columns.
    fileprivate let units: [Double]
    fileprivate let width: Int

    package static let maximumUnits = 4096

    /// - Parameter columns: of equal length, a value a client.
    package init(_ columns: [[Double]], maximumUnits: Int = maximumUnits) {
      let count = columns.first?.count ?? 0
      let unitCount = min(count, maximumUnits)
      width = columns.count + 1
      var units = [Double](repeating: 0, count: unitCount * width)
      for row in 0..<count {
        let start = row % unitCount * width
        units[start] += 1
        for (column, values) in columns.enumerated() { units[start + column + 1] += values[row] }
      }
      self.units = units
    }

    /// Clients, then the sums of the columns.
    fileprivate var sums: [Double] {
      var sums = [Double](repeating: 0, count: width)
      for index in units.indices { sums[index % width] += units[index] }
      return sums
    }
  }

  package struct Estimate: Equatable, Sendable {
    /// The statistic of all clients; NaN where it is not defined.
    package var value: Double
    /// Between the quantiles of the resamples (the percentile method); nil if less than half of them
    /// have a value.
    package var interval: ConfidenceInterval?
  }

  /// - Parameters:
  ///   - groups: clients of each group; a client is in one.
  ///   - statistics: of the groups' clients and sums of columns, `sums[group][column]` with the
  ///     number of clients as column 0; always as many, NaN for what is not defined.
  /// - Throws: when cancelled.
  /// - Complexity: O(clients + resamples · units)
  package func estimates(
    _ groups: [Group], isCancelled: () -> Bool = { false },
    _ statistics: (_ sums: [[Double]]) -> [Double]
  ) throws(SegmentationError) -> [Estimate] {
    let all = statistics(groups.map(\.sums))
    var streams = RandomSource(seed: seed)
    var random = groups.map { _ in streams.split() }
    var values = all.map { _ in [Double]() }
    var sums = groups.map { [Double](repeating: 0, count: $0.width) }
    for resample in 0..<resamples {
      if resample & 0xFF == 0, isCancelled() { throw .cancelled }
      for (index, group) in groups.enumerated() {
        Self.resample(group, &random[index], into: &sums[index])
      }
      for (index, result) in statistics(sums).enumerated() where !result.isNaN {
        values[index].append(result)
      }
    }
    return zip(all, values).map { Estimate(value: $0, interval: interval($1)) }
  }

  private func interval(_ values: [Double]) -> ConfidenceInterval? {
    guard resamples > 0, values.count * 2 >= resamples else { return nil }
    let sorted = values.sorted()
    return ConfidenceInterval(
      quantile(ofSorted: sorted, (1 - level) / 2), quantile(ofSorted: sorted, (1 + level) / 2))
  }

  private static func resample(
    _ group: Group, _ random: inout RandomSource, into sums: inout [Double]
  ) {
    let width = group.width
    for column in 0..<width { sums[column] = 0 }
    group.units.withUnsafeBufferPointer { units in
      sums.withUnsafeMutableBufferPointer { sums in
        for start in stride(from: 0, to: units.count, by: width) {
          let weight = poisson(random.unit())
          if weight == 0 { continue }
          for column in 0..<width { sums[column] += weight * units[start + column] }
        }
      }
    }
  }

  /// A Poisson(1) number for a number in `0 ..< 1`, by inversion.
  @inline(__always)
  private static func poisson(_ unit: Double) -> Double {
    var number = 0.0
    var term = 0.36787944117144233
    var cumulative = term
    while unit >= cumulative && number < 20 {
      number += 1
      term /= number
      cumulative += term
    }
    return number
  }
}
