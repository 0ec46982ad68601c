internal import Cypher
internal import GraphTypes

/// Something that is allowed but probably not meant, such as a label that no node has.
package struct QueryWarning: Hashable, Sendable {
  /// The last part of Neo4j's notification code.
  package enum Kind: String, Sendable {
    case unknownLabel = "UnknownLabelWarning"
    case unknownRelationshipType = "UnknownRelationshipTypeWarning"
    case unknownPropertyKey = "UnknownPropertyKeyWarning"
    case cartesianProduct = "CartesianProduct"
    case deprecated = "FeatureDeprecationWarning"
    case schema = "IndexOrConstraintAlreadyExists"
    case hint = "HintIgnored"
    /// What a procedure says of its call.
    case procedure = "ProcedureWarning"

    /// Whether it holds whatever the database comes to contain.
    package var isLasting: Bool { self == .cartesianProduct || self == .deprecated }
  }
  package var kind: Kind
  package var message: String
  /// UTF-8 byte offsets into the query text.
  package var range: Range<Int>
  package var hint: String?
  package init(_ kind: Kind, _ message: String, range: Range<Int>, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.range = range
    self.hint = hint
  }
}

extension StatementBinder {
  func warnOfUnknownLabels(_ labels: LabelExpression, onRelationship: Bool) {
    switch labels.kind {
    case .name(let name):
      if onRelationship {
        warn(
          .unknownRelationshipType, of: name, among: catalogue.relationshipTypeNames,
          "no relationship has the type", labels.range)
      } else {
        warn(
          .unknownLabel, of: name, among: catalogue.labelNames, "no node has the label",
          labels.range)
      }
    case .wildcard, .computed: break
    case .not(let part): warnOfUnknownLabels(part, onRelationship: onRelationship)
    case .and(let parts), .or(let parts):
      for part in parts { warnOfUnknownLabels(part, onRelationship: onRelationship) }
    }
  }

  func warnOfUnknownKey(_ key: Identifier) {
    warn(
      .unknownPropertyKey, of: key.name, among: catalogue.propertyKeyNames,
      "nothing has the property", key.range)
  }

  /// Each name once; none in an empty database, where every name is unknown.
  private func warn(
    _ kind: QueryWarning.Kind, of name: String, among names: [String], _ message: String,
    _ range: SourceRange
  ) {
    guard !names.isEmpty, !names.contains(name), knownNames.insert(name).inserted else { return }
    warnings.append(
      QueryWarning(
        kind, "\(message) `\(name)`", range: range.bounds, hint: didYouMean(name, among: names)))
  }

  func warnOfDeprecated(_ form: String, at range: SourceRange, hint: String) {
    warnings.append(
      QueryWarning(.deprecated, "\(form) is an old form", range: range.bounds, hint: hint))
  }

  // MARK: - Cartesian products

  /// Warns of patterns of one MATCH between which nothing holds. No warning of those that start at
  /// known nodes or look for nodes by the value of a property: `MATCH (a {id: 1}), (b {id: 2})`.
  ///
  /// - Parameter starts: of each pattern its place in `graph.nodes` of the first new node.
  func warnOfCartesianProduct(_ graph: QueryGraph, _ starts: [(node: Int, range: SourceRange)]) {
    if starts.count < 2 { return }
    var components = VariableComponents(graph)
    let own = Set(graph.nodes.map(\.variable))
    for predicate in graph.predicates {
      if case .comparison(.equal, let a, let b) = predicate {
        for (side, other) in [(a, b), (b, a)] {
          guard case .property(.variable(let node), _) = side,
            other.freeVariables.isDisjoint(with: own)
          else { continue }
          components.selected.insert(node)
        }
      }
    }
    var roots: Set<VariableID> = []
    for (node, range) in starts where node < graph.nodes.count {
      let root = components.root(of: graph.nodes[node].variable)
      guard components.isFree(root), roots.insert(root).inserted, roots.count == 2 else { continue }
      warnings.append(
        QueryWarning(
          .cartesianProduct, "nothing connects this pattern with the one before: all are combined",
          range: range.bounds,
          hint: "connect them by a relationship or a condition, or use two MATCH clauses"))
    }
  }
}

/// Which nodes of a graph pattern relationships, paths and predicates connect.
private struct VariableComponents {
  private var parents: [VariableID: VariableID] = [:]
  private var bound: Set<VariableID> = []
  /// Nodes that a property's value selects.
  var selected: Set<VariableID> = []

  init(_ graph: QueryGraph) {
    for node in graph.nodes where node.isBound { bound.insert(node.variable) }
    for r in graph.relationships + graph.shortestPaths.map(\.relationship) {
      join(r.from, r.to)
      join(r.from, r.variable)
    }
    for path in graph.paths {
      if let first = path.elements.first { join(first, path.variable) }
    }
    for predicate in graph.predicates {
      let variables = predicate.freeVariables.sorted { $0.rawValue < $1.rawValue }
      for variable in variables.dropFirst() { join(variables[0], variable) }
    }
  }

  mutating func root(of variable: VariableID) -> VariableID {
    var root = variable
    while let parent = parents[root] { root = parent }
    if root != variable { parents[variable] = root }
    return root
  }

  private mutating func join(_ a: VariableID, _ b: VariableID) {
    let (a, b) = (root(of: a), root(of: b))
    if a != b { parents[b] = a }
  }

  mutating func isFree(_ component: VariableID) -> Bool {
    for node in bound.union(selected) where root(of: node) == component { return false }
    return true
  }
}
