import GraphTypes

/// One runnable case: a scenario, or an outline filled in with one of its examples.
package struct TCKCase: Sendable {
  /// Stable across runs and machines:
  /// `clauses/match/Match1 [6] Fail when using parameter (example 2)`.
  package var id: String
  /// The folder of the feature file: `clauses/match`.
  package var category: String
  package var line: Int
  package var steps: [TCKStep]

  package init(id: String, category: String, line: Int, steps: [TCKStep]) {
    self.id = id
    self.category = category
    self.line = line
    self.steps = steps
  }
}

/// A step whose text has been understood. The two that ask for an empty graph are not here: every
/// case starts from one.
package enum TCKStep: Sendable {
  /// A query that must succeed: `having executed:` or the script of a named graph.
  case preparation(query: String)
  case parameters([String: Value])
  case procedure(TestProcedure)
  /// The query under test.
  case query(String)
  case controlQuery(String)
  case result(ExpectedResult)
  case sideEffects(SideEffects)
  case error(ExpectedError)

  package struct ExpectedResult: Sendable {
    /// Nil where no rows are expected and the columns are not said.
    package var columns: [String]?
    package var rows: [[TCKValue]]
    package var isOrdered: Bool
    package var ignoresListOrder: Bool

    package init(
      columns: [String]?, rows: [[TCKValue]], isOrdered: Bool = false,
      ignoresListOrder: Bool = false
    ) {
      self.columns = columns
      self.rows = rows
      self.isOrdered = isOrdered
      self.ignoresListOrder = ignoresListOrder
    }
  }

  /// `a KIND should be raised at PHASE: DETAIL`
  package struct ExpectedError: Sendable, CustomStringConvertible {
    package var kind: String
    /// Nil for `any time`.
    package var phase: QueryError.Phase?
    /// Nil for `*`.
    package var detail: String?

    package func matches(_ error: QueryError) -> Bool {
      kind == error.kind.rawValue && (phase ?? error.phase) == error.phase
        && (detail ?? error.detail) == error.detail
    }

    package var description: String {
      "\(kind) at \(phase.map { "\($0.rawValue) time" } ?? "any time"): \(detail ?? "*")"
    }
  }
}
