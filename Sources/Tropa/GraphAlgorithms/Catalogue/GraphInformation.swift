internal import GraphKernels

/// What `gds.graph.list` and `gds.graph.drop` tell of a projected graph.
enum GraphInformation {
  static let outputs: [Procedure.Field] = [
    .string("graphName"), .string("database"), .string("databaseLocation"),
    .integer("nodeCount"), .integer("relationshipCount"), .map("schema"),
    .map("schemaWithOrientation"), .float("density"), .init("creationTime", "ZONED DATETIME"),
    .init("modificationTime", "ZONED DATETIME"), .integer("sizeInBytes"), .string("memoryUsage"),
  ]
  static let listOutputs: [Procedure.Field] =
    outputs[..<7] + [.map("degreeDistribution")] + outputs[7...]

  static func row(_ graph: ProjectedGraph, _ database: Database) -> [String: Value] {
    let nodes = nodeSchema(graph)
    let relationships = relationshipSchema(graph)
    let count = Double(graph.nodeCount)
    let bytes = size(graph)
    return [
      "graphName": .string(graph.name), "database": .string(database.path),
      "databaseLocation": .string("local"), "nodeCount": .count(graph.nodeCount),
      "relationshipCount": .count(graph.relationshipCount),
      "schema": .map([
        "graphProperties": .map([:]), "nodes": .map(nodes),
        "relationships": .map(relationships.mapValues(\.properties)),
      ]),
      "schemaWithOrientation": .map([
        "graphProperties": .map([:]), "nodes": .map(nodes),
        "relationships": .map(
          relationships.mapValues {
            .map([
              "direction": .string($0.isUndirected ? "UNDIRECTED" : "DIRECTED"),
              "properties": $0.properties,
            ])
          }),
      ]),
      "density": .float(
        count > 1 ? Double(graph.relationshipCount) / (count * (count - 1)) : 0),
      "creationTime": .dateTime(graph.createdAt),
      "modificationTime": .dateTime(graph.modifiedAt), "sizeInBytes": .count(bytes),
      "memoryUsage": .string(EstimateRow.text(bytes)),
    ]
  }

  static func degreeDistribution(_ graph: ProjectedGraph) throws -> Value {
    let view = try graph.view(.init())
    let degrees = try DegreeCentrality.run(view)
    let wanted = ["min", "mean", "max", "p50", "p75", "p90", "p95", "p99", "p999"]
    return .distribution(
      Distribution(view.nodes.memberValues(degrees)).communityEntries
        .filter { wanted.contains($0.key) }, integers: true)
  }

  private static func nodeSchema(_ graph: ProjectedGraph) -> [String: Value] {
    var nodes: [String: Value] = [:]
    let added = graph.addedNodeProperties
    for set in graph.projection.nodes {
      var properties: [String: Value] = [:]
      for property in set.properties {
        properties[property.name] = .string("\(type(of: property, set, graph)), PERSISTENT)")
      }
      for (name, property) in added {
        properties[name] = .string("\(type(of: property.values)), TRANSIENT)")
      }
      nodes[set.name] = .map(properties)
    }
    return nodes
  }

  /// By the first value that is found among some of the nodes.
  private static func type(
    of property: GraphProjection.ProjectedProperty, _ set: GraphProjection.NodeSet,
    _ graph: ProjectedGraph
  ) -> String {
    let members = ((try? graph.members(label: set.name)) ?? []).lazy.joined().prefix(1000)
    let value = members.lazy.compactMap {
      try? graph.nodeValue(property.name, of: NodeID(UInt64($0)))
    }.first
    if let fallback = property.defaultValue, case .float? = value {
      return "Float (DefaultValue(\(fallback))"
    }
    return type(of: .values(value.map { [$0] } ?? []))
  }

  /// As GDS writes them.
  private static func type(of values: ColumnData) -> String {
    switch values {
    case .integers: "Integer (DefaultValue(-9223372036854775808)"
    case .vectors: "List of Float (DefaultValue(null)"
    case .values where values.count > 0:
      switch values.value(0) {
      case .list(let items):
        if case .float? = items.first {
          "List of Float (DefaultValue(null)"
        } else {
          "List of Integer (DefaultValue(null)"
        }
      case .integer: "Integer (DefaultValue(-9223372036854775808)"
      default: "Float (DefaultValue(NaN)"
      }
    default: "Float (DefaultValue(NaN)"
    }
  }

  private static func relationshipSchema(
    _ graph: ProjectedGraph
  ) -> [String: (properties: Value, isUndirected: Bool)] {
    func described(_ names: [String], _ state: String) -> Value {
      .map(
        Dictionary(
          names.map {
            ($0, .string("Float (DefaultValue(NaN), \(state), Aggregation.NONE)"))
          }, uniquingKeysWith: { $1 }))
    }
    var result: [String: (properties: Value, isUndirected: Bool)] = [:]
    for set in graph.projection.relationships {
      result[set.name] = (
        described(set.properties.map(\.name), "PERSISTENT"), set.orientation == "UNDIRECTED"
      )
    }
    for (type, added) in graph.addedRelationships {
      result[type] = (described(added.properties.map(\.name), "TRANSIENT"), added.isUndirected)
    }
    return result
  }

  /// What the projection itself holds, estimated: the pointers to both directions, and what was
  /// added.
  private static func size(_ graph: ProjectedGraph) -> Int {
    let relationships = graph.addedRelationships.values.reduce(0) {
      $0 + (16 + 8 * $1.properties.count) * $1.sources.count
    }
    let properties = graph.addedNodeProperties.values.reduce(0) { sum, property in
      if case .vectors(let values, _) = property.values { return sum + 4 * values.count }
      return sum + 16 * property.nodes.count
    }
    return 32 * graph.nodeCount + relationships + properties
  }
}
