internal import GraphKernels

/// What community algorithms share: seeds, and small communities left out of results.
struct CommunityOptions<Base> {
  var base: Base
  /// Members of smaller communities get no value.
  var minimumSize: Int
}

enum Communities {
  static func seeds(_ property: String?, _ nodeValues: (String) throws -> [Value?]) throws
    -> [Int64?]?
  {
    guard let property else { return nil }
    return try nodeValues(property).map { value in
      switch value {
      case nil: return nil
      case .integer(let seed)?: return seed
      case let other?:
        throw QueryError(
          .typeError, "InvalidArgumentType",
          "the seed property `\(property)` has \(other.typeNameWithArticle) in it, not an integer")
      }
    }
  }

  /// Which indices are in communities of at least `minimum` members; nil for all.
  static func large(_ ids: [Int64], _ view: GraphView, minimum: Int) -> Set<Int64>? {
    if minimum <= 1 { return nil }
    var sizes: [Int64: Int] = [:]
    for range in view.nodes.members { for index in range { sizes[ids[index], default: 0] += 1 } }
    return Set(sizes.filter { $0.value >= minimum }.keys)
  }
}

struct WCCAdapter: AlgorithmAdapter {
  typealias Configuration = CommunityOptions<WeaklyConnectedComponents.Configuration>
  let name = "gds.wcc"
  let summary = "Weakly connected components: which nodes are joined, whatever the direction."
  let streamOutputs: [Procedure.Field] = [
    .init("nodeId", "INTEGER"), .init("componentId", "INTEGER"),
  ]
  let summaryOutputs: [Procedure.Field] = [
    .init("componentCount", "INTEGER"), .init("componentDistribution", "MAP"),
  ]

  func configuration(
    _ map: inout ConfigurationMap, concurrency: Int, weighted: Bool,
    nodeValues: (String) throws -> [Value?], index: (NodeID) -> UInt32?
  ) throws -> Configuration {
    var base = WeaklyConnectedComponents.Configuration()
    base.concurrency = concurrency
    base.threshold = try map.float("threshold") ?? (weighted ? 0 : nil)
    base.consecutiveIds = try map.boolean("consecutiveIds", default: false)
    base.seeds = try Communities.seeds(map.string("seedProperty"), nodeValues)
    return CommunityOptions(
      base: base,
      minimumSize: try map.integer("minComponentSize", default: 0, in: 0 ... .max))
  }

  func compute(
    _ view: GraphView, _ configuration: Configuration, _ monitor: StatementMonitor
  ) throws -> WeaklyConnectedComponents.Result {
    try WeaklyConnectedComponents.run(view, configuration.base, monitor: monitor)
  }

  func stream(
    _ output: WeaklyConnectedComponents.Result, _ view: GraphView, _ configuration: Configuration
  ) -> [ColumnData] {
    let large = Communities.large(
      output.componentIds, view, minimum: configuration.minimumSize)
    guard let large else {
      return [.integers(view.memberIDs), .integers(view.nodes.memberValues(output.componentIds))]
    }
    let kept = view.memberPairs { index in
      large.contains(output.componentIds[index]) ? .integer(Int64(index)) : nil
    }
    return [
      .integers(kept.map { Int64($0.node.rawValue) }),
      .integers(kept.map { output.componentIds[Int(view.nodes.index(of: $0.node) ?? 0)] }),
    ]
  }

  func summary(
    _ output: WeaklyConnectedComponents.Result, _ view: GraphView
  ) -> [String: Value] {
    [
      "componentCount": .integer(Int64(output.componentCount)),
      "componentDistribution": .distribution(
        output.distribution.communityEntries, integers: true),
    ]
  }

  func result(
    _ output: WeaklyConnectedComponents.Result, _ view: GraphView, _ configuration: Configuration
  ) -> AlgorithmResult {
    let large = Communities.large(
      output.componentIds, view, minimum: configuration.minimumSize)
    return .nodeProperty(
      view.memberPairs { index in
        let id = output.componentIds[index]
        return large?.contains(id) ?? true ? .integer(id) : nil
      })
  }

  func memory(
    nodeCount: Int, relationshipCount: Int, _ configuration: Configuration
  ) -> MemoryEstimate {
    WeaklyConnectedComponents.memoryEstimate(
      nodeCount: nodeCount, relationshipCount: relationshipCount)
  }
}

struct LouvainAdapter: AlgorithmAdapter {
  typealias Configuration = CommunityOptions<Louvain.Configuration>
  let name = "gds.louvain"
  let summary = "Communities of high modularity by the Louvain method."
  let streamOutputs: [Procedure.Field] = [
    .init("nodeId", "INTEGER"), .init("communityId", "INTEGER"),
    .init("intermediateCommunityIds", "LIST<INTEGER>"),
  ]
  let summaryOutputs: [Procedure.Field] = [
    .init("communityCount", "INTEGER"), .init("ranLevels", "INTEGER"),
    .init("modularity", "FLOAT"), .init("modularities", "LIST<FLOAT>"),
    .init("communityDistribution", "MAP"),
  ]

  func configuration(
    _ map: inout ConfigurationMap, concurrency: Int, weighted: Bool,
    nodeValues: (String) throws -> [Value?], index: (NodeID) -> UInt32?
  ) throws -> Configuration {
    var base = Louvain.Configuration()
    base.concurrency = concurrency
    base.usesWeights = weighted
    base.maxLevels = try map.integer("maxLevels", default: 10)
    base.maxIterations = try map.integer("maxIterations", default: 10)
    base.tolerance = try map.float("tolerance", default: 1e-4)
    base.includeIntermediateCommunities = try map.boolean(
      "includeIntermediateCommunities", default: false)
    base.consecutiveIds = try map.boolean("consecutiveIds", default: false)
    base.seeds = try Communities.seeds(map.string("seedProperty"), nodeValues)
    return CommunityOptions(
      base: base, minimumSize: try map.integer("minCommunitySize", default: 0, in: 0 ... .max))
  }

  func compute(
    _ view: GraphView, _ configuration: Configuration, _ monitor: StatementMonitor
  ) throws -> Louvain.Result {
    try Louvain.run(view, configuration.base, monitor: monitor)
  }

  private func levels(_ output: Louvain.Result, _ index: Int) -> Value {
    if output.intermediateCommunityIds.isEmpty { return .null }
    return .list(output.intermediateCommunityIds.map { .integer($0[index]) })
  }

  func stream(
    _ output: Louvain.Result, _ view: GraphView, _ configuration: Configuration
  ) -> [ColumnData] {
    let large = Communities.large(
      output.communityIds, view, minimum: configuration.minimumSize)
    let kept = view.memberPairs { index in
      large?.contains(output.communityIds[index]) ?? true ? .integer(Int64(index)) : nil
    }
    let indices = kept.map { pair -> Int in
      if case .integer(let index) = pair.value { Int(index) } else { 0 }
    }
    return [
      .integers(kept.map { Int64($0.node.rawValue) }),
      .integers(indices.map { output.communityIds[$0] }),
      .values(indices.map { levels(output, $0) }),
    ]
  }

  func summary(_ output: Louvain.Result, _ view: GraphView) -> [String: Value] {
    [
      "communityCount": .integer(Int64(output.communityCount)),
      "ranLevels": .integer(Int64(output.ranLevels)), "modularity": .float(output.modularity),
      "modularities": .list(output.modularities.map { .float($0) }),
      "communityDistribution": .distribution(
        output.distribution.communityEntries, integers: true),
    ]
  }

  func result(
    _ output: Louvain.Result, _ view: GraphView, _ configuration: Configuration
  ) -> AlgorithmResult {
    let large = Communities.large(
      output.communityIds, view, minimum: configuration.minimumSize)
    let lists = configuration.base.includeIntermediateCommunities
    return .nodeProperty(
      view.memberPairs { index in
        let id = output.communityIds[index]
        guard large?.contains(id) ?? true else { return nil }
        return lists ? levels(output, index) : .integer(id)
      })
  }

  func memory(
    nodeCount: Int, relationshipCount: Int, _ configuration: Configuration
  ) -> MemoryEstimate {
    Louvain.memoryEstimate(nodeCount: nodeCount, relationshipCount: relationshipCount)
  }
}
