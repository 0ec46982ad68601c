internal import GraphKernels
internal import GraphStore

extension GraphProcedures {
  static let filter = Procedure(
    "gds.graph.filter",
    inputs: [
      name, .init("fromGraphName", "STRING"), .init("nodeFilter", "STRING"),
      .init("relationshipFilter", "STRING"), configuration,
    ],
    outputs: [
      .string("graphName"), .string("fromGraphName"), .string("nodeFilter"),
      .string("relationshipFilter"), .integer("nodeCount"), .integer("relationshipCount"),
      .integer("projectMillis"),
    ],
    summary: "Makes a projected graph of the nodes and relationships for which predicates hold."
  ) { call in
    let start = ContinuousClock.now
    let name = try newName(call.arguments[0], call)
    let source = try graph(call, at: 1)
    let nodeFilter = try string(call.arguments[2], "the filter of nodes")
    let relationshipFilter = try string(call.arguments[3], "the filter of relationships")
    var map = try commonConfiguration(call.arguments[4], of: "gds.graph.filter")
    let parameters: [String: Value] =
      if case .map(let values) = map.value("parameters") { values } else { [:] }
    try map.finish()
    let filter = GraphFilter(
      source: source,
      nodes: try ElementFilter(nodeFilter, variable: "n", parameters: parameters),
      relationships: try ElementFilter(relationshipFilter, variable: "r", parameters: parameters),
      check: call.checkCancellation)
    let graph = try filter.graph(named: name)
    try call.database.graphs.insert(graph)
    try call.emit([
      .string(name), .string(source.name), call.arguments[2], call.arguments[3],
      .count(graph.nodeCount), .count(graph.relationshipCount), millis(since: start),
    ])
  }
}

/// Makes a part of a projected graph.
private struct GraphFilter {
  let source: ProjectedGraph
  let nodes: ElementFilter?
  let relationships: ElementFilter?
  let check: () throws -> Void

  func graph(named name: String) throws -> ProjectedGraph {
    let view = try source.view(.init())
    let labels = try source.labelMembers()
    let members = try filteredMembers(view, labels)
    let isMember = NodeSelection(members)
    var properties: [String: ProjectedGraph.AddedNodeProperty] = [:]
    for property in source.nodePropertyNames {
      let values = try source.nodeValues(property, of: view)
      var kept = ProjectedGraph.AddedNodeProperty(nodes: [], values: .values([]))
      var present: [Value] = []
      for index in view.nodes.members.joined() {
        let node = view.nodes.nodeID(of: index)
        guard isMember.contains(node), let value = values[index] else { continue }
        kept.nodes.append(node)
        present.append(value)
      }
      kept.values = .values(present)
      properties[property] = kept
    }
    var relationships: [String: ProjectedGraph.AddedRelationships] = [:]
    for type in source.relationshipTypes {
      let kept = try filteredRelationships(type, isMember)
      if !kept.sources.isEmpty { relationships[type] = kept }
    }
    return ProjectedGraph(
      name: name, reader: source.reader, members: members,
      labels: labels.mapValues { NodeMembers.intersection($0, members) }
        .filter { !$0.value.isEmpty },
      nodeProperties: properties, relationships: relationships)
  }

  private func filteredMembers(
    _ view: GraphView, _ labels: [String: [Range<Int>]]
  ) throws -> [Range<Int>] {
    guard let nodes else { return source.members }
    if let unknown = nodes.labels.first(where: { labels[$0] == nil }) {
      throw ProjectedGraph.unknown("projected node label", unknown, labels.keys.sorted())
    }
    let selections = labels.mapValues(NodeSelection.init)
    var columns: [String: [Value?]] = [:]
    for property in nodes.properties {
      columns[property] = try source.nodeValues(property, of: view)
    }
    var rows: [Int] = []
    for index in view.nodes.members.joined() {
      if index & 0xFFF == 0 { try check() }
      let node = view.nodes.nodeID(of: index)
      let isKept = try nodes.isTrue(
        property: { columns[$0]?[index] ?? .null },
        hasLabel: { selections[$0]?.contains(node) ?? false })
      if isKept { rows.append(Int(node.rawValue)) }
    }
    return NodeMembers.ranges(rows: rows)
  }

  private func filteredRelationships(
    _ type: String, _ isMember: NodeSelection
  ) throws -> ProjectedGraph.AddedRelationships {
    let names = source.relationshipPropertyNames(type)
    if let relationships {
      if let unknown = relationships.labels.first(where: { !source.relationshipTypes.contains($0) })
      {
        throw ProjectedGraph.unknown(
          "projected relationship type", unknown, source.relationshipTypes)
      }
    }
    let rows = try GraphProcedures.rows(source, type: type, properties: names)
    var kept = ProjectedGraph.AddedRelationships(sources: [], targets: [])
    kept.isUndirected = source.isUndirected(type)
    var values = names.map { _ in [Double]() }
    for row in rows.sources.indices {
      if row & 0xFFF == 0 { try check() }
      let (from, to) = (rows.sources[row], rows.targets[row])
      guard isMember.contains(from), isMember.contains(to) else { continue }
      if let relationships {
        let isKept = try relationships.isTrue(
          property: { name in
            rows.properties.first { $0.name == name }.map { .float($0.values[row]) } ?? .null
          }, hasLabel: { $0 == type })
        if !isKept { continue }
      }
      kept.sources.append(from)
      kept.targets.append(to)
      for index in names.indices { values[index].append(rows.properties[index].values[row]) }
    }
    kept.properties = zip(names, values).map { ($0, .floats($1)) }
    return kept
  }
}

/// Whether nodes are in some ranges, in constant time.
struct NodeSelection {
  private var bits: [Bool]

  init(_ ranges: [Range<Int>]) {
    bits = [Bool](repeating: false, count: ranges.last?.upperBound ?? 0)
    for row in ranges.joined() { bits[row] = true }
  }

  func contains(_ node: NodeID) -> Bool {
    node.rawValue < UInt64(bits.count) && bits[Int(node.rawValue)]
  }
}
