internal import GraphKernels

struct PageRankAdapter: AlgorithmAdapter {
  let name = "gds.pageRank"
  let summary = "Importance of nodes by the importance of those that point at them."
  let streamOutputs: [Procedure.Field] = [.init("nodeId", "INTEGER"), .init("score", "FLOAT")]
  let summaryOutputs: [Procedure.Field] = [
    .init("ranIterations", "INTEGER"), .init("didConverge", "BOOLEAN"),
    .init("centralityDistribution", "MAP"),
  ]

  func configuration(
    _ map: inout ConfigurationMap, concurrency: Int, weighted: Bool,
    nodeValues: (String) throws -> [Value?], index: (NodeID) -> UInt32?
  ) throws -> PageRank.Configuration {
    var configuration = PageRank.Configuration()
    configuration.concurrency = concurrency
    configuration.usesWeights = weighted
    configuration.dampingFactor = try map.float("dampingFactor", default: 0.85)
    configuration.maxIterations = try map.integer("maxIterations", default: 20)
    configuration.tolerance = try map.float("tolerance", default: 1e-7)
    configuration.sourceNodes = try SourceNodes.read(map.value("sourceNodes"), index)
    (configuration.scaler, configuration.scalerOffset) = try scaler(map.value("scaler"))
    return configuration
  }

  private func scaler(_ value: Value) throws -> (ScoreScaler, Double) {
    switch value {
    case .null: return (.none, 0)
    case .string:
      var map = try ConfigurationMap(.map(["scaler": value]), of: name)
      return (try map.choice("scaler", default: ScoreScaler.none), 0)
    default:
      var map = try ConfigurationMap(value, of: "scaler of \(name)")
      let scaler = try map.choice("type", default: ScoreScaler.none)
      let offset = try map.float("offset", default: 0)
      try map.finish()
      return (scaler, offset)
    }
  }

  func compute(
    _ view: GraphView, _ configuration: PageRank.Configuration, _ monitor: StatementMonitor
  ) throws -> PageRank.Result {
    try PageRank.run(view, configuration, monitor: monitor)
  }

  func stream(
    _ output: PageRank.Result, _ view: GraphView, _ configuration: PageRank.Configuration
  ) -> [ColumnData] {
    [.integers(view.memberIDs), .floats(view.nodes.memberValues(output.scores))]
  }

  func summary(_ output: PageRank.Result, _ view: GraphView) -> [String: Value] {
    [
      "ranIterations": .integer(Int64(output.ranIterations)),
      "didConverge": .boolean(output.didConverge),
      "centralityDistribution": .distribution(
        Distribution(view.nodes.memberValues(output.scores)).centralityEntries),
    ]
  }

  func result(
    _ output: PageRank.Result, _ view: GraphView, _ configuration: PageRank.Configuration
  ) -> AlgorithmResult {
    .nodeProperty(view.memberPairs { .float(output.scores[$0]) })
  }

  func memory(
    nodeCount: Int, relationshipCount: Int, _ configuration: PageRank.Configuration
  ) -> MemoryEstimate {
    PageRank.memoryEstimate(nodeCount: nodeCount, relationshipCount: relationshipCount)
  }
}

/// `sourceNodes`: nodes, ids, a list of these, or of pairs [node, bias].
enum SourceNodes {
  static func read(
    _ value: Value, _ index: (NodeID) -> UInt32?
  ) throws -> [(index: UInt32, bias: Double)]? {
    let entries: [Value]
    switch value {
    case .null: return nil
    case .list(let values): entries = values
    default: entries = [value]
    }
    if entries.isEmpty { return nil }
    return try entries.map { entry in
      if case .list(let pair) = entry, pair.count == 2 {
        let bias: Double
        switch pair[1] {
        case .integer(let value): bias = Double(value)
        case .float(let value): bias = value
        default:
          throw QueryError(
            .typeError, "InvalidArgumentType",
            "the bias of a source node is \(pair[1].typeNameWithArticle), not a number")
        }
        return (try node(pair[0], index), bias)
      }
      return (try node(entry, index), 1)
    }
  }

  private static func node(_ value: Value, _ index: (NodeID) -> UInt32?) throws -> UInt32 {
    let id: NodeID
    switch value {
    case .node(let node): id = node.id
    case .integer(let raw) where raw >= 0: id = NodeID(UInt64(raw))
    default:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "a source node is \(value.typeNameWithArticle), not a node or its id")
    }
    guard let index = index(id) else {
      throw QueryError(
        .argumentError, "NodeNotInGraph",
        "the source node \(id.rawValue) is not in the projected graph")
    }
    return index
  }
}

extension GraphView {
  /// The identities of the members, ascending.
  var memberIDs: [Int64] {
    var ids: [Int64] = []
    ids.reserveCapacity(nodes.memberCount)
    for range in nodes.members {
      for index in range { ids.append(Int64(nodes.nodeID(of: index).rawValue)) }
    }
    return ids
  }

  /// A value for each member.
  func memberPairs(_ value: (Int) -> Value?) -> [(node: NodeID, value: Value)] {
    var pairs: [(node: NodeID, value: Value)] = []
    pairs.reserveCapacity(nodes.memberCount)
    for range in nodes.members {
      for index in range {
        if let value = value(index) { pairs.append((nodes.nodeID(of: index), value)) }
      }
    }
    return pairs
  }
}

extension Value {
  /// - Parameter integers: all but the mean are whole numbers.
  static func distribution(
    _ entries: [(key: String, value: Double)], integers: Bool = false
  ) -> Value {
    .map(
      Dictionary(
        entries.map { entry in
          (
            entry.key,
            integers && entry.key != "mean" ? .integer(Int64(entry.value)) : .float(entry.value)
          )
        }, uniquingKeysWith: { $1 }))
  }
}
