internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// How many relationships of some types nodes have in a direction, to nodes with some labels.
final class NodeDegrees {
  private let cursor: NeighbourCursor
  private var labelCheck: LabelCheck
  private let neighbours = Vector(type: .node)
  private let context: ExecutionContext

  init(types: [String], direction: Direction, labels: [String], context: ExecutionContext) {
    self.context = context
    cursor = NeighbourCursor(types: types, direction: direction, context: context)
    labelCheck = LabelCheck(
      context.labelsToCheck(labels, types: types, direction: direction, isFrom: false))
  }

  /// To be called when the operator opens.
  func reset() {
    cursor.reset()
    labelCheck.reset()
  }

  /// To be called for each batch of input.
  func prepare() throws {
    try cursor.prepare()
    cursor.clear()
  }

  func degree(of node: NodeID) -> Int {
    var degree = 0
    if labelCheck.isNeeded {
      cursor.move(to: node)
      while !cursor.isAtEnd {
        let filled = cursor.fill(
          rows: nil, row: 0, nodes: neighbours.nodes, relationships: nil, from: 0,
          capacity: Vector.batchCapacity)
        for index in 0..<filled where labelCheck.passes(neighbours.nodes[index], context) {
          degree += 1
        }
      }
      return degree
    }
    for list in cursor.lists {
      degree += list.adjacency.degree(of: node)
      if list.skipsSelfLoops {
        list.adjacency.forEachRun(of: node, to: node) { degree -= $0.count }
      }
    }
    return degree
  }

  /// The degrees of many nodes.
  func degrees(
    of nodes: UnsafePointer<NodeID>, count: Int, into degrees: UnsafeMutablePointer<Int64>
  ) {
    if labelCheck.isNeeded {
      for row in 0..<count { degrees[row] = Int64(degree(of: nodes[row])) }
      return
    }
    degrees.update(repeating: 0, count: count)
    for list in cursor.lists {
      list.adjacency.addDegrees(of: nodes, count: count, to: degrees)
      if list.skipsSelfLoops {
        list.adjacency.subtractLoops(of: nodes, count: count, from: degrees)
      }
    }
  }

  /// Takes the self-loops among each node's relationships off its sum, if that is not 0.
  func subtractLoops(
    of nodes: UnsafePointer<NodeID>, count: Int, from sums: UnsafeMutablePointer<Int64>
  ) {
    for list in cursor.lists where !list.skipsSelfLoops {
      if labelCheck.isNeeded {
        for row in 0..<count where labelCheck.passes(nodes[row], context) {
          list.adjacency.subtractLoops(of: nodes + row, count: 1, from: sums + row)
        }
      } else {
        list.adjacency.subtractLoops(of: nodes, count: count, from: sums)
      }
    }
  }

  /// Whether the degree of a node counts a relationship.
  func count(_ relationship: RelationshipRef, of node: NodeID) -> Bool {
    cursor.lists.contains { list in
      guard list.type == relationship.id.type else { return false }
      let (own, other) =
        list.isOutgoing
        ? (relationship.start, relationship.end) : (relationship.end, relationship.start)
      return own == node && !(list.skipsSelfLoops && other == node)
        && (!labelCheck.isNeeded || labelCheck.passes(other, context))
    }
  }
}
