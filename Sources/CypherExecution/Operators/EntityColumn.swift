internal import GraphColumns
internal import GraphTypes

/// Columns of nodes and relationships, whatever type their vector has: an UNWIND of a list of nodes
/// gives a column of values.
enum EntityColumn {
  /// - Throws: TypeError when an element is neither a node nor null.
  static func nodes(_ vector: Vector) throws -> Vector {
    if vector.type == .node { return vector }
    let result = Vector(
      type: .node, capacity: vector.isConstant ? 1 : vector.count, isConstant: vector.isConstant)
    result.count = vector.count
    for row in 0..<(vector.isConstant ? min(1, vector.count) : vector.count) {
      switch vector.boxed(row) {
      case .node(let node): result.nodes[row] = node.id
      case .null: result.setNull(row)
      case let other: throw unexpected(other, "Node")
      }
    }
    return result
  }

  /// - Throws: TypeError when an element is neither a relationship nor null.
  static func relationships(_ vector: Vector) throws -> Vector {
    if vector.type == .relationship { return vector }
    let result = Vector(
      type: .relationship, capacity: vector.isConstant ? 1 : vector.count,
      isConstant: vector.isConstant)
    result.count = vector.count
    for row in 0..<(vector.isConstant ? min(1, vector.count) : vector.count) {
      switch vector.boxed(row) {
      case .relationship(let value): result.relationships[row] = try stored(value)
      case .null: result.setNull(row)
      case let other: throw unexpected(other, "Relationship")
      }
    }
    return result
  }

  /// - Throws: `ArgumentError` for a relationship of a path that an algorithm made.
  static func stored(_ relationship: Relationship) throws -> RelationshipRef {
    if relationship.id.isVirtual {
      throw QueryError(
        .argumentError, "VirtualRelationship",
        "the relationships of a path that an algorithm gives are in no graph",
        hint: "match them between its nodes, nodes(path)")
    }
    return RelationshipRef(relationship)
  }

  static func unexpected(_ value: Value, _ expected: String) -> QueryError {
    QueryError(
      .typeError, "InvalidArgumentType",
      "expected a \(expected), but found \(value.typeNameWithArticle)")
  }
}
