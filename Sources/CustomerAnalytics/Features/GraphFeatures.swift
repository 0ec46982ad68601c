import Tropa

extension FeatureSources {
  /// Features of where clients stand in the graph: properties that `gds.*.write` left, or, with
  /// `graph: true`, what the algorithms give now.
  func graphValues(_ feature: Feature) throws -> FeatureValues {
    if feature == .bestSimilarity { return bestSimilarity() }
    guard let name = feature.property else {
      return .missing("it is no feature of the graph", hint: nil)
    }
    let values: [Double]?
    if options.computesGraph {
      values = try computed(feature)
    } else if inventory.properties.contains(name) {
      values = try property(name)
    } else {
      values = nil
    }
    guard let values else {
      return .missing(
        "no client has the property `\(name)`",
        hint: "write it with Queries/03-graph-features.cypher, or compute it with graph: true")
    }
    // The number of a community says nothing by itself: its size counts.
    return .known(feature == .communitySize ? Self.sizes(values) : values)
  }

  private static func sizes(_ communities: [Double]) -> [Double] {
    var count: [Double: Double] = [:]
    for community in communities where !community.isNaN { count[community, default: 0] += 1 }
    return communities.map { $0.isNaN ? .nan : count[$0] ?? 0 }
  }

  // MARK: Algorithms

  /// What ties clients: social ties, or, where there are none, what they buy.
  private func projection(_ orientation: String) -> Value {
    var labels = [schema[.clientLabel]]
    var types: [String?] = [schema[.socialType]]
    var orientation = orientation
    if !inventory.has(schema[.socialType], .type) {
      // Of such a graph only both directions say something.
      orientation = "UNDIRECTED"
      if schema.hasOrders(inventory) {
        labels += [schema[.orderLabel], schema[.productLabel]]
        types = [schema[.placedType], schema[.containsType]]
      } else {
        labels.append(schema[.productLabel])
        types = [schema[.purchaseType]]
      }
    }
    var relationships: [String: Value] = [:]
    for type in types.compactMap({ $0 }) {
      relationships[type] = .map(["type": .string(type), "orientation": .string(orientation)])
    }
    return .map([
      "nodeLabels": .list(labels.compactMap { $0.map { .string($0) } }),
      "relationshipTypes": .map(relationships),
    ])
  }

  /// - Returns: nil if the graph has nothing to compute it from.
  private func computed(_ feature: Feature) throws -> [Double]? {
    switch feature {
    case .pageRank:
      return try scores("CALL gds.pageRank.stream($graph) YIELD nodeId, score", "NATURAL")
    case .degree:
      return try scores("CALL gds.degree.stream($graph) YIELD nodeId, score", "UNDIRECTED")
    case .communitySize:
      return try scores(
        "CALL gds.louvain.stream($graph) YIELD nodeId, communityId AS score", "UNDIRECTED")
    case .similarity:
      if schema.hasOrders(inventory) || !inventory.has(schema[.productLabel], .label) { return nil }
      let graph = Value.map([
        "nodeLabels": .list(
          [schema[.clientLabel], schema[.productLabel]].compactMap { $0.map { .string($0) } }),
        "relationshipTypes": .list([.string(schema[.purchaseType] ?? "")]),
      ])
      return try scores(
        """
        CALL gds.nodeSimilarity.stream($graph, {topK: 5, upperDegreeCutoff: 200})
        YIELD node1, similarity RETURN node1 AS nodeId, avg(similarity) AS score
        """, graph)
    default: return nil
    }
  }

  private func scores(_ query: String, _ orientation: String) throws -> [Double]? {
    try scores(query + " RETURN nodeId, score", projection(orientation))
  }

  private func scores(_ query: String, _ graph: Value) throws -> [Double]? {
    let cursor = try call.stream(query, parameters: ["graph": graph])
    var values = [Double](repeating: .nan, count: nodes.count)
    var clients: [Int64] = []
    var numbers: [Double] = []
    while let batch = try cursor.nextColumns() {
      clients.removeAll(keepingCapacity: true)
      numbers.removeAll(keepingCapacity: true)
      try batch.appendIntegers(of: 0, to: &clients)
      try batch.appendFloats(of: 1, to: &numbers)
      for (client, number) in zip(clients, numbers) {
        if let row = rows[client] { values[row] = number }
      }
      try call.checkCancellation()
    }
    return values
  }

  // MARK: Embeddings

  /// `embedding_1`, `embedding_2` …: the numbers of a list that `gds.fastRP.write` or another left in
  /// the property `embedding`, or with `graph: true` those of FastRP.
  func embedding() throws -> ([FeatureTable.Column], FeatureTable.Gap?) {
    let cursor: ResultCursor
    if options.computesGraph {
      cursor = try call.stream(
        """
        CALL gds.fastRP.stream($graph, {embeddingDimension: $dimension, randomSeed: $seed})
        YIELD nodeId, embedding RETURN nodeId, embedding
        """,
        parameters: [
          "graph": projection("UNDIRECTED"),
          "dimension": .integer(Int64(options.embeddingDimension)),
          "seed": .integer(Int64(options.randomSeed)),
        ])
    } else {
      cursor = try call.stream(
        """
        MATCH (c:\(schema.quoted(.clientLabel))) WHERE c.embedding IS NOT NULL
        RETURN id(c) AS nodeId, c.embedding AS embedding
        """)
    }
    var columns: [[Double]] = []
    var clients: [Int64] = []
    while let batch = try cursor.nextColumns() {
      clients.removeAll(keepingCapacity: true)
      try batch.appendIntegers(of: 0, to: &clients)
      for (position, client) in clients.enumerated() {
        guard let row = rows[client], case .list(let list) = batch.value(position, of: 1) else {
          continue
        }
        while columns.count < list.count {
          columns.append([Double](repeating: .nan, count: nodes.count))
        }
        for (dimension, value) in list.enumerated() {
          switch value {
          case .float(let number): columns[dimension][row] = number
          case .integer(let number): columns[dimension][row] = Double(number)
          default: break
          }
        }
      }
      try call.checkCancellation()
    }
    if columns.isEmpty {
      return (
        [],
        .init(
          name: "embedding", reason: "no client has the property `embedding`",
          hint: "write it with gds.fastRP.write, or compute it with graph: true")
      )
    }
    return (
      columns.enumerated().map {
        .init(name: "embedding_\($0.offset + 1)", values: $0.element, isLogarithmic: false)
      }, nil
    )
  }
}
