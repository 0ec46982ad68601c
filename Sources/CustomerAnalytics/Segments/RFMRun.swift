import Segmentation
import Tropa

/// How scores and segments follow from recency, frequency and money.
struct RFMSettings: Sendable {
  var scheme = RFMScheme.elevenSegments
  var scales: (recency: RFMScores.Scale, frequency: RFMScores.Scale, monetary: RFMScores.Scale)

  /// Reads `scheme`, `ties`, `recencyCuts`, `frequencyCuts` and `monetaryCuts`.
  init(_ configuration: inout ConfigurationMap) throws {
    // 10 or '10'.
    if case .integer(let number) = configuration.value("scheme") {
      guard let known = RFMScheme(rawValue: "\(number)") else {
        throw QueryError(
          .argumentError, "InvalidConfigurationValue", "`scheme` of the segments is \(number)",
          hint: "it must be 10 or 11, the number of named segments")
      }
      scheme = known
    } else {
      scheme = try configuration.choice("scheme", default: .elevenSegments)
    }
    let ties = try configuration.choice("ties", default: QuantileScores.Ties.preserved)
    func scale(_ key: String) throws -> RFMScores.Scale {
      guard let cuts = try configuration.floats(key) else { return .quintiles(ties) }
      return .cuts(try SegmentationFailure.translated { try ScoreCuts(cuts, of: key) })
    }
    scales = (
      try scale("recencyCuts"), try scale("frequencyCuts"), try scale("monetaryCuts")
    )
  }
}

/// Scores and segments of the clients of a history.
struct RFMRun {
  let history: PurchaseHistory
  let scores: RFMScores
  let scheme: RFMScheme
  let segments: [RFMSegment]

  init(_ history: PurchaseHistory, _ settings: RFMSettings) throws {
    self.history = history
    scheme = settings.scheme
    scores = try SegmentationFailure.translated {
      try RFMScores(
        recency: history.recency, frequency: history.frequency, monetary: history.monetary,
        scales: settings.scales)
    }
    segments = scores.segments(settings.scheme)
  }
}

/// Failures of the numerics as failures of a query.
enum SegmentationFailure {
  /// - Throws: `QueryError` that names the setting; what the call was stopped by.
  static func translated<T>(
    _ call: ProcedureInvocation? = nil, _ body: () throws -> T
  ) throws -> T {
    do {
      return try body()
    } catch let error as SegmentationError {
      if error == .cancelled { try call?.checkCancellation() }
      throw QueryError(
        .argumentError, "InvalidConfigurationValue",
        "`\(error.subject)` of the segments: \(error.description)")
    }
  }
}
