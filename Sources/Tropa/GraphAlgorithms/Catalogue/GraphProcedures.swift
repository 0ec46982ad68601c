internal import GraphKernels
internal import GraphStore

/// `gds.graph.*`, `gds.list`, `gds.version`: the catalogue of projected graphs.
enum GraphProcedures {
  static let all: [Procedure] =
    [
      project, projectEstimate, filter, drop, list, exists, version, algorithms,
      ProgressProcedures.list,
    ]
    + nodeProperties + relationships

  // MARK: Arguments

  static let name = Procedure.Field("graphName", "STRING")
  static let configuration = Procedure.Field("configuration", "MAP", defaultValue: .map([:]))
  static let nodeLabels = Procedure.Field(
    "nodeLabels", "ANY", defaultValue: .list([.string("*")]))
  static let relationshipTypes = Procedure.Field(
    "relationshipTypes", "ANY", defaultValue: .list([.string("*")]))

  static func string(_ value: Value, _ what: String) throws(QueryError) -> String {
    if case .string(let text) = value { return text }
    throw QueryError(
      .typeError, "InvalidArgumentType", "\(what) is \(value.typeNameWithArticle), not a string")
  }

  /// A string or a list of strings.
  static func strings(_ value: Value, _ what: String) throws(QueryError) -> [String] {
    var map = try ConfigurationMap(.map([what: value]), of: "gds.graph")
    return try map.strings(what, default: ["*"])
  }

  static func graph(_ call: ProcedureInvocation, at index: Int = 0) throws -> ProjectedGraph {
    try call.database.graphs.require(string(call.arguments[index], "the graph's name"))
  }

  /// A configuration of which only the common keys are known.
  static func commonConfiguration(
    _ value: Value, of procedure: String
  ) throws(QueryError) -> ConfigurationMap {
    var map = try ConfigurationMap(value, of: procedure)
    map.ignore(
      "concurrency", "readConcurrency", "writeConcurrency", "jobId", "logProgress", "sudo",
      "username", "writeToResultStore")
    return map
  }

  /// The name of a graph to be, which no graph has yet.
  static func newName(
    _ value: Value, _ call: ProcedureInvocation
  ) throws -> String {
    // A projection outlives the statement, and what a transaction sees changes and may be undone.
    guard call.context.transaction == nil else { throw inTransaction() }
    let name = try string(value, "the graph's name")
    try call.database.graphs.checkNew(name)
    return name
  }

  static func inTransaction() -> QueryError {
    QueryError(
      .procedureError, "ProjectionInTransaction",
      "a graph cannot be projected in a transaction that may write",
      hint: "commit first, or give the algorithm a map such as {nodeLabels: ['Client']}")
  }

  static func millis(since start: ContinuousClock.Instant) -> Value {
    .count(Int((ContinuousClock.now - start) / .milliseconds(1)))
  }

  // MARK: Projecting

  private static func projection(
    _ nodes: Value, _ relationships: Value, _ configuration: Value
  ) throws -> GraphProjection {
    var map = try commonConfiguration(configuration, of: "gds.graph.project")
    let projection = try GraphProjection(
      nodes: nodes, relationships: relationships, nodeProperties: map.value("nodeProperties"),
      relationshipProperties: map.value("relationshipProperties"))
    map.ignore("validateRelationships")
    try map.finish()
    return projection
  }

  static let project = Procedure(
    "gds.graph.project",
    inputs: [
      name, .init("nodeProjection", "ANY"), .init("relationshipProjection", "ANY"), configuration,
    ],
    outputs: [
      .map("nodeProjection"), .map("relationshipProjection"), .string("graphName"),
      .integer("nodeCount"), .integer("relationshipCount"), .integer("projectMillis"),
    ],
    summary: "Names a part of the stored graph for algorithms; copies nothing it need not copy."
  ) { call in
    let start = ContinuousClock.now
    let name = try newName(call.arguments[0], call)
    let projection = try projection(call.arguments[1], call.arguments[2], call.arguments[3])
    let graph = try ProjectedGraph(
      name: name, projection: projection, reader: call.context.reader, mayBorrow: true)
    try call.database.graphs.insert(graph)
    try call.emit([
      projection.nodeValue, projection.relationshipValue, .string(name), .count(graph.nodeCount),
      .count(graph.relationshipCount), millis(since: start),
    ])
  }

  static let projectEstimate = Procedure(
    "gds.graph.project.estimate",
    inputs: [
      .init("nodeProjection", "ANY"), .init("relationshipProjection", "ANY"), configuration,
    ],
    outputs: EstimateRow.outputs, summary: "Memory that gds.graph.project needs."
  ) { call in
    let projection = try projection(call.arguments[0], call.arguments[1], call.arguments[2])
    let reader = call.context.reader
    let nodes = NodeMembers.ranges(reader, labels: projection.nodes.map(\.label))
      .reduce(0) { $0 + $1.count }
    var relationships = 0
    for set in projection.relationships {
      let types = set.type.map { [$0] } ?? reader.relationshipTypeNames
      let count = types.compactMap { reader.relationshipTypeID($0) }
        .reduce(0) { $0 + reader.relationshipCount(type: $1) }
      relationships += set.orientation == "UNDIRECTED" ? 2 * count : count
    }
    let isWeighted = projection.relationships.contains { !$0.properties.isEmpty }
    let built = MemoryEstimate.builtView(
      nodeCount: nodes, relationshipCount: relationships, isWeighted: isWeighted)
    // Borrowed lists cost their table of pointers.
    try EstimateRow(
      name: "gds.graph.project",
      memory: MemoryEstimate(bytesMin: 32 * nodes, bytesMax: built.bytesMax), nodeCount: nodes,
      relationshipCount: relationships
    ).emit(call)
  }

  // MARK: Listing

  static let exists = Procedure(
    "gds.graph.exists", inputs: [name], outputs: [.string("graphName"), .boolean("exists")],
    summary: "Whether there is a projected graph of that name."
  ) { call in
    let name = try string(call.arguments[0], "the graph's name")
    try call.emit([.string(name), .boolean(call.database.graphs.graph(name) != nil)])
  }

  static let drop = Procedure(
    "gds.graph.drop",
    inputs: [
      .init("graphName", "ANY"),
      .init("failIfMissing", "BOOLEAN", defaultValue: .boolean(true)),
      .init("dbName", "STRING", defaultValue: .string("")),
      .init("username", "STRING", defaultValue: .string("")),
    ], outputs: GraphInformation.outputs, summary: "Forgets projected graphs."
  ) { call in
    let names = try strings(call.arguments[0], "graphName")
    if call.arguments[1] != .boolean(false) {
      for name in names { _ = try call.database.graphs.require(name) }
    }
    for name in names {
      guard let graph = call.database.graphs.remove(name) else { continue }
      let row = GraphInformation.row(graph, call.database)
      try call.emit(GraphInformation.outputs.map { row[$0.name] ?? .null })
    }
  }

  static let list = Procedure(
    "gds.graph.list", inputs: [.init("graphName", "STRING", defaultValue: .null)],
    outputs: GraphInformation.listOutputs, summary: "The projected graphs."
  ) { call in
    for graph in call.database.graphs.all {
      if !call.arguments[0].isNull {
        guard try string(call.arguments[0], "the graph's name") == graph.name else { continue }
      }
      var row = GraphInformation.row(graph, call.database)
      row["degreeDistribution"] = try GraphInformation.degreeDistribution(graph)
      try call.emit(GraphInformation.listOutputs.map { row[$0.name] ?? .null })
    }
  }

  static let version = Procedure(
    "gds.version", outputs: [.string("gdsVersion")], summary: "The version of the algorithms."
  ) { call in try call.emit([.string(TropaVersion.current)]) }

  static let algorithms = Procedure(
    "gds.list", inputs: [.init("name", "STRING", defaultValue: .string(""))],
    outputs: [
      .string("name"), .string("description"), .string("signature"), .string("type"),
    ],
    summary: "The procedures and functions of the algorithms."
  ) { call in
    let part = try string(call.arguments[0], "the name").lowercased()
    for entry in GraphDataScienceEntries.all(call.database)
    where part.isEmpty || entry.name.lowercased().contains(part) {
      try call.emit([
        .string(entry.name), .string(entry.summary), .string(entry.signature),
        .string(entry.type),
      ])
    }
  }
}
