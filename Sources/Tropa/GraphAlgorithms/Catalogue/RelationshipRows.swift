internal import GraphKernels

/// Relationships of one type, one after the other; an undirected one once.
struct RelationshipRows {
  var sources: [NodeID] = []
  var targets: [NodeID] = []
  var properties: [(name: String, values: [Double])] = []

  var ends: [ColumnData] {
    [
      .integers(sources.map { Int64($0.rawValue) }),
      .integers(targets.map { Int64($0.rawValue) }),
    ]
  }
  func repeated(_ text: String) -> [String] { Array(repeating: text, count: sources.count) }

  /// Each in both directions.
  var doubled: RelationshipRows {
    RelationshipRows(
      sources: sources + targets, targets: targets + sources,
      properties: properties.map { ($0.name, $0.values + $0.values) })
  }

  /// One undirected relationship for each, or for each pair of nodes where they are aggregated.
  /// - Parameter aggregations: one for each property, or one if there are none.
  func undirected(
    _ aggregations: [RelationshipAggregation]
  ) -> ProjectedGraph.AddedRelationships {
    var result = ProjectedGraph.AddedRelationships(
      sources: sources, targets: targets,
      properties: properties.map { ($0.name, .floats($0.values)) }, isUndirected: true)
    if aggregations.allSatisfy({ $0 == .none }) { return result }
    let low = sources.indices.map { min(sources[$0], targets[$0]) }
    let high = sources.indices.map { max(sources[$0], targets[$0]) }
    let order = sources.indices.sorted { (low[$0], high[$0], $0) < (low[$1], high[$1], $1) }
    var groups: [Range<Int>] = []
    for position in order.indices {
      if let last = groups.last, low[order[last.lowerBound]] == low[order[position]],
        high[order[last.lowerBound]] == high[order[position]]
      {
        groups[groups.count - 1] = last.lowerBound..<position + 1
      } else {
        groups.append(position..<position + 1)
      }
    }
    result.sources = groups.map { low[order[$0.lowerBound]] }
    result.targets = groups.map { high[order[$0.lowerBound]] }
    result.properties = zip(properties, aggregations).map { property, aggregation in
      let values = groups.map { group in
        aggregation.combined(order[group].map { property.values[$0] })
      }
      return (property.name, .floats(values))
    }
    return result
  }
}

extension RelationshipAggregation {
  /// - Parameter values: of parallel relationships, at least one.
  func combined(_ values: [Double]) -> Double {
    switch self {
    case .none, .single: values[0]
    case .minimum: values.reduce(.infinity, Swift.min)
    case .maximum: values.reduce(-.infinity, Swift.max)
    case .sum: values.reduce(0, +)
    case .count: Double(values.count)
    }
  }
}
