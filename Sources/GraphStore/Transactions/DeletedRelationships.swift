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
