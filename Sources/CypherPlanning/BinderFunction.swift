internal import Cypher
internal import GraphTypes

// Calls of functions, scalar and aggregating.

/// The aggregations of one WITH or RETURN, found while its expressions are bound.
final class AggregateCollector {
  /// What the arguments see.
  var input: Scope
  /// Behind aggregation (in ORDER BY) only the projected values exist.
  var isAfterProjection = false
  /// In ORDER BY behind DISTINCT nothing new can be aggregated.
  var isClosed = false
  private(set) var aggregates: [AggregateProjection] = []
  /// The trees of the aggregations so far.
  private var known: [(tree: Expression, binding: Binding)] = []

  init(input: Scope) { self.input = input }

  func binding(for tree: Expression) -> Binding? { known.first { $0.tree == tree }?.binding }

  func add(_ aggregate: AggregateProjection, type: StaticType, tree: Expression) {
    aggregates.append(aggregate)
    known.append((tree, Binding(aggregate.target, type)))
  }
}

extension StatementBinder {
  func call(_ call: FunctionCall, _ tree: Expression) throws -> TypedExpression {
    let name = call.name.text
    if let value = try existence(call, name) { return value }
    guard let signature = catalogue.function(named: name) else {
      throw failure(
        "UnknownFunction", "there is no function `\(name)`", at: call.name.range,
        hint: ForeignNames.adviceForFunction(name)
          ?? didYouMean(name, among: catalogue.functionNames)
          ?? "SHOW FUNCTIONS lists all functions")
    }
    if let replacement = signature.replacement {
      warnOfDeprecated("\(signature.name)()", at: call.name.range, hint: "write \(replacement)(…)")
    }
    try checkCount(call, signature)
    if signature.isAggregate { return try aggregate(call, signature, tree) }
    if call.isDistinct {
      throw failure(
        "UnexpectedSyntax", "`\(signature.name)` does not aggregate, so DISTINCT has no meaning",
        at: tree.range, hint: "leave DISTINCT out")
    }
    let arguments = try call.arguments.map { try expression($0) }
    try FunctionTypes.check(signature.name, arguments) { value, allowed in
      try require(
        value, allowed, "`\(signature.name)` needs",
        at: call.arguments.first?.range ?? tree.range,
        hint: FunctionTypes.advice(signature.name, value.type))
    }
    return .init(
      placed(.function(signature.name, arguments.map(\.expression)), at: tree.range),
      FunctionTypes.result(signature, arguments.map(\.type)))
  }

  /// `exists(n.key)` and `exists((a)-->(b))`.
  private func existence(_ call: FunctionCall, _ name: String) throws -> TypedExpression? {
    guard call.arguments.count == 1, name.lowercased() == "exists" else { return nil }
    switch call.arguments[0].kind {
    case .pattern(let pattern): return try patternExpression(pattern)
    case .property, .subscript:
      let property = source.text(call.arguments[0].range)
      warnOfDeprecated(
        "exists() of a property", at: call.name.range, hint: "write \(property) IS NOT NULL")
      return .init(.isNotNull(try expression(call.arguments[0]).expression), .init(.boolean))
    default:
      throw failure(
        "InvalidArgumentType", "`exists` needs a property or a pattern",
        at: call.arguments[0].range, hint: "use IS NOT NULL to test other values")
    }
  }

  private func checkCount(_ call: FunctionCall, _ signature: FunctionSignature) throws {
    let least = signature.parameters.count { !$0.isOptional }
    let most = signature.isVariadic ? Int.max : signature.parameters.count
    guard !(least...most).contains(call.arguments.count) else { return }
    let parameters = signature.parameters.map { parameter in
      parameter.isOptional ? "[\(parameter.name)]" : parameter.name
    }
    let list = parameters.joined(separator: ", ") + (signature.isVariadic ? ", …" : "")
    throw failure(
      "InvalidNumberOfArguments",
      "`\(signature.name)` does not take \(call.arguments.count) arguments", at: call.name.range,
      hint: "its form is `\(signature.name)(\(list))`")
  }

  // MARK: - Aggregation

  /// Whether the function aggregates, wherever it is called.
  func isAggregate(_ call: FunctionCall) -> Bool {
    catalogue.function(named: call.name.text)?.isAggregate ?? false
  }

  /// Whether there is an aggregation in it that the projection around it would have to compute.
  func containsAggregate(_ tree: Expression) -> Bool {
    switch tree.kind {
    case .countAll: return true
    case .call(let call) where isAggregate(call): return true
    default: break
    }
    var found = false
    tree.forEachChild { if !found { found = containsAggregate($0) } }
    return found
  }

  func countAll(_ tree: Expression) throws -> TypedExpression {
    try collect(tree, function: "count", isDistinct: false, []) { _ in .init(.integer) }
  }

  private func aggregate(
    _ call: FunctionCall, _ signature: FunctionSignature, _ tree: Expression
  ) throws -> TypedExpression {
    try collect(
      tree, function: signature.name, isDistinct: call.isDistinct, call.arguments
    ) { FunctionTypes.result(signature, $0) }
  }

  private func collect(
    _ tree: Expression, function: String, isDistinct: Bool, _ arguments: [Expression],
    _ type: ([StaticType]) -> StaticType
  ) throws -> TypedExpression {
    switch aggregation {
    case .forbidden:
      throw failure(
        "InvalidAggregation", "`\(function)` aggregates rows, which is not possible here",
        at: tree.range,
        hint: "aggregate in a WITH before, and use its column here")
    case .nested:
      throw failure(
        "NestedAggregation", "an aggregation cannot stand in another", at: tree.range,
        hint: "compute the inner one in a WITH before")
    case .collected(let collector):
      if let binding = collector.binding(for: tree) {
        return .init(binding.expression, binding.type)
      }
      let bound = try with(scope: collector.input) {
        try with(aggregation: .nested) { try arguments.map { try expression($0) } }
      }
      if collector.isClosed
        || collector.isAfterProjection && !arguments.allSatisfy({ $0.mentionedNames == [] })
      {
        throw failure(
          "InvalidAggregation", "ORDER BY cannot aggregate what is already projected",
          at: tree.range, hint: "make the aggregation a column, and order by that")
      }
      note(.function(function, bound.map(\.expression)), as: function, at: tree.range)
      let target = newVariable()
      let resultType = type(bound.map(\.type))
      collector.add(
        AggregateProjection(
          target, function: function, isDistinct: isDistinct, arguments: bound.map(\.expression)),
        type: resultType, tree: tree)
      return .init(.variable(target), resultType)
    }
  }
}

/// What compile-time checks know of the standard functions.
enum FunctionTypes {
  /// The kinds that the only or first argument can have; other functions check when they run.
  private static let arguments: [String: ValueKinds] = [
    "size": [.string, .list], "length": .path, "type": .relationship, "labels": .node,
    "nodes": .path, "relationships": .path, "startNode": .relationship, "endNode": .relationship,
    "properties": [.entity, .map], "keys": [.entity, .map], "id": .entity, "elementId": .entity,
  ]

  static func check(
    _ name: String, _ values: [TypedExpression],
    _ require: (TypedExpression, ValueKinds) throws -> Void
  ) rethrows {
    guard let first = values.first, let allowed = arguments[name] else { return }
    try require(first, allowed)
  }

  /// Which function takes a value of another kind.
  static func advice(_ name: String, _ type: StaticType) -> String? {
    switch (name, type.kinds) {
    case ("length", .string), ("length", .list): "the length of strings and lists is size()"
    case ("size", .path): "the length of paths is length()"
    case ("size", .map): "a map's number of keys is size(keys(…))"
    default: nil
    }
  }

  static func result(_ signature: FunctionSignature, _ arguments: [StaticType]) -> StaticType {
    switch signature.name {
    case "nodes": .list(.node)
    case "relationships": .list(.relationship)
    case "labels", "keys": .list(.string)
    case "startNode", "endNode": .init(.node)
    case "range": .list(.integer)
    case "collect": .list(arguments.first?.kinds ?? .any)
    case "coalesce": arguments.reduce(.null) { $0.union($1) }
    case "head", "last": arguments.first.map { $0.kinds == .list ? $0.element : .any } ?? .any
    case "tail": arguments.first.map { $0.kinds == .list ? $0 : .any } ?? .any
    case "min", "max": .any
    default: signature.result
    }
  }
}
