internal import GraphKernels

extension GraphAlgorithm {
  static let hits = GraphAlgorithm(
    "gds.hits", "Authorities, at which good hubs point, and hubs, which point at authorities.",
    stream: [.integer("nodeId"), .map("values")],
    summary: [.integer("ranIterations"), .boolean("didConverge")]
  ) { settings in
    var configuration = HITS.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.iterations = try settings.map.integer("hitsIterations", default: 20)
    let authority = try settings.map.string("authProperty") ?? "auth"
    let hub = try settings.map.string("hubProperty") ?? "hub"
    settings.map.ignore("partitioning")
    let view = settings.view
    return PreparedAlgorithm(
      memory: HITS.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount)
    ) { [configuration] monitor in
      let result = try HITS.run(view, configuration, monitor: monitor)
      return .perNode(
        view,
        [
          .values { index in
            .map([
              authority: .float(result.authorities[index]), hub: .float(result.hubs[index]),
            ])
          }
        ],
        properties: [(authority, .floats(result.authorities)), (hub, .floats(result.hubs))],
        summary: {
          // GDS counts the four steps of each iteration, and always makes all of them.
          [
            "ranIterations": .count(4 * configuration.iterations),
            "didConverge": .boolean(false),
          ]
        })
    }
  }
}
