internal import GraphTypes

/// Whether a MERGE may match the rows of a whole batch before it creates anything.
///
/// Row by row, a row also finds what earlier rows created. For a pattern of one new node, or of one
/// relationship with its ends, such a find has the bound nodes and property values of the row itself
/// (what is created has nothing else): equal rows can be told beforehand. This holds as long as SET
/// changes nothing that the pattern or an expression of another row reads.
struct MergeBatching {
  private var elements: Set<VariableID> = []
  private var keys: Set<String> = []
  private var labels: Set<String> = []
  private var written: Set<String> = []
  private var writtenLabels: Set<String> = []

  static func isPossible(_ merge: BoundMerge) -> Bool {
    var batching = MergeBatching()
    return batching.takes(merge)
  }

  private mutating func takes(_ merge: BoundMerge) -> Bool {
    elements = Set(merge.elements.map(\.variable))
    var values: [BoundExpression] = []
    var relationships = 0
    for element in merge.elements {
      let properties: BoundExpression?
      switch element {
      case .node(_, let names, let map):
        labels.formUnion(names)
        properties = map
      case .relationship(_, _, _, _, let map):
        relationships += 1
        properties = map
      }
      switch properties {
      case nil: continue
      case .map(let entries)?:
        keys.formUnion(entries.map(\.key))
        values += entries.map(\.value)
      default: return false
      }
    }
    // Either way round, two new nodes could be found exchanged.
    let isUndirected = merge.graph.relationships.contains { $0.direction == .both }
    guard relationships <= 1, relationships == 1 || merge.elements.count == 1,
      !isUndirected || merge.elements.count == 1
    else { return false }
    guard (merge.onCreate + merge.onMatch).allSatisfy({ collectWrites($0) }),
      written.isDisjoint(with: keys), writtenLabels.isDisjoint(with: labels)
    else { return false }
    return values.allSatisfy { isIndependent($0, ofNew: false) }
      && (merge.onCreate + merge.onMatch).flatMap(\.expressions)
        .allSatisfy { isIndependent($0, ofNew: true) }
  }

  private mutating func collectWrites(_ item: SetItem) -> Bool {
    switch item {
    case .property(.variable(let v), let key, _) where elements.contains(v):
      written.insert(key)
      return true
    case .addLabels(.variable(let v), let names) where elements.contains(v):
      writtenLabels.formUnion(names)
      return true
    default: return false
    }
  }

  /// Whether the value is the same before and after what the MERGE does for other rows.
  /// - Parameter ofNew: it may read the pattern's own nodes and relationship, and what SET wrote there.
  private func isIndependent(_ expression: BoundExpression, ofNew: Bool) -> Bool {
    if !ofNew && !expression.freeVariables.isDisjoint(with: elements) { return false }
    return !expression.contains {
      switch $0 {
      case .subquery, .index, .mapProjection: true
      case .hasLabels: !writtenLabels.isEmpty
      case .function(let name, _): ["properties", "keys", "labels"].contains(name)
      case .property(.variable(let v), let key):
        written.contains(key) && !(ofNew && elements.contains(v))
      case .property(_, let key): written.contains(key)
      default: false
      }
    }
  }
}
