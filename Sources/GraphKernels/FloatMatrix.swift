/// Vectors of equal length, one after the other.
package struct FloatMatrix: Sendable, Equatable {
  /// Shape `[rowCount · dimension]`.
  package var values: [Float]
  package let dimension: Int
  package var rowCount: Int { dimension == 0 ? 0 : values.count / dimension }

  package init(_ values: [Float], dimension: Int) {
    precondition(dimension > 0 && values.count % dimension == 0)
    self.values = values
    self.dimension = dimension
  }

  package init(rows: Int, dimension: Int) {
    values = [Float](repeating: 0, count: rows * dimension)
    self.dimension = dimension
  }

  package func row(_ index: Int) -> ArraySlice<Float> {
    values[index * dimension..<(index + 1) * dimension]
  }
}
