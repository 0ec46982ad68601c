internal import Cypher
internal import CypherPlanning

/// The predicates of `gds.graph.filter`: comparisons, AND, OR, XOR, NOT and IN over literals,
/// parameters, the properties of one variable (`n` or `r`) and its labels or type. Null counts as
/// false.
struct ElementFilter {
  private let expression: Expression
  private let variable: String
  private let parameters: [String: Value]
  /// The properties that it reads.
  private(set) var properties: Set<String> = []
  private(set) var labels: Set<String> = []

  /// - Returns: nil for `*`, which lets everything through.
  init?(
    _ text: String, variable: String, parameters: [String: Value]
  ) throws(QueryError) {
    if text.allSatisfy({ $0 == "*" || $0 == " " }) && text.contains("*") { return nil }
    expression = try Parser.parseExpression(text)
    self.variable = variable
    self.parameters = parameters
    try collect(expression)
  }

  private func unsupported(_ what: String) -> QueryError {
    QueryError(
      .argumentError, "InvalidFilter", "\(what) cannot stand in a filter",
      hint: "filters compare \(variable).property and \(variable):Label with literals and "
        + "parameters, joined by AND, OR, XOR, NOT and IN")
  }

  private mutating func collect(_ tree: Expression) throws(QueryError) {
    switch tree.kind {
    case .literal: return
    case .parameter(let name):
      if parameters[name] == nil {
        throw QueryError(
          .parameterMissing, "MissingParameter", "the filter's parameter `$\(name)` is not given",
          hint: "give it in the configuration: {parameters: {\(name): …}}")
      }
    case .property(let base, let key) where base.kind == .variable(variable):
      properties.insert(key.name)
    case .hasLabels(let base, let labels) where base.kind == .variable(variable):
      try collect(labels)
    case .list, .or, .xor, .and, .not, .negate, .plus, .comparison, .arithmetic, .membership,
      .isNull:
      var failure: QueryError?
      var copy = self
      tree.forEachChild { child in
        if failure != nil { return }
        do throws(QueryError) { try copy.collect(child) } catch { failure = error }
      }
      if let failure { throw failure }
      self = copy
    default: throw unsupported("this expression")
    }
  }

  private mutating func collect(_ tree: LabelExpression) throws(QueryError) {
    switch tree.kind {
    case .name(let name): labels.insert(name)
    case .wildcard: return
    case .computed: throw unsupported("a computed label")
    case .not(let inner): try collect(inner)
    case .and(let parts), .or(let parts): for part in parts { try collect(part) }
    }
  }

  /// - Parameters:
  ///   - property: the value of one of `properties`, or null.
  ///   - hasLabel: whether the element has one of `labels`.
  func isTrue(
    property: (String) -> Value, hasLabel: (String) -> Bool
  ) throws(QueryError) -> Bool {
    try truth(value(expression, property, hasLabel)) ?? false
  }

  private func truth(_ value: Value) throws(QueryError) -> Bool? {
    switch value {
    case .null: return nil
    case .boolean(let value): return value
    default: throw unsupported("\(value.typeNameWithArticle) where a truth value is wanted")
    }
  }

  private func value(
    _ tree: Expression, _ property: (String) -> Value, _ hasLabel: (String) -> Bool
  ) throws(QueryError) -> Value {
    switch tree.kind {
    case .literal(let literal):
      switch literal {
      case .null: return .null
      case .boolean(let value): return .boolean(value)
      case .integer(let value): return .integer(value)
      case .float(let value): return .float(value)
      case .string(let value): return .string(value)
      }
    case .parameter(let name): return parameters[name] ?? .null
    case .property(_, let key): return property(key.name)
    case .hasLabels(_, let labels): return .boolean(matches(labels, hasLabel))
    case .list(let items):
      var values: [Value] = []
      for item in items { values.append(try value(item, property, hasLabel)) }
      return .list(values)
    case .not(let inner):
      return try truth(value(inner, property, hasLabel)).map { .boolean(!$0) } ?? .null
    case .negate(let inner): return try .negate(value(inner, property, hasLabel))
    case .plus(let inner): return try value(inner, property, hasLabel)
    case .and(let parts): return try joined(parts, decides: false, property, hasLabel)
    case .or(let parts): return try joined(parts, decides: true, property, hasLabel)
    case .xor(let parts):
      var result = false
      for part in parts {
        guard let truth = try truth(value(part, property, hasLabel)) else { return .null }
        result = result != truth
      }
      return .boolean(result)
    case .comparison(let first, let terms):
      var left = try value(first, property, hasLabel)
      for term in terms {
        let right = try value(term.operand, property, hasLabel)
        guard let holds = Self.compare(left, term.operator, right) else { return .null }
        if !holds { return .boolean(false) }
        left = right
      }
      return .boolean(true)
    case .arithmetic(let first, let terms):
      var result = try value(first, property, hasLabel)
      for term in terms {
        let operand = try value(term.operand, property, hasLabel)
        switch term.operator {
        case .add, .concatenate: result = try .add(result, operand)
        case .subtract: result = try .subtract(result, operand)
        case .multiply: result = try .multiply(result, operand)
        case .divide: result = try .divide(result, operand)
        case .modulo: result = try .modulo(result, operand)
        case .power: result = try .power(result, operand)
        }
      }
      return result
    case .membership(let element, let list):
      let element = try value(element, property, hasLabel)
      guard case .list(let items) = try value(list, property, hasLabel) else { return .null }
      return Value.contains(items, element).map { .boolean($0) } ?? .null
    case .isNull(let inner, let negated):
      return .boolean(try value(inner, property, hasLabel).isNull != negated)
    default: throw unsupported("this expression")
    }
  }

  /// AND and OR: one operand that is `decides` decides, else null if there is one.
  private func joined(
    _ parts: [Expression], decides: Bool, _ property: (String) -> Value,
    _ hasLabel: (String) -> Bool
  ) throws(QueryError) -> Value {
    var isUnknown = false
    for part in parts {
      let truth = try truth(value(part, property, hasLabel))
      if truth == decides { return .boolean(decides) }
      isUnknown = isUnknown || truth == nil
    }
    return isUnknown ? .null : .boolean(!decides)
  }

  private static func compare(
    _ a: Value, _ comparison: Cypher.ComparisonOperator, _ b: Value
  ) -> Bool? {
    switch comparison {
    case .equal: return Value.equals(a, b)
    case .notEqual: return Value.equals(a, b).map { !$0 }
    default:
      let order = Value.compare(a, b)
      if order == .unknown { return nil }
      switch comparison {
      case .less: return order == .less
      case .lessOrEqual: return order == .less || order == .equal
      case .greater: return order == .greater
      default: return order == .greater || order == .equal
      }
    }
  }

  private func matches(_ tree: LabelExpression, _ hasLabel: (String) -> Bool) -> Bool {
    switch tree.kind {
    case .name(let name): hasLabel(name)
    case .wildcard: true
    // Refused when the filter was read.
    case .computed: false
    case .not(let inner): !matches(inner, hasLabel)
    case .and(let parts): parts.allSatisfy { matches($0, hasLabel) }
    case .or(let parts): parts.contains { matches($0, hasLabel) }
    }
  }
}
