internal import GraphColumns
internal import GraphTypes

extension Batch {
  /// The relationships in some columns of a row, of relationships and lists of them: those that a
  /// pattern must not follow again.
  func forEachRelationship(row: Int, columns: [Int], _ body: (RelationshipRef) -> Void) {
    for column in columns {
      let vector = self.columns[column]
      if vector.isNull(row) { continue }
      if vector.type == .relationship {
        body(vector.relationships[vector.physical(row)])
      } else {
        vector.boxed(row).forEachRelationship(body)
      }
    }
  }
}

extension Value {
  fileprivate func forEachRelationship(_ body: (RelationshipRef) -> Void) {
    switch self {
    case .relationship(let relationship): body(RelationshipRef(relationship))
    case .list(let values): for value in values { value.forEachRelationship(body) }
    default: break
    }
  }
}
