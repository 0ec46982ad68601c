internal import CypherPlanning
internal import GraphStore
internal import OrderedCollections
import Synchronization

/// Plans by text. Plans hold names, not ids, so that they stay right as the data changes.
final class PlanCache: Sendable {
  /// Plans kept; when there are more, the one that was not asked for the longest goes.
  static let capacity = 512
  /// In order of use, the last used at the end.
  private let plans = Mutex<OrderedDictionary<Key, PlannedStatement>>([:])

  /// What a plan depends on. The amounts of data count by power of two: a plan made for an empty
  /// database does not do for a full one.
  struct Key: Hashable {
    var text: String
    var parameters: Set<String>
    var nodesMagnitude: Int
    var relationshipsMagnitude: Int
    /// A plan names the indexes that it uses.
    var schema: Schema

    /// By bytes: Swift holds й as one and as two code points to be equal, Cypher does not.
    static func == (a: Key, b: Key) -> Bool {
      a.nodesMagnitude == b.nodesMagnitude
        && a.relationshipsMagnitude == b.relationshipsMagnitude
        && (a.schema === b.schema || a.schema.indexes == b.schema.indexes)
        && a.text.hasSameCodePoints(as: b.text)
        && a.parameterNames.elementsEqual(b.parameterNames) { $0.hasSameCodePoints(as: $1) }
    }

    func hash(into hasher: inout Hasher) {
      for byte in text.utf8 { hasher.combine(byte) }
      hasher.combine(parameterNames.count)
    }

    private var parameterNames: [String] { parameters.sorted { $0.codePointOrder($1) < 0 } }
  }

  func plan(for key: Key) -> PlannedStatement? {
    plans.withLock { plans in
      guard let index = plans.index(forKey: key) else { return nil }
      let plan = plans.elements[index].value
      // A plan near the end stays: moving it costs as much as there are behind it.
      if index + Self.capacity / 8 < plans.count {
        plans.remove(at: index)
        plans[key] = plan
      }
      return plan
    }
  }

  func insert(_ plan: PlannedStatement, for key: Key) {
    plans.withLock { plans in
      if plans.count >= Self.capacity, plans[key] == nil { plans.removeFirst() }
      plans[key] = plan
    }
  }

  func removeAll() { plans.withLock { $0.removeAll() } }
}
