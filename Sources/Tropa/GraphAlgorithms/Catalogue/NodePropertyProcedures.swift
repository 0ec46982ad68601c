internal import GraphKernels
internal import GraphStore

/// Node properties of projected graphs: streamed, written, dropped.
extension GraphProcedures {
  static let nodeProperties: [Procedure] = [
    streamNodeProperty, streamNodeProperties, writeNodeProperties, dropNodeProperties,
  ]

  private static func view(
    _ graph: ProjectedGraph, labels: Value
  ) throws -> GraphView {
    var request = ProjectedGraph.ViewRequest()
    request.nodeLabels = try strings(labels, "nodeLabels")
    return try graph.view(request)
  }

  /// Labels of the members of a view, by index; nil unless the configuration asks for them.
  private static func labels(
    _ graph: ProjectedGraph, _ view: GraphView, _ configuration: Value, of procedure: String
  ) throws -> [[Value]]? {
    var map = try commonConfiguration(configuration, of: procedure)
    let isWanted = try map.boolean("listNodeLabels", default: false)
    try map.finish()
    if !isWanted { return nil }
    var labels = [[Value]](repeating: [], count: view.nodeCount)
    for (label, ranges) in try graph.labelMembers().sorted(by: { $0.key < $1.key }) {
      for row in ranges.joined() {
        guard let index = view.nodes.index(of: NodeID(UInt64(row))) else { continue }
        labels[Int(index)].append(.string(label))
      }
    }
    return labels
  }

  private static let streamNodeProperty = Procedure(
    "gds.graph.nodeProperty.stream",
    inputs: [name, .init("nodeProperties", "STRING"), nodeLabels, configuration],
    outputs: [
      .integer("nodeId"), .init("propertyValue", "ANY"), .init("nodeLabels", "LIST<STRING>"),
    ],
    summary: "The values of a node property in a projected graph."
  ) { call in
    let graph = try graph(call)
    let view = try view(graph, labels: call.arguments[2])
    let values = try graph.nodeValues(string(call.arguments[1], "the property"), of: view)
    let labels = try labels(
      graph, view, call.arguments[3], of: "gds.graph.nodeProperty.stream")
    for range in view.nodes.members {
      for index in range {
        try call.emit([
          .integer(view.id(UInt32(index))), values[index] ?? .null,
          .list(labels?[index] ?? []),
        ])
      }
    }
  }

  private static let streamNodeProperties = Procedure(
    "gds.graph.nodeProperties.stream",
    inputs: [name, .init("nodeProperties", "ANY"), nodeLabels, configuration],
    outputs: [
      .integer("nodeId"), .string("nodeProperty"), .init("propertyValue", "ANY"),
      .init("nodeLabels", "LIST<STRING>"),
    ],
    summary: "The values of several node properties in a projected graph, a row for each."
  ) { call in
    let graph = try graph(call)
    let view = try view(graph, labels: call.arguments[2])
    let properties = try strings(call.arguments[1], "nodeProperties")
    let columns = try properties.map { try graph.nodeValues($0, of: view) }
    let labels = try labels(
      graph, view, call.arguments[3], of: "gds.graph.nodeProperties.stream")
    for range in view.nodes.members {
      for index in range {
        for (property, values) in zip(properties, columns) {
          try call.emit([
            .integer(view.id(UInt32(index))), .string(property), values[index] ?? .null,
            .list(labels?[index] ?? []),
          ])
        }
      }
    }
  }

  private static let writeNodeProperties = Procedure(
    "gds.graph.nodeProperties.write",
    inputs: [name, .init("nodeProperties", "ANY"), nodeLabels, configuration],
    outputs: [
      .integer("writeMillis"), .integer("propertiesWritten"), .string("graphName"),
      .init("nodeProperties", "LIST<STRING>"), .map("configuration"),
    ],
    mode: .write, summary: "Writes node properties of a projected graph into the database."
  ) { call in
    let start = ContinuousClock.now
    let graph = try graph(call)
    let renamed = try propertyNames(call.arguments[1])
    let map = try commonConfiguration(call.arguments[3], of: "gds.graph.nodeProperties.write")
    try map.finish()
    let view = try view(graph, labels: call.arguments[2])
    var written = 0
    for (property, target) in renamed {
      let values = try graph.nodeValues(property, of: view)
      var nodes: [NodeID] = []
      var present: [Value] = []
      for index in view.nodes.members.joined() {
        guard let value = values[index] else { continue }
        nodes.append(view.nodes.nodeID(of: index))
        present.append(value)
      }
      try call.setProperty(target, of: nodes, to: .values(present))
      written += nodes.count
    }
    try call.emit([
      millis(since: start), .count(written), .string(graph.name),
      .list(renamed.map { .string($0.property) }), call.arguments[3],
    ])
  }

  /// A name, a map name → name in the database, or a list of these.
  private static func propertyNames(
    _ value: Value
  ) throws -> [(property: String, target: String)] {
    switch value {
    case .map(let map):
      return try map.sorted { $0.key < $1.key }
        .map { ($0.key, try string($0.value, "the name of `\($0.key)` in the database")) }
    case .list(let values): return try values.flatMap { try propertyNames($0) }
    default:
      let name = try string(value, "the node property")
      return [(name, name)]
    }
  }

  private static let dropNodeProperties = Procedure(
    "gds.graph.nodeProperties.drop",
    inputs: [name, .init("nodeProperties", "ANY"), configuration],
    outputs: [
      .integer("propertiesRemoved"), .string("graphName"),
      .init("nodeProperties", "LIST<STRING>"),
    ],
    summary: "Removes node properties from a projected graph."
  ) { call in
    let graph = try graph(call)
    let names = try strings(call.arguments[1], "nodeProperties")
    var map = try commonConfiguration(call.arguments[2], of: "gds.graph.nodeProperties.drop")
    let failsIfMissing = try map.boolean("failIfMissing", default: true)
    try map.finish()
    let known = graph.nodePropertyNames
    if failsIfMissing, let unknown = names.first(where: { !known.contains($0) }) {
      throw ProjectedGraph.unknown("projected node property", unknown, known)
    }
    let removed = names.reduce(0) { $0 + (graph.dropNodeProperty($1) ?? 0) }
    try call.emit([.count(removed), .string(graph.name), .list(names.map { .string($0) })])
  }
}
