/// How marks («4 stars of 5») are read as sentiment.
package struct StarScale: Equatable, Sendable {
  package let lowest: Double
  package let highest: Double
  /// Marks up to it are negative, marks from `positive` on positive, those between neutral.
  package let negative: Double
  package let positive: Double

  /// The usual scale in which all of these marks are: 1…5, 0…10, or from the lowest mark to the
  /// highest. The lower three eighths are negative (1 and 2 of 5), the upper three positive.
  ///
  /// - Throws: when all marks are equal or not finite.
  package init(_ marks: [Double]) throws(TextError) {
    guard let low = marks.min(), let high = marks.max(), low < high, low.isFinite, high.isFinite
    else {
      throw TextError(
        marks.isEmpty
          ? "there are no texts with marks"
          : "all \(marks.count) marks are equal, so there is nothing to learn",
        hint: "name the property or column that holds the stars")
    }
    let areWhole = marks.allSatisfy { $0 == $0.rounded() }
    if areWhole && low >= 1 && high > 2 && high <= 5 {
      self.init(from: 1, to: 5)
    } else if areWhole && low >= 0 && high > 5 && high <= 10 {
      self.init(from: 0, to: 10)
    } else {
      self.init(from: low, to: high)
    }
  }

  package init(from lowest: Double, to highest: Double) {
    self.lowest = lowest
    self.highest = highest
    negative = lowest + 0.375 * (highest - lowest)
    positive = lowest + 0.625 * (highest - lowest)
  }

  package func sentiment(_ mark: Double) -> SentimentClass {
    mark <= negative ? .negative : mark >= positive ? .positive : .neutral
  }
}
