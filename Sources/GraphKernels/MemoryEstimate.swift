internal import GraphTypes

/// The memory that an algorithm needs beside the graph itself.
package struct MemoryEstimate: Sendable, Equatable {
  package var bytesMin: Int
  package var bytesMax: Int

  package init(bytesMin: Int, bytesMax: Int) {
    self.bytesMin = bytesMin
    self.bytesMax = bytesMax
  }

  package static func + (a: Self, b: Self) -> Self {
    Self(bytesMin: a.bytesMin + b.bytesMin, bytesMax: a.bytesMax + b.bytesMax)
  }

  /// A view that has to be built: rows of one direction or of both.
  package static func builtView(
    nodeCount: Int, relationshipCount: Int, isWeighted: Bool, directions: Int = 2
  ) -> MemoryEstimate {
    let entry = isWeighted ? 12 : 4
    let rows = directions * (16 * nodeCount + entry * relationshipCount)
    // While it is built, the relationships and one transposed copy lie beside the rows.
    return MemoryEstimate(
      bytesMin: rows, bytesMax: rows + (2 * entry + 4) * relationshipCount + 24 * nodeCount)
  }
}

/// Throws an error that names a setting, its value and what it may be.
func require(
  _ condition: Bool, _ name: String, _ value: some CustomStringConvertible, _ allowed: String
) throws(QueryError) {
  if condition { return }
  throw QueryError(
    .argumentError, "NumberOutOfRange", "`\(name)` is \(value); it must be \(allowed)")
}
