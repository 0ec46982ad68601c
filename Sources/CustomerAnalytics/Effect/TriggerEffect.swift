import Segmentation
import Tropa

/// Treated clients against the control group, by intention to treat: all who were assigned count,
/// whether the message reached them or not.
struct TriggerEffect {
  private var clients = (treated: 0, control: 0)
  private var conversion: (treated: Double, control: Double)?
  private var upliftInterval: ConfidenceInterval?
  private var revenue: (treated: Double, control: Double)?
  private var differenceInterval: ConfidenceInterval?
  private var roi: Bootstrap.Estimate?
  private let margin: Double
  private let cost: Double?

  /// - Parameters:
  ///   - rows: clients of the experiment that count.
  ///   - margin: share of the revenue that is gain.
  ///   - cost: of one treated client; nil if not known.
  /// - Throws: when cancelled.
  init(
    _ experiment: Assignments.Experiment, _ outcomes: ExperimentOutcomes, rows: [Int],
    margin: Double, cost: Double?, _ bootstrap: Bootstrap, isCancelled: () -> Bool
  ) throws(SegmentationError) {
    self.margin = margin
    self.cost = cost
    let treated = rows.filter { !experiment.clients[$0].isControl }
    let control = rows.filter { experiment.clients[$0].isControl }
    clients = (treated.count, control.count)
    guard !treated.isEmpty && !control.isEmpty else { return }
    func sum(_ rows: [Int], _ values: [Double]) -> Double { rows.reduce(0) { $0 + values[$1] } }
    let (n, m) = (Double(treated.count), Double(control.count))
    let bought = (sum(treated, outcomes.hasBought), sum(control, outcomes.hasBought))
    conversion = (bought.0 / n, bought.1 / m)
    upliftInterval = .difference(
      bought.0, of: n, less: bought.1, of: m, level: bootstrap.level)
    revenue = (sum(treated, outcomes.revenue) / n, sum(control, outcomes.revenue) / m)
    let groups = [treated, control].map { rows in
      Bootstrap.Group([rows.map { outcomes.revenue[$0] }])
    }
    let estimates = try bootstrap.estimates(groups, isCancelled: isCancelled) { sums in
      guard sums[0][0] > 0 && sums[1][0] > 0 else { return [.nan, .nan] }
      let difference = sums[0][1] / sums[0][0] - sums[1][1] / sums[1][0]
      guard let cost, cost > 0 else { return [difference, .nan] }
      return [difference, (difference * margin - cost) / cost]
    }
    differenceInterval = estimates[0].interval
    if !estimates[1].value.isNaN { roi = estimates[1] }
  }

  /// In the order of the procedure's outputs.
  func row(_ experiment: Assignments.Experiment) throws -> [Value] {
    func value(_ number: Double?) -> Value { number.map { .float($0) } ?? .null }
    let difference = revenue.map { $0.treated - $0.control }
    let probability = try experiment.controlShare.flatMap { share -> Double? in
      guard share > 0 && share < 1 else { return nil }
      let counts = [clients.treated, clients.control]
      return try SampleRatio.probability(counts: counts, shares: [1 - share, share])
    }
    return [
      .string(experiment.trigger), experiment.name.map { .string($0) } ?? .null,
      .integer(Int64(clients.treated)),
      .integer(Int64(clients.control)), value(conversion?.treated), value(conversion?.control),
      value(conversion.map { $0.treated - $0.control }), upliftInterval?.value ?? .null,
      value(revenue?.treated), value(revenue?.control), value(difference),
      differenceInterval?.value ?? .null,
      value(difference.map { $0 * Double(clients.treated) }),
      value(cost.map { $0 * Double(clients.treated) }), value(roi?.value),
      roi?.interval?.value ?? .null, value(probability),
      // The level at which mismatches are told, so that among many triggers few are told by chance.
      probability.map { .boolean($0 < 0.001) } ?? .null,
    ]
  }
}
