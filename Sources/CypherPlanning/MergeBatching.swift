internal import GraphTypes

/// Whether a MERGE may match the rows of a whole batch before it creates anything.
///
/// Row by row, a row also finds what earlier rows created. For a pattern of one new node, or of one
/// relationship with its ends, such a find has the bound nodes and property values of the row itself
/// (what is created has nothing else): equal rows can be told beforehand. This holds as long as SET
/// changes nothing that the pattern or an expression of another row reads.
struct MergeBatching {
  /// Variables of the row whose properties an expression reads although SET writes properties of that
  /// name: they must be maps, which only the rows themselves can tell.
  private(set) var mustBeMaps: Set<VariableID> = []
  private let unknown: Set<VariableID>
  private var elements: Set<VariableID> = []
  private var keys: Set<String> = []
  private var labels: Set<String> = []
  private var written: Set<String> = []
  private var writtenLabels: Set<String> = []

  /// - Parameter unknown: the variables of the row that may or may not be nodes or relationships.
  /// - Returns: nil where it must go row by row.
  init?(_ merge: BoundMerge, unknown: Set<VariableID>) {
    self.unknown = unknown
    guard takes(merge) else { return nil }
  }

  private mutating func takes(_ merge: BoundMerge) -> Bool {
    elements = Set(merge.elements.map(\.variable))
    var values: [BoundExpression] = []
    var relationships = 0
    for element in merge.elements {
      let properties: BoundExpression?
      switch element {
      case .node(_, let names, let computed, let map):
        guard computed.isEmpty else { return false }
        labels.formUnion(names)
        properties = map
      case .relationship(_, .computed, _, _, _): return false
      case .relationship(_, .name, _, _, let map):
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
    for value in values where !isIndependent(value, ofNew: false) { return false }
    for value in (merge.onCreate + merge.onMatch).flatMap(\.expressions)
    where !isIndependent(value, ofNew: true) { return false }
    return true
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
  private mutating func isIndependent(_ expression: BoundExpression, ofNew: Bool) -> Bool {
    switch expression {
    case .variable(let v) where elements.contains(v): return ofNew
    case .subquery, .index, .mapProjection: return false
    case .hasLabels where !writtenLabels.isEmpty, .hasComputedLabels: return false
    case .function(let name, _) where ["properties", "keys", "labels"].contains(name):
      return false
    case .property(.variable(let v), let key) where written.contains(key):
      if elements.contains(v) { return ofNew }
      guard unknown.contains(v) else { return false }
      mustBeMaps.insert(v)
      return true
    case .property(_, let key) where written.contains(key): return false
    default: break
    }
    for child in expression.children where !isIndependent(child, ofNew: ofNew) { return false }
    return true
  }
}
