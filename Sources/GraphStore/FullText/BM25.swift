#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The score of a term or phrase in a field, as Lucene computes it: Okapi BM25 (Robertson and
/// Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) without the constant
/// factor k₁ + 1, with lengths as `FieldLength` keeps them.
struct BM25 {
  static let k1 = 1.2
  static let b = 0.75

  /// 1 / (k₁ × (1 - b + b × length / mean length)), by the code of the length.
  private let saturation: [Double]
  private let weight: Double

  /// - Parameter idf: of the term; of a phrase, the sum over its terms.
  init(_ field: FieldStatistics, idf: Double, boost: Double) {
    weight = boost * idf
    let mean = Double(field.totalLength) / Double(max(field.documentCount, 1))
    saturation = (0...UInt8.max).map { code in
      1 / (Self.k1 * (1 - Self.b + Self.b * Double(FieldLength.length(code)) / max(mean, 1e-9)))
    }
  }

  static func idf(_ field: FieldStatistics, documentCount: Int) -> Double {
    let (all, found) = (Double(field.documentCount), Double(documentCount))
    return log(1 + (all - found + 0.5) / (found + 0.5))
  }

  @inline(__always)
  func score(frequency: Double, length code: UInt8) -> Double {
    weight - weight / (1 + frequency * saturation[Int(code)])
  }
}
