internal import GraphColumns
internal import GraphTypes

extension BuiltInFunction {
  static let format = BuiltInFunction(
    "format", "Temporal",
    [
      Parameter("value", "ANY"), Parameter("pattern", "STRING", isOptional: true),
      Parameter("language", "STRING", isOptional: true),
    ], returns: "STRING",
    "A date, time or duration by a pattern of Java's DateTimeFormatter; names of months and days "
      + "are English, with 'ru' Russian. Without a pattern as toString.",
    vectorised: { vectors, count, _ in
      guard vectors.count > 1, vectors[1...].allSatisfy(\.isConstant) else { return nil }
      // Read once for all rows.
      let pattern = try pattern(vectors[1...].map { $0.boxed(0) })
      var result = VectorBuilder(capacity: count)
      for row in 0..<count {
        let value = vectors[0].boxed(row)
        if case .null = value {
          result.append(.null)
        } else {
          result.append(.string(try pattern.text(of: value)))
        }
      }
      return result.finish()
    },
    body: { arguments, _ in
      if arguments.count == 1 { return try Value.toString(arguments[0]) }
      return .string(try pattern(Array(arguments.dropFirst())).text(of: arguments[0]))
    })

  private static func pattern(_ arguments: [Value]) throws -> TemporalPattern {
    let text = try Argument.string(arguments[0], "format")
    guard arguments.count > 1 else { return try TemporalPattern(text) }
    let name = try Argument.string(arguments[1], "format")
    guard let language = TemporalPattern.Language(rawValue: name) else {
      let known = TemporalPattern.Language.allCases.map { "'\($0.rawValue)'" }
      throw ExpressionError.argument(
        "format() knows no language '\(name)'", hint: "it knows \(known.joined(separator: " and "))"
      )
    }
    return try TemporalPattern(text, language: language)
  }
}
