internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// One step of a walk: a relationship and the node that it leads to.
struct Hop {
  var relationship: RelationshipRef
  var node: NodeID
}

/// The steps that a walk can take from a node: types and direction, not among the excluded
/// relationships, and passing the step predicate.
final class HopReader {
  private let cursor: NeighbourCursor
  private let predicate: CompiledExpression?
  private let excludingColumns: [Int]
  private var excluded: Set<RelationshipID> = []
  private var outerRow = Batch(columns: [], count: 1)
  private let relationships = Vector(type: .relationship)
  private let nodes = Vector(type: .node)
  private let selected = RowNumbers()

  init(
    _ expand: VariableLengthExpand, layout: RowLayout, context: ExecutionContext, plan: Plan,
    reversed: Bool = false
  ) throws {
    cursor = NeighbourCursor(
      types: expand.types, direction: reversed ? expand.direction.reversed : expand.direction,
      context: context)
    if let predicate = expand.predicate {
      self.predicate = try CompiledExpression(
        predicate, layout: layout.adding(expand.step.map { [$0] } ?? []), context: context)
    } else {
      predicate = nil
    }
    excludingColumns = try expand.excluding.map {
      try layout.requiredColumn(of: $0, for: plan)
    }
  }

  func reset() { cursor.reset() }
  func prepare() throws { try cursor.prepare() }

  /// To be called for each input row.
  func start(row: Int, of input: Batch) {
    excluded.removeAll(keepingCapacity: true)
    input.forEachRelationship(row: row, columns: excludingColumns) { excluded.insert($0.id) }
    if predicate != nil { outerRow = input.constant(row: row) }
  }

  /// Appends the hops from a node.
  func append(from node: NodeID, to hops: inout [Hop]) throws {
    cursor.move(to: node)
    while !cursor.isAtEnd {
      let filled = cursor.fill(
        rows: nil, row: 0, nodes: nodes.nodes, relationships: relationships.relationships,
        from: 0, capacity: Vector.batchCapacity)
      if filled == 0 { continue }
      if let predicate {
        relationships.count = filled
        let step = relationships.slice(from: 0, count: filled)
        var batch = outerRow.constant(row: 0, count: filled)
        // A copy: the predicate's result may refer to the vector while it is filled again.
        batch.columns.append(step === relationships ? relationships.copied() : step)
        let count = try predicate.select(batch, into: selected.base)
        for index in 0..<count { append(Int(selected.base[index]), to: &hops) }
      } else {
        for index in 0..<filled { append(index, to: &hops) }
      }
    }
  }

  @inline(__always)
  private func append(_ index: Int, to hops: inout [Hop]) {
    let relationship = relationships.relationships[index]
    if !excluded.isEmpty && excluded.contains(relationship.id) { return }
    hops.append(Hop(relationship: relationship, node: nodes.nodes[index]))
  }
}

extension Vector {
  fileprivate func copied() -> Vector {
    let copy = Vector(type: .relationship, capacity: count)
    copy.count = count
    copy.relationships.update(from: relationships, count: count)
    return copy
  }
}
