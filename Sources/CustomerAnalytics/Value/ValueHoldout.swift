import Segmentation
import Tropa

/// The model fitted to what was known some days ago, against what came since.
struct ValueHoldout {
  let expected: Double
  let observed: Double

  /// - Parameter days: at the end of what is known; they do not count for the fit.
  init(_ run: ValueRun, days: Int, call: ProcedureInvocation) throws {
    let cutoff = run.purchases.end - days
    do throws(SegmentationError) {
      let (clients, data) = try run.purchases.repeatPurchases(before: cutoff)
      let fit = try run.modelName.fit(
        data, concurrency: run.concurrency,
        isCancelled: { (try? call.checkCancellation()) == nil })
      expected = fit.model.expectedPurchases(
        in: Double(days), data, concurrency: run.concurrency
      ).reduce(0, +)
      observed = clients.reduce(0) {
        $0 + Double(run.purchases.visits($1, from: cutoff, to: run.purchases.end))
      }
    } catch {
      try call.checkCancellation()
      throw QueryError(
        .argumentError, "NotEnoughHistory",
        "`holdout` of \(days) days leaves too little before it: \(error.description)")
    }
  }
}
