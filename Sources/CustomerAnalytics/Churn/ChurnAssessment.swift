import Segmentation
import Tropa

/// The risk of each client at the start of a day, from what was known before it.
struct ChurnAssessment {
  /// Positions in the timeline, ascending.
  var clients: [Int]
  /// In 0 ... 1, one a client. A probability unless a rule made it.
  var risks: [Double]
  /// The features of the clients, in the same order.
  var features: ChurnFeatures
  /// Of a learned model: to ln of the odds, shape `[clients][columns]`.
  var contributions: Matrix?
  /// Of a rule: the days of silence from which on each client counts as gone.
  var limits: [Double]?
  var model: ChurnModel?
  var horizon: Int

  /// Why a client is at risk, the weightiest first.
  func reasons(_ row: Int) -> [ChurnReason] {
    func value(_ name: String) -> Double? { features.column(name)?[row] }
    if let contributions {
      return ChurnReasons.reasons(
        features.columns, contributions: contributions.row(row), horizon: horizon, value: value)
    }
    let visits = value("visits") ?? 1
    let recency = value("recency") ?? 0
    var reasons = [
      ChurnReasons.silent(days: recency, interval: visits > 1 ? value("interval") : nil)
    ]
    if let limits {
      let days = ChurnReasons.whole(limits[row])
      // Who is not yet silent for long gives no reason.
      if recency <= limits[row] { return [] }
      reasons.append(
        ChurnReason(en: "the limit is \(days) days", ru: "предел — \(days) дн."))
    } else if risks[row] < 0.5 {
      return []
    }
    if visits == 1 {
      reasons.append(ChurnReason(en: "bought only once", ru: "покупал один раз"))
    }
    return reasons
  }
}
