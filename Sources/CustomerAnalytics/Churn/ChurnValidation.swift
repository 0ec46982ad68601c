import Segmentation
import Tropa

/// How well risks at a cut-off foretold who would not buy in the horizon after it: the last that is
/// over. Nothing after the cut-off is known to the method, and clients are not divided at random.
struct ChurnValidation {
  let assessment: ChurnAssessment
  let labels: [Bool]
  let cutoff: Int
  /// Whether risks are probabilities, so that they can be right.
  let isProbability: Bool

  init(_ run: ChurnRun) throws {
    cutoff = run.referenceDay - run.horizon
    guard cutoff > run.footprints.purchases.begin else { throw run.tooShort(cutoff) }
    assessment = try run.assessment(at: cutoff, explained: true)
    labels = assessment.features.departures(run.footprints.purchases, horizon: run.horizon)
    isProbability = run.settings.method == .probabilistic || run.settings.method == .model
  }

  var baseRate: Double { Double(labels.count { $0 }) / Double(max(labels.count, 1)) }

  private func known(_ value: Double) -> Value { value.isNaN ? .null : .float(value) }
  private func probabilistic(_ value: Double) -> Value { isProbability ? known(value) : .null }

  var rocAUC: Value { known(BinaryMetrics.rocAUC(labels, assessment.risks)) }
  var averagePrecision: Value { known(BinaryMetrics.averagePrecision(labels, assessment.risks)) }
  var lift: Value { known(BinaryMetrics.lift(labels, assessment.risks, share: 0.1)) }
  var brier: Value { probabilistic(BinaryMetrics.brier(labels, assessment.risks)) }
  var logLoss: Value { probabilistic(BinaryMetrics.logLoss(labels, assessment.risks)) }

  private var bins: [BinaryMetrics.CalibrationBin] {
    BinaryMetrics.calibration(labels, assessment.risks)
  }

  var calibrationError: Value { probabilistic(BinaryMetrics.calibrationError(bins)) }

  /// Tenths of the clients in order of risk: what was said and what came.
  var calibration: Value {
    .list(
      bins.map {
        .map([
          "clients": .integer(Int64($0.count)), "predicted": .float($0.predicted),
          "observed": .float($0.observed),
        ])
      })
  }

  /// By how much each feature moves ln of the odds, on average.
  var importance: Value {
    guard let contributions = assessment.contributions else { return .null }
    var map: [String: Value] = [:]
    for (position, column) in assessment.features.columns.enumerated() {
      let sum = contributions.column(position).reduce(0) { $0 + abs($1) }
      map[column.name] = .float(sum / Double(max(contributions.rowCount, 1)))
    }
    return .map(map)
  }
}
