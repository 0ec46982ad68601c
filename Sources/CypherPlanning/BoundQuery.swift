package import GraphTypes

// What the binder hands to the planner: names resolved, rules of scope and aggregation checked,
// patterns taken apart. The order of clauses is as written; how to run them is the planner's choice.

package struct BoundStatement: Sendable {
  package enum Mode: Sendable { case run, explain, profile }
  package enum Body: Sendable {
    case query(BoundQuery)
    case schema(SchemaCommand)
  }
  package var mode: Mode
  package var body: Body
  /// Names of the result's columns, in order; empty when nothing is returned.
  package var columns: [String]
  /// Variables are `0 ..< variableCount`; the planner makes its own from there on.
  package var variableCount: Int
  /// By variable: the name in the text, or nil for one that the binder or planner made.
  package var variableNames: [String?]
  /// Anything but reading: such a statement needs a write transaction.
  package var isUpdating: Bool
  /// What is allowed but probably not meant, in the order of the text.
  package var warnings: [QueryWarning] = []
  package var places = ExpressionPlaces()
  var indexHints: [IndexHint] = []
  package init(
    mode: Mode, body: Body, columns: [String], variableCount: Int, variableNames: [String?],
    isUpdating: Bool
  ) {
    self.mode = mode
    self.body = body
    self.columns = columns
    self.variableCount = variableCount
    self.variableNames = variableNames
    self.isUpdating = isUpdating
  }
}

/// One or several parts joined by UNION. `outputs` are the returned variables, in column order;
/// empty when the query returns nothing. With several parts, `outputs` belongs to the union and
/// column `i` of each part (`parts[k].outputs[i]`) goes to `outputs[i]`.
package struct BoundQuery: Sendable {
  package var parts: [BoundSingleQuery]
  package var isUnionDistinct: Bool
  package var outputs: [VariableID]
  package init(parts: [BoundSingleQuery], isUnionDistinct: Bool, outputs: [VariableID]) {
    self.parts = parts
    self.isUnionDistinct = isUnionDistinct
    self.outputs = outputs
  }
}

package struct BoundSingleQuery: Sendable {
  package var clauses: [BoundClause]
  /// What the last clause (RETURN) gives; empty without RETURN.
  package var outputs: [VariableID]
  package init(clauses: [BoundClause], outputs: [VariableID]) {
    self.clauses = clauses
    self.outputs = outputs
  }
}

package indirect enum BoundClause: Sendable {
  case match(BoundMatch)
  case unwind(BoundExpression, as: VariableID)
  /// WITH and RETURN.
  case projection(BoundProjection)
  case create([CreateElement])
  case merge(BoundMerge)
  /// SET and REMOVE.
  case set([SetItem])
  case delete([BoundExpression], detach: Bool)
  case forEach(VariableID, in: BoundExpression, [BoundClause])
  case call(ProcedureCall, isOptional: Bool)
  /// CALL { … }: a leading importing WITH is already resolved into `imports`. `outputs` of the
  /// query join the row; without RETURN (`outputs` empty) the row passes once.
  case subquery(BoundQuery, imports: [VariableID], isOptional: Bool)
  case show(ShowCommand, outputs: [VariableID])
}

package struct BoundMatch: Sendable {
  package var isOptional: Bool
  package var graph: QueryGraph
  package init(isOptional: Bool, graph: QueryGraph) {
    self.isOptional = isOptional
    self.graph = graph
  }
}

/// The patterns of one MATCH (or MERGE) as a graph. All of its relationships are different ones
/// (relationship uniqueness): the planner adds `distinctRelationships` where types or structure do
/// not already guarantee it.
package struct QueryGraph: Sendable {
  /// Each node variable once.
  package var nodes: [PatternNode]
  package var relationships: [PatternRelationship]
  package var shortestPaths: [ShortestPathPattern]
  /// Named paths: nodes and relationships, alternating.
  package var paths: [NamedPath]
  /// WHERE, inline property maps and predicates, label expressions beyond plain conjunctions:
  /// a conjunction.
  package var predicates: [BoundExpression]
  /// How the query wants a node or relationship to be found, where that is possible.
  package var hints: [VariableID: SeekHint] = [:]
  package init(
    nodes: [PatternNode] = [], relationships: [PatternRelationship] = [],
    shortestPaths: [ShortestPathPattern] = [], paths: [NamedPath] = [],
    predicates: [BoundExpression] = []
  ) {
    self.nodes = nodes
    self.relationships = relationships
    self.shortestPaths = shortestPaths
    self.paths = paths
    self.predicates = predicates
  }
}

/// `USING INDEX` and `USING SCAN`.
package enum SeekHint: Hashable, Sendable {
  case index(label: String, keys: [String])
  case scan
}

package struct PatternNode: Sendable {
  package var variable: VariableID
  /// All of these. On a bound node too they are to be checked.
  package var labels: [String]
  /// Bound by an earlier clause.
  package var isBound: Bool
  package init(variable: VariableID, labels: [String], isBound: Bool) {
    self.variable = variable
    self.labels = labels
    self.isBound = isBound
  }
}

package struct PatternRelationship: Sendable {
  package struct Length: Sendable {
    package var minimum: Int
    package var maximum: Int?
    package init(minimum: Int, maximum: Int?) {
      self.minimum = minimum
      self.maximum = maximum
    }
  }
  package var variable: VariableID
  package var from: VariableID
  package var to: VariableID
  /// Any of these; empty: all.
  package var types: [String]
  package var direction: Direction
  /// Variable length: `variable` is then a list of relationships.
  package var length: Length?
  /// Checked on each relationship of a variable-length walk, bound to `step`.
  package var step: VariableID?
  package var stepPredicate: BoundExpression?
  /// Bound by an earlier clause: a relationship, or (with `length`) a list of them.
  package var isBound: Bool
  package init(
    variable: VariableID, from: VariableID, to: VariableID, types: [String], direction: Direction,
    length: Length? = nil, step: VariableID? = nil, stepPredicate: BoundExpression? = nil,
    isBound: Bool = false
  ) {
    self.variable = variable
    self.from = from
    self.to = to
    self.types = types
    self.direction = direction
    self.length = length
    self.step = step
    self.stepPredicate = stepPredicate
    self.isBound = isBound
  }
}

/// `p = shortestPath((a)-[r:T*..9]-(b))` in a pattern. Its ends are among the graph's nodes.
package struct ShortestPathPattern: Sendable {
  package var relationship: PatternRelationship
  package var path: VariableID?
  package var all: Bool
  /// `shortestPath(…)` and `allShortestPaths(…)`: predicates on the path take part in the search, and
  /// there is no path from a node to itself. `SHORTEST` selects first.
  package var isFunction: Bool
  package init(relationship: PatternRelationship, path: VariableID?, all: Bool, isFunction: Bool) {
    self.relationship = relationship
    self.path = path
    self.all = all
    self.isFunction = isFunction
  }
}

package struct NamedPath: Sendable {
  package var variable: VariableID
  package var elements: [VariableID]
  package init(variable: VariableID, elements: [VariableID]) {
    self.variable = variable
    self.elements = elements
  }
}

/// WITH or RETURN, in the order of execution: aggregate, compute `items`, DISTINCT, sort, skip,
/// limit, filter, keep only `items`' targets.
package struct BoundProjection: Sendable {
  /// Grouping keys and aggregations; `items`, `sortKeys` and `predicate` refer to their targets.
  /// Nil without aggregation. Without groups there is one row also for no input.
  package var aggregation: Aggregation?
  package var items: [Projection]
  package var isDistinct: Bool
  /// Over targets of `items`; without DISTINCT and aggregation also over the input's variables.
  package var sortKeys: [SortKey]
  package var skip: BoundExpression?
  package var limit: BoundExpression?
  /// WHERE of WITH, with the same scope as `sortKeys`.
  package var predicates: [BoundExpression]

  package struct Aggregation: Sendable {
    package var groups: [Projection]
    package var aggregates: [AggregateProjection]
    package init(groups: [Projection], aggregates: [AggregateProjection]) {
      self.groups = groups
      self.aggregates = aggregates
    }
  }
  package init(
    aggregation: Aggregation? = nil, items: [Projection], isDistinct: Bool = false,
    sortKeys: [SortKey] = [], skip: BoundExpression? = nil, limit: BoundExpression? = nil,
    predicates: [BoundExpression] = []
  ) {
    self.aggregation = aggregation
    self.items = items
    self.isDistinct = isDistinct
    self.sortKeys = sortKeys
    self.skip = skip
    self.limit = limit
    self.predicates = predicates
  }
}

/// MERGE: `graph` to find, `elements` to create when it is not there.
package struct BoundMerge: Sendable {
  package var graph: QueryGraph
  package var elements: [CreateElement]
  package var onCreate: [SetItem]
  package var onMatch: [SetItem]
  package init(
    graph: QueryGraph, elements: [CreateElement], onCreate: [SetItem], onMatch: [SetItem]
  ) {
    self.graph = graph
    self.elements = elements
    self.onCreate = onCreate
    self.onMatch = onMatch
  }
}
