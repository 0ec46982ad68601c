import Segmentation

/// Names for clusters of clients: the RFM segment that a cluster resembles, and what else is
/// remarkable in it.
///
/// 1. The base is the RFM segment of the rounded mean scores of the cluster's clients.
/// 2. Clusters of the same base are told apart by the feature in which a cluster's mean is farthest
///    from the mean of the others of that base (the interval between orders aside).
/// 3. A cluster whose base is its own says its most remarkable feature beyond recency, frequency
///    and money, if its mean is a standard deviation or more from that of all clients.
/// 4. A number tells apart what is still equal.
enum SegmentNaming {
  /// A feature in scaled units, one value a client.
  struct Column {
    var feature: String
    var values: [Double]
  }

  /// From where on a feature is worth a word, in scaled units.
  private static let remarkable = 1.0
  /// What the name of the RFM segment says already.
  private static let told: Set = ["recency", "frequency", "monetary"]

  /// Of clients with one order it only says how long ago that was.
  private static let ambiguous: Set = ["interval"]

  /// - Parameters:
  ///   - segments: the segment of each client, from 1 to `count`.
  /// - Returns: one name a segment; all differ.
  static func names(
    _ segments: [Int], count: Int, recency: [Double], frequency: [Double], monetary: [Double],
    columns: [Column]
  ) throws(SegmentationError) -> [SegmentName] {
    let bases = try bases(segments, count, recency, frequency, monetary)
    let features = columns.map { column in
      Feature(
        name: column.feature, means: means(column.values, segments, count),
        overall: column.values.reduce(0, +) / Double(max(column.values.count, 1)))
    }
    var used: Set<SegmentName> = []
    var result: [SegmentName] = []
    for segment in 0..<count {
      let mates = (0..<count).filter { $0 != segment && bases[$0] == bases[segment] }
      let base = SegmentName(en: bases[segment].englishName, ru: bases[segment].russianName)
      let candidates = remarks(features, segment, mates).map { base.qualified(by: $0) } + [base]
      let stem = candidates.first { !used.contains($0) } ?? candidates[0]
      var name = stem
      var number = 2
      while used.contains(name) {
        name = stem.numbered(number)
        number += 1
      }
      used.insert(name)
      result.append(name)
    }
    return result
  }

  private struct Feature {
    var name: String
    /// One a segment.
    var means: [Double]
    /// Of all clients.
    var overall: Double
  }

  /// What may be said of a segment, the most remarkable first.
  private static func remarks(
    _ features: [Feature], _ segment: Int, _ mates: [Int]
  ) -> [SegmentName] {
    var differences: [(name: String, by: Double)] = []
    for feature in features where !ambiguous.contains(feature.name) {
      if mates.isEmpty {
        let by = feature.means[segment] - feature.overall
        if abs(by) >= remarkable && !told.contains(feature.name) {
          differences.append((feature.name, by))
        }
      } else {
        var centre = 0.0
        for mate in mates { centre += feature.means[mate] / Double(mates.count) }
        let by = feature.means[segment] - centre
        if by != 0 { differences.append((feature.name, by)) }
      }
    }
    differences.sort { (abs($1.by), $0.name) < (abs($0.by), $1.name) }
    return differences.map { .phrase($0.name, isHigh: $0.by > 0) }
  }

  private static func bases(
    _ segments: [Int], _ count: Int, _ recency: [Double], _ frequency: [Double],
    _ monetary: [Double]
  ) throws(SegmentationError) -> [RFMSegment] {
    let scores = try RFMScores(recency: recency, frequency: frequency, monetary: monetary)
    let r = means(scores.recency.map(Double.init), segments, count)
    let f = means(scores.frequency.map(Double.init), segments, count)
    let m = means(scores.monetary.map(Double.init), segments, count)
    func score(_ mean: Double) -> Int { min(max(Int(mean.rounded()), 1), 5) }
    return (0..<count).map {
      RFMSegment(recency: score(r[$0]), frequency: score(f[$0]), monetary: score(m[$0]))
        ?? .needAttention
    }
  }

  private static func means(_ values: [Double], _ segments: [Int], _ count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var sizes = [Int](repeating: 0, count: count)
    for (row, segment) in segments.enumerated() {
      sums[segment - 1] += values[row]
      sizes[segment - 1] += 1
    }
    return (0..<count).map { sums[$0] / Double(max(sizes[$0], 1)) }
  }
}
