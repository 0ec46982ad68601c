internal import GraphColumns
internal import GraphTypes

extension BuiltInFunction {
  static let string: [BuiltInFunction] = [
    text("toLower", "The string in lower case, in any alphabet.", vectorised: lowerLoop) {
      CypherText.lower($0)
    },
    text("toUpper", "The string in upper case, in any alphabet.", vectorised: upperLoop) {
      CypherText.upper($0)
    },
    text("lower", "The same as toLower.", vectorised: lowerLoop) { CypherText.lower($0) },
    text("upper", "The same as toUpper.", vectorised: upperLoop) { CypherText.upper($0) },
    trim("trim", "The string without white space, or the given characters, at both ends.") {
      strip(strip($0, $1, atStart: true), $1, atStart: false)
    },
    trim("btrim", "The same as trim.") {
      strip(strip($0, $1, atStart: true), $1, atStart: false)
    },
    trim("ltrim", "The string without white space, or the given characters, at its start.") {
      strip($0, $1, atStart: true)
    },
    trim("rtrim", "The string without white space, or the given characters, at its end.") {
      strip($0, $1, atStart: false)
    },
    BuiltInFunction(
      "replace", "String",
      [
        Parameter("input", "STRING"), Parameter("search", "STRING"),
        Parameter("replacement", "STRING"),
      ],
      returns: "STRING", "The string with every occurrence of the searched part replaced."
    ) { arguments, _ in
      .string(
        CypherText.replace(
          try Argument.string(arguments[0], "replace"),
          try Argument.string(arguments[1], "replace"),
          with: try Argument.string(arguments[2], "replace")))
    },
    BuiltInFunction(
      "split", "String",
      [Parameter("input", "STRING"), Parameter("delimiters", "STRING | LIST<STRING>")],
      returns: "LIST<STRING>", "The parts of a string between the delimiters."
    ) { arguments, _ in
      var parts = [try Argument.string(arguments[0], "split")]
      var delimiters = [arguments[1]]
      if case .list(let list) = arguments[1] { delimiters = list }
      for delimiter in delimiters {
        if case .null = delimiter { return .null }
        let delimiter = try Argument.string(delimiter, "split")
        parts = parts.flatMap { CypherText.split($0, by: delimiter) }
      }
      return .list(parts.map { .string($0) })
    },
    BuiltInFunction(
      "substring", "String",
      [
        Parameter("input", "STRING"), Parameter("start", "INTEGER"),
        Parameter("length", "INTEGER", isOptional: true),
      ], returns: "STRING",
      "The part of a string from a position, counted from 0, to its end or of a given length. "
        + "Null for null; a position or length that is null is an error.",
      propagatesNull: false,
      vectorised: { vectors, count, _ in
        guard let start = constantLength(vectors[1]) else { return nil }
        if vectors.count == 2 {
          return StringLoop.part(vectors[0], count, from: start, length: nil)
        }
        guard let length = constantLength(vectors[2]) else { return nil }
        return StringLoop.part(vectors[0], count, from: start, length: length)
      },
      body: { arguments, _ in
        if case .null = arguments[0] { return .null }
        return .string(
          try CypherText.substring(
            try Argument.string(arguments[0], "substring"),
            from: try Argument.length(arguments[1], "substring"),
            length: arguments.count > 2 ? try Argument.length(arguments[2], "substring") : nil))
      }),
    BuiltInFunction(
      "left", "String", [Parameter("input", "STRING"), Parameter("length", "INTEGER")],
      returns: "STRING",
      "The first code points of a string. Null for null; a length that is null is an error.",
      propagatesNull: false,
      vectorised: { vectors, count, _ in
        guard let length = constantLength(vectors[1]) else { return nil }
        return StringLoop.part(vectors[0], count, from: 0, length: length)
      },
      body: { arguments, _ in
        if case .null = arguments[0] { return .null }
        return .string(
          try CypherText.left(
            try Argument.string(arguments[0], "left"), try Argument.length(arguments[1], "left")))
      }),
    BuiltInFunction(
      "right", "String", [Parameter("input", "STRING"), Parameter("length", "INTEGER")],
      returns: "STRING",
      "The last code points of a string. Null for null; a length that is null is an error.",
      propagatesNull: false
    ) { arguments, _ in
      if case .null = arguments[0] { return .null }
      return .string(
        try CypherText.right(
          try Argument.string(arguments[0], "right"), try Argument.length(arguments[1], "right")))
    },
    length("charLength"),
    length("char_length"),
    length("character_length"),
    BuiltInFunction(
      "normalize", "String",
      [Parameter("input", "STRING"), Parameter("form", "STRING", isOptional: true)],
      returns: "STRING", "The string in a Unicode normal form: NFC, NFD, NFKC or NFKD."
    ) { arguments, _ in
      .string(
        try Normalization.normalize(
          try Argument.string(arguments[0], "normalize"),
          form: arguments.count > 1 ? try Argument.string(arguments[1], "normalize") : "NFC"))
    },
    BuiltInFunction(
      "isNormalized", "Predicate",
      [Parameter("input", "STRING"), Parameter("form", "STRING", isOptional: true)],
      returns: "BOOLEAN", "True for a string in a Unicode normal form; null for other types."
    ) { arguments, _ in
      guard case .string(let text) = arguments[0] else { return .null }
      let form = arguments.count > 1 ? try Argument.string(arguments[1], "isNormalized") : "NFC"
      let normal = try Normalization.normalize(text, form: form)
      return .boolean(text.unicodeScalars.elementsEqual(normal.unicodeScalars))
    },
  ]

  /// A length or position that is the same for all rows; nil also for one that is an error.
  private static func constantLength(_ vector: Vector) -> Int? {
    guard vector.isConstant, case .integer(let number) = vector.boxed(0), number >= 0 else {
      return nil
    }
    return Int(clamping: number)
  }

  private static let lowerLoop: Vectorised = { vectors, count, evaluation in
    StringLoop.cased(vectors[0], count, .lower, evaluation)
  }
  private static let upperLoop: Vectorised = { vectors, count, evaluation in
    StringLoop.cased(vectors[0], count, .upper, evaluation)
  }

  private static func text(
    _ name: String, _ summary: String, vectorised: Vectorised? = nil,
    _ body: @escaping @Sendable (String) -> String
  ) -> BuiltInFunction {
    BuiltInFunction(
      name, "String", [Parameter("input", "STRING")], returns: "STRING", summary,
      vectorised: vectorised
    ) { arguments, _ in .string(body(try Argument.string(arguments[0], name))) }
  }

  private static func length(_ name: String) -> BuiltInFunction {
    BuiltInFunction(
      name, "String", [Parameter("input", "STRING")], returns: "INTEGER",
      "The number of code points of a string.",
      vectorised: { vectors, count, _ in StringLoop.lengths(vectors[0], count) },
      body: { arguments, _ in
        .integer(Int64(CypherText.length(try Argument.string(arguments[0], name))))
      })
  }

  /// - Parameter body: the string, and the characters to remove, or nil for white space.
  private static func trim(
    _ name: String, _ summary: String,
    _ body:
      @escaping @Sendable (Substring.UnicodeScalarView, Set<Unicode.Scalar>?) ->
      Substring.UnicodeScalarView
  ) -> BuiltInFunction {
    BuiltInFunction(
      name, "String",
      [Parameter("input", "STRING"), Parameter("characters", "STRING", isOptional: true)],
      returns: "STRING", summary
    ) { arguments, _ in
      let text = try Argument.string(arguments[0], name)
      let characters =
        arguments.count > 1 ? Set(try Argument.string(arguments[1], name).unicodeScalars) : nil
      return .string(String(body(text[...].unicodeScalars, characters)))
    }
  }

  private static func strip(
    _ text: Substring.UnicodeScalarView, _ characters: Set<Unicode.Scalar>?, atStart: Bool
  ) -> Substring.UnicodeScalarView {
    func isUnwanted(_ scalar: Unicode.Scalar) -> Bool {
      characters?.contains(scalar) ?? scalar.properties.isWhitespace
    }
    var text = text
    if atStart {
      while let first = text.first, isUnwanted(first) { text.removeFirst() }
    } else {
      while let last = text.last, isUnwanted(last) { text.removeLast() }
    }
    return text
  }
}
