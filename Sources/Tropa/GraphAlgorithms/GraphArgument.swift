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
      reader: call.context.reader, mayBorrow: call.context.transaction == nil)
  }
}
