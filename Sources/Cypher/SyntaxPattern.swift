import GraphTypes

/// A path pattern, `p = (a)-[r:R]->(b)`.
package struct PathPattern: Hashable, Sendable {
  package var variable: Identifier?
  package var selector: PathSelector
  /// Starts and ends with a node. Nodes and relationships alternate; a parenthesised path stands
  /// anywhere in place of a node and what is around it: `(a) ((x)-[r]->(y)){2} (b)`.
  package var elements: [PathElement]
  package var range: SourceRange

  /// Only nodes and relationships, so that `elements[2 * i]` is a node.
  package var isSimple: Bool {
    elements.allSatisfy { if case .parenthesized = $0 { false } else { true } }
  }

  /// With those of the parenthesised paths.
  var relationshipCount: Int {
    elements.reduce(0) { count, element in
      switch element {
      case .node: count
      case .relationship: count + 1
      case .parenthesized(let path): count + path.pattern.relationshipCount
      }
    }
  }
}

/// Which of the paths that a pattern matches are kept.
package enum PathSelector: Hashable, Sendable {
  /// All: nothing is written, or `ALL [PATHS]`.
  case all
  /// `shortestPath((a)-[*]-(b))`, Cypher's function form: one path per pair of ends.
  case shortestPathFunction
  /// `allShortestPaths((a)-[*]-(b))`.
  case allShortestPathsFunction
  /// `SHORTEST k [PATHS]`; `ANY SHORTEST` is 1.
  case shortest(Int)
  /// `ALL SHORTEST [PATHS]`.
  case allShortest
  /// `SHORTEST k GROUPS`: all paths of the `k` smallest lengths.
  case shortestGroups(Int)
  /// `ANY k [PATHS]`; `ANY` is 1.
  case any(Int)
}

package indirect enum PathElement: Hashable, Sendable {
  case node(NodePattern)
  case relationship(RelationshipPattern)
  case parenthesized(ParenthesizedPath)

  package var range: SourceRange {
    switch self {
    case .node(let node): node.range
    case .relationship(let relationship): relationship.range
    case .parenthesized(let path): path.range
    }
  }
}

/// `(variable:Labels {key: value} WHERE predicate)`.
package struct NodePattern: Hashable, Sendable {
  package var variable: Identifier?
  package var labels: LabelExpression?
  /// A `.map` or a `.parameter`; the parser allows the latter only in CREATE.
  package var properties: Expression?
  package var predicate: Expression?
  package var range: SourceRange
}

/// `-[variable:TYPES*1..3 {key: value} WHERE predicate]->`.
package struct RelationshipPattern: Hashable, Sendable {
  package var variable: Identifier?
  package var types: LabelExpression?
  /// As written from left to right; `.both` for `-[]-` and for `<-[]->`.
  package var direction: Direction
  /// `*…` inside the brackets. The variable is then a list of relationships.
  package var length: PathLength?
  /// A `.map` or a `.parameter`; the parser allows the latter only in CREATE.
  package var properties: Expression?
  package var predicate: Expression?
  /// `{1,3}`, `+` or `*` behind the arrow: short for a parenthesised path of one relationship.
  package var quantifier: PathQuantifier?
  package var range: SourceRange
}

/// `*`, `*2`, `*1..`, `*..3`, `*1..3`: numbers of relationships, both included. A missing lower
/// bound means 1, a missing upper one no bound; `*2` has both.
package struct PathLength: Hashable, Sendable {
  package var minimum: Int?
  package var maximum: Int?
  package var range: SourceRange
}

/// `((a)-[r]->(b) WHERE predicate){1,3}`.
package struct ParenthesizedPath: Hashable, Sendable {
  package var pattern: PathPattern
  package var predicate: Expression?
  package var quantifier: PathQuantifier?
  package var range: SourceRange
}

/// `{2}`, `{1,3}`, `{,3}`, `{1,}`, `+` (1 or more), `*` (0 or more).
package struct PathQuantifier: Hashable, Sendable {
  package var minimum: Int
  /// nil for no bound.
  package var maximum: Int?
  package var range: SourceRange
}

/// What follows the `:` or `IS` of a node or relationship pattern, or of a label predicate.
package struct LabelExpression: Hashable, Sendable {
  package var kind: Kind
  package var range: SourceRange

  package indirect enum Kind: Hashable, Sendable {
    case name(String)
    /// `%`: any label at all.
    case wildcard
    /// `$(expression)` or `$all(expression)`: a name or a list of names that all hold; `$any(…)`:
    /// of which one holds.
    case computed(Expression, any: Bool)
    case not(LabelExpression)
    /// `A&B` or `A:B`; two or more.
    case and([LabelExpression])
    /// `A|B` or `A|:B`; two or more.
    case or([LabelExpression])
  }

  /// The labels, when the expression is one name or names that must all hold.
  package var conjunctionOfNames: [Identifier]? {
    names { if case .and(let parts) = $0 { parts } else { nil } }
  }

  /// What is written, when the expression is one name, computed or not, or several that must all
  /// hold.
  package var conjunctionOfWrittenNames: [WrittenName]? {
    let parts = if case .and(let parts) = kind { parts } else { [self] }
    let names = parts.compactMap(\.writtenName)
    return names.count == parts.count ? names : nil
  }

  package var hasComputedNames: Bool {
    var isFound = false
    forEachComputed { _ in isFound = true }
    return isFound
  }

  /// Visits the expressions of `$(…)`.
  package func forEachComputed(_ visit: (Expression) -> Void) {
    switch kind {
    case .computed(let names, _): visit(names)
    case .name, .wildcard: break
    case .not(let part): part.forEachComputed(visit)
    case .and(let parts), .or(let parts): for part in parts { part.forEachComputed(visit) }
    }
  }

  package var writtenName: WrittenName? {
    switch kind {
    case .name(let name): .name(Identifier(name, range: range))
    case .computed(let names, any: false): .computed(names, range)
    default: nil
    }
  }

  /// The types, when the expression is one name or alternatives of names: `R`, `R|S`.
  package var disjunctionOfNames: [Identifier]? {
    names { if case .or(let parts) = $0 { parts } else { nil } }
  }

  private func names(_ parts: (Kind) -> [LabelExpression]?) -> [Identifier]? {
    if case .name(let name) = kind { return [Identifier(name, range: range)] }
    var names: [Identifier] = []
    for part in parts(kind) ?? [] {
      guard case .name(let name) = part.kind else { return nil }
      names.append(Identifier(name, range: part.range))
    }
    return names.isEmpty ? nil : names
  }
}

/// A label or type that CREATE, MERGE, SET or REMOVE writes.
package enum WrittenName: Hashable, Sendable {
  case name(Identifier)
  /// `$(expression)`: a string or, for labels, a list of strings; and where all of it stands.
  case computed(Expression, SourceRange)
}
