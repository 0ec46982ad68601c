package import GraphColumns
internal import GraphStore
package import GraphTypes

/// Turns values as the engine passes them into what a caller sees: nodes, relationships and paths
/// with their labels, types and properties. Deleted ones stay bare.
package enum ResultMaterializer {
  package static func value(_ vector: Vector, row: Int, context: ExecutionContext) throws -> Value {
    if vector.isNull(row) { return .null }
    switch vector.type {
    case .node: return .node(try node(vector.nodes[vector.physical(row)], context))
    case .relationship:
      return .relationship(
        try relationship(vector.relationships[vector.physical(row)], context))
    case .any: return try fill(vector.values[vector.physical(row)], context)
    default: return vector.boxed(row)
    }
  }

  private static func fill(_ value: Value, _ context: ExecutionContext) throws -> Value {
    switch value {
    case .node(let value): return .node(try node(value.id, context))
    case .relationship(let value): return .relationship(try fill(value, context))
    case .path(let path):
      return .path(
        Path(
          nodes: try path.nodes.map { try node($0.id, context) },
          relationships: try path.relationships.map { try fill($0, context) }))
    case .list(let values): return .list(try values.map { try fill($0, context) })
    case .map(let values): return .map(try values.mapValues { try fill($0, context) })
    default: return value
    }
  }

  private static func node(_ id: NodeID, _ context: ExecutionContext) throws -> Node {
    let reader = context.reader
    guard id.rawValue < UInt64(reader.nodeRowCount), reader.exists(id) else { return Node(id: id) }
    return Node(
      id: id, labels: reader.labels(of: id).map { reader.name(of: $0) },
      properties: named(try reader.properties(of: id), reader))
  }

  /// What is virtual has all that there is to know with it.
  private static func fill(
    _ value: Relationship, _ context: ExecutionContext
  ) throws -> Relationship {
    value.id.isVirtual ? value : try relationship(RelationshipRef(value), context)
  }

  private static func relationship(
    _ value: RelationshipRef, _ context: ExecutionContext
  ) throws -> Relationship {
    let reader = context.reader
    let isDeleted = context.deletedRelationships.contains(value.id)
    return Relationship(
      id: value.id, start: value.start, end: value.end, type: reader.name(of: value.id.type),
      properties: isDeleted ? [:] : named(try reader.properties(of: value.id), reader))
  }

  private static func named(
    _ properties: [(key: PropertyKeyID, value: Value)], _ reader: GraphReader
  ) -> [String: Value] {
    var result: [String: Value] = [:]
    result.reserveCapacity(properties.count)
    for (key, value) in properties { result[reader.name(of: key)] = value }
    return result
  }
}
