internal import GraphKernels

/// What the shortest-path algorithms have in common: their columns, and what they write.
enum PathAlgorithm {
  static let columns: [Procedure.Field] = [
    .integer("index"), .integer("sourceNode"), .integer("targetNode"), .float("totalCost"),
    .integers("nodeIds"), .floats("costs"), .path("path"),
  ]
}

extension AlgorithmSettings {
  /// `writeNodeIds` and `writeCosts`.
  mutating func pathProperties() throws -> (nodeIds: Bool, costs: Bool) {
    if mode != .write { return (false, false) }
    return (
      try map.boolean("writeNodeIds", default: false),
      try map.boolean("writeCosts", default: false)
    )
  }
}

extension AlgorithmOutput {
  /// One row a path.
  /// - Parameters:
  ///   - paths: made one by one, as they are many.
  ///   - extra: further columns of the stream.
  static func paths(
    _ paths: some Sequence<WeightedPath>, _ settings: AlgorithmSettings,
    written: (nodeIds: Bool, costs: Bool), extra: [ColumnData] = [],
    summary: @escaping () -> [String: Value] = { [:] }
  ) -> Self {
    let view = settings.view
    return AlgorithmOutput(
      stream: {
        var columns = PathColumns()
        for path in paths { columns.append(path, view, wantsPath: settings.isWanted("path")) }
        return columns.columns + extra
      },
      summary: summary,
      result: {
        var from: [NodeID] = []
        var to: [NodeID] = []
        var costs: [Double] = []
        var lists: (nodeIds: [Value], costs: [Value]) = ([], [])
        for path in paths {
          let nodes = view.nodeIDs(path.nodes)
          guard let first = nodes.first, let last = nodes.last else { continue }
          from.append(first)
          to.append(last)
          costs.append(path.totalCost)
          if written.nodeIds {
            lists.nodeIds.append(.list(nodes.map { .integer(Int64($0.rawValue)) }))
          }
          if written.costs { lists.costs.append(.floats(path.costs)) }
        }
        var properties: [(name: String, values: ColumnData)] = [("totalCost", .floats(costs))]
        if written.nodeIds { properties.append(("nodeIds", .values(lists.nodeIds))) }
        if written.costs { properties.append(("costs", .values(lists.costs))) }
        return .relationships(from: from, to: to, properties: properties)
      })
  }
}

private struct PathColumns {
  private var index: [Int64] = []
  private var sources: [Int64] = []
  private var targets: [Int64] = []
  private var totals: [Double] = []
  private var nodeLists: [Value] = []
  private var costLists: [Value] = []
  private var paths: [Value] = []

  mutating func append(_ path: WeightedPath, _ view: GraphView, wantsPath: Bool) {
    let nodes = view.nodeIDs(path.nodes)
    guard let first = nodes.first, let last = nodes.last else { return }
    let number = index.count
    index.append(Int64(number))
    sources.append(Int64(first.rawValue))
    targets.append(Int64(last.rawValue))
    totals.append(path.totalCost)
    nodeLists.append(.list(nodes.map { .integer(Int64($0.rawValue)) }))
    costLists.append(.floats(path.costs))
    paths.append(
      wantsPath
        ? VirtualPath.value(nodes, type: "PATH_\(number)", costs: path.costs) : .null)
  }

  var columns: [ColumnData] {
    [
      .integers(index), .integers(sources), .integers(targets), .floats(totals),
      .values(nodeLists), .values(costLists), .values(paths),
    ]
  }
}
