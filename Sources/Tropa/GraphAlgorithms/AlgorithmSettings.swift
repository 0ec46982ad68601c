internal import GraphKernels

/// What an algorithm is called with: the graph, and the configuration read key by key.
struct AlgorithmSettings {
  var map: ConfigurationMap
  let mode: GraphAlgorithm.Mode
  let graph: ProjectedGraph
  let view: GraphView
  let concurrency: Int
  /// `relationshipWeightProperty` was given.
  let isWeighted: Bool
  /// What the property of added relationships is called.
  let relationshipProperty: String
  /// Whether anyone looks at a column of the stream.
  let isWanted: (String) -> Bool

  func memory(_ bytesMin: Int, max: Int? = nil) -> MemoryEstimate {
    MemoryEstimate(bytesMin: bytesMin, bytesMax: max ?? bytesMin)
  }

  /// Whether the call adds something to the graph or the database.
  var isWriting: Bool { mode == .mutate || mode == .write }

  // MARK: Nodes

  func index(of value: Value, _ key: String) throws -> UInt32 {
    let id: NodeID
    switch value {
    case .node(let node): id = node.id
    case .integer(let raw) where raw >= 0: id = NodeID(UInt64(raw))
    default:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "`\(key)` has \(value.typeNameWithArticle) in it, not a node or its id")
    }
    guard let index = view.nodes.index(of: id) else {
      throw QueryError(
        .argumentError, "NodeNotInGraph",
        "the node \(id.rawValue) of `\(key)` is not in the projected graph")
    }
    return index
  }

  /// A node or its id.
  mutating func requiredNode(_ key: String) throws -> UInt32 {
    let value = map.value(key)
    if value.isNull { throw map.missing(key, example: "id(n)") }
    return try index(of: value, key)
  }

  /// A node, an id or a list of these; empty when not given.
  mutating func nodes(_ key: String) throws -> [UInt32] {
    switch map.value(key) {
    case .null: return []
    case .list(let values): return try values.map { try index(of: $0, key) }
    case let value: return [try index(of: value, key)]
    }
  }

  /// Nodes as above, or pairs of a node and its bias (1 by default); nil when none are given.
  mutating func biasedNodes(_ key: String) throws -> [(index: UInt32, bias: Double)]? {
    let entries: [Value]
    switch map.value(key) {
    case .null: return nil
    case .list(let values): entries = values
    case let value: entries = [value]
    }
    if entries.isEmpty { return nil }
    return try entries.map { entry in
      guard case .list(let pair) = entry, pair.count == 2 else {
        return (try index(of: entry, key), 1)
      }
      switch pair[1] {
      case .integer(let bias): return (try index(of: pair[0], key), Double(bias))
      case .float(let bias): return (try index(of: pair[0], key), bias)
      default:
        throw QueryError(
          .typeError, "InvalidArgumentType",
          "the bias of a source node is \(pair[1].typeNameWithArticle), not a number")
      }
    }
  }

  /// A filter of nodes: nodes, ids, or the name of a label; nil when not given.
  mutating func nodeFilter(_ key: String) throws -> [UInt32]? {
    switch map.value(key) {
    case .null: return nil
    case .string(let label):
      return try graph.members(label: label).flatMap { range in
        range.compactMap { view.nodes.index(of: NodeID(UInt64($0))) }
      }
    default: return try nodes(key)
    }
  }

  // MARK: Node properties

  /// A property of integers, nil where a node has none.
  func integers(_ property: String, _ key: String) throws -> [Int64?] {
    try graph.nodeValues(property, of: view).map { value in
      switch value {
      case nil: return nil
      case .integer(let number)?: return number
      case .float(let number)? where number == number.rounded() && abs(number) < 1e15:
        return Int64(number)
      case let other?: throw wrongProperty(property, key, other, "an integer")
      }
    }
  }

  func numbers(_ property: String, _ key: String) throws -> [Double?] {
    try graph.nodeValues(property, of: view).map { value in
      switch value {
      case nil: return nil
      case .integer(let number)?: return Double(number)
      case .float(let number)?: return number
      case let other?: throw wrongProperty(property, key, other, "a number")
      }
    }
  }

  func wrongProperty(
    _ property: String, _ key: String, _ value: Value, _ expected: String
  ) -> QueryError {
    QueryError(
      .typeError, "InvalidArgumentType",
      "the property `\(property)` of `\(key)` has \(value.typeNameWithArticle) in it, "
        + "not \(expected)")
  }

  mutating func seeds() throws -> [Int64?]? {
    try map.string("seedProperty").map { try integers($0, "seedProperty") }
  }

  /// `randomSeed`; the same one when it is not given, so that results can be repeated.
  mutating func randomSeed(_ key: String = "randomSeed") throws -> UInt64 {
    UInt64(bitPattern: Int64(try map.integer(key, default: 42)))
  }

  mutating func minimumCommunitySize(_ key: String = "minCommunitySize") throws -> Int {
    try map.integer(key, default: 0, in: 0 ... .max)
  }

  /// `scaler`: a name, or a map `{type, offset}`.
  mutating func scaler(_ key: String = "scaler") throws -> (ScoreScaler, offset: Double) {
    let value = map.value(key)
    guard case .map = value else {
      return (try map.choice(key, default: ScoreScaler.none), 0)
    }
    var inner = try ConfigurationMap(value, of: key)
    let scaler = try inner.choice("type", default: ScoreScaler.none)
    let offset = try inner.float("offset", default: 0)
    try inner.finish()
    return (scaler, offset)
  }
}
