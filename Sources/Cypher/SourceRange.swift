/// Where a node of the tree stands in the query text: UTF-8 byte offsets.
///
/// All ranges are equal and hash alike. Trees that mean the same are therefore equal wherever they
/// stand, which is what grouping keys, common subexpressions and round-trip tests ask for; code that
/// wants to compare places compares `bounds`.
package struct SourceRange: Hashable, Sendable {
  private var start: Int32
  private var end: Int32

  package init(_ bounds: Range<Int>) {
    start = Int32(bounds.lowerBound)
    end = Int32(bounds.upperBound)
  }

  /// The form that `QueryError.range` and `SourceText` take.
  package var bounds: Range<Int> { Int(start)..<Int(end) }
  package var lowerBound: Int { Int(start) }
  package var upperBound: Int { Int(end) }

  /// The smallest range that covers both.
  package func union(_ other: SourceRange) -> SourceRange {
    SourceRange(min(lowerBound, other.lowerBound)..<max(upperBound, other.upperBound))
  }

  package static func == (_: SourceRange, _: SourceRange) -> Bool { true }
  package func hash(into hasher: inout Hasher) {}
}
