import Tropa

extension FeatureSources {
  /// Features of what clients wrote and whom they follow.
  func activityValues(_ feature: Feature) throws -> FeatureValues {
    switch feature {
    case .reviews, .reviewsPerOrder:
      guard let reviews = try reviews else { return lacks(.reviewType) }
      return .known(feature == .reviews ? counts(reviews) : perOrder(counts(reviews)))
    case .rating: return try mean(\.rating, .ratingProperty)
    case .sentiment: return try mean(\.sentiment, .sentimentProperty)
    case .following: return try ties("-[r]->")
    case .followers: return try ties("<-[r]-")
    default: return .missing("it is no feature of activity", hint: nil)
    }
  }

  private func mean(_ part: KeyPath<Review, Double>, _ key: SchemaKey) throws -> FeatureValues {
    guard let reviews = try reviews else { return lacks(.reviewType) }
    var isKnown = false
    let means = reviews.groups(of: nodes).map { group -> Double in
      if group < 0 { return .nan }
      var sum = 0.0
      var count = 0.0
      for row in reviews.range(group, before: end) {
        let value = reviews.events[row][keyPath: part]
        if value.isNaN { continue }
        sum += value
        count += 1
      }
      if count > 0 { isKnown = true }
      return count > 0 ? sum / count : .nan
    }
    return isKnown ? .known(means) : lacks(key)
  }

  /// Social ties before the reference date, where they have dates.
  private func ties(_ arrow: String) throws -> FeatureValues {
    guard inventory.has(schema[.socialType], .type) else { return lacks(.socialType) }
    let relationship = "[r:\(schema.quoted(.socialType))]"
    let date = try schema.find(.socialDateProperty, inventory, call)
    let cursor = try call.stream(
      """
      MATCH (c:\(schema.quoted(.clientLabel)))\(arrow.replacing("[r]", with: relationship))()
      \(date.map { "WHERE date(\($0.text)) < $end" } ?? "")
      RETURN id(c) AS client, count(*) AS ties
      """, parameters: ["end": .date(history.referenceDate)])
    var values = [Double](repeating: 0, count: nodes.count)
    var clients: [Int64] = []
    var counts: [Double] = []
    while let batch = try cursor.nextColumns() {
      clients.removeAll(keepingCapacity: true)
      counts.removeAll(keepingCapacity: true)
      try batch.appendIntegers(of: 0, to: &clients)
      try batch.appendFloats(of: 1, to: &counts)
      for (client, count) in zip(clients, counts) {
        if let row = rows[client] { values[row] = count }
      }
      try call.checkCancellation()
    }
    return .known(values)
  }
}
