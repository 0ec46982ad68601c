import GraphTypes

// What CREATE and MERGE ask of a pattern, as far as the syntax tells.

extension Parser {
  func checkWritten(_ pattern: PathPattern, _ place: PatternPlace) throws(SyntaxFailure) {
    let clause = place == .create ? "CREATE" : "MERGE"
    for element in pattern.elements {
      switch element {
      case .node(let node): try checkWritten(node, clause)
      case .relationship(let relationship):
        try checkWritten(relationship, clause)
        if place == .create, relationship.direction == .both {
          throw SyntaxFailure(
            "RequiresDirectedRelationship", "a relationship is created in one direction",
            range: relationship.range.bounds, hint: "write --> or <--")
        }
      case .parenthesized: break
      }
    }
  }

  private func checkWritten(_ node: NodePattern, _ clause: String) throws(SyntaxFailure) {
    if let labels = node.labels, labels.conjunctionOfWrittenNames == nil {
      throw SyntaxFailure(
        "UnexpectedSyntax", "labels in \(clause) are plain names or $(…)",
        range: labels.range.bounds, hint: "write :A:B or :A&B")
    }
    try checkNoPredicate(node.predicate, clause)
  }

  private func checkWritten(
    _ relationship: RelationshipPattern, _ clause: String
  ) throws(SyntaxFailure) {
    if let length = relationship.length {
      throw SyntaxFailure(
        "CreatingVarLength", "\(clause) writes single relationships, not paths of some length",
        range: length.range.bounds)
    }
    if let types = relationship.types {
      if types.writtenName == nil { throw noSingleType(types.range, clause) }
    } else if relationship.variable == nil {
      // With a variable, the binder first looks whether it is bound already.
      throw noSingleType(relationship.range, clause)
    }
    try checkNoPredicate(relationship.predicate, clause)
  }

  private func noSingleType(_ range: SourceRange, _ clause: String) -> SyntaxFailure {
    SyntaxFailure(
      "NoSingleRelationshipType", "a relationship in \(clause) has exactly one type",
      range: range.bounds, hint: "write -[:TYPE]->")
  }

  private func checkNoPredicate(_ predicate: Expression?, _ clause: String) throws(SyntaxFailure) {
    if let predicate {
      throw SyntaxFailure(
        "UnexpectedSyntax", "a pattern in \(clause) has no WHERE", range: predicate.range.bounds,
        hint: "give the properties in braces: {key: value}")
    }
  }
}
