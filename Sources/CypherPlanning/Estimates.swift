internal import GraphTypes

// Estimated numbers: how many rows, which share of them. Sources of figures: the catalogue's counts
// and sketches; where it knows nothing, the shares that System R (Selinger et al. 1979) and Neo4j use.

extension PlanBuilder {
  /// Nodes with all the labels, as if labels were independent.
  func nodeCount(_ labels: some Collection<String>) -> Double {
    let all = catalogue.nodeCount(label: nil)
    guard !labels.isEmpty else { return all }
    let counts = labels.map { catalogue.nodeCount(label: $0) }.sorted()
    return counts.dropFirst().reduce(counts[0]) { $0 * share($1, of: all) }
  }

  func share(_ part: Double, of whole: Double) -> Double {
    whole > 0 ? min(1, part / whole) : part > 0 ? 1 : 0
  }

  /// Relationships of any of the types (none: all) from a node with `from` labels to one with `to`
  /// labels, each counted once.
  func relationshipCount(_ types: [String], from: Set<String>, to: Set<String>) -> Double {
    let types: [String?] = types.isEmpty ? [nil] : types
    let froms: [String?] = from.isEmpty ? [nil] : from.map { $0 }
    let tos: [String?] = to.isEmpty ? [nil] : to.map { $0 }
    return types.reduce(0) { sum, type in
      var least = Double.infinity
      for from in froms {
        for to in tos {
          least = min(least, catalogue.relationshipCount(type: type, from: from, to: to))
        }
      }
      return sum + least
    }
  }

  /// The same along a direction, seen from the node at hand; `.both` counts each both ways.
  func relationshipCount(
    _ types: [String], _ direction: Direction, from: Set<String>, to: Set<String>
  ) -> Double {
    var count = 0.0
    if direction != .incoming { count += relationshipCount(types, from: from, to: to) }
    if direction != .outgoing { count += relationshipCount(types, from: to, to: from) }
    return count
  }

  /// Relationships per node with `from` labels that lead to a node with `to` labels.
  func degree(
    _ types: [String], _ direction: Direction, from: Set<String>, to: Set<String>
  ) -> Double {
    relationshipCount(types, direction, from: from, to: to) / max(1, nodeCount(from))
  }

  func estimatedLength(of list: BoundExpression) -> Double {
    switch list {
    case .list(let items): Double(items.count)
    case .literal(.list(let items)): Double(items.count)
    case .literal(.null): 0
    case .function("range", let bounds):
      if bounds.count == 2, let a = literalCount(bounds[0]), let b = literalCount(bounds[1]) {
        max(0, b - a + 1)
      } else {
        10
      }
    default: 10
    }
  }

  func estimatedGroups(_ groups: [Projection], input: Plan) -> Double {
    guard !groups.isEmpty else { return 1 }
    let rows = max(0, input.estimatedRows)
    let unknown = max(1, rows).squareRoot()
    // Keys of one node cannot have more values than there are such nodes.
    var byVariable: [VariableID: Double] = [:]
    var result = 1.0
    for group in groups {
      switch group.expression {
      case .variable(let v): byVariable[v, default: 1] *= knownLabels[v].map(nodeCount) ?? unknown
      case .property(.variable(let v), let key):
        byVariable[v, default: 1] *= distinctValues(v, key) ?? unknown
      default: result *= unknown
      }
    }
    for (v, count) in byVariable.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      result *= max(1, min(count, knownLabels[v].map(nodeCount) ?? count))
    }
    return min(result, rows)
  }

  /// Distinct values of a property over the nodes that `variable` can be, if known.
  func distinctValues(_ variable: VariableID, _ key: String) -> Double? {
    knownLabels[variable]?.compactMap { catalogue.distinctValues(label: $0, key: key) }.min()
  }

  /// The share of rows for which all predicates are true, as if these were independent, save for the
  /// two ends of a range.
  func selectivity(ofAll predicates: [BoundExpression]) -> Double {
    var share = 1.0
    var lowers: [PropertyBound] = []
    for predicate in predicates {
      if let bound = PropertyBound(predicate), bound.isLower { lowers.append(bound) }
    }
    for predicate in predicates {
      guard let upper = PropertyBound(predicate), !upper.isLower,
        let lower = lowers.first(where: { $0.variable == upper.variable && $0.key == upper.key }),
        let range = indexedShare(
          upper.variable, upper.key, [],
          .range(
            lower: lower.value, lowerInclusive: lower.isInclusive, upper: upper.value,
            upperInclusive: upper.isInclusive))
      else {
        share *= selectivity(predicate)
        continue
      }
      // Its lower end counts by itself, too.
      let alone = indexedShare(lower.variable, lower.key, [], lower.range) ?? 1
      share *= alone > 0 ? min(1, range / alone) : 0
    }
    return share
  }

  /// The share of rows for which the predicate is true.
  func selectivity(_ predicate: BoundExpression) -> Double {
    if let share = indexedShare(predicate) { return share }
    switch predicate {
    case .literal(.boolean(true)): return 1
    case .literal: return 0
    case .and(let items): return selectivity(ofAll: items)
    case .or(let items): return 1 - items.reduce(1) { $0 * (1 - selectivity($1)) }
    case .not(let item): return 1 - selectivity(item)
    case .comparison(.equal, let a, let b):
      return min(equalitySelectivity(a), equalitySelectivity(b))
    case .comparison(.notEqual, let a, let b):
      return 1 - min(equalitySelectivity(a), equalitySelectivity(b))
    case .comparison: return 0.3
    case .isIn(let e, let list):
      return min(0.9, equalitySelectivity(e) * max(1, estimatedLength(of: list)))
    case .stringPredicate(.startsWith, _, _), .stringPredicate(.matches, _, _): return 0.05
    case .stringPredicate: return 0.1
    case .isNull: return 0.1
    case .isNotNull, .distinctRelationships: return 0.9
    case .hasLabels(.variable(let v), let labels):
      return labelShare(labels, known: knownLabels[v] ?? [])
    case .subquery: return 0.5
    default: return 0.5
    }
  }

  /// By an index on the property and constants.
  private func indexedShare(_ predicate: BoundExpression) -> Double? {
    if let bound = PropertyBound(predicate) {
      return indexedShare(bound.variable, bound.key, [], bound.range)
    }
    switch predicate {
    case .comparison(.equal, .property(.variable(let v), let key), let value),
      .comparison(.equal, let value, .property(.variable(let v), let key)):
      return indexedShare(v, key, [.equal(value)], nil)
    case .isIn(.property(.variable(let v), let key), let list):
      return indexedShare(v, key, [.anyOf(list: list)], nil)
    case .stringPredicate(.startsWith, .property(.variable(let v), let key), let prefix):
      return indexedShare(v, key, [], .prefix(prefix))
    case .isNotNull(.property(.variable(let v), let key)): return indexedShare(v, key, [], nil)
    case .isNull(.property(.variable(let v), let key)):
      return indexedShare(v, key, [], nil).map { 1 - $0 }
    default: return nil
    }
  }

  private func labelShare(_ labels: LabelPredicate, known: Set<String>) -> Double {
    switch labels {
    case .label(let name):
      known.contains(name)
        ? 1 : share(catalogue.nodeCount(label: name), of: catalogue.nodeCount(label: nil))
    case .wildcard: 0.9
    case .not(let p): 1 - labelShare(p, known: known)
    case .and(let ps): ps.reduce(1) { $0 * labelShare($1, known: known) }
    case .or(let ps): 1 - ps.reduce(1) { $0 * (1 - labelShare($1, known: known)) }
    }
  }

  private func equalitySelectivity(_ side: BoundExpression) -> Double {
    switch side {
    case .property(.variable(let v), let key):
      if let distinct = distinctValues(v, key) { return 1 / max(1, distinct) }
      // Unknown: as if the nodes fell into √n classes.
      guard let labels = knownLabels[v] else { return 0.1 }
      return 1 / max(10, nodeCount(labels)).squareRoot()
    case .function("id", let args), .function("elementId", let args):
      guard case .variable(let v)? = args.first else { return 0.1 }
      return 1 / max(1, nodeCount(knownLabels[v] ?? []))
    case .variable(let v):
      return knownLabels[v].map { 1 / max(1, nodeCount($0)) } ?? 0.1
    case .literal, .parameter: return 1
    default: return 0.1
    }
  }

  /// Rough work per row, for the order within a conjunction.
  func predicateCost(_ predicate: BoundExpression) -> Double {
    let own: Double =
      switch predicate {
      case .literal, .parameter, .variable: 0
      case .property: 1
      case .hasLabels, .isNull, .isNotNull, .distinctRelationships: 0.5
      case .comparison, .and, .or, .not: 0.3
      case .stringPredicate(.matches, _, _): 40
      case .stringPredicate: 5
      case .subquery: 200
      case .quantifier, .listComprehension, .reduce: 20
      case .function: 3
      default: 1
      }
    return predicate.children.reduce(own) { $0 + predicateCost($1) }
  }

  /// Cheapest and most selective first: by cost over the share of rows removed. What may fail on a
  /// value that another predicate is there to keep away (`x <> 0 AND 1 / x > 2`) comes after all
  /// that cannot, in the order written; subqueries come last.
  func orderedByCost(_ predicates: [BoundExpression]) -> [BoundExpression] {
    guard predicates.count > 1 else { return predicates }
    let subqueries = predicates.filter(\.hasSubquery)
    let failing = predicates.filter { !$0.hasSubquery && $0.mayFail }
    let safe = predicates.filter { !$0.hasSubquery && !$0.mayFail }
    let ranked = safe.enumerated().map { i, p in
      (i, p, predicateCost(p) / max(0.01, 1 - selectivity(p)))
    }
    return ranked.sorted { ($0.2, $0.0) < ($1.2, $1.0) }.map(\.1) + failing + subqueries
  }

  func isDeterministic(_ expression: BoundExpression) -> Bool {
    !expression.contains {
      guard case .function(let name, _) = $0 else { return false }
      return catalogue.function(named: name)?.isDeterministic == false
    }
  }
}

/// A predicate that bounds a property on one side: `n.x > 5`, `5 <= n.x`.
private struct PropertyBound {
  var variable: VariableID
  var key: String
  var value: BoundExpression
  var isLower: Bool
  var isInclusive: Bool

  init?(_ predicate: BoundExpression) {
    guard case .comparison(var op, let a, let b) = predicate else { return nil }
    if case .property(.variable(let v), let name) = a {
      (variable, key, value) = (v, name, b)
    } else if case .property(.variable(let v), let name) = b {
      (variable, key, value) = (v, name, a)
      op = op.mirrored
    } else {
      return nil
    }
    switch op {
    case .equal, .notEqual: return nil
    case .greater, .greaterOrEqual: isLower = true
    case .less, .lessOrEqual: isLower = false
    }
    isInclusive = op == .greaterOrEqual || op == .lessOrEqual
  }

  var range: IndexSeek.Bound {
    .range(
      lower: isLower ? value : nil, lowerInclusive: isInclusive,
      upper: isLower ? nil : value, upperInclusive: isInclusive)
  }
}
