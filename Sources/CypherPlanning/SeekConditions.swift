internal import GraphTypes

/// A predicate on one variable that a zone map or an index can answer.
struct SeekCondition {
  enum Subject: Hashable {
    case id
    case property(String)
  }
  enum Test {
    case equal(BoundExpression)
    case anyOf(list: BoundExpression)
    case lower(BoundExpression, isInclusive: Bool)
    case upper(BoundExpression, isInclusive: Bool)
    case prefix(BoundExpression)
    /// IS NOT NULL.
    case present
  }
  var subject: Subject
  var test: Test
  /// Its place among the predicates.
  var predicate: Int
  /// The share of rows that it keeps.
  var selectivity: Double
}

extension PlanBuilder {
  /// What the predicates say of `variable` in terms of constants and of `known` variables.
  func seekConditions(
    on variable: VariableID, _ predicates: [MatchPredicate], known: Set<VariableID>,
    excluding applied: Set<Int> = []
  ) -> [SeekCondition] {
    predicates.indices.compactMap { index in
      let predicate = predicates[index]
      guard !predicate.waits, !applied.contains(index),
        predicate.variables.subtracting(known) == [variable],
        let (subject, test) = seekTest(of: variable, predicate.expression, known)
      else { return nil }
      return SeekCondition(
        subject: subject, test: test, predicate: index,
        selectivity: selectivity(predicate.expression))
    }
  }

  private func seekTest(
    of variable: VariableID, _ predicate: BoundExpression, _ known: Set<VariableID>
  ) -> (SeekCondition.Subject, SeekCondition.Test)? {
    func isKnown(_ e: BoundExpression) -> Bool {
      e.freeVariables.isSubset(of: known) && isDeterministic(e) && !e.hasSubquery
    }
    func subject(_ e: BoundExpression) -> SeekCondition.Subject? {
      if case .property(.variable(variable), let key) = e { return .property(key) }
      return e.identifiedVariable == variable ? .id : nil
    }
    func comparison(
      _ op: ComparisonOperator, _ subject: SeekCondition.Subject, _ value: BoundExpression
    ) -> (SeekCondition.Subject, SeekCondition.Test)? {
      switch op {
      case .equal: (subject, .equal(value))
      case .greater, .greaterOrEqual:
        (subject, .lower(value, isInclusive: op == .greaterOrEqual))
      case .less, .lessOrEqual: (subject, .upper(value, isInclusive: op == .lessOrEqual))
      case .notEqual: nil
      }
    }
    switch predicate {
    case .comparison(let op, let a, let b):
      if let side = subject(a), isKnown(b) { return comparison(op, side, b) }
      if let side = subject(b), isKnown(a) { return comparison(op.mirrored, side, a) }
      return nil
    case .isIn(let a, let list):
      guard let side = subject(a), isKnown(list) else { return nil }
      return (side, .anyOf(list: list))
    case .or(let alternatives):
      // `n.x = 1 OR n.x = 2` is `n.x IN [1, 2]`.
      var side: SeekCondition.Subject?
      var values: [BoundExpression] = []
      for alternative in alternatives {
        guard let (subject, test) = seekTest(of: variable, alternative, known),
          case .equal(let value) = test, side == nil || side == subject
        else { return nil }
        side = subject
        values.append(value)
      }
      return side.map { ($0, .anyOf(list: .list(values))) }
    case .stringPredicate(.startsWith, let a, let prefix):
      guard let side = subject(a), side != .id, isKnown(prefix) else { return nil }
      return (side, .prefix(prefix))
    case .isNotNull(let a):
      guard let side = subject(a), side != .id else { return nil }
      return (side, .present)
    default: return nil
    }
  }
}

extension ComparisonOperator {
  /// `a op b` is `b op.mirrored a`.
  var mirrored: ComparisonOperator {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
