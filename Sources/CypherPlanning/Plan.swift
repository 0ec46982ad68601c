package import GraphTypes

/// A node of the physical plan: what to do, its inputs, and what comes out.
///
/// Immutable and shared by all executions of a cached plan. `outputs` lists the variables of each
/// output row, one column each, in column order: the executor maps a variable to a column by it.
/// Unless said otherwise an operator passes its input's columns through and adds its own at the end.
package final class Plan: Hashable, Sendable {
  package let operation: PlanOperation
  package let inputs: [Plan]
  package let outputs: [VariableID]
  package let estimatedRows: Double

  package init(
    _ operation: PlanOperation, inputs: [Plan] = [], outputs: [VariableID], estimatedRows: Double
  ) {
    self.operation = operation
    self.inputs = inputs
    self.outputs = outputs
    self.estimatedRows = estimatedRows
  }
  package static func == (a: Plan, b: Plan) -> Bool { a === b }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

package enum PlanOperation: Sendable {
  // Leaves.
  /// One row without columns.
  case singleRow
  /// The rows handed in by the enclosing apply or subquery; `outputs` are the imported variables.
  case argument
  case nodeScan(NodeScan)
  case relationshipScan(RelationshipScan)
  /// With an input: for each of its rows.
  case indexSeek(IndexSeek)
  /// One row with a number that the store's counts and degrees give without making rows.
  case count(CountSource, as: VariableID)
  /// SHOW FUNCTIONS and its kin: rows from the engine's own tables.
  case show(ShowCommand)

  // Graph access. Input 0 supplies `from`.
  case expand(Expand)
  /// New nodes that both of two bound ones have relationships with.
  case intersect(Intersection)
  case variableLengthExpand(VariableLengthExpand)
  case shortestPath(ShortestPath)

  // Rows.
  case filter([BoundExpression])  // A conjunction, cheapest and most selective first.
  /// `outputs` are exactly the targets; nothing else passes through.
  case project([Projection])
  case aggregate(groups: [Projection], aggregates: [AggregateProjection])
  /// Aggregation of rows that come node by node of `leader`, on which a key depends.
  case orderedAggregate(
    groups: [Projection], aggregates: [AggregateProjection], leader: VariableID)
  case distinct  // Over all columns.
  case sort([SortKey])
  case top([SortKey], limit: BoundExpression, skip: BoundExpression?)
  case skip(BoundExpression)
  case limit(BoundExpression)
  case unwind(BoundExpression, as: VariableID)

  // Two inputs: 0 is the left or outer one, 1 the right or inner one.
  /// For each row of input 0, all rows of input 1, whose `.argument` leaf sees that row. Runs a
  /// batch of outer rows at once unless `perRow` (an inner LIMIT, SKIP, SORT, aggregation or write
  /// makes rows of different outer rows depend on each other). Outputs: outer columns, then those
  /// inner columns that the outer row does not have.
  case apply(perRow: Bool)
  /// Like `apply(perRow: false)`, but an outer row without inner rows comes out once, with nulls.
  case optionalApply
  /// Keeps the outer rows that have (or, if `anti`, have not) an inner row. Outputs: outer columns.
  case semiApply(anti: Bool)
  case cartesianProduct
  /// Equi-join on equal variables (those that both inputs output) or expressions, null never matches.
  case hashJoin(left: [BoundExpression], right: [BoundExpression])
  /// Input rows of 0, then of 1; columns by position; DISTINCT is a `.distinct` above.
  case union

  // Writes. Each reads its whole input before it writes and shows all its effects to what follows.
  case create([CreateElement])
  case merge(Merge)
  case set([SetItem])
  case delete([BoundExpression], detach: Bool)
  /// Runs the updating plan `input 1` (with an `.argument` leaf that also has `variable`) for each
  /// element of the list; passes input 0 through.
  case forEach(VariableID, in: BoundExpression)

  case callProcedure(ProcedureCall)
  /// CALL { … } without RETURN: input 1 runs per row for its effects; input 0 passes through.
  case unitApply
  case schema(SchemaCommand)
  /// Top of the plan: names the result's columns; `outputs` are the returned variables in order.
  case produceResults([String])
}

/// Scan for nodes. `seek`, when there, is a superset filter that an index or a zone map can serve;
/// the planner also keeps the exact predicate in a filter unless `seekIsExact`.
package struct NodeScan: Sendable {
  package var variable: VariableID
  /// Nodes must have all these labels; empty: all nodes.
  package var labels: [String]
  package var seek: Seek?
  /// How the query wants the node to be found, for rewrites that could do without the scan.
  package var hint: SeekHint?
  package init(
    variable: VariableID, labels: [String], seek: Seek? = nil, hint: SeekHint? = nil
  ) {
    self.variable = variable
    self.labels = labels
    self.seek = seek
    self.hint = hint
  }
}

package indirect enum Seek: Sendable {
  /// `id(n) = …` or `id(n) IN list`; `elementId` strings are accepted too.
  case ids(BoundExpression, isList: Bool)
  case equal(key: String, BoundExpression)
  case anyOf(key: String, list: BoundExpression)
  case range(
    key: String, lower: BoundExpression?, lowerInclusive: Bool, upper: BoundExpression?,
    upperInclusive: Bool)
  case prefix(key: String, BoundExpression)
}

/// Scan of whole relationship tables, both ends bound at once: `()-[r:T]->()`.
package struct RelationshipScan: Sendable {
  package var from: VariableID
  package var relationship: VariableID?
  package var to: VariableID
  package var types: [String]
  package var direction: Direction
  /// The ends must have all these labels.
  package var fromLabels: [String]
  package var toLabels: [String]
  package init(
    from: VariableID, relationship: VariableID?, to: VariableID, types: [String],
    direction: Direction, fromLabels: [String] = [], toLabels: [String] = []
  ) {
    self.from = from
    self.relationship = relationship
    self.to = to
    self.types = types
    self.direction = direction
    self.fromLabels = fromLabels
    self.toLabels = toLabels
  }
}

/// Search of a range index. What it finds is exact: the plan does not compare again.
///
/// A leaf, or with input 0 once for each of its rows, whose variables the values may read.
package struct IndexSeek: Sendable {
  package enum Target: Sendable {
    case node(VariableID)
    /// Undirected, each relationship comes from both of its ends, a self-loop once.
    case relationship(VariableID?, from: VariableID, to: VariableID, direction: Direction)
  }
  /// What a key of the index must be.
  package enum KeyValue: Sendable {
    case equal(BoundExpression)
    case anyOf(list: BoundExpression)
  }
  package enum Bound: Sendable {
    case range(
      lower: BoundExpression?, lowerInclusive: Bool, upper: BoundExpression?,
      upperInclusive: Bool)
    case prefix(BoundExpression)
  }
  /// The order of what is found for a row: by the values of the keys.
  package struct Order: Hashable, Sendable {
    package var isDescending: Bool
    /// Nodes of the label that lack the only key of the index come too, where ORDER BY has null.
    package var includesMissing: Bool
    package init(isDescending: Bool, includesMissing: Bool = false) {
      self.isDescending = isDescending
      self.includesMissing = includesMissing
    }
  }
  package var target: Target
  package var index: IndexDescription
  /// Of the first keys.
  package var values: [KeyValue]
  /// Of the key after those.
  package var bound: Bound?
  /// Nil: any order will do.
  package var order: Order?
  package init(
    target: Target, index: IndexDescription, values: [KeyValue], bound: Bound? = nil,
    order: Order? = nil
  ) {
    self.target = target
    self.index = index
    self.values = values
    self.bound = bound
    self.order = order
  }

  /// The columns that it adds.
  package var variables: [VariableID] {
    switch target {
    case .node(let v): [v]
    case .relationship(let r, let from, let to, _): [from] + (r.map { [$0] } ?? []) + [to]
    }
  }

  package var expressions: [BoundExpression] {
    let equal = values.map {
      switch $0 {
      case .equal(let e), .anyOf(let e): e
      }
    }
    switch bound {
    case nil: return equal
    case .prefix(let e): return equal + [e]
    case .range(let lower, _, let upper, _): return equal + [lower, upper].compactMap(\.self)
    }
  }

  /// Whether at most one entity is found for each row.
  package var findsOne: Bool {
    index.isUnique && values.count == index.keys.count
      && values.allSatisfy { if case .equal = $0 { true } else { false } }
  }
}

/// What `.count` counts.
package enum CountSource: Sendable {
  /// Nodes, or those with the label.
  case nodes(label: String?)
  /// Relationships of the types (none: of all) whose start has all labels of `from` and whose end
  /// all of `to`.
  case relationships(types: [String], from: [String], to: [String])
  /// The entries that a seek without variables finds.
  case entries(IndexSeek)
}

/// One hop from `from`. Rows whose `from` is null vanish. With `into`, `to` is already bound and
/// only relationships between the two are found. `relationship` nil: no one reads it (still one row
/// per relationship). `types` empty: all. `toLabels`: checked on the far end when it is new.
package struct Expand: Sendable {
  package var from: VariableID
  package var relationship: VariableID?
  package var to: VariableID
  package var types: [String]
  package var direction: Direction
  package var into: Bool
  package var toLabels: [String]
  /// One row for each input row that has a relationship, with the number of them; neither `to` nor
  /// `relationship` is put out.
  package var multiplicity: VariableID?
  /// With `multiplicity`: relationships, and lists of them, that are not counted.
  package var excluding: [VariableID] = []
  /// With `multiplicity`: another hop from the same node. What is counted are the pairs of a
  /// relationship of each hop.
  package var paired: PairedHop?
  package init(
    from: VariableID, relationship: VariableID?, to: VariableID, types: [String],
    direction: Direction, into: Bool, toLabels: [String] = []
  ) {
    self.from = from
    self.relationship = relationship
    self.to = to
    self.types = types
    self.direction = direction
    self.into = into
    self.toLabels = toLabels
  }
}

/// `(a)-[r]->(c)<-[s]-(b)` for bound `a` and `b`: the common neighbours, and a row for each pair of
/// relationships to one. `toLabels`: of the common neighbour.
package struct Intersection: Sendable {
  package struct Hop: Sendable {
    package var from: VariableID
    package var relationship: VariableID?
    package var types: [String]
    /// Towards the common neighbour.
    package var direction: Direction
    /// With `multiplicity`: relationships, and lists of them, that are not counted.
    package var excluding: [VariableID] = []
  }
  package var to: VariableID
  package var toLabels: [String]
  package var first: Hop
  package var second: Hop
  /// One row for each input row with such pairs, with the number of them; neither `to` nor the
  /// relationships are put out.
  package var multiplicity: VariableID?
  /// With `multiplicity`: whether a relationship makes a pair with itself.
  package var allowsSame = true

  package var newVariables: [VariableID] {
    multiplicity.map { [$0] }
      ?? [first.relationship, to, second.relationship].compactMap(\.self)
  }
}

/// The other hop of an expansion that counts pairs.
package struct PairedHop: Sendable {
  package var to: VariableID
  package var types: [String]
  /// Away from the node that both hops start from.
  package var direction: Direction
  package var toLabels: [String]
  /// Whether a relationship makes a pair with itself.
  package var allowsSame: Bool
}

/// `-[r:T*min..max]->`: trails (no relationship twice). `relationship`, if read, is the list in
/// pattern order. `predicate` is checked on each relationship, bound to `step`, as the walk grows
/// (inline property maps and WHERE). `distinctEnds`: only the set of end nodes per input row is
/// wanted, so paths need not be enumerated. `excluding`: relationships and lists bound in the same
/// MATCH that the walk must not use.
package struct VariableLengthExpand: Sendable {
  package var from: VariableID
  package var relationship: VariableID?
  package var to: VariableID
  package var types: [String]
  package var direction: Direction
  package var minimum: Int
  package var maximum: Int?
  package var into: Bool
  package var toLabels: [String]
  package var step: VariableID?
  package var predicate: BoundExpression?
  package var distinctEnds: Bool
  package var excluding: [VariableID]
  /// The walk goes against the pattern: the list's order is turned round to be the pattern's.
  package var reversesList: Bool
  package init(
    from: VariableID, relationship: VariableID?, to: VariableID, types: [String],
    direction: Direction, minimum: Int, maximum: Int?, into: Bool, toLabels: [String] = [],
    step: VariableID? = nil, predicate: BoundExpression? = nil, distinctEnds: Bool = false,
    excluding: [VariableID] = [], reversesList: Bool = false
  ) {
    self.reversesList = reversesList
    self.from = from
    self.relationship = relationship
    self.to = to
    self.types = types
    self.direction = direction
    self.minimum = minimum
    self.maximum = maximum
    self.into = into
    self.toLabels = toLabels
    self.step = step
    self.predicate = predicate
    self.distinctEnds = distinctEnds
    self.excluding = excluding
  }
}

/// shortestPath / allShortestPaths between two bound nodes. `path` gets the path, `relationship`
/// the list.
package struct ShortestPath: Sendable {
  package var expand: VariableLengthExpand
  package var path: VariableID?
  package var all: Bool
  /// Whether a cycle is a path from a node to itself.
  package var findsCycles: Bool
  package init(
    expand: VariableLengthExpand, path: VariableID?, all: Bool, findsCycles: Bool = false
  ) {
    self.expand = expand
    self.path = path
    self.all = all
    self.findsCycles = findsCycles
  }
}

package struct Projection: Sendable {
  package var target: VariableID
  package var expression: BoundExpression
  package init(_ target: VariableID, _ expression: BoundExpression) {
    self.target = target
    self.expression = expression
  }
}

/// `function(DISTINCT arguments…)`; `count(*)` has no arguments.
package struct AggregateProjection: Sendable {
  package var target: VariableID
  package var function: String
  package var isDistinct: Bool
  package var arguments: [BoundExpression]
  package init(
    _ target: VariableID, function: String, isDistinct: Bool, arguments: [BoundExpression]
  ) {
    self.target = target
    self.function = function
    self.isDistinct = isDistinct
    self.arguments = arguments
  }
}

package struct SortKey: Sendable {
  package var expression: BoundExpression
  package var isDescending: Bool
  package init(_ expression: BoundExpression, isDescending: Bool = false) {
    self.expression = expression
    self.isDescending = isDescending
  }
}

/// What CREATE makes, in order; ends of relationships are bound by then.
package enum CreateElement: Sendable {
  /// `computed`: further labels, as the names of `$(expression)`.
  case node(
    VariableID, labels: [String], computed: [BoundExpression], properties: BoundExpression?)
  case relationship(
    VariableID, type: WrittenType, from: VariableID, to: VariableID, properties: BoundExpression?)
}

package enum WrittenType: Sendable {
  case name(String)
  /// `$(expression)`.
  case computed(BoundExpression)
}

/// MERGE per row: match `pattern` (input 1, with an `.argument` leaf); without a match create
/// `elements`. Sees what earlier rows of the same MERGE created. `.both`-directed relationships
/// match either way and are created outgoing.
package struct Merge: Sendable {
  package var elements: [CreateElement]
  package var onCreate: [SetItem]
  package var onMatch: [SetItem]
  /// A batch of rows can be matched before any is created, equal rows known by the properties and
  /// bound nodes of the pattern: see `MergeBatching`.
  package struct Batch: Sendable {
    /// Rows that are matched at once, at most.
    static let rowMaximum = 2048.0
    /// This holds only while these variables are no nodes or relationships.
    package var mustBeMaps: [VariableID]
    /// The relationship matches either way.
    package var isUndirected: Bool
    package init(mustBeMaps: [VariableID] = [], isUndirected: Bool = false) {
      self.mustBeMaps = mustBeMaps
      self.isUndirected = isUndirected
    }
  }
  /// Nil: row by row.
  package var batch: Batch?
  package init(
    elements: [CreateElement], onCreate: [SetItem], onMatch: [SetItem], batch: Batch? = nil
  ) {
    self.elements = elements
    self.onCreate = onCreate
    self.onMatch = onMatch
    self.batch = batch
  }
}

/// SET and REMOVE; removing a property sets it to null.
package enum SetItem: Sendable {
  case property(BoundExpression, key: String, value: BoundExpression)
  case dynamicProperty(BoundExpression, key: BoundExpression, value: BoundExpression)
  /// `n = map` (`merging` false: other properties vanish) and `n += map`.
  case properties(BoundExpression, value: BoundExpression, merging: Bool)
  case addLabels(BoundExpression, [String])
  case removeLabels(BoundExpression, [String])
  /// `n:$(names)`, added or removed.
  case computedLabels(BoundExpression, names: BoundExpression, adding: Bool)
}

package struct ProcedureCall: Sendable {
  package var name: String
  package var arguments: [BoundExpression]
  /// (output column of the procedure, variable); columns that no one reads are left out.
  package var yields: [ProcedureYield]
  /// A procedure without outputs passes each input row through once.
  package var isVoid: Bool
  /// It may change the graph.
  package var isUpdating: Bool
  package init(
    name: String, arguments: [BoundExpression], yields: [ProcedureYield], isVoid: Bool,
    isUpdating: Bool
  ) {
    self.name = name
    self.arguments = arguments
    self.yields = yields
    self.isVoid = isVoid
    self.isUpdating = isUpdating
  }
}

package struct ProcedureYield: Sendable {
  package var column: String
  package var variable: VariableID
  package init(column: String, variable: VariableID) {
    self.column = column
    self.variable = variable
  }
}

package enum ShowCommand: String, Sendable { case functions, procedures, indexes, constraints }

/// CREATE and DROP of indexes and constraints.
package struct SchemaCommand: Sendable {
  package enum Action: Sendable {
    /// `options`: a map.
    case createIndex(IndexKind, SchemaPattern, options: BoundExpression?)
    case createConstraint(ConstraintRequirement, SchemaPattern)
    case dropIndex
    case dropConstraint
  }
  package enum IndexKind: String, Sendable {
    case range = "RANGE"
    case text = "TEXT"
    case point = "POINT"
    case fulltext = "FULLTEXT"
    case lookup = "LOOKUP"
  }
  package enum ConstraintRequirement: Hashable, Sendable {
    case unique, exists, key
    /// As `IS ::` takes it.
    case typed(String)
  }
  package var action: Action
  /// A literal or a parameter; nil: the name is made.
  package var name: BoundExpression?
  /// IF NOT EXISTS, IF EXISTS.
  package var isConditional: Bool
  /// UTF-8 byte offsets into the query text, for notices.
  package var range: Range<Int>
  package init(
    action: Action, name: BoundExpression?, isConditional: Bool, range: Range<Int>
  ) {
    self.action = action
    self.name = name
    self.isConditional = isConditional
    self.range = range
  }
}

/// What an index or constraint is for.
package struct SchemaPattern: Hashable, Sendable {
  package var onRelationships: Bool
  /// Labels or types; several only for full-text indexes.
  package var labels: [String]
  package var keys: [String]
  package init(onRelationships: Bool, labels: [String], keys: [String]) {
    self.onRelationships = onRelationships
    self.labels = labels
    self.keys = keys
  }

  /// As messages and notices show it: `(:Label {a, b})`, `()-[:TYPE {a}]-()`.
  package var text: String {
    let inner =
      ":" + labels.map { CypherText.name($0) }.joined(separator: "|")
      + " {" + keys.map { CypherText.name($0) }.joined(separator: ", ") + "}"
    return onRelationships ? "()-[\(inner)]-()" : "(\(inner))"
  }
}
