internal import GraphKernels

/// The shapes that most results have.
extension AlgorithmOutput {
  /// A number for each node.
  static func scores(
    _ scores: [Double], _ view: GraphView, summary: @escaping () -> [String: Value] = { [:] }
  ) -> Self {
    perNode(
      view, [.floats(scores)],
      summary: {
        var row = summary()
        row["centralityDistribution"] = .distribution(
          Distribution(view.nodes.memberValues(scores)).centralityEntries)
        return row
      })
  }

  /// A community for each node; members of communities smaller than `minimumSize` are left out.
  static func communities(
    _ ids: [Int64], _ view: GraphView, minimumSize: Int = 0, others: [NodeColumn] = [],
    property: NodeColumn? = nil, summary: @escaping () -> [String: Value]
  ) -> Self {
    let large = Communities.large(ids, view, minimum: minimumSize)
    return perNode(
      view, [.integers(ids)] + others, property: property,
      keep: large.map { large in { large.contains(ids[$0]) } }, summary: summary)
  }

  /// Columns by index, of which the first is what is written unless `property` says otherwise.
  static func perNode(
    _ view: GraphView, _ columns: [NodeColumn], property: NodeColumn? = nil,
    keep: ((Int) -> Bool)? = nil, summary: @escaping () -> [String: Value] = { [:] }
  ) -> Self {
    perNode(
      view, columns, properties: [(nil, property ?? columns[0])], keep: keep, summary: summary)
  }

  static func perNode(
    _ view: GraphView, _ columns: [NodeColumn], properties: [(suffix: String?, NodeColumn)],
    keep: ((Int) -> Bool)? = nil, summary: @escaping () -> [String: Value] = { [:] }
  ) -> Self {
    func rows() -> [Int] {
      var rows: [Int] = []
      rows.reserveCapacity(view.nodes.memberCount)
      for range in view.nodes.members {
        for index in range where keep?(index) ?? true { rows.append(index) }
      }
      return rows
    }
    return AlgorithmOutput(
      stream: {
        let rows = rows()
        let ids = ColumnData.integers(rows.map { Int64(view.nodes.nodeID(of: $0).rawValue) })
        return [ids] + columns.map { $0.gathered(rows) }
      },
      summary: summary,
      result: {
        let rows = rows()
        return .nodeProperties(
          nodes: rows.map { view.nodes.nodeID(of: $0) },
          properties: properties.map { ($0.suffix, $0.1.gathered(rows)) })
      })
  }

  /// Pairs of nodes with their similarity.
  static func similarPairs(
    _ first: [UInt32], _ second: [UInt32], _ similarities: [Double], _ settings: AlgorithmSettings,
    summary: @escaping () -> [String: Value]
  ) -> Self {
    let view = settings.view
    let property = settings.relationshipProperty
    return AlgorithmOutput(
      stream: {
        [.integers(view.ids(first)), .integers(view.ids(second)), .floats(similarities)]
      },
      summary: {
        var row = summary()
        row["similarityDistribution"] = .distribution(
          Distribution(similarities).similarityEntries)
        row["similarityPairs"] = .count(similarities.count)
        return row
      },
      result: {
        .relationships(
          from: view.nodeIDs(first), to: view.nodeIDs(second),
          properties: [(property, .floats(similarities))])
      })
  }
}

/// A value for each index of a view.
enum NodeColumn {
  case integers([Int64])
  case floats([Double])
  case vectors(FloatMatrix)
  case values((Int) -> Value)

  func gathered(_ rows: [Int]) -> ColumnData {
    switch self {
    case .integers(let values): .integers(rows.map { values[$0] })
    case .floats(let values): .floats(rows.map { values[$0] })
    case .vectors(let matrix):
      .vectors(rows.flatMap { matrix.row($0) }, dimension: matrix.dimension)
    case .values(let value): .values(rows.map(value))
    }
  }
}

enum Communities {
  /// The communities of at least `minimum` members; nil for all.
  static func large(_ ids: [Int64], _ view: GraphView, minimum: Int) -> Set<Int64>? {
    if minimum <= 1 { return nil }
    var sizes: [Int64: Int] = [:]
    for range in view.nodes.members { for index in range { sizes[ids[index], default: 0] += 1 } }
    return Set(sizes.filter { $0.value >= minimum }.keys)
  }
}

extension GraphView {
  func id(_ index: UInt32) -> Int64 { Int64(nodes.nodeID(of: Int(index)).rawValue) }
  func ids(_ indices: [UInt32]) -> [Int64] { indices.map { id($0) } }
  func nodeIDs(_ indices: [UInt32]) -> [NodeID] { indices.map { nodes.nodeID(of: Int($0)) } }
}
