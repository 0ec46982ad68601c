internal import GraphTypes

/// A seek of a scan and how good it is.
struct RankedSeek {
  var seek: Seek
  /// Share of the label's nodes that it leaves.
  var selectivity: Double
  /// 0 ids, 1 equality, 2 list, 3 prefix, 4 range; lower is better.
  var rank: Int
}

extension PlanBuilder {
  /// The best seek of a scan by zone maps among what is said of the node before the scan: by
  /// constants and, in MERGE, by the row at hand.
  func seek(_ node: VariableID, _ predicates: [MatchPredicate]) -> RankedSeek? {
    var candidates: [RankedSeek] = []
    var ranges: [String: Seek] = [:]
    for condition in seekConditions(on: node, predicates, known: rowVariables) {
      func add(_ seek: Seek, _ rank: Int) {
        candidates.append(
          RankedSeek(seek: seek, selectivity: condition.selectivity, rank: rank))
      }
      switch (condition.subject, condition.test) {
      case (.id, .equal(let value)): add(.ids(value, isList: false), 0)
      case (.id, .anyOf(let list)): add(.ids(list, isList: true), 0)
      case (.id, _): continue
      case (.property(let key), .equal(let value)): add(.equal(key: key, value), 1)
      case (.property(let key), .anyOf(let list)): add(.anyOf(key: key, list: list), 2)
      case (.property(let key), .prefix(let prefix)): add(.prefix(key: key, prefix), 3)
      case (.property(let key), .lower), (.property(let key), .upper):
        ranges[key] = narrowed(ranges[key], key, condition.test)
      case (.property, .present): continue
      }
    }
    for (_, range) in ranges.sorted(by: { $0.key < $1.key }) {
      candidates.append(RankedSeek(seek: range, selectivity: 0.3, rank: 4))
    }
    return candidates.min { ($0.rank, $0.selectivity) < ($1.rank, $1.selectivity) }
  }

  func scanCost(_ labels: [String], _ seek: RankedSeek?, count: Double) -> Double {
    let scanned = labels.first.map { catalogue.nodeCount(label: $0) } ?? count
    guard let seek else { return scanned * 0.3 + 1 }
    if seek.rank == 0 { return 1 + scanned * seek.selectivity }
    // A column is compared without leaving the scan; zone maps may skip some of it.
    return scanned * 0.15 + 1
  }

  /// A range with one more bound; a second bound on the same side stays with the filter.
  private func narrowed(_ range: Seek?, _ key: String, _ test: SeekCondition.Test) -> Seek {
    var (lower, upper): (BoundExpression?, BoundExpression?)
    var (lowerInclusive, upperInclusive) = (false, false)
    if case .range(_, let l, let li, let u, let ui)? = range {
      (lower, lowerInclusive, upper, upperInclusive) = (l, li, u, ui)
    }
    switch test {
    case .lower(let value, let isInclusive) where lower == nil:
      (lower, lowerInclusive) = (value, isInclusive)
    case .upper(let value, let isInclusive) where upper == nil:
      (upper, upperInclusive) = (value, isInclusive)
    default: break
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
