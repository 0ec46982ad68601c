internal import GraphColumns
internal import GraphTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension BuiltInFunction {
  static let mathematical: [BuiltInFunction] = [
    BuiltInFunction(
      "abs", "Mathematical", [Parameter("input", "INTEGER | FLOAT")], returns: "INTEGER | FLOAT",
      "The absolute value of a number.",
      vectorised: { vectors, count, _ in
        guard vectors[0].type == .float else { return nil }
        return FunctionLoop.map(vectors[0], Double.self, to: .float, Double.self, count) {
          $0.magnitude
        }
      },
      body: { arguments, _ in
        switch arguments[0] {
        case .integer(let number):
          if number == .min { throw ExpressionError.integerOverflow("abs(\(number))") }
          return .integer(Swift.abs(number))
        case .float(let number): return .float(number.magnitude)
        default: throw Argument.mismatch(arguments[0], "abs", "a number")
        }
      }),
    float("ceil", "The smallest whole number that is not less.") { $0.rounded(.up) },
    float("floor", "The greatest whole number that is not more.") { $0.rounded(.down) },
    BuiltInFunction(
      "round", "Mathematical",
      [
        Parameter("value", "INTEGER | FLOAT"), Parameter("precision", "INTEGER", isOptional: true),
        Parameter("mode", "STRING", isOptional: true),
      ], returns: "FLOAT",
      "The nearest whole number, or number of so many decimal digits; halves go up, or as the mode "
        + "says: UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN or HALF_EVEN.",
      vectorised: { vectors, count, _ in
        guard vectors[0].type == .float, !vectors[0].isConstant else { return nil }
        if vectors.count == 1 {
          return FunctionLoop.map(
            vectors[0], Double.self, to: .float, Double.self, count, Rounding.toWhole)
        }
        guard vectors.count == 2, vectors[1].isConstant, vectors[1].type == .integer else {
          return nil
        }
        let digits = try Argument.length(vectors[1].boxed(0), "round")
        return try FunctionLoop.map(
          vectors[0], Double.self, to: .float, Double.self, count
        ) { try Rounding.round($0, digits: digits) }
      },
      body: { arguments, _ in
        let number = try Argument.number(arguments[0], "round")
        if arguments.count == 1 { return .float(Rounding.toWhole(number)) }
        let digits = try Argument.length(arguments[1], "round")
        let mode = arguments.count > 2 ? try Argument.string(arguments[2], "round") : "HALF_UP"
        return .float(try Rounding.round(number, digits: digits, mode: mode))
      }),
    BuiltInFunction(
      "sign", "Mathematical", [Parameter("input", "INTEGER | FLOAT")], returns: "INTEGER",
      "-1, 0 or 1, as the number is negative, zero or positive."
    ) { arguments, _ in
      let number = try Argument.number(arguments[0], "sign")
      return .integer(number < 0 ? -1 : number > 0 ? 1 : 0)
    },
    BuiltInFunction(
      "isNaN", "Mathematical", [Parameter("input", "INTEGER | FLOAT")], returns: "BOOLEAN",
      "True if the number is not a number."
    ) { arguments, _ in .boolean(try Argument.number(arguments[0], "isNaN").isNaN) },
    BuiltInFunction(
      "rand", "Mathematical", [], returns: "FLOAT",
      "A random number from 0 to below 1, another one at each call.", stability: .volatile,
      vectorised: { _, count, _ in
        let result = Vector(type: .float, capacity: count)
        result.count = count
        for row in 0..<count { result.floats[row] = Double.random(in: 0..<1) }
        return result
      }, body: { _, _ in .float(Double.random(in: 0..<1)) }),
    float("sqrt", "The square root.") { $0.squareRoot() },
    float("exp", "e to the power of the number.") { exp($0) },
    float("log", "The natural logarithm.") { log($0) },
    float("log10", "The logarithm to the base 10.") { log10($0) },
    constant("e", "The base of the natural logarithm.", 2.718281828459045),
    constant("pi", "The circumference of a circle of diameter 1.", Double.pi),
  ]

  static let trigonometric: [BuiltInFunction] = [
    float("sin", "The sine of an angle in radians.") { sin($0) },
    float("cos", "The cosine of an angle in radians.") { cos($0) },
    float("tan", "The tangent of an angle in radians.") { tan($0) },
    float("cot", "The cotangent of an angle in radians.") { 1 / tan($0) },
    float("asin", "The angle in radians with the given sine.") { asin($0) },
    float("acos", "The angle in radians with the given cosine.") { acos($0) },
    float("atan", "The angle in radians with the given tangent.") { atan($0) },
    BuiltInFunction(
      "atan2", "Mathematical", [Parameter("y", "FLOAT"), Parameter("x", "FLOAT")],
      returns: "FLOAT", "The angle in radians between the x axis and the point (x, y)."
    ) { arguments, _ in
      .float(
        atan2(
          try Argument.number(arguments[0], "atan2"), try Argument.number(arguments[1], "atan2")))
    },
    float("sinh", "The hyperbolic sine.") { sinh($0) },
    float("cosh", "The hyperbolic cosine.") { cosh($0) },
    float("tanh", "The hyperbolic tangent.") { tanh($0) },
    float("coth", "The hyperbolic cotangent.") { 1 / tanh($0) },
    float("haversin", "Half the versine of an angle in radians.") {
      let sine = sin($0 / 2)
      return sine * sine
    },
    float("degrees", "An angle in radians as degrees.") { $0 * 180 / Double.pi },
    float("radians", "An angle in degrees as radians.") { $0 * Double.pi / 180 },
  ]

  private static func constant(_ name: String, _ summary: String, _ value: Double)
    -> BuiltInFunction
  {
    BuiltInFunction(name, "Mathematical", [], returns: "FLOAT", summary) { _, _ in .float(value) }
  }

  /// A function of one number that gives a float.
  private static func float(
    _ name: String, _ summary: String, _ body: @escaping @Sendable (Double) -> Double
  ) -> BuiltInFunction {
    BuiltInFunction(
      name, "Mathematical", [Parameter("input", "FLOAT")], returns: "FLOAT", summary,
      vectorised: { vectors, count, _ in
        switch vectors[0].type {
        case .float:
          FunctionLoop.map(vectors[0], Double.self, to: .float, Double.self, count, body)
        case .integer:
          FunctionLoop.map(vectors[0], Int64.self, to: .float, Double.self, count) {
            body(Double($0))
          }
        default: nil
        }
      }, body: { arguments, _ in .float(body(try Argument.number(arguments[0], name))) })
  }
}
