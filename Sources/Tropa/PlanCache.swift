internal import CypherPlanning
import Synchronization

/// Plans by text. Plans hold names, not ids, so that they stay right as the data changes.
final class PlanCache: Sendable {
  /// Texts kept; when there are more, all are dropped, which a stream of new texts pays once each.
  static let capacity = 512
  private let plans = Mutex<[Key: PlannedStatement]>([:])

  /// What a plan depends on. The amounts of data count by power of two: a plan made for an empty
  /// database does not do for a full one.
  struct Key: Hashable {
    var text: String
    var parameters: Set<String>
    var nodesMagnitude: Int
    var relationshipsMagnitude: Int
  }

  func plan(for key: Key) -> PlannedStatement? { plans.withLock { $0[key] } }

  func insert(_ plan: PlannedStatement, for key: Key) {
    plans.withLock { plans in
      if plans.count >= Self.capacity { plans.removeAll(keepingCapacity: true) }
      plans[key] = plan
    }
  }

  func removeAll() { plans.withLock { $0.removeAll() } }
}
