internal import Cypher
internal import GraphTypes

// Properties and predicates inside patterns.

extension StatementBinder {
  func conditions(_ builder: inout PatternBuilder) throws {
    for (pattern, variable) in builder.nodeConditions {
      builder.graph.predicates += try conditions(
        of: .variable(variable), computed: pattern.labels, properties: pattern.properties,
        predicate: pattern.predicate)
    }
    for condition in builder.relationshipConditions {
      switch condition.place {
      case .relationship(let place):
        let relationship = builder.graph.relationships[place]
        if relationship.length == nil {
          builder.graph.predicates += try conditions(
            of: .variable(relationship.variable), computed: condition.pattern.types,
            properties: condition.pattern.properties, predicate: condition.pattern.predicate)
        } else {
          try stepConditions(condition, &builder.graph.relationships[place])
        }
      case .shortestPath(let place):
        try stepConditions(condition, &builder.graph.shortestPaths[place].relationship)
      }
    }
  }

  /// Equality per key of an inline map, and the inline WHERE.
  /// - Parameter computed: labels or types, which are a condition here if some are computed.
  func conditions(
    of subject: BoundExpression, computed: LabelExpression?, properties: Expression?,
    predicate: Expression?
  ) throws -> [BoundExpression] {
    var result: [BoundExpression] = []
    if let computed = computed?.folded, computed.hasComputedNames {
      result.append(try labelCondition(subject, computed))
    }
    if let properties {
      guard case .map(let entries) = properties.kind else {
        throw failure(
          "InvalidParameterUse", "a pattern to match needs its properties written out",
          at: properties.range, hint: "write `{key: $parameter.key}`")
      }
      for entry in entries { warnOfUnknownKey(entry.key) }
      result += try mapEntries(entries).map {
        .comparison(.equal, .property(subject, key: $0.key), $0.value)
      }
    }
    if let predicate { result += try predicates(predicate, "WHERE") }
    return result
  }

  /// What must hold for each relationship of a walk.
  private func stepConditions(
    _ condition: PatternBuilder.RelationshipCondition,
    _ relationship: inout PatternRelationship
  ) throws {
    let pattern = condition.pattern
    let hasConditions =
      pattern.properties != nil || pattern.predicate != nil || condition.repeated != nil
      || pattern.types?.folded.hasComputedNames == true
    guard hasConditions else { return }
    let step = relationship.step ?? newVariable()
    var inner = scope
    if let name = pattern.variable {
      inner.declareLocal(name.name, Binding(step, .init(.relationship)))
    }
    var predicates = relationship.stepPredicate.map { [$0] } ?? []
    try with(scope: inner) {
      predicates += try conditions(
        of: .variable(step), computed: pattern.types, properties: pattern.properties,
        predicate: pattern.predicate)
      if let repeated = condition.repeated {
        predicates += try repeatedConditions(repeated, step: step, direction: pattern.direction)
      }
    }
    guard !predicates.isEmpty else { return }
    relationship.step = step
    relationship.stepPredicate = predicates.count == 1 ? predicates[0] : .and(predicates)
  }
}
