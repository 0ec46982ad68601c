internal import GraphColumns
internal import GraphStore
internal import GraphTypes

extension BuiltInFunction {
  static let predicate: [BuiltInFunction] = [
    // Compiled to IS NOT NULL.
    BuiltInFunction(
      "exists", "Predicate", [Parameter("value", "ANY")], returns: "BOOLEAN",
      "True if the property is there: the same as IS NOT NULL.", propagatesNull: false
    ) { arguments, _ in
      if case .null = arguments[0] { .boolean(false) } else { .boolean(true) }
    },
    BuiltInFunction(
      "isEmpty", "Predicate", [Parameter("input", "STRING | LIST<ANY> | MAP")],
      returns: "BOOLEAN", "True for a string, list or map with nothing in it."
    ) { arguments, _ in
      switch arguments[0] {
      case .string(let text): return .boolean(text.isEmpty)
      case .list(let list): return .boolean(list.isEmpty)
      case .map(let map): return .boolean(map.isEmpty)
      default: throw Argument.mismatch(arguments[0], "isEmpty", "a string, list or map")
      }
    },
  ]

  static let list: [BuiltInFunction] = [
    BuiltInFunction(
      "keys", "List", [Parameter("entity", "NODE | RELATIONSHIP | MAP")], returns: "LIST<STRING>",
      "The names of the properties of a node or relationship, or the keys of a map."
    ) { arguments, evaluation in
      let map = try PropertyAccess.properties(of: arguments[0], evaluation) ?? [:]
      return .list(map.keys.sorted().map { .string($0) })
    },
    BuiltInFunction(
      "labels", "List", [Parameter("node", "NODE")], returns: "LIST<STRING>",
      "The labels of a node.",
      vectorised: { vectors, count, evaluation in
        guard vectors[0].type == .node else { return nil }
        try PropertyAccess.checkNodes(vectors[0], count, evaluation)
        return labels(vectors[0], count, evaluation.reader)
      },
      body: { arguments, evaluation in
        guard case .node(let node) = arguments[0] else {
          throw ExpressionError.argumentType("labels", takes: "a node", arguments[0])
        }
        try evaluation.checkExists(node.id)
        let reader = evaluation.reader
        return .list(reader.labels(of: node.id).map { .string(reader.name(of: $0)) })
      }),
    BuiltInFunction(
      "nodes", "List", [Parameter("path", "PATH")], returns: "LIST<NODE>",
      "The nodes of a path, in order."
    ) { arguments, _ in
      guard case .path(let path) = arguments[0] else {
        throw Argument.mismatch(arguments[0], "nodes", "a path")
      }
      return .list(path.nodes.map { .node($0) })
    },
    BuiltInFunction(
      "relationships", "List", [Parameter("path", "PATH")], returns: "LIST<RELATIONSHIP>",
      "The relationships of a path, in order."
    ) { arguments, _ in
      guard case .path(let path) = arguments[0] else {
        throw Argument.mismatch(arguments[0], "relationships", "a path")
      }
      return .list(path.relationships.map { .relationship($0) })
    },
    BuiltInFunction(
      "range", "List",
      [
        Parameter("start", "INTEGER"), Parameter("end", "INTEGER"),
        Parameter("step", "INTEGER", isOptional: true),
      ], returns: "LIST<INTEGER>",
      "The integers from start to end, both included; null is an error.",
      propagatesNull: false
    ) { arguments, evaluation in
      try list(IntegerRange(arguments), evaluation)
    },
    BuiltInFunction(
      "reverse", "List", [Parameter("input", "STRING | LIST<ANY>")], returns: "STRING | LIST<ANY>",
      "The elements of a list, or the code points of a string, from last to first."
    ) { arguments, _ in
      switch arguments[0] {
      case .list(let list): return .list(list.reversed())
      case .string(let text): return .string(CypherText.reverse(text))
      default: throw Argument.mismatch(arguments[0], "reverse", "a list or a string")
      }
    },
    BuiltInFunction(
      "tail", "List", [Parameter("list", "LIST<ANY>")], returns: "LIST<ANY>",
      "All elements of a list but the first."
    ) { arguments, _ in .list(Array(try Argument.list(arguments[0], "tail").dropFirst())) },
  ]

  private static func list(_ integers: IntegerRange, _ evaluation: Evaluation) throws -> Value {
    guard let steps = integers.steps else { return .list([]) }
    let (bytes, overflow) = steps.multipliedReportingOverflow(
      by: UInt64(MemoryLayout<Value>.stride))
    let reserved = overflow ? 1 << 60 : min(Int(clamping: bytes), 1 << 60)
    try evaluation.context.control.reserve(reserved, for: "the list of range()")
    evaluation.context.control.release(reserved)
    var list: [Value] = []
    list.reserveCapacity(Int(steps) + 1)
    var integers = integers
    while integers.steps != nil {
      if list.count & 0xFFFF == 0xFFFF { try evaluation.context.control.check() }
      list.append(.integer(integers.next))
      integers.removeFirst()
    }
    return .list(list)
  }

  /// Few nodes differ in their labels: lists are made once per combination.
  private static func labels(_ vector: Vector, _ count: Int, _ reader: GraphReader) -> Vector {
    let result = Vector(type: .any, capacity: count)
    result.count = count
    var lists: [[LabelID]: Value] = [:]
    for row in 0..<count where !vector.isNull(row) {
      let ids = reader.labels(of: vector.nodes[row])
      if let list = lists[ids] {
        result.values[row] = list
        continue
      }
      let list = Value.list(ids.map { .string(reader.name(of: $0)) })
      lists[ids] = list
      result.values[row] = list
    }
    return result
  }
}
