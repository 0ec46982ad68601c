internal import GraphTypes

/// Which relationships of one MATCH could be the same one, so that their being different must be
/// checked. Pairs whose types or (by the predicates) ends differ need no check.
struct RelationshipUniqueness {
  private var pairs: [[Int]]

  init(graph: QueryGraph, predicates: [BoundExpression]) {
    let facts = NodeInequalities(predicates)
    let all = graph.relationships
    pairs = Array(repeating: [], count: all.count)
    for i in all.indices {
      for j in all.indices where j < i {
        guard Self.typesMeet(all[i].types, all[j].types),
          !Self.endsDiffer(all[i], all[j], facts)
        else { continue }
        pairs[i].append(j)
        pairs[j].append(i)
      }
    }
  }

  func conflicts(of index: Int) -> [Int] { pairs[index] }

  private static func typesMeet(_ a: [String], _ b: [String]) -> Bool {
    a.isEmpty || b.isEmpty || !Set(a).isDisjoint(with: b)
  }

  /// Two single relationships are the same only if their ends are.
  private static func endsDiffer(
    _ a: PatternRelationship, _ b: PatternRelationship, _ facts: NodeInequalities
  ) -> Bool {
    guard a.length == nil, b.length == nil else { return false }
    func ends(_ r: PatternRelationship) -> (VariableID, VariableID) {
      r.direction == .incoming ? (r.to, r.from) : (r.from, r.to)
    }
    let (a0, a1) = ends(a)
    let (b0, b1) = ends(b)
    let straight = facts.differ(a0, b0) || facts.differ(a1, b1)
    guard a.direction == .both || b.direction == .both else { return straight }
    return straight && (facts.differ(a0, b1) || facts.differ(a1, b0))
  }
}

/// Pairs of nodes that a conjunction keeps apart.
struct NodeInequalities {
  private var pairs: Set<Set<VariableID>> = []

  init(_ predicates: [BoundExpression]) {
    // Per property and other side of a comparison: nodes equal to it, nodes that are not.
    struct Key: Hashable {
      var key: String
      var value: BoundExpression
    }
    var equal: [Key: [VariableID]] = [:]
    var unequal: [Key: [VariableID]] = [:]
    for case .comparison(let op, let a, let b) in predicates {
      let isStrict = op == .less || op == .greater
      switch (a, b) {
      case (.variable(let a), .variable(let b)) where op == .notEqual:
        pairs.insert([a, b])
      // Not `<>`: NaN differs from itself.
      case (.property(.variable(let a), let k), .property(.variable(let b), let l))
      where k == l && isStrict:
        pairs.insert([a, b])
      default:
        if let x = a.identifiedVariable, let y = b.identifiedVariable,
          op == .notEqual || isStrict
        {
          pairs.insert([x, y])
        }
      }
      for (side, value) in [(a, b), (b, a)] {
        guard case .property(.variable(let node), let key) = side else { continue }
        if op == .equal {
          equal[Key(key: key, value: value), default: []].append(node)
        } else if op == .notEqual || isStrict {
          unequal[Key(key: key, value: value), default: []].append(node)
        }
      }
    }
    for (key, nodes) in equal {
      for a in nodes { for b in unequal[key] ?? [] { pairs.insert([a, b]) } }
    }
  }

  func differ(_ a: VariableID, _ b: VariableID) -> Bool { a != b && pairs.contains([a, b]) }
}
