/// Which names the cells of recency, frequency and monetary scores have: the two schemes that are
/// in common use.
package enum RFMScheme: String, Sendable, CaseIterable {
  /// Eleven segments over all 125 cells.
  case elevenSegments = "11"
  /// Ten segments over the 25 cells of recency and frequency; money does not count.
  case tenSegments = "10"

  /// In the order of reports.
  package var segments: [RFMSegment] {
    switch self {
    case .elevenSegments: RFMSegment.allCases.filter { !$0.cells.isEmpty }
    case .tenSegments:
      [
        .champions, .loyal, .potentialLoyalist, .newCustomers, .promising, .needAttention,
        .aboutToSleep, .atRisk, .cannotLose, .hibernating,
      ]
    }
  }

  /// - Precondition: scores in 1 ... 5.
  package func segment(recency: Int, frequency: Int, monetary: Int) -> RFMSegment {
    precondition(
      (1...5).contains(recency) && (1...5).contains(frequency) && (1...5).contains(monetary))
    switch self {
    case .elevenSegments:
      return Self.byCell[(recency - 1) * 25 + (frequency - 1) * 5 + monetary - 1]
    case .tenSegments:
      // As in many notebooks: r in rows, f in columns.
      return Self.byRecencyAndFrequency[(recency - 1) * 5 + frequency - 1]
    }
  }

  private static let byCell: [RFMSegment] = {
    var table = [RFMSegment](repeating: .lost, count: 125)
    for segment in RFMSegment.allCases {
      for cell in segment.cells {
        table[(cell / 100 - 1) * 25 + (cell / 10 % 10 - 1) * 5 + cell % 10 - 1] = segment
      }
    }
    return table
  }()

  private static let byRecencyAndFrequency: [RFMSegment] = [
    .hibernating, .hibernating, .atRisk, .atRisk, .cannotLose,
    .hibernating, .hibernating, .atRisk, .atRisk, .cannotLose,
    .aboutToSleep, .aboutToSleep, .needAttention, .loyal, .loyal,
    .promising, .potentialLoyalist, .potentialLoyalist, .loyal, .loyal,
    .newCustomers, .potentialLoyalist, .potentialLoyalist, .champions, .champions,
  ]
}
