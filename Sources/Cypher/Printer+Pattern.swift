import GraphTypes

extension Printer {
  mutating func pathPattern(_ pattern: PathPattern) {
    if let variable = pattern.variable {
      self.variable(variable)
      write(" = ")
    }
    switch pattern.selector {
    case .all: break
    case .shortestPathFunction: write("shortestPath(")
    case .allShortestPathsFunction: write("allShortestPaths(")
    case .shortest(let count): write("SHORTEST \(count) ")
    case .allShortest: write("ALL SHORTEST ")
    case .shortestGroups(let count): write("SHORTEST \(count) GROUPS ")
    case .any(let count): write("ANY \(count) ")
    }
    for element in pattern.elements {
      switch element {
      case .node(let node): self.node(node)
      case .relationship(let relationship): self.relationship(relationship)
      case .parenthesized(let path): parenthesizedPath(path)
      }
    }
    switch pattern.selector {
    case .shortestPathFunction, .allShortestPathsFunction: write(")")
    default: break
    }
  }

  private mutating func parenthesizedPath(_ path: ParenthesizedPath) {
    write("(")
    pathPattern(path.pattern)
    whereClause(path.predicate)
    write(")")
    if let quantifier = path.quantifier { self.quantifier(quantifier) }
  }

  private mutating func quantifier(_ quantifier: PathQuantifier) {
    switch (quantifier.minimum, quantifier.maximum) {
    case (0, nil): write("*")
    case (1, nil): write("+")
    case (let minimum, nil): write("{\(minimum),}")
    case (let minimum, let maximum?):
      write(minimum == maximum ? "{\(minimum)}" : "{\(minimum),\(maximum)}")
    }
  }

  mutating func node(_ node: NodePattern) {
    write("(")
    details(node.variable, node.labels, length: nil, node.properties, node.predicate)
    write(")")
  }

  mutating func relationship(_ relationship: RelationshipPattern) {
    write(relationship.direction == .incoming ? "<-" : "-")
    let isBare =
      relationship.variable == nil && relationship.types == nil && relationship.length == nil
      && relationship.properties == nil && relationship.predicate == nil
    if !isBare {
      write("[")
      details(
        relationship.variable, relationship.types, length: relationship.length,
        relationship.properties, relationship.predicate)
      write("]")
    }
    write(relationship.direction == .outgoing ? "->" : "-")
    if let quantifier = relationship.quantifier { self.quantifier(quantifier) }
  }

  private mutating func details(
    _ variable: Identifier?, _ labels: LabelExpression?, length: PathLength?,
    _ properties: Expression?, _ predicate: Expression?
  ) {
    if let variable { self.variable(variable) }
    if let labels {
      write(":")
      self.labels(labels)
    }
    if let length { self.length(length) }
    if let properties {
      if variable != nil || labels != nil || length != nil { write(" ") }
      expression(properties)
    }
    if let predicate {
      let isFirst = variable == nil && labels == nil && length == nil && properties == nil
      write(isFirst ? "WHERE " : " WHERE ")
      expression(predicate)
    }
  }

  private mutating func length(_ length: PathLength) {
    write("*")
    if length.minimum != nil, length.minimum == length.maximum {
      write("\(length.minimum ?? 0)")
      return
    }
    if length.minimum == nil, length.maximum == nil { return }
    if let minimum = length.minimum { write("\(minimum)") }
    write("..")
    if let maximum = length.maximum { write("\(maximum)") }
  }

  // MARK: - Labels

  /// - Parameter inExpression: whether a `|` could end a comprehension's predicate instead of
  ///   joining labels; it is then put in parentheses.
  mutating func labels(_ labels: LabelExpression, inExpression: Bool = false) {
    switch labels.kind {
    case .name(let name): key(name)
    case .wildcard: write("%")
    case .computed(let names, let any):
      write(any ? "$any(" : "$(")
      expression(names)
      write(")")
    case .not(let operand):
      write("!")
      tightLabels(operand)
    case .and(let parts): list(parts, separator: "&") { $0.tightLabels($1) }
    case .or(let parts):
      if inExpression { write("(") }
      list(parts, separator: "|") { printer, part in
        if case .or = part.kind { printer.tightLabels(part) } else { printer.labels(part) }
      }
      if inExpression { write(")") }
    }
  }

  /// An operand of `!` or `&`.
  private mutating func tightLabels(_ labels: LabelExpression) {
    switch labels.kind {
    case .and, .or:
      write("(")
      self.labels(labels)
      write(")")
    default: self.labels(labels)
    }
  }
}
