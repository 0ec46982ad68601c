import Segmentation

/// Names for segments of clients; no two of a segmentation are equal.
///
/// 1. The base is either the RFM segment of the rounded mean scores of the segment's clients, or
///    words for how often they buy, how recently, and for how much: *often, recently, high check*.
///    With words follows what they are interested in, where the graph knows categories.
/// 2. Segments of the same base are told apart by the feature in which a segment's mean is farthest
///    from the mean of the others of that base (the interval between orders aside).
/// 3. A segment whose base is its own says its most remarkable feature beyond what the base tells,
///    if its mean is a standard deviation or more from that of all clients.
/// 4. A number tells apart what is still equal.
enum SegmentNaming {
  enum Style: String, CaseIterable { case rfm, words }

  /// A feature in scaled units, one value a client.
  struct Column {
    var feature: String
    var values: [Double]
  }

  /// From where on a feature is worth a word, in scaled units.
  private static let remarkable = 1.0
  /// Mean scores from 1 to 5 beyond which a segment is called high or low.
  private static let (low, high) = (2.4, 3.6)
  /// What the base says already.
  private static let told: Set = ["recency", "frequency", "monetary", "averageCheck"]
  /// Of clients with one order it only says how long ago that was.
  private static let ambiguous: Set = ["interval"]

  /// - Parameters:
  ///   - segments: the segment of each client of the history, from 1 to `count`; less for none.
  ///   - interests: what each segment prefers.
  /// - Returns: one name a segment; all differ.
  static func names(
    _ style: Style, _ segments: [Int], count: Int, history: PurchaseHistory, columns: [Column],
    interests: CategoryInterests?
  ) throws -> [SegmentName] {
    let bases =
      switch style {
      case .rfm: try rfmBases(segments, count, history)
      case .words: try wordBases(segments, count, history)
      }
    let features = columns.map { column in
      Feature(
        name: column.feature, means: means(column.values, segments, count),
        overall: column.values.reduce(0, +) / Double(max(column.values.count, 1)))
    }
    let told = style == .words ? told : told.subtracting(["averageCheck"])
    let alike = Dictionary(grouping: 0..<count) { bases[$0] }
    var used: Set<SegmentName> = []
    /// By name: the number that its next namesake gets.
    var numbers: [SegmentName: Int] = [:]
    var result: [SegmentName] = []
    for segment in 0..<count {
      let mates = (alike[bases[segment]] ?? []).filter { $0 != segment }
      let remarks = remarks(features, segment, mates, told)
      let interest = interests?[segment + 1]?.phrase
      let base = bases[segment]
      // Words say what clients are interested in, and a remark only where it is needed.
      var candidates: [SegmentName] = []
      if let interest { candidates.append(base.followed(by: interest)) }
      if style == .words && mates.isEmpty { candidates.append(base) }
      candidates += remarks.map { remark in
        let name = base.qualified(by: remark)
        return interest.map { name.followed(by: $0) } ?? name
      }
      candidates.append(base)
      let stem = candidates.first { !used.contains($0) } ?? candidates[0]
      var name = stem
      var number = numbers[stem] ?? 2
      while used.contains(name) {
        name = stem.numbered(number)
        number += 1
      }
      numbers[stem] = number
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
    _ features: [Feature], _ segment: Int, _ mates: [Int], _ told: Set<String>
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

  private static func rfmBases(
    _ segments: [Int], _ count: Int, _ history: PurchaseHistory
  ) throws -> [SegmentName] {
    let scores = try SegmentationFailure.translated {
      try RFMScores(
        recency: history.recency, frequency: history.frequency, monetary: history.monetary)
    }
    func rounded(_ scores: [Int]) -> [Int] {
      means(scores.map(Double.init), segments, count).map { min(max(Int($0.rounded()), 1), 5) }
    }
    let (r, f, m) = (
      rounded(scores.recency), rounded(scores.frequency), rounded(scores.monetary)
    )
    return (0..<count).map {
      SegmentName(
        RFMScheme.elevenSegments.segment(recency: r[$0], frequency: f[$0], monetary: m[$0]))
    }
  }

  private static func wordBases(
    _ segments: [Int], _ count: Int, _ history: PurchaseHistory
  ) throws -> [SegmentName] {
    let checks = history.monetary.indices.map {
      history.measure == .mean
        ? history.monetary[$0] : history.monetary[$0] / max(history.frequency[$0], 1)
    }
    let scores = try SegmentationFailure.translated {
      try RFMScores(recency: history.recency, frequency: history.frequency, monetary: checks)
    }
    func level(_ scores: [Int]) -> [Int] {
      means(scores.map(Double.init), segments, count).map { $0 >= high ? 2 : $0 <= low ? 0 : 1 }
    }
    let (recency, frequency, check) = (
      level(scores.recency), level(scores.frequency), level(scores.monetary)
    )
    return (0..<count).map { segment in
      SegmentName.frequencyWords[frequency[segment]]
        .qualified(by: SegmentName.recencyWords[recency[segment]])
        .qualified(by: SegmentName.checkWords[check[segment]])
    }
  }

  private static func means(_ values: [Double], _ segments: [Int], _ count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var sizes = [Int](repeating: 0, count: count)
    for (row, segment) in segments.enumerated() where segment >= 1 {
      sums[segment - 1] += values[row]
      sizes[segment - 1] += 1
    }
    return (0..<count).map { sums[$0] / Double(max(sizes[$0], 1)) }
  }
}
