package import GraphColumns
package import GraphTypes

extension WriteTransaction {
  /// - Throws: `damaged`, if lists cannot be read.
  /// - Complexity: O(types); where a list goes on over several chunks, O(chunks) for each.
  package func hasRelationships(_ node: NodeID) throws(StoreError) -> Bool {
    var isFound = false
    try forEachRun(of: node) { (_, _, run) in isFound = isFound || run.count > 0 }
    return isFound
  }

  /// All relationships of a node, a loop once.
  /// - Throws: `damaged`, if lists cannot be read.
  /// - Complexity: O(types + degree).
  package func relationships(of node: NodeID) throws(StoreError) -> [RelationshipRef] {
    var found: [RelationshipRef] = []
    try forEachRun(of: node) { (type, direction, run) in
      for index in 0..<run.count {
        let other = NodeID(UInt64(run.neighbours[index]))
        if direction == .incoming, other == node { continue }
        found.append(
          RelationshipRef(
            id: RelationshipID(type: type, row: UInt64(run.row(index))),
            start: direction == .outgoing ? node : other,
            end: direction == .outgoing ? other : node))
      }
    }
    return found
  }

  /// The runs of all lists of a node. Looks only at those of types that nodes with its labels have.
  private func forEachRun(
    of node: NodeID, _ body: (RelationshipTypeID, Direction, Adjacency.Run) -> Void
  ) throws(StoreError) {
    let view = try view()
    let state = view.state
    let labels = state.labels(of: node)
    for type in state.names.relationshipTypes.names.indices {
      let type = RelationshipTypeID(UInt32(type))
      for direction in [Direction.outgoing, .incoming]
      where state.mayHave(type, direction, nodeWith: labels) {
        try state.forEachRun(of: node, type, direction) { body(type, direction, $0) }
      }
    }
    if let damage = view.damage { throw damage }
  }
}
