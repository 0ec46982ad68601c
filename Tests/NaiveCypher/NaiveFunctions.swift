internal import Cypher
internal import GraphTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension NaiveInterpreter {
  func function(_ call: FunctionCall, _ scope: Scope) throws -> Value {
    let name = call.name.text.lowercased()
    if name == "coalesce" {
      for argument in call.arguments {
        let value = try evaluate(argument, scope)
        if !value.isNullValue { return value }
      }
      return .null
    }
    let arguments = try call.arguments.map { try evaluate($0, scope) }
    if arguments.contains(where: \.isNullValue) { return .null }
    switch (name, arguments.count) {
    case (_, 1): return try function(name, arguments[0])
    case ("range", 2...3): return try range(arguments)
    case ("substring", 2...3), ("left", 2), ("right", 2): return try part(name, arguments)
    case ("nullif", 2):
      return Value.naiveEquals(arguments[0], arguments[1]) == true ? .null : arguments[0]
    default: throw NaiveError.unsupported("function \(name)")
    }
  }

  private func function(_ name: String, _ argument: Value) throws -> Value {
    switch (name, argument) {
    case ("size", .list(let items)): return .integer(Int64(items.count))
    case ("size", .string(let text)): return .integer(Int64(text.unicodeScalars.count))
    case ("length", .path(let path)): return .integer(Int64(path.relationships.count))
    case ("head", .list(let items)): return items.first ?? .null
    case ("last", .list(let items)): return items.last ?? .null
    case ("tail", .list(let items)): return .list(Array(items.dropFirst()))
    case ("reverse", .list(let items)): return .list(items.reversed())
    case ("reverse", .string(let text)):
      return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
    case ("abs", .integer(let value)):
      if value == .min { throw NaiveError.arithmetic("overflow") }
      return .integer(Swift.abs(value))
    case ("abs", .float(let value)): return .float(Swift.abs(value))
    case ("sign", .integer(let value)): return .integer(value.signum())
    case ("ceil", .integer), ("ceil", .float): return .float((argument.number ?? 0).rounded(.up))
    case ("floor", .integer), ("floor", .float):
      return .float((argument.number ?? 0).rounded(.down))
    case ("sqrt", .integer), ("sqrt", .float): return .float((argument.number ?? 0).squareRoot())
    case ("tostring", .integer(let value)): return .string("\(value)")
    case ("tostring", .boolean(let value)): return .string("\(value)")
    case ("tostring", .string): return argument
    case ("tointeger", .integer): return argument
    case ("tofloat", .integer), ("tofloat", .float): return .float(argument.number ?? 0)
    case ("toupper", .string(let text)): return .string(text.uppercased())
    case ("tolower", .string(let text)): return .string(text.lowercased())
    case ("isempty", .list(let items)): return .boolean(items.isEmpty)
    case ("isempty", .string(let text)): return .boolean(text.isEmpty)
    case ("isempty", .map(let entries)): return .boolean(entries.isEmpty)
    case ("isnan", .float(let value)): return .boolean(value.isNaN)
    case ("isnan", .integer): return .boolean(false)
    case ("labels", .node(let node)):
      guard let record = graph.nodes[node.id.rawValue] else { throw NaiveError.deleted }
      return .list(record.labels.sorted().map { .string($0) })
    case ("type", .relationship(let relationship)): return .string(relationship.type)
    case ("startnode", .relationship(let relationship)): return .node(Node(id: relationship.start))
    case ("endnode", .relationship(let relationship)): return .node(Node(id: relationship.end))
    case ("nodes", .path(let path)): return .list(path.nodes.map { .node($0) })
    case ("relationships", .path(let path)):
      return .list(path.relationships.map { .relationship($0) })
    case ("keys", _): return .list(try properties(of: argument).keys.sorted().map { .string($0) })
    case ("properties", _): return .map(try properties(of: argument))
    default: throw NaiveError.type("\(name)(\(argument))")
    }
  }

  private func range(_ arguments: [Value]) throws -> Value {
    let numbers = try arguments.map { argument -> Int64 in
      guard case .integer(let number) = argument else { throw NaiveError.type("range") }
      return number
    }
    let step = numbers.count == 3 ? numbers[2] : 1
    if step == 0 { throw NaiveError.argument("range") }
    var result: [Value] = []
    var next = numbers[0]
    while step > 0 ? next <= numbers[1] : next >= numbers[1] {
      try spend()
      result.append(.integer(next))
      next += step
    }
    return .list(result)
  }

  private func part(_ name: String, _ arguments: [Value]) throws -> Value {
    guard case .string(let text) = arguments[0] else { throw NaiveError.type(name) }
    let numbers = try arguments.dropFirst().map { argument -> Int in
      guard case .integer(let number) = argument else { throw NaiveError.type(name) }
      if number < 0 { throw NaiveError.argument(name) }
      return Int(clamping: number)
    }
    var scalars = Array(text.unicodeScalars)
    switch name {
    case "left": scalars = Array(scalars.prefix(numbers[0]))
    case "right": scalars = Array(scalars.suffix(numbers[0]))
    default:
      scalars = Array(scalars.dropFirst(numbers[0]))
      if numbers.count == 2 { scalars = Array(scalars.prefix(numbers[1])) }
    }
    return .string(String(String.UnicodeScalarView(scalars)))
  }

  // MARK: Aggregation

  private static let aggregateNames: Set = ["count", "sum", "avg", "min", "max", "collect"]

  /// The outermost aggregations in an expression; those of a subquery are its own.
  static func aggregates(_ expression: Expression) -> [Expression] {
    switch expression.kind {
    case .countAll: return [expression]
    case .call(let call):
      if aggregateNames.contains(call.name.text.lowercased()) { return [expression] }
      return call.arguments.flatMap(aggregates)
    case .literal, .parameter, .variable, .subquery, .pattern, .patternComprehension: return []
    case .list(let items), .or(let items), .xor(let items), .and(let items):
      return items.flatMap(aggregates)
    case .map(let entries): return entries.flatMap { aggregates($0.value) }
    case .property(let base, _), .hasLabels(let base, _), .not(let base), .negate(let base),
      .plus(let base), .isNull(let base, _), .isTyped(let base, _, _),
      .isNormalized(let base, _, _):
      return aggregates(base)
    case .subscript(let a, let b), .string(_, let a, let b), .membership(let a, let b):
      return aggregates(a) + aggregates(b)
    case .slice(let base, let from, let to):
      return [base, from, to].compactMap { $0 }.flatMap(aggregates)
    case .comparison(let first, let terms):
      return aggregates(first) + terms.flatMap { aggregates($0.operand) }
    case .arithmetic(let first, let terms):
      return aggregates(first) + terms.flatMap { aggregates($0.operand) }
    case .case(let expression):
      let parts = expression.branches.flatMap { [$0.condition, $0.result] }
      return ([expression.subject, expression.otherwise].compactMap { $0 } + parts)
        .flatMap(aggregates)
    case .listComprehension(let comprehension): return aggregates(comprehension.list)
    case .quantifier(let quantifier): return aggregates(quantifier.list)
    case .reduce(let reduce): return aggregates(reduce.list) + aggregates(reduce.initial)
    case .mapProjection(let projection):
      return projection.items.flatMap { item -> [Expression] in
        if case .entry(let entry) = item { aggregates(entry.value) } else { [] }
      }
    }
  }

  func aggregate(_ expression: Expression, _ rows: [Row]) throws -> Value {
    guard case .call(let call) = expression.kind, let argument = call.arguments.first else {
      return .integer(Int64(rows.count))
    }
    var values = try rows.map { try evaluate(argument, $0) }.filter { !$0.isNullValue }
    if call.isDistinct {
      var seen: Set<String> = []
      values = values.filter { seen.insert($0.equivalenceKey).inserted }
    }
    switch call.name.text.lowercased() {
    case "count": return .integer(Int64(values.count))
    case "collect": return .list(values)
    case "min": return values.min { Value.naiveOrder($0, $1) < 0 } ?? .null
    case "max": return values.max { Value.naiveOrder($0, $1) < 0 } ?? .null
    case "sum": return try sum(values)
    case "avg":
      if values.isEmpty { return .null }
      let numbers = try values.map { value -> Double in
        guard let number = value.number else { throw NaiveError.type("avg") }
        return number
      }
      return .float(numbers.reduce(0, +) / Double(numbers.count))
    default: throw NaiveError.unsupported("aggregate")
    }
  }

  /// An overflow counts when it is the sum's, not that of a part.
  private func sum(_ values: [Value]) throws -> Value {
    var float: Double?
    var integers: Int128 = 0
    for value in values {
      switch value {
      case .integer(let value): integers += Int128(value)
      case .float(let value): float = (float ?? 0) + value
      default: throw NaiveError.type("sum")
      }
    }
    if let float { return .float(float + Double(integers)) }
    guard let total = Int64(exactly: integers) else { throw NaiveError.arithmetic("overflow") }
    return .integer(total)
  }
}
