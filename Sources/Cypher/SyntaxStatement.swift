// The tree of a statement, from the outside in: this file, `SyntaxClause`, `SyntaxPattern`,
// `SyntaxExpression`; `SyntaxSchema` has the commands for indexes and constraints. Every type is a
// plain value; equality ignores where a node stands (see `SourceRange`).

/// One statement of a text: what stands between two semicolons.
package struct Statement: Hashable, Sendable {
  package enum Mode: Sendable { case run, explain, profile }
  package var mode: Mode
  package var body: Body
  /// From the first token to the last, without the semicolon.
  package var range: SourceRange

  package indirect enum Body: Hashable, Sendable {
    case query(Query)
    case createIndex(CreateIndex)
    case dropIndex(DropSchemaItem)
    case createConstraint(CreateConstraint)
    case dropConstraint(DropSchemaItem)
    case show(ShowCommand)
  }
}

/// A query: one part, or several joined by UNION.
package struct Query: Hashable, Sendable {
  /// At least one.
  package var parts: [SingleQuery]
  /// How the parts are joined; nil when there is only one. UNION and UNION ALL do not mix.
  package var union: UnionKind?
  package var range: SourceRange
}

package enum UnionKind: Sendable {
  /// `UNION` or `UNION DISTINCT`: equal rows are one.
  case distinct
  /// `UNION ALL`.
  case all
}

/// Clauses in the order they are written. The parser has checked the order: reading clauses do not
/// follow updating ones without WITH, RETURN is last, and the last clause may end a query.
package struct SingleQuery: Hashable, Sendable {
  /// At least one.
  package var clauses: [Clause]
  package var range: SourceRange
}

/// A name as the user means it: without backticks, escapes resolved, case kept.
package struct Identifier: Hashable, Sendable {
  package var name: String
  package var range: SourceRange

  package init(_ name: String, range: SourceRange) {
    self.name = name
    self.range = range
  }
}

/// The name of a function or procedure: `gds.pageRank.stream` has three parts.
package struct QualifiedName: Hashable, Sendable {
  /// At least one.
  package var parts: [Identifier]
  package var range: SourceRange

  /// The parts joined by dots, case kept; functions are looked up without regard to case.
  package var text: String {
    parts.count == 1 ? parts[0].name : parts.map(\.name).joined(separator: ".")
  }
}
