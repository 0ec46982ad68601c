internal import GraphTypes

/// A seek and how good it is.
struct RankedSeek {
  var seek: Seek
  /// Share of the label's nodes that it leaves.
  var selectivity: Double
  /// 0 ids, 1 equality, 2 list, 3 prefix, 4 range; lower is better.
  var rank: Int
}

extension PlanBuilder {
  /// The best seek for a node among the predicates on it and what is known before the scan:
  /// constants and, in MERGE, the row at hand.
  func seek(
    _ node: VariableID, _ predicates: [MatchPredicate], _ labels: [String]
  ) -> RankedSeek? {
    var candidates: [RankedSeek] = []
    var ranges: [String: Seek] = [:]
    for predicate in predicates
    where !predicate.waits && predicate.variables.subtracting(rowVariables) == [node] {
      let e = predicate.expression
      let share = selectivity(e)
      switch e {
      case .comparison(let op, let a, let b):
        guard let (side, op, value) = oriented(node, op, a, b) else { continue }
        switch (side, op) {
        case (.id, .equal):
          candidates.append(
            RankedSeek(seek: .ids(value, isList: false), selectivity: share, rank: 0))
        case (.property(let key), .equal):
          candidates.append(
            RankedSeek(seek: .equal(key: key, value), selectivity: share, rank: 1))
        case (.property(let key), .less), (.property(let key), .lessOrEqual),
          (.property(let key), .greater), (.property(let key), .greaterOrEqual):
          ranges[key] = narrowed(ranges[key], key, op, value)
        default: continue
        }
      case .isIn(let a, let list) where isKnown(list):
        switch side(node, a) {
        case .id?:
          candidates.append(
            RankedSeek(seek: .ids(list, isList: true), selectivity: share, rank: 0))
        case .property(let key)?:
          candidates.append(
            RankedSeek(seek: .anyOf(key: key, list: list), selectivity: share, rank: 2))
        case nil: continue
        }
      case .stringPredicate(.startsWith, let a, let prefix) where isKnown(prefix):
        guard case .property(let key)? = side(node, a) else { continue }
        candidates.append(
          RankedSeek(seek: .prefix(key: key, prefix), selectivity: share, rank: 3))
      default: continue
      }
    }
    for (_, range) in ranges.sorted(by: { $0.key < $1.key }) {
      candidates.append(RankedSeek(seek: range, selectivity: 0.3, rank: 4))
    }
    func key(_ s: RankedSeek) -> (Int, Int, Double) {
      (s.seek.key.map { isIndexed($0, labels) } == false ? 1 : 0, s.rank, s.selectivity)
    }
    return candidates.min { key($0) < key($1) }
  }

  func isIndexed(_ key: String, _ labels: [String]) -> Bool {
    labels.contains { catalogue.hasIndex(label: $0, key: key) }
  }

  func scanCost(
    _ node: VariableID, _ labels: [String], _ seek: RankedSeek?, count: Double
  ) -> Double {
    let scanned = labels.first.map { catalogue.nodeCount(label: $0) } ?? count
    guard let seek else { return scanned * 0.3 + 1 }
    if seek.rank == 0 { return 1 + scanned * seek.selectivity }
    if let key = seek.seek.key, isIndexed(key, labels) {
      return 5 + 2 * scanned * seek.selectivity
    }
    // A column is compared without leaving the scan; zone maps may skip some of it.
    return scanned * 0.15 + 1
  }

  private func isKnown(_ expression: BoundExpression) -> Bool {
    expression.freeVariables.isSubset(of: rowVariables) && isDeterministic(expression)
      && !expression.hasSubquery
  }

  private enum Side {
    case id
    case property(String)
  }

  private func side(_ node: VariableID, _ e: BoundExpression) -> Side? {
    switch e {
    case .property(.variable(let v), let key) where v == node: .property(key)
    default: e.identifiedVariable == node ? .id : nil
    }
  }

  /// The comparison with the node on the left.
  private func oriented(
    _ node: VariableID, _ op: ComparisonOperator, _ a: BoundExpression, _ b: BoundExpression
  ) -> (Side, ComparisonOperator, BoundExpression)? {
    if let side = side(node, a), isKnown(b) { return (side, op, b) }
    if let side = side(node, b), isKnown(a) { return (side, op.mirrored, a) }
    return nil
  }

  /// A range with one more bound; a second bound on the same side stays with the filter.
  private func narrowed(
    _ range: Seek?, _ key: String, _ op: ComparisonOperator, _ value: BoundExpression
  ) -> Seek {
    var (lower, upper): (BoundExpression?, BoundExpression?)
    var (lowerInclusive, upperInclusive) = (false, false)
    if case .range(_, let l, let li, let u, let ui)? = range {
      (lower, lowerInclusive, upper, upperInclusive) = (l, li, u, ui)
    }
    switch op {
    case .greater, .greaterOrEqual:
      if lower == nil { (lower, lowerInclusive) = (value, op == .greaterOrEqual) }
    default:
      if upper == nil { (upper, upperInclusive) = (value, op == .lessOrEqual) }
    }
    return .range(
      key: key, lower: lower, lowerInclusive: lowerInclusive, upper: upper,
      upperInclusive: upperInclusive)
  }
}

extension Seek {
  /// The property sought; nil for ids.
  package var key: String? {
    switch self {
    case .ids: nil
    case .equal(let key, _), .anyOf(let key, _), .range(let key, _, _, _, _),
      .prefix(let key, _):
      key
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
