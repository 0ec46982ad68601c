package import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// A function, built in or of the host application: what is known about it, and how it is computed.
struct BuiltInFunction: Sendable {
  /// How long the same arguments give the same result.
  enum Stability: Sendable {
    case always
    /// Within one statement: it depends on when that began.
    case statement
    /// Every call is another: random numbers, clocks.
    case volatile
  }

  typealias Body = @Sendable (_ arguments: [Value], _ evaluation: Evaluation) throws -> Value
  /// Computes all rows at once, or nil for types of vectors that it has no loop for. At least one
  /// of the vectors is not constant.
  typealias Vectorised =
    @Sendable (
      _ arguments: [Vector], _ count: Int, _ evaluation: Evaluation
    ) throws -> Vector?

  var signature: FunctionSignature
  var stability: Stability
  /// Null if one of the arguments is; `body` is then not called.
  var propagatesNull: Bool
  var vectorised: Vectorised?
  var body: Body

  init(
    _ name: String, _ category: String, _ parameters: [FunctionSignature.Parameter],
    isVariadic: Bool = false, returns type: String, _ summary: String,
    stability: Stability = .always, propagatesNull: Bool = true, vectorised: Vectorised? = nil,
    body: @escaping Body
  ) {
    signature = FunctionSignature(
      name: name, category: category, parameters: parameters, isVariadic: isVariadic,
      returnType: type, summary: summary, isDeterministic: stability != .volatile,
      nullBehaviour: propagatesNull ? .propagates : .own)
    self.stability = stability
    self.propagatesNull = propagatesNull
    self.vectorised = vectorised
    self.body = body
  }

  /// An aggregation function, of which the table holds the signature only.
  init(
    aggregate name: String, _ parameters: [FunctionSignature.Parameter], returns type: String,
    _ summary: String
  ) {
    signature = FunctionSignature(
      name: name, category: "Aggregating", parameters: parameters, returnType: type,
      summary: summary, isAggregate: true, nullBehaviour: .leavesOut)
    stability = .always
    propagatesNull = false
    body = { _, _ in
      throw QueryError(
        .syntaxError, "InvalidAggregation",
        "`\(name)` aggregates rows: it is used in WITH or RETURN")
    }
  }

  init(_ function: HostFunction) {
    signature = function.signature
    stability = function.signature.isDeterministic ? .always : .volatile
    propagatesNull = true
    let host = function.body
    body = { arguments, _ in try host(arguments) }
  }

  static let all: [BuiltInFunction] =
    aggregating + scalar + conversion + predicate + list + string + mathematical + trigonometric
    + temporal + duration + spatial + vector + graphDataScience
}

extension FunctionSignature {
  /// `name(parameter :: TYPE, …) :: TYPE`, optional parameters in brackets.
  package var usage: String {
    var text = "\(name)("
    for (index, parameter) in parameters.enumerated() {
      if parameter.isOptional { text += "[" }
      if index > 0 { text += ", " }
      text += "\(parameter.name) :: \(parameter.type)"
      if parameter.isOptional { text += "]" }
    }
    if isVariadic { text += ", …" }
    return text + ") :: \(returnType)"
  }
}

extension ProcedureSignature {
  /// `name(input :: TYPE, …) :: (output :: TYPE, …)`, with the defaults of inputs.
  package var usage: String {
    let inputs = inputs.map { input in
      "\(input.name)\(input.defaultValue.map { " = \($0.text(.literal))" } ?? "") :: \(input.type)"
    }
    let outputs = outputs.map { "\($0.name) :: \($0.type)" }
    return "\(name)(\(inputs.joined(separator: ", "))) :: (\(outputs.joined(separator: ", ")))"
  }
}

typealias Parameter = FunctionSignature.Parameter

/// Reading arguments in the bodies of functions.
enum Argument {
  static func string(_ value: Value, _ function: String) throws -> String {
    guard case .string(let text) = value else { throw mismatch(value, function, "a string") }
    return text
  }

  static func integer(_ value: Value, _ function: String) throws -> Int64 {
    guard case .integer(let number) = value else { throw mismatch(value, function, "an integer") }
    return number
  }

  /// An integer that is a length or position; beyond `Int` there is no text or list anyway.
  static func length(_ value: Value, _ function: String) throws -> Int {
    Int(clamping: try integer(value, function))
  }

  static func number(_ value: Value, _ function: String) throws -> Double {
    switch value {
    case .integer(let number): return Double(number)
    case .float(let number): return number
    default: throw mismatch(value, function, "a number")
    }
  }

  static func list(_ value: Value, _ function: String) throws -> [Value] {
    guard case .list(let elements) = value else { throw mismatch(value, function, "a list") }
    return elements
  }

  static func mismatch(_ value: Value, _ function: String, _ wanted: String) -> QueryError {
    ExpressionError.type("\(function)() takes \(wanted), not \(value.typeNameWithArticle)")
  }
}

/// Loops of functions over typed vectors.
enum FunctionLoop {
  /// A typed vector from a typed vector that is not constant; null rows are not computed.
  @inline(__always)
  static func map<A, R>(
    _ a: Vector, _: A.Type, to type: VectorType, _: R.Type, _ count: Int, _ body: (A) throws -> R
  ) rethrows -> Vector {
    let result = Vector(type: type, capacity: count)
    result.count = count
    let source: UnsafeMutablePointer<A> = a.elements()
    let target: UnsafeMutablePointer<R> = result.elements()
    if a.hasNoNulls {
      for row in 0..<count { target[row] = try body(source[row]) }
    } else {
      result.adoptNulls(a)
      for row in 0..<count where !a.isNull(row) { target[row] = try body(source[row]) }
    }
    return result
  }
}
