/// How two sets (or weighted sets) of neighbours are compared.
package enum SimilarityMetric: String, Sendable, CaseIterable {
  /// |A ∩ B| / |A ∪ B|; weighted Σ min / Σ max.
  case jaccard = "JACCARD"
  /// |A ∩ B| / min(|A|, |B|); weighted Σ min / min(Σ A, Σ B).
  case overlap = "OVERLAP"
  /// |A ∩ B| / √(|A| |B|); weighted Σ a·b / (‖A‖ ‖B‖).
  case cosine = "COSINE"

  /// - Parameters:
  ///   - common: size of the intersection, Σ min, or for the weighted cosine Σ a·b.
  ///   - a: size of the first set, sum of its weights, or for the weighted cosine Σ a².
  @inline(__always)
  func value(common: Double, _ a: Double, _ b: Double) -> Double {
    switch self {
    case .jaccard: common / (a + b - common)
    case .overlap: common / min(a, b)
    case .cosine: common / (a * b).squareRoot()
    }
  }
}
