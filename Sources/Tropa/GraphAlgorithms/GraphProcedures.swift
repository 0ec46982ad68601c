internal import GraphStore

/// `gds.graph.*` and `gds.version`: the catalogue of projected graphs.
enum GraphProcedures {
  static let all: [Procedure] = [
    project, drop, list, exists, streamNodeProperty, dropNodeProperty, version,
  ]

  private static let name = Procedure.Field("graphName", "STRING")

  private static func string(_ value: Value, _ what: String) throws(QueryError) -> String {
    if case .string(let text) = value { return text }
    throw QueryError(
      .typeError, "InvalidArgumentType", "\(what) is \(value.typeNameWithArticle), not a string")
  }

  static let project = Procedure(
    "gds.graph.project",
    inputs: [
      name, .init("nodeProjection", "ANY"), .init("relationshipProjection", "ANY"),
      .init("configuration", "MAP", defaultValue: .map([:])),
    ],
    outputs: [
      .init("nodeProjection", "MAP"), .init("relationshipProjection", "MAP"),
      .init("graphName", "STRING"), .init("nodeCount", "INTEGER"),
      .init("relationshipCount", "INTEGER"), .init("projectMillis", "INTEGER"),
    ],
    summary: "Names a part of the stored graph for algorithms; copies nothing it need not copy."
  ) { call in
    let start = ContinuousClock.now
    // A projection outlives the statement, and what a transaction sees changes and may be undone.
    guard call.context.transaction == nil else {
      throw QueryError(
        .procedureError, "ProjectionInTransaction",
        "a graph cannot be projected in a transaction that may write",
        hint: "commit first, or give the algorithm a map such as {nodeLabels: ['Client']}")
    }
    let name = try string(call.arguments[0], "the graph's name")
    guard !name.isEmpty, name != "*" else {
      throw QueryError(
        .argumentError, "InvalidGraphName", "a graph's name cannot be empty or '*'")
    }
    var configuration = try ConfigurationMap(call.arguments[3], of: "gds.graph.project")
    let projection = try GraphProjection(
      nodes: call.arguments[1], relationships: call.arguments[2],
      nodeProperties: configuration.value("nodeProperties"),
      relationshipProperties: configuration.value("relationshipProperties"))
    configuration.ignore(
      "readConcurrency", "validateRelationships", "jobId", "sudo", "username", "logProgress")
    try configuration.finish()
    let graph = try ProjectedGraph(
      name: name, projection: projection, reader: call.context.reader,
      mayBorrow: call.context.transaction == nil, control: call.context.control)
    try call.database.graphs.insert(graph)
    try call.emit([
      projection.nodeValue, projection.relationshipValue, .string(name),
      .integer(Int64(graph.nodeCount)), .integer(Int64(graph.relationshipCount)),
      .integer(Int64((ContinuousClock.now - start) / .milliseconds(1))),
    ])
  }

  private static let infoOutputs: [Procedure.Field] = [
    .init("graphName", "STRING"), .init("database", "STRING"),
    .init("databaseLocation", "STRING"), .init("nodeCount", "INTEGER"),
    .init("relationshipCount", "INTEGER"), .init("schema", "MAP"),
    .init("schemaWithOrientation", "MAP"), .init("density", "FLOAT"),
    .init("creationTime", "ZONED DATETIME"), .init("modificationTime", "ZONED DATETIME"),
    .init("sizeInBytes", "INTEGER"), .init("memoryUsage", "STRING"),
  ]

  private static func info(_ graph: ProjectedGraph, _ database: Database) -> [String: Value] {
    let n = Double(graph.nodeCount)
    func types(_ properties: [GraphProjection.ProjectedProperty]) -> Value {
      .map(Dictionary(properties.map { ($0.name, .string("FLOAT")) }, uniquingKeysWith: { $1 }))
    }
    var nodes: [String: Value] = [:]
    for set in graph.projection.nodes { nodes[set.name] = types(set.properties) }
    var relationships: [String: Value] = [:]
    var oriented: [String: Value] = [:]
    for set in graph.projection.relationships {
      relationships[set.name] = types(set.properties)
      oriented[set.name] = .map([
        "direction": .string(set.orientation == "UNDIRECTED" ? "UNDIRECTED" : "DIRECTED"),
        "properties": types(set.properties),
      ])
    }
    for type in graph.mutatedRelationshipTypes {
      relationships[type] = .map([:])
      oriented[type] = .map(["direction": .string("DIRECTED"), "properties": .map([:])])
    }
    let properties = Value.map([:])
    let bytes = 32 * graph.nodeCount
    return [
      "graphName": .string(graph.name), "database": .string(database.path),
      "databaseLocation": .string("local"), "nodeCount": .integer(Int64(graph.nodeCount)),
      "relationshipCount": .integer(Int64(graph.relationshipCount)),
      "schema": .map([
        "nodes": .map(nodes), "relationships": .map(relationships),
        "graphProperties": properties,
      ]),
      "schemaWithOrientation": .map([
        "nodes": .map(nodes), "relationships": .map(oriented), "graphProperties": properties,
      ]),
      "density": .float(n > 1 ? Double(graph.relationshipCount) / (n * (n - 1)) : 0),
      "creationTime": .dateTime(graph.createdAt),
      "modificationTime": .dateTime(graph.modifiedAt), "sizeInBytes": .integer(Int64(bytes)),
      "memoryUsage": .string(EstimateRow.text(bytes)),
    ]
  }

  static let drop = Procedure(
    "gds.graph.drop",
    inputs: [
      .init("graphName", "ANY"),
      .init("failIfMissing", "BOOLEAN", defaultValue: .boolean(true)),
      .init("dbName", "STRING", defaultValue: .string("")),
      .init("username", "STRING", defaultValue: .string("")),
    ], outputs: infoOutputs, summary: "Forgets a projected graph."
  ) { call in
    let names: [Value]
    if case .list(let list) = call.arguments[0] {
      names = list
    } else {
      names = [call.arguments[0]]
    }
    for value in names {
      let name = try string(value, "the graph's name")
      if case .boolean(false) = call.arguments[1], call.database.graphs.graph(name) == nil {
        continue
      }
      let graph = try call.database.graphs.require(name)
      _ = call.database.graphs.remove(name)
      let row = info(graph, call.database)
      try call.emit(infoOutputs.map { row[$0.name] ?? .null })
    }
  }

  private static let listOutputs: [Procedure.Field] =
    Array(infoOutputs[..<7]) + [.init("degreeDistribution", "MAP")] + Array(infoOutputs[7...])

  static let list = Procedure(
    "gds.graph.list", inputs: [.init("graphName", "STRING", defaultValue: .null)],
    outputs: listOutputs, summary: "The projected graphs."
  ) { call in
    for graph in call.database.graphs.all {
      if !call.arguments[0].isNull {
        guard try string(call.arguments[0], "the graph's name") == graph.name else { continue }
      }
      var row = info(graph, call.database)
      row["degreeDistribution"] = try DegreeDistribution.of(graph, control: call.context.control)
      try call.emit(listOutputs.map { row[$0.name] ?? .null })
    }
  }

  static let exists = Procedure(
    "gds.graph.exists", inputs: [name],
    outputs: [.init("graphName", "STRING"), .init("exists", "BOOLEAN")],
    summary: "Whether there is a projected graph of that name."
  ) { call in
    let name = try string(call.arguments[0], "the graph's name")
    try call.emit([.string(name), .boolean(call.database.graphs.graph(name) != nil)])
  }

  static let streamNodeProperty = Procedure(
    "gds.graph.nodeProperty.stream",
    inputs: [
      name, .init("nodeProperty", "STRING"),
      .init("nodeLabels", "ANY", defaultValue: .list([.string("*")])),
      .init("configuration", "MAP", defaultValue: .map([:])),
    ],
    outputs: [.init("nodeId", "INTEGER"), .init("propertyValue", "ANY")],
    summary: "The values of a node property in a projected graph."
  ) { call in
    let graph = try call.database.graphs.require(string(call.arguments[0], "the graph's name"))
    let property = try string(call.arguments[1], "the property")
    var request = ProjectedGraph.ViewRequest()
    var labels = try ConfigurationMap(.map(["nodeLabels": call.arguments[2]]), of: "gds")
    request.nodeLabels = try labels.strings("nodeLabels", default: ["*"])
    let view = try graph.view(request, control: call.context.control)
    let values = try graph.nodeValues(property, of: view)
    let pairs = view.memberPairs { values[$0] ?? .null }
    try call.emit(columns: [
      .integers(pairs.map { Int64($0.node.rawValue) }), .values(pairs.map(\.value)),
    ])
  }

  static let dropNodeProperty = Procedure(
    "gds.graph.nodeProperties.drop",
    inputs: [
      name, .init("nodeProperties", "ANY"),
      .init("configuration", "MAP", defaultValue: .map([:])),
    ],
    outputs: [
      .init("propertiesRemoved", "INTEGER"), .init("graphName", "STRING"),
      .init("nodeProperties", "LIST<STRING>"),
    ],
    summary: "Removes node properties that algorithms added to a projected graph."
  ) { call in
    let graph = try call.database.graphs.require(string(call.arguments[0], "the graph's name"))
    var properties = try ConfigurationMap(.map(["nodeProperties": call.arguments[1]]), of: "gds")
    let names = try properties.strings("nodeProperties", default: [])
    var configuration = try ConfigurationMap(
      call.arguments[2], of: "gds.graph.nodeProperties.drop")
    let failsIfMissing = try configuration.boolean("failIfMissing", default: true)
    try configuration.finish()
    var removed = 0
    for property in names {
      if let count = graph.dropNodeProperty(property) {
        removed += count
      } else if failsIfMissing {
        throw ProjectedGraph.unknown("added node property", property, graph.mutatedNodeProperties)
      }
    }
    try call.emit([
      .integer(Int64(removed)), .string(graph.name), .list(names.map { .string($0) }),
    ])
  }

  static let version = Procedure(
    "gds.version", outputs: [.init("gdsVersion", "STRING")],
    summary: "The version of the algorithms."
  ) { call in try call.emit([.string(TropaVersion.current)]) }
}
