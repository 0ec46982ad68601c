internal import CypherExecution
internal import GraphStore

/// The projected graphs of a database, as functions reach them.
struct DatabaseGraphs: ProjectedGraphTable {
  let database: Database

  var version: String { TropaVersion.current }

  func exists(_ name: String) -> Bool { database.graphs.graph(name) != nil }

  func nodeProperty(
    graph name: String, node: NodeID, key: String, label: String
  ) throws -> Value {
    let graph = try database.graphs.require(name)
    if label != "*" {
      let row = Int(node.rawValue)
      guard try graph.members(label: label).contains(where: { $0.contains(row) }) else {
        return .null
      }
    }
    return try graph.nodeValue(key, of: node) ?? .null
  }

  func project(_ rows: ProjectedRows, context: ExecutionContext) throws -> Value {
    let start = ContinuousClock.now
    guard context.transaction == nil else { throw GraphProcedures.inTransaction() }
    try database.graphs.checkNew(rows.name)
    var map = try GraphProcedures.commonConfiguration(
      rows.configuration, of: "gds.graph.project")
    let undirected = try map.strings("undirectedRelationshipTypes", default: [])
    // Incoming lists are made when an algorithm wants them.
    map.ignore("inverseIndexedRelationshipTypes")
    try map.finish()
    let types = rows.relationships.keys.sorted()
    if let unknown = undirected.first(where: { $0 != "*" && !types.contains($0) }) {
      throw ProjectedGraph.unknown("projected relationship type", unknown, types)
    }
    let members = Self.ranges(rows.nodes)
    var labels = rows.labels.mapValues(Self.ranges)
    if labels.isEmpty { labels["__ALL__"] = members }
    let graph = ProjectedGraph(
      name: rows.name, reader: context.reader, members: members, labels: labels,
      nodeProperties: rows.nodeProperties.mapValues { values in
        let nodes = values.keys.sorted()
        return .init(nodes: nodes, values: .values(nodes.map { values[$0] ?? .null }))
      },
      relationships: Dictionary(
        uniqueKeysWithValues: rows.relationships.map { type, added in
          (
            type,
            .init(
              sources: added.sources, targets: added.targets,
              properties: added.properties.sorted { $0.key < $1.key }
                .map { ($0.key, .floats($0.value)) },
              isUndirected: undirected.contains("*") || undirected.contains(type))
          )
        }))
    try database.graphs.insert(graph)
    return .map([
      "graphName": .string(rows.name), "nodeCount": .count(graph.nodeCount),
      "relationshipCount": .count(graph.relationshipCount),
      "projectMillis": GraphProcedures.millis(since: start),
      "configuration": rows.configuration,
    ])
  }

  private static func ranges(_ nodes: Set<NodeID>) -> [Range<Int>] {
    NodeMembers.ranges(rows: nodes.map { Int($0.rawValue) }.sorted())
  }
}
