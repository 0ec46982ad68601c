internal import Cypher
internal import GraphTypes

/// A `USING INDEX` of the statement.
package struct IndexHint: Sendable {
  package var variable: VariableID
  /// `:Label(key, …)`.
  package var label: String
  package var keys: [String]
  /// UTF-8 byte offsets into the query text.
  package var range: Range<Int>
}

extension PlannedStatement {
  /// Says of the hints that ask for an index by which the plan does not search.
  mutating func warnOfHints(_ hints: [IndexHint], _ catalogue: any PlanningCatalogue) {
    guard !hints.isEmpty else { return }
    var seeks: [IndexSeek] = []
    plan.collectSeeks(into: &seeks)
    for hint in hints {
      let isFollowed = seeks.contains {
        $0.index.label == hint.label && $0.index.keys == hint.keys
          && $0.variables.contains(hint.variable)
      }
      if isFollowed { continue }
      let indexes =
        catalogue.nodeIndexes(label: hint.label) + catalogue.relationshipIndexes(type: hint.label)
      let keys = hint.keys.map { CypherText.name($0) }.joined(separator: ", ")
      let pattern = "\(CypherText.name(hint.label))(\(keys))"
      let exists = indexes.contains { $0.keys == hint.keys }
      warnings.append(
        QueryWarning(
          .hint,
          exists
            ? "the index on \(pattern) cannot answer the conditions, so the hint is not followed"
            : "there is no range index on \(pattern), so the hint is not followed",
          range: hint.range,
          hint: exists
            ? "an index is searched by =, IN, <, >, STARTS WITH on its first keys"
            : "SHOW INDEXES lists those that exist"))
    }
  }
}

extension Plan {
  fileprivate func collectSeeks(into seeks: inout [IndexSeek]) {
    switch operation {
    case .indexSeek(let seek), .count(.entries(let seek), _): seeks.append(seek)
    default: break
    }
    for input in inputs { input.collectSeeks(into: &seeks) }
  }
}
