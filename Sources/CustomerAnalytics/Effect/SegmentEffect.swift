import Segmentation
import Tropa

/// The measures of one segment in a period, with confidence intervals.
struct SegmentEffect {
  /// By name, in the order of the procedure's outputs.
  static let measures = [
    "arpu", "arppu", "averageCheck", "conversion", "retention", "churn", "ltv", "ltvForecast",
    "csi",
    "nps", "roi",
  ]

  private(set) var clients = 0
  private(set) var atStart = 0
  private(set) var active = 0
  private(set) var buyers = 0
  private(set) var new = 0
  private(set) var orders = 0
  private(set) var revenue = 0.0
  private(set) var values: [String: Double] = [:]
  private(set) var intervals: [String: ConfidenceInterval] = [:]

  /// - Parameters:
  ///   - rows: the segment's clients.
  ///   - forecast: expected gain of each client; nil if the graph has none, NaN for single clients.
  ///   - cost: spent on the segment in the period; nil if not known.
  /// - Throws: when cancelled.
  init(
    _ activity: PeriodActivity, rows: [Int], forecast: [Double]?, cost: Double?,
    _ bootstrap: Bootstrap, isCancelled: () -> Bool
  ) throws(SegmentationError) {
    func column(_ values: [Double]) -> [Double] { rows.map { values[$0] } }
    let stayed = rows.map { activity.isBuyer[$0] * activity.wasBuyer[$0] }
    let known = rows.map { forecast?[$0] ?? .nan }
    let columns = [
      column(activity.revenue), column(activity.gain), column(activity.orders),
      column(activity.isActive), column(activity.isBuyer), column(activity.gainSoFar),
      column(activity.ratings), column(activity.ratingSum), column(activity.promoters),
      column(activity.detractors), known.map { $0.isNaN ? 0 : $0 },
      known.map { $0.isNaN ? 0.0 : 1 },
    ]
    let estimates = try bootstrap.estimates(
      [Bootstrap.Group(columns)], isCancelled: isCancelled
    ) { groups in
      let sums = groups[0]
      func ratio(_ a: Double, _ b: Double) -> Double { b > 0 ? a / b : .nan }
      return [
        ratio(sums[1], sums[4]), ratio(sums[1], sums[5]), ratio(sums[1], sums[3]),
        ratio(sums[6], sums[0]), ratio(10 * sums[8], sums[7]),
        ratio(100 * (sums[9] - sums[10]), sums[7]), ratio(sums[11], sums[12]),
        cost.map { ratio(sums[2] - $0, $0) } ?? .nan,
      ]
    }
    clients = rows.count
    func total(_ values: [Double]) -> Double { values.reduce(0, +) }
    revenue = total(columns[0])
    orders = Int(total(columns[2]))
    active = Int(total(columns[3]))
    buyers = Int(total(columns[4]))
    new = Int(total(column(activity.isNew)))
    let start = total(column(activity.wasBuyer))
    atStart = Int(start)
    let names = [
      "arpu", "arppu", "averageCheck", "ltv", "csi", "nps", "ltvForecast", "roi",
    ]
    for (name, estimate) in zip(names, estimates) where !estimate.value.isNaN {
      values[name] = estimate.value
      intervals[name] = estimate.interval
    }
    share("conversion", Double(buyers), of: Double(active), bootstrap.level)
    share("retention", total(stayed), of: start, bootstrap.level)
    share("churn", start - total(stayed), of: start, bootstrap.level)
  }

  private mutating func share(_ name: String, _ part: Double, of whole: Double, _ level: Double) {
    guard whole > 0 else { return }
    values[name] = part / whole
    intervals[name] = .wilson(part, of: whole, level: level)
  }
}

extension ConfidenceInterval {
  /// `[lower, upper]`
  var value: Value { .list([.float(lower), .float(upper)]) }
}
