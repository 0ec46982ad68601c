/// An expression and where it stands. The range includes parentheses around the whole expression,
/// so that its text is the column name that openCypher wants; the tree itself has no parentheses.
///
/// Trees are never deeper than `Parser.maximumDepth`: operators of one precedence that are written
/// in a row are one node with many operands, however long the row is.
package struct Expression: Hashable, Sendable {
  package var kind: ExpressionKind
  package var range: SourceRange

  package init(_ kind: ExpressionKind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

package indirect enum ExpressionKind: Hashable, Sendable {
  case literal(Literal)
  /// `$name`, `$0`, `` $`any name` ``: the name without `$`.
  case parameter(String)
  case variable(String)
  case list([Expression])
  /// In the order written; a key may repeat, the last one counts.
  case map([MapEntry])

  /// `base.key`.
  case property(Expression, Identifier)
  /// `base[index]`: element of a list, or value of a map, node or relationship by key.
  case `subscript`(Expression, Expression)
  /// `base[from..to]`.
  case slice(Expression, from: Expression?, to: Expression?)
  /// `base:A|B`, `base IS A`: true when the node has such labels or the relationship such a type.
  case hasLabels(Expression, LabelExpression)

  /// Two or more operands each.
  case or([Expression])
  case xor([Expression])
  case and([Expression])
  case not(Expression)
  /// `1 < a <= 3`: true when every neighbouring pair is; an operand is evaluated once.
  case comparison(Expression, [ComparisonTerm])
  /// Operators of one precedence, to be taken from left to right: `((first + x) - y) + z`. The
  /// terms are all of `+ - ||`, all of `* / %`, or all `^`.
  case arithmetic(Expression, [ArithmeticTerm])
  case negate(Expression)
  /// Unary plus: the operand itself, which must be a number.
  case plus(Expression)

  case string(StringOperator, Expression, Expression)
  /// `element IN list`.
  case membership(Expression, list: Expression)
  case isNull(Expression, negated: Bool)
  /// `x IS :: INTEGER NOT NULL`, `x IS NOT TYPED STRING`.
  case isTyped(Expression, TypeExpression, negated: Bool)
  /// `s IS NFC NORMALIZED`.
  case isNormalized(Expression, NormalForm, negated: Bool)

  case call(FunctionCall)
  /// `count(*)`.
  case countAll
  case `case`(CaseExpression)
  case listComprehension(ListComprehension)
  case patternComprehension(PatternComprehension)
  case quantifier(QuantifierExpression)
  case reduce(ReduceExpression)
  case mapProjection(MapProjection)
  /// With selector `.all` a pattern predicate, `WHERE (a)-->(b)`: the parser allows it only where a
  /// truth value is wanted (WHERE, AND, OR, XOR, NOT, CASE WHEN) and as the argument of `exists`.
  /// With a function selector, a path or null (`shortestPath`) or a list of paths.
  case pattern(PathPattern)
  case subquery(SubqueryExpression)
}

package enum Literal: Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  /// Always finite.
  case float(Double)
  case string(String)
}

extension Literal: Hashable {
  /// As Swift would derive it, except that `0.0` and `-0.0` differ: so do the queries.
  package static func == (a: Literal, b: Literal) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.boolean(let x), .boolean(let y)): x == y
    case (.integer(let x), .integer(let y)): x == y
    case (.float(let x), .float(let y)): x.bitPattern == y.bitPattern
    case (.string(let x), .string(let y)): x == y
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .boolean(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .float(let value): hasher.combine(value.bitPattern)
    case .string(let value): hasher.combine(value)
    }
  }
}

package struct MapEntry: Hashable, Sendable {
  package var key: Identifier
  package var value: Expression
}

package struct ComparisonTerm: Hashable, Sendable {
  package var `operator`: ComparisonOperator
  package var operand: Expression
}

package enum ComparisonOperator: String, Sendable {
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

package struct ArithmeticTerm: Hashable, Sendable {
  package var `operator`: ArithmeticOperator
  package var operand: Expression
}

package enum ArithmeticOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  /// Of strings or of lists.
  case concatenate = "||"
  case multiply = "*"
  case divide = "/"
  case modulo = "%"
  case power = "^"
}

package enum StringOperator: String, Sendable {
  case startsWith = "STARTS WITH"
  case endsWith = "ENDS WITH"
  case contains = "CONTAINS"
  case matches = "=~"
}

package enum NormalForm: String, Sendable {
  case nfc = "NFC"
  case nfd = "NFD"
  case nfkc = "NFKC"
  case nfkd = "NFKD"
}

/// `name([DISTINCT] arguments)`: a function, an aggregation, or `exists(pattern)`; the binder tells.
package struct FunctionCall: Hashable, Sendable {
  package var name: QualifiedName
  package var isDistinct: Bool
  package var arguments: [Expression]
}

/// `CASE [subject] WHEN … THEN … [ELSE …] END`. With a subject, conditions are values to compare.
package struct CaseExpression: Hashable, Sendable {
  package struct Branch: Hashable, Sendable {
    package var condition: Expression
    package var result: Expression
  }
  package var subject: Expression?
  /// At least one.
  package var branches: [Branch]
  package var otherwise: Expression?
}

/// `[variable IN list WHERE predicate | projection]`.
package struct ListComprehension: Hashable, Sendable {
  package var variable: Identifier
  package var list: Expression
  package var predicate: Expression?
  package var projection: Expression?
}

/// `[p = (a)-->(b) WHERE predicate | projection]`; the path variable is in `pattern`.
package struct PatternComprehension: Hashable, Sendable {
  package var pattern: PathPattern
  package var predicate: Expression?
  package var projection: Expression
}

/// `all(variable IN list WHERE predicate)` and its kin.
package struct QuantifierExpression: Hashable, Sendable {
  package enum Kind: String, Sendable { case all, any, none, single }
  package var kind: Kind
  package var variable: Identifier
  package var list: Expression
  package var predicate: Expression
}

/// `reduce(accumulator = initial, variable IN list | body)`.
package struct ReduceExpression: Hashable, Sendable {
  package var accumulator: Identifier
  package var initial: Expression
  package var variable: Identifier
  package var list: Expression
  package var body: Expression
}

/// `subject {.key, .*, key: value, variable}`.
package struct MapProjection: Hashable, Sendable {
  package enum Item: Hashable, Sendable {
    /// `.key`
    case property(Identifier)
    /// `.*`
    case allProperties(SourceRange)
    /// `key: value`
    case entry(MapEntry)
    /// `variable`: its value under its own name.
    case variable(Identifier)
  }
  package var subject: Identifier
  package var items: [Item]
}

/// `EXISTS { … }`, `COUNT { … }`, `COLLECT { … }`.
package struct SubqueryExpression: Hashable, Sendable {
  package enum Kind: String, Sendable {
    case exists = "EXISTS"
    case count = "COUNT"
    case collect = "COLLECT"
  }
  package indirect enum Body: Hashable, Sendable {
    /// `{ patterns [WHERE predicate] }`; never with COLLECT.
    case patterns([PathPattern], predicate: Expression?)
    /// A query without updating clauses. RETURN may be missing, except with COLLECT.
    case query(Query)
  }
  package var kind: Kind
  package var body: Body
}

/// A type of Cypher, as `IS :: TYPE` and type constraints name it.
package struct TypeExpression: Hashable, Sendable {
  package var kind: Kind
  /// `NOT NULL` is written: null is not of the type. Without it, null is of every type.
  package var excludesNull: Bool
  package var range: SourceRange

  package indirect enum Kind: Hashable, Sendable {
    case nothing, null, boolean, string, integer, float, date, localTime, zonedTime, localDateTime
    case zonedDateTime, duration, point, node, relationship, map, path, propertyValue, any
    case list(TypeExpression)
    /// `INTEGER | STRING`; two or more.
    case union([TypeExpression])
  }
}
