import Segmentation

/// Churn by rules: a client counts as gone after so many days of silence.
///
/// The risk is silence / (silence + limit): a half at the limit, 1 in the end. It is a scale, not a
/// probability. Who bought once is judged as others are: nobody is safe for lack of an interval.
enum ChurnRules {
  /// Days of silence from which on each client counts as gone.
  static func limits(
    _ settings: ChurnSettings, _ features: ChurnFeatures, _ purchases: PurchaseTimeline
  ) -> [Double] {
    let count = features.clients.count
    switch settings.method {
    case .quantile:
      let gaps = gaps(purchases, before: features.day)
      // Without a single repeat the window is all there is.
      let limit =
        gaps.isEmpty
        ? Double(settings.window) : Segmentation.quantile(ofSorted: gaps, settings.quantile)
      return [Double](repeating: limit, count: count)
    case .silence:
      let gaps = gaps(purchases, before: features.day)
      let usual =
        gaps.isEmpty ? Double(settings.window) : Segmentation.quantile(ofSorted: gaps, 0.5)
      return features.clients.indices.map { row in
        let visits = features.column("visits")?[row] ?? 1
        let own = visits > 1 ? (features.column("interval")?[row] ?? 0) * (visits - 1) : 0
        // A single interval is weak evidence: the usual one of all clients counts as one more.
        return max(1, settings.factor * (own + usual) / visits)
      }
    default: return [Double](repeating: Double(settings.window), count: count)
    }
  }

  static func risks(recency: [Double], limits: [Double]) -> [Double] {
    zip(recency, limits).map { $0 / ($0 + $1) }
  }

  /// Days between a client's purchases, of all clients, ascending.
  private static func gaps(_ purchases: PurchaseTimeline, before day: Int) -> [Double] {
    var gaps: [Double] = []
    for client in purchases.nodes.indices {
      let entries = purchases.entries(of: client, before: day)
      for entry in entries.dropFirst() {
        gaps.append(Double(purchases.days[entry] - purchases.days[entry - 1]))
      }
    }
    return gaps.sorted()
  }
}
