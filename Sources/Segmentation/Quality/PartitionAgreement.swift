/// How two divisions of the same rows agree.
package struct PartitionAgreement: Sendable {
  /// Rows of each pair of groups, shape `[first groups][second groups]`.
  package let counts: [[Int]]
  package let rowCount: Int

  /// - Parameters:
  ///   - first: a group at least 0 for each row.
  ///   - second: as many.
  /// - Precondition: equal lengths.
  /// - Complexity: O(rows + groups²).
  package init(_ first: [Int], _ second: [Int]) {
    precondition(first.count == second.count)
    let columns = (second.max() ?? -1) + 1
    var counts = [Int](repeating: 0, count: ((first.max() ?? -1) + 1) * columns)
    for row in first.indices { counts[first[row] * columns + second[row]] += 1 }
    self.counts =
      columns == 0
      ? [] : stride(from: 0, to: counts.count, by: columns).map { Array(counts[$0..<$0 + columns]) }
    rowCount = first.count
  }

  private var firstSizes: [Int] { counts.map { $0.reduce(0, +) } }
  private var secondSizes: [Int] {
    (0..<(counts.first?.count ?? 0)).map { column in counts.reduce(0) { $0 + $1[column] } }
  }

  /// Adjusted Rand index (Hubert, Arabie 1985): agreement about pairs of rows, 1 for equal
  /// partitions, 0 expected by chance, possibly below. 1 where both are trivial in the same way, as
  /// in scikit-learn.
  package var adjustedRandIndex: Double {
    func pairs(_ size: Int) -> Double { Double(size) * Double(size - 1) / 2 }
    let together = counts.reduce(0) { $0 + $1.reduce(0) { $0 + pairs($1) } }
    let inFirst = firstSizes.reduce(0) { $0 + pairs($1) }
    let inSecond = secondSizes.reduce(0) { $0 + pairs($1) }
    let all = pairs(rowCount)
    // Neither has a pair that the other has not.
    if together == inFirst && together == inSecond { return 1 }
    let expected = inFirst * inSecond / all
    return (together - expected) / ((inFirst + inSecond) / 2 - expected)
  }

  /// Mutual information over the arithmetic mean of the entropies, in 0 ... 1 (scikit-learn's
  /// `normalized_mutual_info_score`). 1 where both have one group, 0 where one of them has.
  package var normalizedMutualInformation: Double {
    let (rows, columns) = (firstSizes, secondSizes)
    let groups = (rows.count { $0 > 0 }, columns.count { $0 > 0 })
    if groups.0 == groups.1 && groups.0 <= 1 { return 1 }
    let total = Double(rowCount)
    func entropy(_ sizes: [Int]) -> Double {
      sizes.reduce(0) { sum, size in
        size == 0 ? sum : sum - Double(size) / total * naturalLogarithm(Double(size) / total)
      }
    }
    var information = 0.0
    for (row, line) in counts.enumerated() {
      for (column, count) in line.enumerated() where count > 0 {
        let share = Double(count) / total
        information +=
          share
          * naturalLogarithm(
            Double(count) * total / (Double(rows[row]) * Double(columns[column])))
      }
    }
    let mean = (entropy(rows) + entropy(columns)) / 2
    return mean <= 0 || information <= .ulpOfOne ? 0 : min(information / mean, 1)
  }

  /// For each group of the first the greatest Jaccard similarity to a group of the second: rows in
  /// both over rows in either.
  package var jaccardSimilarities: [Double] {
    let (rows, columns) = (firstSizes, secondSizes)
    return counts.indices.map { row in
      var best = 0.0
      for column in columns.indices where counts[row][column] > 0 {
        let both = counts[row][column]
        best = max(best, Double(both) / Double(rows[row] + columns[column] - both))
      }
      return best
    }
  }
}
