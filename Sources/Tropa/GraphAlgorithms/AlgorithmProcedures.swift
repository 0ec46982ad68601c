internal import GraphKernels
internal import GraphStore

/// The procedures of an algorithm: its modes and the estimate of each.
enum AlgorithmProcedures {
  static let inputs = [
    Procedure.Field("graphName", "ANY"),
    Procedure.Field("configuration", "MAP", defaultValue: .map([:])),
  ]

  static func all(_ algorithm: GraphAlgorithm) -> [Procedure] {
    if algorithm.modes.isEmpty {
      return [
        Procedure(
          algorithm.name, inputs: inputs, outputs: algorithm.streamColumns,
          summary: algorithm.summary
        ) { try AlgorithmCall(algorithm, .stream, $0).run() }
      ]
    }
    return algorithm.modes.flatMap { mode in
      let name = "\(algorithm.name).\(mode.rawValue)"
      return [
        Procedure(
          name, inputs: inputs, outputs: algorithm.columns(of: mode),
          mode: mode == .write ? .write : .read, summary: algorithm.summary
        ) { try AlgorithmCall(algorithm, mode, $0).run() },
        Procedure(
          "\(name).estimate", inputs: inputs, outputs: EstimateRow.outputs,
          summary: "Memory that \(name) needs."
        ) { try AlgorithmCall(algorithm, mode, $0).estimate() },
      ]
    }
  }
}

/// One call of an algorithm in one mode.
private struct AlgorithmCall {
  let algorithm: GraphAlgorithm
  let mode: GraphAlgorithm.Mode
  let call: ProcedureInvocation
  private let graph: ProjectedGraph
  private let view: GraphView
  private let prepared: PreparedAlgorithm
  private let target: String?
  private let job: String
  private let showsProgress: Bool
  private let preparation: Duration

  init(
    _ algorithm: GraphAlgorithm, _ mode: GraphAlgorithm.Mode, _ call: ProcedureInvocation
  ) throws {
    self.algorithm = algorithm
    self.mode = mode
    self.call = call
    let start = ContinuousClock.now
    var map = try ConfigurationMap(call.arguments[1], of: "\(algorithm.name).\(mode.rawValue)")
    graph = try GraphArgument.graph(call.arguments[0], call)
    var request = ProjectedGraph.ViewRequest()
    request.nodeLabels = try map.strings("nodeLabels", default: ["*"])
    request.relationshipTypes = try map.strings("relationshipTypes", default: ["*"])
    if algorithm.isWeightable { request.weight = try map.string("relationshipWeightProperty") }
    let concurrency = try map.integer("concurrency", default: 4, in: 1...1024)
    job = try map.string("jobId") ?? RandomUUID.text()
    showsProgress = try map.boolean("logProgress", default: true)
    map.ignore("sudo", "username")
    if mode == .write { map.ignore("writeConcurrency", "writeToResultStore") }
    var relationshipProperty = ""
    switch (mode, algorithm.target) {
    case (.mutate, .nodeProperty): target = try map.requiredString("mutateProperty")
    case (.write, .nodeProperty): target = try map.requiredString("writeProperty")
    case (.mutate, .relationships(let property)):
      target = try map.requiredString("mutateRelationshipType")
      if let property {
        relationshipProperty = try map.string("mutateProperty") ?? property
      }
    case (.write, .relationships(let property)):
      target = try map.requiredString("writeRelationshipType")
      if let property { relationshipProperty = try map.string("writeProperty") ?? property }
    default: target = nil
    }
    view = try graph.view(request)
    var settings = AlgorithmSettings(
      map: map, mode: mode, graph: graph, view: view, concurrency: concurrency,
      isWeighted: request.weight != nil, relationshipProperty: relationshipProperty,
      isWanted: call.isWanted)
    prepared = try algorithm.prepare(&settings)
    try settings.map.finish()
    preparation = ContinuousClock.now - start
  }

  func run() throws {
    try call.database.tasks.run(
      algorithm.name, job: job, observer: showsProgress ? call.context.progress : nil
    ) { try run(as: $0) }
  }

  private func run(as task: RunningTask) throws {
    let control = call.context.control
    let bytes = prepared.memory.bytesMin
    try control.reserve(bytes, for: algorithm.name)
    defer { control.release(bytes) }
    let start = ContinuousClock.now
    let output = try prepared.run(
      StatementMonitor(task: task) { () throws(QueryError) in try control.check() })
    let computed = ContinuousClock.now
    if mode != .stats { task.report(mode == .stream ? "giving rows" : "writing", share: 1) }
    if mode == .stream { return try call.emit(columns: output.stream()) }
    var row = output.summary()
    let summarised = ContinuousClock.now
    if let target {
      let count = Value.count(try write(output.result(), target))
      row["nodePropertiesWritten"] = count
      row["relationshipsWritten"] = count
      let millis = Self.millis(ContinuousClock.now - summarised)
      row["mutateMillis"] = millis
      row["writeMillis"] = millis
    }
    row["preProcessingMillis"] = Self.millis(preparation)
    row["computeMillis"] = Self.millis(computed - start)
    row["postProcessingMillis"] = Self.millis(summarised - computed)
    row["configuration"] = call.arguments[1]
    try call.emit(algorithm.columns(of: mode).map { row[$0.name] ?? .null })
  }

  /// - Returns: how many properties or relationships were written.
  private func write(_ result: AlgorithmResult, _ target: String) throws -> Int {
    switch result {
    case .nodeProperties(let nodes, let properties):
      for (suffix, values) in properties {
        let name = target + (suffix ?? "")
        if mode == .mutate {
          try graph.addNodeProperty(name, nodes, values)
        } else {
          try call.setProperty(name, of: nodes, to: values)
        }
      }
      return nodes.count * properties.count
    case .relationships(let from, let to, let properties):
      if mode == .mutate {
        try graph.addRelationships(
          target, .init(sources: from, targets: to, properties: properties))
      } else {
        try call.createRelationships(
          type: target, from: from, to: to,
          properties: Dictionary(
            properties.map { ($0.name, $0.values) }, uniquingKeysWith: { $1 }))
      }
      return from.count
    }
  }

  func estimate() throws {
    try EstimateRow(
      name: algorithm.name, memory: prepared.memory, nodeCount: view.nodes.memberCount,
      relationshipCount: view.relationshipCount
    ).emit(call)
  }

  private static func millis(_ duration: Duration) -> Value {
    .count(Int(duration / .milliseconds(1)))
  }
}
