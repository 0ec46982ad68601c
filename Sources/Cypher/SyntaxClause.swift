/// A clause of a query.
package indirect enum Clause: Hashable, Sendable {
  case match(MatchClause)
  case unwind(UnwindClause)
  case with(WithClause)
  case `return`(ReturnClause)
  case create(CreateClause)
  case merge(MergeClause)
  case set(SetClause)
  case remove(RemoveClause)
  case delete(DeleteClause)
  case forEach(ForEachClause)
  case callProcedure(ProcedureCall)
  case callSubquery(SubqueryCall)
  case loadCSV(LoadCSVClause)
  /// `FINISH`: the end of a query that returns nothing.
  case finish(SourceRange)

  package var range: SourceRange {
    switch self {
    case .match(let clause): clause.range
    case .unwind(let clause): clause.range
    case .with(let clause): clause.range
    case .return(let clause): clause.range
    case .create(let clause): clause.range
    case .merge(let clause): clause.range
    case .set(let clause): clause.range
    case .remove(let clause): clause.range
    case .delete(let clause): clause.range
    case .forEach(let clause): clause.range
    case .callProcedure(let clause): clause.range
    case .callSubquery(let clause): clause.range
    case .loadCSV(let clause): clause.range
    case .finish(let range): range
    }
  }
}

/// `[OPTIONAL] MATCH [mode] patterns [hints] [WHERE predicate]`.
package struct MatchClause: Hashable, Sendable {
  package enum Mode: Sendable {
    /// No relationship matches twice in one MATCH; what is meant when nothing is written.
    case differentRelationships
    case repeatableElements
  }
  package var isOptional: Bool
  package var mode = Mode.differentRelationships
  package var patterns: [PathPattern]
  package var hints: [PlannerHint]
  package var predicate: Expression?
  package var range: SourceRange
}

/// `USING INDEX n:Label(key, …)`, `USING SCAN n:Label`, `USING JOIN ON a, b`. Hints never change a
/// result, so that a planner may ignore them.
package struct PlannerHint: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// `entity` is a node or relationship variable, `label` its label or type. The index kind is
    /// nil for plain `USING INDEX`.
    case index(IndexKind?, entity: Identifier, label: Identifier, keys: [Identifier])
    case scan(entity: Identifier, label: Identifier)
    case join([Identifier])
  }
  package var kind: Kind
  package var range: SourceRange
}

/// `UNWIND list AS variable`.
package struct UnwindClause: Hashable, Sendable {
  package var list: Expression
  package var variable: Identifier
  package var range: SourceRange
}

/// `WITH projection [WHERE predicate]`. Every item has an alias or is a plain variable.
package struct WithClause: Hashable, Sendable {
  package var projection: Projection
  package var predicate: Expression?
  package var range: SourceRange
}

package struct ReturnClause: Hashable, Sendable {
  package var projection: Projection
  package var range: SourceRange
}

/// What RETURN, WITH and the YIELD of SHOW have in common:
/// `[DISTINCT] *, items [ORDER BY …] [SKIP …] [LIMIT …]`.
package struct Projection: Hashable, Sendable {
  package var isDistinct: Bool
  /// `*` stands first, before `items`.
  package var includesAll: Bool
  package var items: [ProjectionItem]
  package var orderBy: [SortItem]
  package var skip: Expression?
  package var limit: Expression?
  package var range: SourceRange
}

/// `expression [AS alias]`. Without an alias the column is named with the exact source text of the
/// expression: `SourceText.text(item.expression.range)`, outer parentheses included.
package struct ProjectionItem: Hashable, Sendable {
  package var expression: Expression
  package var alias: Identifier?
  package var range: SourceRange
}

package struct SortItem: Hashable, Sendable {
  package var expression: Expression
  package var isDescending: Bool
  package var range: SourceRange
}

/// `CREATE patterns`. Relationships have a direction and no length; node labels are plain names
/// joined by `:` or `&`; there is no inline WHERE. A relationship without variable has one type.
package struct CreateClause: Hashable, Sendable {
  package var patterns: [PathPattern]
  package var range: SourceRange
}

/// `MERGE pattern [ON CREATE SET …] [ON MATCH SET …]`. The pattern obeys CREATE's rules, except
/// that its relationships need no direction and its properties may not be a parameter.
package struct MergeClause: Hashable, Sendable {
  package var pattern: PathPattern
  package var actions: [MergeAction]
  package var range: SourceRange
}

package struct MergeAction: Hashable, Sendable {
  package enum Event: Sendable { case create, match }
  package var event: Event
  package var items: [SetItem]
  package var range: SourceRange
}

package struct SetClause: Hashable, Sendable {
  package var items: [SetItem]
  package var range: SourceRange
}

package struct SetItem: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// `n.key = value` or `n[key] = value`: the target is a `.property` or a `.subscript`.
    case property(target: Expression, value: Expression)
    /// `n = map`: replaces all properties.
    case replace(variable: Identifier, value: Expression)
    /// `n += map`: adds and overwrites properties.
    case merge(variable: Identifier, value: Expression)
    /// `n:A:B`, `n IS A` or `n:$(expression)`.
    case labels(variable: Identifier, labels: [WrittenName])
  }
  package var kind: Kind
  package var range: SourceRange
}

package struct RemoveClause: Hashable, Sendable {
  package var items: [RemoveItem]
  package var range: SourceRange
}

package struct RemoveItem: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// `n.key` or `n[key]`: a `.property` or a `.subscript`.
    case property(Expression)
    /// `n:A:B`, `n IS A` or `n:$(expression)`.
    case labels(variable: Identifier, labels: [WrittenName])
  }
  package var kind: Kind
  package var range: SourceRange
}

/// `[DETACH | NODETACH] DELETE expressions`. None of them is a label predicate.
package struct DeleteClause: Hashable, Sendable {
  package var isDetaching: Bool
  package var expressions: [Expression]
  package var range: SourceRange
}

/// `FOREACH (variable IN list | updating clauses)`.
package struct ForEachClause: Hashable, Sendable {
  package var variable: Identifier
  package var list: Expression
  /// At least one; only updating clauses: CREATE, MERGE, SET, REMOVE, DELETE, FOREACH.
  package var clauses: [Clause]
  package var range: SourceRange
}

/// `[OPTIONAL] CALL name[(arguments)] [YIELD …]`.
package struct ProcedureCall: Hashable, Sendable {
  package var isOptional: Bool
  package var name: QualifiedName
  /// nil when there are no parentheses: the arguments are then the parameters of the same names.
  /// The parser allows that only in a standalone call.
  package var arguments: [Expression]?
  package var yield: ProcedureYield?
  /// The call is the whole query, so that all its outputs are the result when `yield` is nil.
  package var isStandalone: Bool
  package var range: SourceRange
}

package struct ProcedureYield: Hashable, Sendable {
  package enum Columns: Hashable, Sendable {
    /// `YIELD *`, only in a standalone call.
    case all
    /// At least one.
    case items([YieldItem])
  }
  package var columns: Columns
  package var predicate: Expression?
  package var range: SourceRange
}

/// `column [AS alias]`.
package struct YieldItem: Hashable, Sendable {
  package var column: Identifier
  package var alias: Identifier?
  package var range: SourceRange

  /// The name the output is bound to.
  package var variable: Identifier { alias ?? column }
}

/// `[OPTIONAL] CALL [(imports)] { query } [IN … TRANSACTIONS …]`.
package struct SubqueryCall: Hashable, Sendable {
  package enum Imports: Hashable, Sendable {
    /// `CALL { … }`: only what a leading `WITH a, b` inside names.
    case leadingWith
    /// `CALL (*) { … }`.
    case all
    /// `CALL (a, b) { … }`, possibly none.
    case variables([Identifier])
  }
  package var isOptional: Bool
  package var imports: Imports
  package var query: Query
  package var transactions: SubqueryTransactions?
  package var range: SourceRange
}

/// `IN [n CONCURRENT] TRANSACTIONS [OF n ROWS] [ON ERROR …] [REPORT STATUS AS v]`.
package struct SubqueryTransactions: Hashable, Sendable {
  package enum ErrorPolicy: Sendable { case fail, `continue`, `break` }
  /// Whether CONCURRENT is written; `concurrency` is then how many at a time, or nil for "choose".
  package var isConcurrent: Bool
  package var concurrency: Expression?
  package var rowsPerBatch: Expression?
  package var onError: ErrorPolicy?
  package var statusVariable: Identifier?
  package var range: SourceRange
}

/// `LOAD CSV [WITH HEADERS] FROM url AS variable [FIELDTERMINATOR 'c']`.
package struct LoadCSVClause: Hashable, Sendable {
  package var withHeaders: Bool
  package var url: Expression
  package var variable: Identifier
  package var fieldTerminator: String?
  package var range: SourceRange
}
