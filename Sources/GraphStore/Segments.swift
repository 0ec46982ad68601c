/// The division of the node table into segments: the unit of column storage.
package enum Segments {
  /// Rows in a segment, a power of two.
  package static let rowCount = 2048
  package static let shift: UInt64 = 11
  @inlinable package static func segment(of row: UInt64) -> Int { Int(row >> 11) }
  @inlinable package static func offset(of row: UInt64) -> Int { Int(row & 2047) }
}

/// The division of the tables of relationships: their columns are few and long, so that longer
/// segments lose less to the rounding of chunks to pages.
package enum RelationshipSegments {
  /// Rows in a segment. A little less than three pages of bytes, so that numbers of whole bytes end
  /// with a page together with the header of their chunk, not just behind it.
  package static let rowCount = 12_160
  @inlinable package static func segment(of row: UInt64) -> Int { Int(row / 12_160) }
  @inlinable package static func offset(of row: UInt64) -> Int { Int(row % 12_160) }
}

extension ColumnSpace {
  /// Rows of a segment, at most `segmentRowsMaximum`.
  var segmentRows: Int { self == .nodes ? Segments.rowCount : RelationshipSegments.rowCount }
  static let segmentRowsMaximum = max(Segments.rowCount, RelationshipSegments.rowCount)

  func segment(of row: UInt64) -> Int {
    self == .nodes ? Segments.segment(of: row) : RelationshipSegments.segment(of: row)
  }
  func offset(of row: UInt64) -> Int {
    self == .nodes ? Segments.offset(of: row) : RelationshipSegments.offset(of: row)
  }
}
