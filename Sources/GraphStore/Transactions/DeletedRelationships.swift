internal import GraphColumns
internal import GraphTypes

/// Rows of relationships that have been deleted since the base: their neighbour lists need not be
/// asked.
struct DeletedRelationships {
  /// By type: a set of rows for each segment that has lost some.
  private var segments: [SegmentMap<RowSet>] = []

  func contains(_ id: RelationshipID) -> Bool {
    guard Int(id.type.rawValue) < segments.count,
      let rows = segments[Int(id.type.rawValue)][RelationshipSegments.segment(of: id.row)]
    else { return false }
    return rows.contains(RelationshipSegments.offset(of: id.row))
  }

  mutating func insert(_ id: RelationshipID) {
    let (type, segment) = (Int(id.type.rawValue), RelationshipSegments.segment(of: id.row))
    while segments.count <= type { segments.append(SegmentMap()) }
    let rows: RowSet
    if let known = segments[type][segment] {
      rows = known
    } else {
      rows = RowSet()
      segments[type].insert(segment, rows)
    }
    rows.insert(RelationshipSegments.offset(of: id.row))
  }

  /// The row must be in the set.
  func remove(_ id: RelationshipID) {
    segments[Int(id.type.rawValue)][RelationshipSegments.segment(of: id.row)]?
      .remove(RelationshipSegments.offset(of: id.row))
  }

  /// Rows of one segment.
  private final class RowSet {
    @exclusivity(unchecked) private var words = [UInt64](
      repeating: 0, count: (RelationshipSegments.rowCount + 63) / 64)

    func contains(_ row: Int) -> Bool { words[row >> 6] & 1 << UInt64(row & 63) != 0 }
    func insert(_ row: Int) { words[row >> 6] |= 1 << UInt64(row & 63) }
    func remove(_ row: Int) { words[row >> 6] &= ~(1 << UInt64(row & 63)) }
  }
}

extension GraphState {
  /// Whether the row has been handed out and the ends are nodes' rows.
  func hasRow(_ relationship: RelationshipRef) -> Bool {
    let (type, row) = (Int(relationship.id.type.rawValue), relationship.id.row)
    return type < names.relationshipTypes.names.count
      && row < UInt64(counts.relationshipRows[type])
      && max(relationship.start.rawValue, relationship.end.rawValue) < UInt64(counts.nodeRows)
  }

  /// As `contains`, but leaves notes of neighbour lists alone: the ends of a relationship that is not
  /// in the base are not compared.
  /// - Complexity: O(log chunks + log degree).
  func exists(_ relationship: RelationshipRef) throws(StoreError) -> Bool {
    let (type, row) = (relationship.id.type, relationship.id.row)
    guard hasRow(relationship), !deleted.contains(relationship.id) else { return false }
    let baseRows = base.counts.relationshipRows
    guard Int(type.rawValue) < baseRows.count, row < UInt64(baseRows[Int(type.rawValue)]) else {
      return true
    }
    let lists = try baseAdjacency(type, .outgoing)
    let isFound = lists.contains(
      relationship.start.row32, neighbour: relationship.end.row32, row: UInt32(row))
    if !isFound { try lists.checks.throwDamage() }
    return isFound
  }
}
