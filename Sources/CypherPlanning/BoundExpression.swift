package import GraphTypes

/// A variable of one query after name resolution. Two variables of one name in different scopes
/// have different ids; ids are dense from 0, so an array can be indexed by them.
package struct VariableID: Hashable, Sendable {
  package var rawValue: Int
  package init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// An expression whose names are resolved. Labels, types, property keys and functions stay names:
/// a cached plan must see those that a later transaction creates; the executor resolves them once
/// per execution.
package indirect enum BoundExpression: Hashable, Sendable {
  case literal(Value)
  case parameter(String)
  case variable(VariableID)
  /// `subject.key` on a node, relationship, map, temporal value or point.
  case property(BoundExpression, key: String)
  /// `subject[index]` on a list, map, node or relationship.
  case index(BoundExpression, BoundExpression)
  case slice(BoundExpression, from: BoundExpression?, to: BoundExpression?)
  case list([BoundExpression])
  case map([MapEntry])
  /// `subject {.a, .*, x: 1}`: entries in order; `allProperties` is `.*`.
  case mapProjection(BoundExpression, entries: [MapEntry], allProperties: Bool)

  case not(BoundExpression)
  case and([BoundExpression])
  case or([BoundExpression])
  case xor(BoundExpression, BoundExpression)
  case comparison(ComparisonOperator, BoundExpression, BoundExpression)
  case arithmetic(ArithmeticOperator, BoundExpression, BoundExpression)
  case negate(BoundExpression)
  case isNull(BoundExpression)
  case isNotNull(BoundExpression)
  case stringPredicate(StringOperator, BoundExpression, BoundExpression)
  case isIn(BoundExpression, list: BoundExpression)
  /// `subject:Label` predicates on nodes and relationships.
  case hasLabels(BoundExpression, LabelPredicate)
  /// `subject:$(names)`: the labels or types that a string or a list of strings names.
  case hasComputedLabels(BoundExpression, names: BoundExpression, NameQuantifier)
  case isTyped(BoundExpression, typeName: String, negated: Bool)

  /// A scalar function of the catalogue, by its canonical name (`toUpper`, `date.truncate`).
  case function(String, [BoundExpression])
  /// `CASE subject WHEN value THEN …` keeps its subject; the searched form has none.
  case caseWhen(subject: BoundExpression?, branches: [CaseBranch], otherwise: BoundExpression?)
  case listComprehension(
    VariableID, in: BoundExpression, where: BoundExpression?, yield: BoundExpression?)
  case quantifier(Quantifier, VariableID, in: BoundExpression, where: BoundExpression)
  case reduce(
    accumulator: VariableID, from: BoundExpression, VariableID, in: BoundExpression,
    yield: BoundExpression)
  /// A path from bound variables: nodes, relationships and relationship lists, alternating.
  case path([VariableID])
  /// True when no relationship occurs twice among these relationships and relationship lists:
  /// relationship uniqueness within one MATCH.
  case distinctRelationships([VariableID])
  /// EXISTS, COUNT, COLLECT, pattern predicates and pattern comprehensions: `plan` reads the
  /// imported variables from an `.argument` leaf.
  case subquery(SubqueryKind, Plan, imports: [VariableID])
}

/// Which of the names that an expression computes must hold.
package enum NameQuantifier: Hashable, Sendable {
  case all, any
  /// There must be exactly one, as for the type that MERGE looks for.
  case single
}

package struct MapEntry: Hashable, Sendable {
  package var key: String
  package var value: BoundExpression
  package init(key: String, value: BoundExpression) {
    self.key = key
    self.value = value
  }
}

package struct CaseBranch: Hashable, Sendable {
  package var when: BoundExpression
  package var then: BoundExpression
  package init(when: BoundExpression, then: BoundExpression) {
    self.when = when
    self.then = then
  }
}

package enum ComparisonOperator: String, Sendable {
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

package enum ArithmeticOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case modulo = "%"
  case power = "^"
  case concatenate = "||"
}

package enum StringOperator: String, Sendable {
  case startsWith = "STARTS WITH"
  case endsWith = "ENDS WITH"
  case contains = "CONTAINS"
  case matches = "=~"
}

package enum Quantifier: String, Sendable { case all, any, none, single }

/// What a subquery expression yields per row: does a row exist, how many, or the list of the values
/// of its one output column.
package enum SubqueryKind: Hashable, Sendable { case exists, count, collect }

/// A label or type expression: `A|B&!C`, `%`.
package indirect enum LabelPredicate: Hashable, Sendable {
  case label(String)
  case wildcard
  case not(LabelPredicate)
  case and([LabelPredicate])
  case or([LabelPredicate])
}
