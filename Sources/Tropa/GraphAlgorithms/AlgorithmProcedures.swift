internal import GraphKernels
internal import GraphStore

/// What the five modes of a GDS algorithm have in common, and what each algorithm adds.
protocol AlgorithmAdapter: Sendable {
  associatedtype Configuration
  associatedtype Output
  /// `gds.pageRank`
  var name: String { get }
  var summary: String { get }
  var streamOutputs: [Procedure.Field] { get }
  /// Columns of `stats`, and of `mutate` and `write` beside how much was written.
  var summaryOutputs: [Procedure.Field] { get }

  /// Reads the algorithm's own keys; `nodeValues` gives a node property by index.
  func configuration(
    _ map: inout ConfigurationMap, concurrency: Int, weighted: Bool,
    nodeValues: (String) throws -> [Value?], index: (NodeID) -> UInt32?
  ) throws -> Configuration
  func compute(
    _ view: GraphView, _ configuration: Configuration, _ monitor: StatementMonitor
  ) throws -> Output
  func stream(_ output: Output, _ view: GraphView, _ configuration: Configuration) -> [ColumnData]
  func summary(_ output: Output, _ view: GraphView) -> [String: Value]
  func result(_ output: Output, _ view: GraphView, _ configuration: Configuration)
    -> AlgorithmResult
  func memory(nodeCount: Int, relationshipCount: Int, _ configuration: Configuration)
    -> MemoryEstimate
}

/// What an algorithm would write.
enum AlgorithmResult {
  /// One value a node; nil for nodes that get none.
  case nodeProperty([(node: NodeID, value: Value)])
  case relationships(from: [NodeID], to: [NodeID], similarity: [Double])
}

/// Cancels kernels with the statement that called them.
struct StatementMonitor: AlgorithmMonitor {
  let check: @Sendable () throws(QueryError) -> Void
  func checkpoint() throws(QueryError) { try check() }
  func report(_ task: @autoclosure () -> String, fraction: Double) {}
}

enum AlgorithmProcedures {
  /// stream, stats, mutate, write and the estimate of each.
  static func all(_ adapter: some AlgorithmAdapter) -> [Procedure] {
    let inputs = [
      Procedure.Field("graphName", "ANY"),
      Procedure.Field("configuration", "MAP", defaultValue: .map([:])),
    ]
    let timing = ["preProcessingMillis", "computeMillis", "postProcessingMillis"]
      .map { Procedure.Field($0, "INTEGER") }
    let echo = [Procedure.Field("configuration", "MAP")]
    let writesRelationships = adapter.streamOutputs.contains { $0.name == "node2" }
    let written = Procedure.Field(
      writesRelationships ? "relationshipsWritten" : "nodePropertiesWritten", "INTEGER")
    let summaryWithoutPairs = adapter.summaryOutputs.filter { $0.name != "similarityPairs" }
    let modes: [(String, [Procedure.Field])] = [
      ("stream", adapter.streamOutputs),
      ("stats", timing + adapter.summaryOutputs + echo),
      (
        "mutate",
        timing + [.init("mutateMillis", "INTEGER"), written] + summaryWithoutPairs + echo
      ),
      ("write", timing + [.init("writeMillis", "INTEGER"), written] + summaryWithoutPairs + echo),
    ]
    var procedures: [Procedure] = []
    for (mode, outputs) in modes {
      procedures.append(
        Procedure(
          "\(adapter.name).\(mode)", inputs: inputs, outputs: outputs,
          mode: mode == "write" ? .write : .read, summary: adapter.summary
        ) { call in
          try AlgorithmCall(adapter, mode: mode, outputs: outputs, call: call).run()
        })
      procedures.append(
        Procedure(
          "\(adapter.name).\(mode).estimate", inputs: inputs, outputs: EstimateRow.outputs,
          summary: "Memory that \(adapter.name).\(mode) needs."
        ) { call in
          try AlgorithmCall(adapter, mode: mode, outputs: outputs, call: call).estimate()
        })
    }
    return procedures
  }
}

/// One call of an algorithm in one mode.
private struct AlgorithmCall<Adapter: AlgorithmAdapter> {
  let adapter: Adapter
  let mode: String
  let outputs: [Procedure.Field]
  let call: ProcedureInvocation
  private let graph: ProjectedGraph
  private let view: GraphView
  private let configuration: Adapter.Configuration
  private let target: String?
  private let relationshipProperty: String?
  private let preparation: Duration

  init(
    _ adapter: Adapter, mode: String, outputs: [Procedure.Field], call: ProcedureInvocation
  ) throws {
    self.adapter = adapter
    self.mode = mode
    self.outputs = outputs
    self.call = call
    let start = ContinuousClock.now
    let name = "\(adapter.name).\(mode)"
    var map = try ConfigurationMap(call.arguments[1], of: name)
    graph = try GraphArgument.graph(call.arguments[0], call)
    var request = ProjectedGraph.ViewRequest()
    request.nodeLabels = try map.strings("nodeLabels", default: ["*"])
    request.relationshipTypes = try map.strings("relationshipTypes", default: ["*"])
    request.weight = try map.string("relationshipWeightProperty")
    let concurrency = try map.integer("concurrency", default: 4, in: 1...1024)
    map.ignore(
      "jobId", "logProgress", "sudo", "username", "writeConcurrency", "writeToResultStore")
    // Only similarities write relationships.
    let writesRelationships = adapter.streamOutputs.contains { $0.name == "node2" }
    switch (mode, writesRelationships) {
    case ("mutate", false): target = try map.requiredString("mutateProperty")
    case ("mutate", true): target = try map.requiredString("mutateRelationshipType")
    case ("write", false): target = try map.requiredString("writeProperty")
    case ("write", true): target = try map.requiredString("writeRelationshipType")
    default: target = nil
    }
    relationshipProperty =
      writesRelationships && target != nil
      ? try map.string(mode == "write" ? "writeProperty" : "mutateProperty") ?? "similarity" : nil
    let graph = graph
    let view = try graph.view(request, control: call.context.control)
    self.view = view
    configuration = try adapter.configuration(
      &map, concurrency: concurrency, weighted: request.weight != nil,
      nodeValues: { try graph.nodeValues($0, of: view) }, index: { view.nodes.index(of: $0) })
    try map.finish()
    preparation = ContinuousClock.now - start
  }

  func run() throws {
    let control = call.context.control
    let memory = adapter.memory(
      nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    try control.reserve(memory.bytesMin, for: adapter.name)
    defer { control.release(memory.bytesMin) }
    let start = ContinuousClock.now
    let monitor = StatementMonitor { () throws(QueryError) in try control.check() }
    let output = try adapter.compute(view, configuration, monitor)
    let computed = ContinuousClock.now
    if mode == "stream" {
      return try call.emit(columns: adapter.stream(output, view, configuration))
    }
    var row = adapter.summary(output, view)
    let summarised = ContinuousClock.now
    if let target {
      let count = try write(adapter.result(output, view, configuration), target)
      row["nodePropertiesWritten"] = .integer(Int64(count))
      row["relationshipsWritten"] = .integer(Int64(count))
      let millis = Self.millis(ContinuousClock.now - summarised)
      row["mutateMillis"] = millis
      row["writeMillis"] = millis
    }
    row["preProcessingMillis"] = Self.millis(preparation)
    row["computeMillis"] = Self.millis(computed - start)
    row["postProcessingMillis"] = Self.millis(summarised - computed)
    row["configuration"] = call.arguments[1]
    try call.emit(outputs.map { row[$0.name] ?? .null })
  }

  /// - Returns: how many properties or relationships were written.
  private func write(_ result: AlgorithmResult, _ target: String) throws -> Int {
    switch result {
    case .nodeProperty(let pairs):
      if mode == "mutate" {
        var values: [UInt64: Value] = [:]
        for (node, value) in pairs { values[node.rawValue] = value }
        try graph.addNodeProperty(target, values)
      } else {
        try call.setProperty(target, of: pairs.map(\.node), to: .values(pairs.map(\.value)))
      }
      return pairs.count
    case .relationships(let from, let to, let similarity):
      let property = relationshipProperty ?? "similarity"
      if mode == "mutate" {
        try graph.addRelationships(
          target,
          .init(sources: from, targets: to, property: property, values: similarity))
      } else {
        try call.createRelationships(
          type: target, from: from, to: to, properties: [property: .floats(similarity)])
      }
      return from.count
    }
  }

  func estimate() throws {
    let memory = adapter.memory(
      nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    try EstimateRow(
      name: adapter.name, memory: memory, nodeCount: view.nodes.memberCount,
      relationshipCount: view.relationshipCount
    ).emit(call)
  }

  private static func millis(_ duration: Duration) -> Value {
    .integer(Int64(duration / .milliseconds(1)))
  }
}

/// The first argument of an algorithm: a projected graph's name, `'*'` for the stored graph, or a
/// map `{nodeLabels, relationshipTypes, nodeProperties, relationshipProperties}` for a part of it.
enum GraphArgument {
  static func graph(_ value: Value, _ call: ProcedureInvocation) throws -> ProjectedGraph {
    switch value {
    case .string("*"):
      return try anonymous(.string("*"), .string("*"), .null, .null, call)
    case .string(let name):
      return try call.database.graphs.require(name)
    case .map:
      var map = try ConfigurationMap(value, of: "graph map")
      let nodes = map.value("nodeLabels")
      let relationships = map.value("relationshipTypes")
      let graph = try anonymous(
        nodes.isNull ? .string("*") : nodes, relationships.isNull ? .string("*") : relationships,
        map.value("nodeProperties"), map.value("relationshipProperties"), call)
      try map.finish(
        hint: "settings of the algorithm go into a second map: "
          + "({nodeLabels: …}, {maxIterations: …})")
      return graph
    default:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "the graph is given as \(value.typeNameWithArticle), not a name or a map")
    }
  }

  private static func anonymous(
    _ nodes: Value, _ relationships: Value, _ nodeProperties: Value,
    _ relationshipProperties: Value, _ call: ProcedureInvocation
  ) throws -> ProjectedGraph {
    try ProjectedGraph(
      name: "",
      projection: GraphProjection(
        nodes: nodes, relationships: relationships, nodeProperties: nodeProperties,
        relationshipProperties: relationshipProperties),
      reader: call.context.reader, mayBorrow: call.context.transaction == nil,
      control: call.context.control)
  }
}

extension Value {
  var isNull: Bool { if case .null = self { true } else { false } }
}
