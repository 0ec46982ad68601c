internal import GraphKernels

struct NodeSimilarityAdapter: AlgorithmAdapter {
  let name = "gds.nodeSimilarity"
  let summary = "Similarity of nodes by the neighbours that they share."
  let streamOutputs: [Procedure.Field] = [
    .init("node1", "INTEGER"), .init("node2", "INTEGER"), .init("similarity", "FLOAT"),
  ]
  let summaryOutputs: [Procedure.Field] = [
    .init("nodesCompared", "INTEGER"), .init("similarityPairs", "INTEGER"),
    .init("similarityDistribution", "MAP"),
  ]

  func configuration(
    _ map: inout ConfigurationMap, concurrency: Int, weighted: Bool,
    nodeValues: (String) throws -> [Value?], index: (NodeID) -> UInt32?
  ) throws -> NodeSimilarity.Configuration {
    var configuration = NodeSimilarity.Configuration()
    configuration.concurrency = concurrency
    configuration.usesWeights = weighted
    configuration.metric = try map.choice("similarityMetric", default: SimilarityMetric.jaccard)
    configuration.similarityCutoff = try map.float("similarityCutoff", default: 1e-42)
    configuration.degreeCutoff = try map.integer("degreeCutoff", default: 1)
    configuration.upperDegreeCutoff = try map.integer(
      "upperDegreeCutoff", default: Int(Int32.max))
    configuration.bottomK = try map.integer("bottomK")
    let topK = try map.integer("topK")
    configuration.topK = topK ?? (configuration.bottomK == nil ? 10 : nil)
    configuration.topN = try map.integer("topN", default: 0)
    configuration.bottomN = try map.integer("bottomN", default: 0)
    // Components only speed the search up in GDS; pairs in different ones share nothing anyway.
    map.ignore("useComponents")
    return configuration
  }

  func compute(
    _ view: GraphView, _ configuration: NodeSimilarity.Configuration, _ monitor: StatementMonitor
  ) throws -> NodeSimilarity.Result {
    try NodeSimilarity.run(view, configuration, monitor: monitor)
  }

  func stream(
    _ output: NodeSimilarity.Result, _ view: GraphView,
    _ configuration: NodeSimilarity.Configuration
  ) -> [ColumnData] {
    [
      .integers(output.firstNodes.map { Int64(view.nodes.nodeID(of: Int($0)).rawValue) }),
      .integers(output.secondNodes.map { Int64(view.nodes.nodeID(of: Int($0)).rawValue) }),
      .floats(output.similarities),
    ]
  }

  func summary(_ output: NodeSimilarity.Result, _ view: GraphView) -> [String: Value] {
    [
      "nodesCompared": .integer(Int64(output.nodesCompared)),
      "similarityPairs": .integer(Int64(output.similarityPairs)),
      "similarityDistribution": .distribution(output.distribution().similarityEntries),
    ]
  }

  func result(
    _ output: NodeSimilarity.Result, _ view: GraphView,
    _ configuration: NodeSimilarity.Configuration
  ) -> AlgorithmResult {
    .relationships(
      from: output.firstNodes.map { view.nodes.nodeID(of: Int($0)) },
      to: output.secondNodes.map { view.nodes.nodeID(of: Int($0)) },
      similarity: output.similarities)
  }

  func memory(
    nodeCount: Int, relationshipCount: Int, _ configuration: NodeSimilarity.Configuration
  ) -> MemoryEstimate {
    NodeSimilarity.memoryEstimate(
      nodeCount: nodeCount, relationshipCount: relationshipCount, configuration)
  }
}
