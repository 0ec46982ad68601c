internal import GraphColumns
internal import GraphTypes

extension BuiltInFunction {
  static let scalar: [BuiltInFunction] = [
    // Evaluated by `CoalesceNode`, argument by argument.
    BuiltInFunction(
      "coalesce", "Scalar", [Parameter("input", "ANY")], isVariadic: true, returns: "ANY",
      "The first of the arguments that is not null.", propagatesNull: false
    ) { arguments, _ in
      arguments.first { if case .null = $0 { false } else { true } } ?? .null
    },
    BuiltInFunction(
      "nullIf", "Scalar", [Parameter("value", "ANY"), Parameter("other", "ANY")], returns: "ANY",
      "Null if both arguments are equal, else the first.", propagatesNull: false
    ) { arguments, _ in
      Value.equals(arguments[0], arguments[1]) == true ? .null : arguments[0]
    },
    BuiltInFunction(
      "id", "Scalar", [Parameter("entity", "NODE | RELATIONSHIP")], returns: "INTEGER",
      "The number of a node or relationship; stable as long as it exists.",
      vectorised: { vectors, count, _ in
        switch vectors[0].type {
        case .node:
          FunctionLoop.map(vectors[0], NodeID.self, to: .integer, Int64.self, count) {
            Int64(bitPattern: $0.rawValue)
          }
        case .relationship:
          FunctionLoop.map(vectors[0], RelationshipRef.self, to: .integer, Int64.self, count) {
            Int64(bitPattern: $0.id.rawValue)
          }
        default: nil
        }
      }, body: { arguments, _ in .integer(try entityID(arguments[0], "id")) }),
    BuiltInFunction(
      "elementId", "Scalar", [Parameter("entity", "NODE | RELATIONSHIP")], returns: "STRING",
      "The number of a node or relationship as a string."
    ) { arguments, _ in .string(String(try entityID(arguments[0], "elementId"))) },
    BuiltInFunction(
      "type", "Scalar", [Parameter("relationship", "RELATIONSHIP")], returns: "STRING",
      "The type of a relationship.",
      vectorised: { vectors, count, evaluation in
        guard vectors[0].type == .relationship else { return nil }
        return typeNames(vectors[0], count, evaluation)
      },
      body: { arguments, evaluation in
        guard case .relationship(let relationship) = arguments[0] else {
          throw ExpressionError.argumentType("type", takes: "a relationship", arguments[0])
        }
        if relationship.id.isVirtual { return .string(relationship.type) }
        return .string(evaluation.reader.name(of: relationship.id.type))
      }),
    BuiltInFunction(
      "startNode", "Scalar", [Parameter("relationship", "RELATIONSHIP")], returns: "NODE",
      "The node at which a relationship starts.",
      vectorised: { vectors, count, _ in
        guard vectors[0].type == .relationship else { return nil }
        return FunctionLoop.map(vectors[0], RelationshipRef.self, to: .node, NodeID.self, count) {
          $0.start
        }
      },
      body: { arguments, _ in
        guard case .relationship(let relationship) = arguments[0] else {
          throw Argument.mismatch(arguments[0], "startNode", "a relationship")
        }
        return .node(Node(id: relationship.start))
      }),
    BuiltInFunction(
      "endNode", "Scalar", [Parameter("relationship", "RELATIONSHIP")], returns: "NODE",
      "The node at which a relationship ends.",
      vectorised: { vectors, count, _ in
        guard vectors[0].type == .relationship else { return nil }
        return FunctionLoop.map(vectors[0], RelationshipRef.self, to: .node, NodeID.self, count) {
          $0.end
        }
      },
      body: { arguments, _ in
        guard case .relationship(let relationship) = arguments[0] else {
          throw Argument.mismatch(arguments[0], "endNode", "a relationship")
        }
        return .node(Node(id: relationship.end))
      }),
    BuiltInFunction(
      "properties", "Scalar", [Parameter("entity", "NODE | RELATIONSHIP | MAP")], returns: "MAP",
      "All properties of a node or relationship as a map."
    ) { arguments, evaluation in
      try PropertyAccess.properties(of: arguments[0], evaluation).map { .map($0) } ?? .null
    },
    BuiltInFunction(
      "length", "Scalar", [Parameter("path", "PATH")], returns: "INTEGER",
      "The number of relationships of a path."
    ) { arguments, _ in
      guard case .path(let path) = arguments[0] else {
        throw Argument.mismatch(arguments[0], "length", "a path")
      }
      return .integer(Int64(path.relationships.count))
    },
    BuiltInFunction(
      "size", "Scalar", [Parameter("input", "STRING | LIST<ANY>")], returns: "INTEGER",
      "The number of elements of a list, or of code points of a string.",
      vectorised: { vectors, count, _ in StringLoop.lengths(vectors[0], count) },
      body: { arguments, _ in
        switch arguments[0] {
        case .list(let list): return .integer(Int64(list.count))
        case .string(let text): return .integer(Int64(CypherText.length(text)))
        default: throw Argument.mismatch(arguments[0], "size", "a list or a string")
        }
      }),
    BuiltInFunction(
      "head", "Scalar", [Parameter("list", "LIST<ANY>")], returns: "ANY",
      "The first element of a list; null if it is empty."
    ) { arguments, _ in try Argument.list(arguments[0], "head").first ?? .null },
    BuiltInFunction(
      "last", "Scalar", [Parameter("list", "LIST<ANY>")], returns: "ANY",
      "The last element of a list; null if it is empty."
    ) { arguments, _ in try Argument.list(arguments[0], "last").last ?? .null },
    BuiltInFunction(
      "randomUUID", "Scalar", [], returns: "STRING", "A random UUID (version 4).",
      stability: .volatile
    ) { _, _ in .string(RandomUUID.text()) },
    BuiltInFunction(
      "timestamp", "Scalar", [], returns: "INTEGER",
      "Milliseconds from 1970-01-01T00:00Z to the beginning of the statement.",
      stability: .statement
    ) { _, evaluation in
      let now = evaluation.temporal.now
      return .integer(now.seconds &* 1000 &+ Int64(now.nanoseconds / 1_000_000))
    },
    BuiltInFunction(
      "valueType", "Scalar", [Parameter("input", "ANY")], returns: "STRING",
      "The most precise type of a value, such as 'INTEGER NOT NULL'; 'NULL' for null.",
      propagatesNull: false
    ) { arguments, _ in .string(arguments[0].valueType) },
  ]

  private static func entityID(_ value: Value, _ function: String) throws -> Int64 {
    switch value {
    case .node(let node): return Int64(bitPattern: node.id.rawValue)
    case .relationship(let relationship): return Int64(bitPattern: relationship.id.rawValue)
    default: throw Argument.mismatch(value, function, "a node or a relationship")
    }
  }

  /// One string a type, however many rows.
  private static func typeNames(_ vector: Vector, _ count: Int, _ evaluation: Evaluation) -> Vector
  {
    let arena = evaluation.arena()
    var names: [RelationshipTypeID: StringRef] = [:]
    var last: RelationshipTypeID?
    var lastName = StringRef(base: nil, count: 0)
    let result = FunctionLoop.map(
      vector, RelationshipRef.self, to: .string, StringRef.self, count
    ) { relationship in
      let type = relationship.id.type
      if type == last { return lastName }
      last = type
      lastName = names[type] ?? arena.append(evaluation.reader.name(of: type))
      names[type] = lastName
      return lastName
    }
    result.owners = [arena]
    return result
  }
}
