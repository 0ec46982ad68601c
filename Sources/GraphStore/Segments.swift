/// The division of node and relationship tables into segments: the unit of column storage.
package enum Segments {
  /// Rows in a segment, a power of two.
  package static let rowCount = 2048
  package static let shift: UInt64 = 11
  @inlinable package static func segment(of row: UInt64) -> Int { Int(row >> 11) }
  @inlinable package static func offset(of row: UInt64) -> Int { Int(row & 2047) }
}
