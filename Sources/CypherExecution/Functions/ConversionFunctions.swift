internal import GraphColumns
internal import GraphTypes

extension BuiltInFunction {
  static let conversion: [BuiltInFunction] = [
    convert(
      "toInteger", "INTEGER", "A number, string or boolean as an integer, cut towards zero.",
      vectorised: { vectors, count, _ in
        switch vectors[0].type {
        case .integer: vectors[0]
        case .float: try integers(vectors[0], count)
        default: nil
        }
      }, Value.toInteger),
    convert(
      "toFloat", "FLOAT", "A number or string as a floating-point number.",
      vectorised: { vectors, count, _ in
        switch vectors[0].type {
        case .float: vectors[0]
        case .integer:
          FunctionLoop.map(vectors[0], Int64.self, to: .float, Double.self, count) { Double($0) }
        default: nil
        }
      }, Value.toFloat),
    convert(
      "toBoolean", "BOOLEAN", "The strings 'true' and 'false' or an integer as a boolean.",
      Value.toBoolean),
    convert(
      "toString", "STRING", "A number, boolean, date, time, duration or point as a string.",
      vectorised: { vectors, _, _ in vectors[0].type == .string ? vectors[0] : nil },
      Value.toString),
    orNull(
      "toIntegerOrNull", "INTEGER", "As toInteger, but null for types without a conversion.",
      Value.toInteger),
    orNull(
      "toFloatOrNull", "FLOAT", "As toFloat, but null for types without a conversion.",
      Value.toFloat),
    orNull(
      "toBooleanOrNull", "BOOLEAN", "As toBoolean, but null for types without a conversion.",
      Value.toBoolean),
    orNull(
      "toStringOrNull", "STRING", "As toString, but null for types without a conversion.",
      Value.toString),
    ofList(
      "toIntegerList", "LIST<INTEGER>",
      "The elements as integers; null where there is no conversion.", Value.toInteger),
    ofList(
      "toFloatList", "LIST<FLOAT>",
      "The elements as floating-point numbers; null where there is no conversion.", Value.toFloat),
    ofList(
      "toBooleanList", "LIST<BOOLEAN>",
      "The elements as booleans; null where there is no conversion.", Value.toBoolean),
    ofList(
      "toStringList", "LIST<STRING>", "The elements as strings; null where there is no conversion.",
      Value.toString),
  ]

  private typealias Conversion = @Sendable (Value) throws(QueryError) -> Value

  private static func convert(
    _ name: String, _ type: String, _ summary: String, vectorised: Vectorised? = nil,
    _ conversion: @escaping Conversion
  ) -> BuiltInFunction {
    BuiltInFunction(
      name, "Scalar", [Parameter("input", "ANY")], returns: type, summary, vectorised: vectorised
    ) { arguments, _ in try conversion(arguments[0]) }
  }

  private static func orNull(
    _ name: String, _ type: String, _ summary: String, _ conversion: @escaping Conversion
  ) -> BuiltInFunction {
    BuiltInFunction(name, "Scalar", [Parameter("input", "ANY")], returns: type, summary) {
      arguments, _ in
      (try? conversion(arguments[0])) ?? .null
    }
  }

  private static func ofList(
    _ name: String, _ type: String, _ summary: String, _ conversion: @escaping Conversion
  ) -> BuiltInFunction {
    BuiltInFunction(name, "List", [Parameter("input", "LIST<ANY>")], returns: type, summary) {
      arguments, _ in
      .list(try Argument.list(arguments[0], name).map { (try? conversion($0)) ?? .null })
    }
  }

  private static func integers(_ vector: Vector, _ count: Int) throws -> Vector {
    let result = Vector(type: .integer, capacity: count)
    result.count = count
    for row in 0..<count {
      if !vector.isNull(row), let integer = try Value.integer(cutting: vector.floats[row]) {
        result.integers[row] = integer
      } else {
        result.setNull(row)
      }
    }
    return result
  }
}
