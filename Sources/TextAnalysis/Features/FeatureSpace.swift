internal import Glibc

/// The features a model knows, words first and then n-grams of characters, with the weights that
/// TF-IDF gives them.
///
/// A review's vector has for each feature `(1 + ln tf) · idf`, `idf = ln((1 + n) / (1 + df)) + 1`;
/// words and n-grams are each divided by their Euclidean length, and words multiplied by
/// `wordWeight`. Formulas of scikit-learn's `TfidfVectorizer(sublinear_tf=True)`.
struct FeatureSpace: Sendable {
  /// Found by cross-validation on 4,000 reviews; see the article TextAnalysis.
  static let wordWeight: Float = 1.5

  let fingerprints: [UInt64]
  let wordCount: Int
  let idf: [Float]
  let table: FingerprintTable
  var count: Int { fingerprints.count }

  init(fingerprints: [UInt64], wordCount: Int, idf: [Float]) {
    self.fingerprints = fingerprints
    self.wordCount = wordCount
    self.idf = idf
    table = FingerprintTable(fingerprints)
  }

  /// In how many texts each feature occurs.
  struct Counts {
    var words = FingerprintTable(capacity: 1 << 14)
    var grams = FingerprintTable(capacity: 1 << 16)
    var texts = 0
    /// Beyond so many different features, those that were seen once are forgotten.
    private static let limit = 12 << 20

    mutating func add(_ features: ReviewFeatures) {
      texts += 1
      Self.add(features.words, features.wordCount, to: &words)
      Self.add(features.grams, features.gramCount, to: &grams)
    }

    private static func add(
      _ list: UnsafeMutablePointer<UInt64>, _ count: Int, to table: inout FingerprintTable
    ) {
      var list = UnsafeMutableBufferPointer(start: list, count: count)
      list.sort()
      var previous: UInt64 = 0
      for fingerprint in list where fingerprint != previous {
        table.increment(fingerprint)
        previous = fingerprint
      }
      if table.count > limit { table.drop(below: 2) }
    }
  }

  /// Features of at least `minimum` texts; of more than `maximum` such features the most frequent
  /// ones, a fourth of them words at least where there are so many.
  init(_ counts: Counts, minimum: Int, maximum: Int) {
    func frequent(_ table: FingerprintTable) -> [(fingerprint: UInt64, number: UInt32)] {
      table.entries.filter { $0.number >= minimum }
        .sorted { ($1.number, $0.fingerprint) < ($0.number, $1.fingerprint) }
    }
    var words = frequent(counts.words)
    var grams = frequent(counts.grams)
    if words.count + grams.count > maximum {
      words = Array(words.prefix(max(maximum / 4, maximum - grams.count)))
      grams = Array(grams.prefix(maximum - words.count))
    }
    let all = words + grams
    self.init(
      fingerprints: all.map(\.fingerprint), wordCount: words.count,
      idf: all.map { Float(log(Double(1 + counts.texts) / Double(1 + $0.number)) + 1) })
  }
}

/// A review as a sparse vector of a feature space. Not for use by two threads at once.
final class ReviewVector {
  private let space: FeatureSpace
  let features: ReviewFeatures
  /// Of the features in the review; 0 between reviews.
  private let frequencies: UnsafeMutablePointer<UInt16>
  private(set) var columns: UnsafeMutablePointer<UInt32>
  private(set) var values: UnsafeMutablePointer<Float>
  private(set) var count = 0
  private let logarithms: [Float] = [0] + (1...1024).map { 1 + Float(log(Double($0))) }

  init(_ space: FeatureSpace, _ terms: TermReader) {
    self.space = space
    features = ReviewFeatures(terms)
    frequencies = .allocate(capacity: max(space.count, 1))
    frequencies.initialize(repeating: 0, count: max(space.count, 1))
    columns = .allocate(capacity: max(space.count, 1))
    values = .allocate(capacity: max(space.count, 1))
  }
  deinit {
    frequencies.deallocate()
    columns.deallocate()
    values.deallocate()
  }

  func read(_ text: UnsafeBufferPointer<UInt8>) {
    features.read(text)
    count = 0
    space.table.withReader { table in
      add(features.words, features.wordCount, table)
      scale(from: 0, to: FeatureSpace.wordWeight)
      let middle = count
      add(features.grams, features.gramCount, table)
      scale(from: middle, to: 1)
    }
  }

  /// What a lexicon says of the text that was read last.
  func polarity(_ lexicon: SentimentLexicon) -> Float {
    lexicon.polarity(features.terms.terms, 0..<features.terms.termCount)
  }

  @inline(__always)
  private func add(
    _ list: UnsafeMutablePointer<UInt64>, _ listCount: Int, _ table: FingerprintTable.Reader
  ) {
    var count = count
    for index in 0..<listCount {
      let number = table.number(of: list[index])
      if number < 0 { continue }
      if frequencies[number] == 0 {
        columns[count] = UInt32(truncatingIfNeeded: number)
        count &+= 1
      }
      if frequencies[number] < 1024 { frequencies[number] &+= 1 }
    }
    self.count = count
  }

  @inline(__always)
  private func scale(from start: Int, to length: Float) {
    var sum: Float = 0
    space.idf.withUnsafeBufferPointer { idf in
      logarithms.withUnsafeBufferPointer { logarithms in
        for index in start..<count {
          let column = Int(columns[index])
          let value = logarithms[Int(frequencies[column])] * idf[column]
          frequencies[column] = 0
          values[index] = value
          sum += value * value
        }
      }
    }
    if sum == 0 { return }
    let factor = length / sum.squareRoot()
    for index in start..<count { values[index] *= factor }
  }
}
