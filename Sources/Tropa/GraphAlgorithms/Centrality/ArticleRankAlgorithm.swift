internal import GraphKernels

extension GraphAlgorithm {
  static let articleRank = GraphAlgorithm(
    "gds.articleRank", "PageRank in which nodes with few relationships count for less.",
    isWeightable: true, stream: [.integer("nodeId"), .float("score")],
    summary: rankSummary
  ) { settings in
    let configuration = try settings.pageRank()
    let view = settings.view
    return PreparedAlgorithm(
      memory: PageRank.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    ) { monitor in
      .ranks(try ArticleRank.run(view, configuration, monitor: monitor), view)
    }
  }
}
