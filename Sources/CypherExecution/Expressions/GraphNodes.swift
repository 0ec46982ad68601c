internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// A path from its nodes, relationships and relationship lists. Null if one of them is.
final class PathNode: ExpressionNode {
  private let elements: [ExpressionNode]
  init(_ elements: [ExpressionNode]) {
    self.elements = elements
    super.init(children: elements)
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let vectors = try elements.map { try $0.evaluate(batch) }
    let result = Vector(type: .any, capacity: batch.count)
    result.count = batch.count
    for row in 0..<batch.count { result.values[row] = try Self.path(vectors, row) }
    return result
  }

  private static func path(_ vectors: [Vector], _ row: Int) throws -> Value {
    var nodes: [Node] = []
    var relationships: [Relationship] = []
    nodes.reserveCapacity(vectors.count / 2 + 1)
    for vector in vectors {
      switch vector.boxed(row) {
      case .null: return .null
      case .node(let node):
        // After a relationship the node is known from it already.
        if nodes.isEmpty { nodes.append(node) }
      case .relationship(let relationship): walk(relationship, &nodes, &relationships)
      case .list(let list):
        for case .relationship(let relationship) in list {
          walk(relationship, &nodes, &relationships)
        }
      case .path(let part):
        if nodes.isEmpty { nodes.append(part.nodes[0]) }
        for relationship in part.relationships { walk(relationship, &nodes, &relationships) }
      case let other:
        throw ExpressionError.type("a path cannot contain \(other.typeNameWithArticle)")
      }
    }
    if nodes.isEmpty { return .null }
    return .path(Path(nodes: nodes, relationships: relationships))
  }

  private static func walk(
    _ relationship: Relationship, _ nodes: inout [Node], _ relationships: inout [Relationship]
  ) {
    let here = nodes.last?.id ?? relationship.start
    if nodes.isEmpty { nodes.append(Node(id: here)) }
    let next = relationship.start == here ? relationship.end : relationship.start
    relationships.append(relationship)
    nodes.append(Node(id: next))
  }
}

/// True where no relationship occurs twice among relationships and lists of them; null ones are
/// passed over.
final class DistinctRelationshipsNode: ExpressionNode {
  private let elements: [ExpressionNode]
  init(_ elements: [ExpressionNode]) {
    self.elements = elements
    super.init(children: elements)
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let vectors = try elements.map { try $0.evaluate(batch) }
    let count = batch.count
    let result = Vector(type: .boolean, capacity: count)
    result.count = count
    result.booleans.update(repeating: true, count: count)
    // Single relationships pair by pair, the rest by a set.
    if vectors.allSatisfy({ $0.type == .relationship && $0.hasNoNulls }) {
      for i in 0..<vectors.count {
        for j in 0..<i {
          let a = vectors[i]
          let b = vectors[j]
          for row in 0..<count
          where a.relationships[a.physical(row)].id == b.relationships[b.physical(row)].id {
            result.booleans[row] = false
          }
        }
      }
      return result
    }
    var seen: Set<RelationshipID> = []
    for row in 0..<count {
      seen.removeAll(keepingCapacity: true)
      scan: for vector in vectors {
        switch vector.boxed(row) {
        case .relationship(let relationship):
          if !seen.insert(relationship.id).inserted {
            result.booleans[row] = false
            break scan
          }
        case .list(let list):
          for case .relationship(let relationship) in list
          where !seen.insert(relationship.id).inserted {
            result.booleans[row] = false
            break scan
          }
        default: break
        }
      }
    }
    return result
  }
}

/// EXISTS, COUNT and COLLECT, run by the operators.
final class SubqueryNode: ExpressionNode {
  private let kind: SubqueryKind
  private let plan: Plan
  private let imports: [Int]
  private let evaluation: Evaluation

  /// - Parameter imports: the columns of the imported variables.
  init(_ kind: SubqueryKind, _ plan: Plan, imports: [Int], _ evaluation: Evaluation) {
    self.kind = kind
    self.plan = plan
    self.imports = imports
    self.evaluation = evaluation
    super.init(columns: Set(imports).sorted(), isStable: false)
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    guard let runner = evaluation.context.subqueries else {
      throw QueryError(
        .semanticError, "InvalidSubquery", "a subquery cannot be used in this place")
    }
    return try runner.evaluate(
      kind, plan, imports: imports.map { batch.columns[$0] }, count: batch.count,
      context: evaluation.context)
  }
}
