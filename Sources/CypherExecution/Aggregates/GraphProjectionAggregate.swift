internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `gds.graph.project(graphName, sourceNode, targetNode, dataConfig, configuration)`: a projected
/// graph of the rows, GDS's Cypher projection.
final class GraphProjectionAggregate: GroupedAggregate {
  private var graphs: [ProjectedRows?] = []
  private let context: ExecutionContext
  private(set) var byteCount = 0
  private static let function = "gds.graph.project"

  init(_ context: ExecutionContext) { self.context = context }

  func add(
    _ arguments: [Vector], groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws {
    graphs.grow(to: groupCount, nil)
    byteCount += 48 * count
    for row in 0..<count {
      let values = arguments.map { $0.boxed(row) }
      let group = Int(groups[row])
      var graph =
        try graphs[group]
        ?? ProjectedRows(
          name: Argument.string(values[0], Self.function),
          configuration: values.count > 4 ? values[4] : .map([:]))
      graphs[group] = nil
      try add(values, to: &graph)
      graphs[group] = graph
    }
  }

  private func add(_ values: [Value], to graph: inout ProjectedRows) throws {
    guard case .string(graph.name) = values[0] else {
      throw ExpressionError.argument(
        "the name of the graph in gds.graph.project() is the same for all rows")
    }
    guard let source = try node(values[1], "source") else {
      throw ExpressionError.argument("the source node in gds.graph.project() is null")
    }
    graph.nodes.insert(source)
    let target = values.count > 2 ? try node(values[2], "target") : nil
    if let target { graph.nodes.insert(target) }
    guard values.count > 3 else {
      try addRelationship(source, target, [:], to: &graph)
      return
    }
    let map: [String: Value]
    switch values[3] {
    case .null: map = [:]
    case .map(let value): map = value
    case let other: throw Argument.mismatch(other, Self.function, "a map as fourth argument")
    }
    let known = [
      "sourceNodeLabels", "targetNodeLabels", "sourceNodeProperties", "targetNodeProperties",
      "relationshipType", "relationshipProperties",
    ]
    if let unknown = map.keys.sorted().first(where: { !known.contains($0) }) {
      throw QueryError(
        .argumentError, "UnknownConfigurationKey",
        "the fourth argument of gds.graph.project() has no key `\(unknown)`",
        hint: NameSuggestion.nearest(to: unknown, among: known).map { "did you mean `\($0)`?" }
          ?? "its keys are \(known.joined(separator: ", "))")
    }
    try describe(source, map["sourceNodeLabels"], map["sourceNodeProperties"], in: &graph)
    if let target {
      try describe(target, map["targetNodeLabels"], map["targetNodeProperties"], in: &graph)
    }
    try addRelationship(source, target, map, to: &graph)
  }

  private func node(_ value: Value, _ what: String) throws -> NodeID? {
    switch value {
    case .null: return nil
    case .node(let node): return node.id
    case .integer(let raw) where raw >= 0 && raw < Int64(context.reader.nodeRowCount):
      return NodeID(UInt64(raw))
    default:
      throw Argument.mismatch(value, Self.function, "nodes or their ids as \(what) nodes")
    }
  }

  /// Takes over a node's labels (a name, a list of names, true for its own) and properties.
  private func describe(
    _ node: NodeID, _ labels: Value?, _ properties: Value?, in graph: inout ProjectedRows
  ) throws {
    switch labels {
    case nil, .null?, .boolean(false)?: break
    case .boolean(true)?:
      for label in context.reader.labels(of: node) {
        graph.labels[context.reader.name(of: label), default: []].insert(node)
      }
    case .string(let label)?: graph.labels[label, default: []].insert(node)
    case let labels?:
      for label in try Argument.list(labels, Self.function) {
        graph.labels[try Argument.string(label, Self.function), default: []].insert(node)
      }
    }
    switch properties {
    case nil, .null?: break
    case .map(let map)?:
      for (key, value) in map {
        if case .null = value { continue }
        graph.nodeProperties[key, default: [:]][node] = value
      }
    case let other?:
      throw Argument.mismatch(other, Self.function, "a map of node properties")
    }
  }

  private func addRelationship(
    _ source: NodeID, _ target: NodeID?, _ map: [String: Value], to graph: inout ProjectedRows
  ) throws {
    guard let target else { return }
    var type = "__ALL__"
    if let value = map["relationshipType"], value != .null {
      type = try Argument.string(value, Self.function)
    }
    var properties: [String: Double] = [:]
    switch map["relationshipProperties"] {
    case nil, .null?: break
    case .map(let values)?:
      for (key, value) in values {
        if case .null = value { continue }
        properties[key] = try Argument.number(value, Self.function)
      }
    case let other?:
      throw Argument.mismatch(other, Self.function, "a map of relationship properties")
    }
    var relationships = graph.relationships.removeValue(forKey: type) ?? .init()
    let count = relationships.sources.count
    relationships.sources.append(source)
    relationships.targets.append(target)
    for (key, value) in properties {
      relationships.properties[key, default: Array(repeating: .nan, count: count)].append(value)
    }
    for key in relationships.properties.keys where properties[key] == nil {
      relationships.properties[key]?.append(.nan)
    }
    graph.relationships[type] = relationships
  }

  func results(_ range: Range<Int>) throws -> Vector {
    let result = Vector(type: .any, capacity: range.count)
    result.count = range.count
    for (row, group) in range.enumerated() {
      guard group < graphs.count, let graph = graphs[group] else {
        result.values[row] = .null
        continue
      }
      result.values[row] = try context.procedures.projectedGraphs.project(
        graph, context: context)
    }
    return result
  }

  func merge(_ other: any GroupedAggregate, map: [Int32], groupCount: Int) throws {
    guard let other = other as? GraphProjectionAggregate else { throw mismatchedAggregates() }
    graphs.grow(to: groupCount, nil)
    byteCount += other.byteCount
    for (group, graph) in other.graphs.enumerated() {
      guard let graph else { continue }
      let own = Int(map[group])
      if graphs[own] == nil { graphs[own] = graph } else { graphs[own]?.merge(graph) }
    }
  }

  var hasStates: Bool { false }

  func states(_ range: Range<Int>) throws -> Vector { throw mismatchedAggregates() }

  func add(
    states: Vector, groups: UnsafePointer<Int32>, count: Int, groupCount: Int
  ) throws { throw mismatchedAggregates() }
}
