internal import GraphKernels
internal import GraphStore

/// Relationships of projected graphs: streamed, written, dropped, made undirected.
extension GraphProcedures {
  static let relationships: [Procedure] = [
    streamRelationships, streamRelationshipProperty, streamRelationshipProperties,
    writeRelationship, writeRelationshipProperties, dropRelationships, toUndirected,
  ]

  private static let ends: [Procedure.Field] = [
    .integer("sourceNodeId"), .integer("targetNodeId"), .string("relationshipType"),
  ]

  /// The relationships of one type with the values of some properties, in order of their nodes; an
  /// undirected one once.
  static func rows(
    _ graph: ProjectedGraph, type: String, properties: [String]
  ) throws -> RelationshipRows {
    var request = ProjectedGraph.ViewRequest()
    request.relationshipTypes = [type]
    var rows = RelationshipRows()
    // Weighted views list relationships in one order whatever they are weighed by.
    for property in properties.isEmpty ? [nil] : properties.map(Optional.some) {
      request.weight = property
      let view = try graph.view(request)
      let isFirst = rows.properties.isEmpty
      var weights: [Double] = []
      for node in 0..<view.nodeCount {
        var isSecondLoop = false
        for (target, weight) in view.outgoing.weightedNeighbours(of: node) {
          if view.isUndirected {
            if target < node { continue }
            if target == node {
              isSecondLoop.toggle()
              if !isSecondLoop { continue }
            }
          }
          if isFirst {
            rows.sources.append(view.nodes.nodeID(of: node))
            rows.targets.append(view.nodes.nodeID(of: Int(target)))
          }
          weights.append(weight)
        }
      }
      if let property { rows.properties.append((property, weights)) }
    }
    return rows
  }

  /// The same, undirected ones in both directions, as GDS shows and writes them.
  private static func directedRows(
    _ graph: ProjectedGraph, type: String, properties: [String]
  ) throws -> RelationshipRows {
    let rows = try rows(graph, type: type, properties: properties)
    return graph.isUndirected(type) ? rows.doubled : rows
  }

  private static func types(_ value: Value, _ graph: ProjectedGraph) throws -> [String] {
    let types = try strings(value, "relationshipTypes")
    return types == ["*"] ? graph.relationshipTypes : types
  }

  private static let streamRelationships = Procedure(
    "gds.graph.relationships.stream", inputs: [name, relationshipTypes, configuration],
    outputs: ends, summary: "The relationships of a projected graph."
  ) { call in
    let graph = try graph(call)
    try commonConfiguration(call.arguments[2], of: "gds.graph.relationships.stream").finish()
    for type in try types(call.arguments[1], graph) {
      let rows = try directedRows(graph, type: type, properties: [])
      try call.emit(columns: rows.ends + [.strings(rows.repeated(type))])
    }
  }

  private static let streamRelationshipProperty = Procedure(
    "gds.graph.relationshipProperty.stream",
    inputs: [name, .init("relationshipProperty", "STRING"), relationshipTypes, configuration],
    outputs: ends + [.float("propertyValue")],
    summary: "The values of a relationship property in a projected graph."
  ) { call in
    let graph = try graph(call)
    let property = try string(call.arguments[1], "the property")
    try commonConfiguration(call.arguments[3], of: "gds.graph.relationshipProperty.stream")
      .finish()
    for type in try types(call.arguments[2], graph) {
      let rows = try directedRows(graph, type: type, properties: [property])
      try call.emit(
        columns: rows.ends + [.strings(rows.repeated(type)), .floats(rows.properties[0].values)])
    }
  }

  private static let streamRelationshipProperties = Procedure(
    "gds.graph.relationshipProperties.stream",
    inputs: [name, .init("relationshipProperties", "ANY"), relationshipTypes, configuration],
    outputs: ends + [.string("relationshipProperty"), .float("propertyValue")],
    summary: "The values of several relationship properties in a projected graph."
  ) { call in
    let graph = try graph(call)
    let properties = try strings(call.arguments[1], "relationshipProperties")
    try commonConfiguration(call.arguments[3], of: "gds.graph.relationshipProperties.stream")
      .finish()
    for type in try types(call.arguments[2], graph) {
      let rows = try directedRows(graph, type: type, properties: properties)
      for property in rows.properties {
        try call.emit(
          columns: rows.ends + [
            .strings(rows.repeated(type)), .strings(rows.repeated(property.name)),
            .floats(property.values),
          ])
      }
    }
  }

  private static func write(
    _ call: ProcedureInvocation, _ properties: [String], of procedure: String
  ) throws -> (graph: String, type: String, count: Int) {
    let graph = try graph(call)
    let type = try string(call.arguments[1], "the relationship type")
    try commonConfiguration(call.arguments[3], of: procedure).finish()
    let rows = try directedRows(graph, type: type, properties: properties)
    try call.createRelationships(
      type: type, from: rows.sources, to: rows.targets,
      properties: Dictionary(
        rows.properties.map { ($0.name, .floats($0.values)) }, uniquingKeysWith: { $1 }))
    return (graph.name, type, rows.sources.count)
  }

  private static let writeRelationship = Procedure(
    "gds.graph.relationship.write",
    inputs: [
      name, .init("relationshipType", "STRING"),
      .init("relationshipProperty", "STRING", defaultValue: .string("")), configuration,
    ],
    outputs: [
      .integer("writeMillis"), .string("graphName"), .string("relationshipType"),
      .integer("relationshipsWritten"), .string("relationshipProperty"),
      .integer("propertiesWritten"), .map("configuration"),
    ],
    mode: .write, summary: "Writes relationships of a projected graph into the database."
  ) { call in
    let start = ContinuousClock.now
    let property = try string(call.arguments[2], "the property")
    let (graph, type, count) = try write(
      call, property.isEmpty ? [] : [property], of: "gds.graph.relationship.write")
    try call.emit([
      millis(since: start), .string(graph), .string(type), .count(count),
      property.isEmpty ? .null : .string(property), .count(property.isEmpty ? 0 : count),
      call.arguments[3],
    ])
  }

  private static let writeRelationshipProperties = Procedure(
    "gds.graph.relationshipProperties.write",
    inputs: [
      name, .init("relationshipType", "STRING"), .init("relationshipProperties", "ANY"),
      configuration,
    ],
    outputs: [
      .integer("writeMillis"), .string("graphName"), .string("relationshipType"),
      .integer("relationshipsWritten"), .init("relationshipProperties", "LIST<STRING>"),
      .integer("propertiesWritten"), .map("configuration"),
    ],
    mode: .write,
    summary: "Writes relationships of a projected graph with several properties."
  ) { call in
    let start = ContinuousClock.now
    let properties = try strings(call.arguments[2], "relationshipProperties")
    let (graph, type, count) = try write(
      call, properties, of: "gds.graph.relationshipProperties.write")
    try call.emit([
      millis(since: start), .string(graph), .string(type), .count(count),
      .list(properties.map { .string($0) }), .count(count * properties.count), call.arguments[3],
    ])
  }

  private static let dropRelationships = Procedure(
    "gds.graph.relationships.drop", inputs: [name, .init("relationshipType", "STRING")],
    outputs: [
      .string("graphName"), .string("relationshipType"), .integer("deletedRelationships"),
      .map("deletedProperties"),
    ],
    summary: "Removes the relationships of a type from a projected graph."
  ) { call in
    let graph = try graph(call)
    let type = try string(call.arguments[1], "the relationship type")
    let dropped = try graph.dropRelationships(type)
    try call.emit([
      .string(graph.name), .string(type), .count(dropped.relationships),
      .map(dropped.properties.mapValues { .count($0) }),
    ])
  }

  private static let toUndirected = Procedure(
    "gds.graph.relationships.toUndirected", inputs: [name, .init("configuration", "MAP")],
    outputs: [
      .integer("preProcessingMillis"), .integer("computeMillis"),
      .integer("postProcessingMillis"), .integer("mutateMillis"),
      .integer("inputRelationships"), .integer("relationshipsWritten"), .map("configuration"),
    ],
    summary: "Adds an undirected copy of a relationship type to a projected graph."
  ) { call in
    let start = ContinuousClock.now
    let graph = try graph(call)
    var map = try commonConfiguration(
      call.arguments[1], of: "gds.graph.relationships.toUndirected")
    let type = try map.requiredString("relationshipType")
    let target = try map.requiredString("mutateRelationshipType")
    if graph.isUndirected(type) {
      throw QueryError(
        .argumentError, "InvalidConfigurationValue",
        "the relationships of type `\(type)` are undirected already")
    }
    let names = graph.relationshipPropertyNames(type)
    let aggregations = try aggregations(&map, names)
    try map.finish()
    let rows = try rows(graph, type: type, properties: names)
    let result = rows.undirected(aggregations)
    let computed = ContinuousClock.now
    try graph.addRelationships(target, result)
    try call.emit([
      .integer(0), .count(Int((computed - start) / .milliseconds(1))), .integer(0),
      millis(since: computed), .count(rows.sources.count), .count(result.count),
      call.arguments[1],
    ])
  }

  /// `aggregation`: one for all properties, or a map property → aggregation.
  private static func aggregations(
    _ map: inout ConfigurationMap, _ names: [String]
  ) throws -> [RelationshipAggregation] {
    let value = map.value("aggregation")
    guard case .map = value else {
      let aggregation = try map.choice("aggregation", default: RelationshipAggregation.none)
      return Array(repeating: aggregation, count: max(names.count, 1))
    }
    var inner = try ConfigurationMap(value, of: "aggregation")
    let result = try names.map {
      try inner.choice($0, default: RelationshipAggregation.none)
    }
    try inner.finish()
    return result
  }
}
