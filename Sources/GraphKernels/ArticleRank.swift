package import GraphTypes

/// ArticleRank (Li, Willett 2009) as GDS defines it: PageRank in which nodes of few relationships
/// pass on less: `score(v) = (1 - d) + d · Σ score(u) · w(u, v) / (W(u) + mean degree)`.
package enum ArticleRank {
  /// - Throws, Complexity: as `PageRank`.
  package static func run(
    _ view: GraphView, _ configuration: PageRank.Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> PageRank.Result {
    var configuration = configuration
    configuration.addedDegree =
      Double(view.outgoing.relationshipCount) / Double(max(view.nodes.memberCount, 1))
    return try PageRank.run(view, configuration, monitor: monitor)
  }
}
