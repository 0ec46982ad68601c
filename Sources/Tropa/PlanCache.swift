internal import CypherPlanning
import Synchronization

/// Plans by text. Plans hold names, not ids, so that they stay right as the data changes.
final class PlanCache: Sendable {
  /// Texts kept; when there are more, all are dropped, which a stream of new texts pays once each.
  static let capacity = 512
  private let plans = Mutex<[String: PlannedStatement]>([:])

  func plan(for text: String) -> PlannedStatement? { plans.withLock { $0[text] } }

  func insert(_ plan: PlannedStatement, for text: String) {
    plans.withLock { plans in
      if plans.count >= Self.capacity { plans.removeAll(keepingCapacity: true) }
      plans[text] = plan
    }
  }

  func removeAll() { plans.withLock { $0.removeAll() } }
}
