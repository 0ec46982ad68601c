/// A small square matrix, row after row.
struct SquareMatrix {
  let order: Int
  var values: [Double]

  init(order: Int) {
    self.order = order
    values = [Double](repeating: 0, count: order * order)
  }

  init(identity order: Int) {
    self.init(order: order)
    for index in 0..<order { self[index, index] = 1 }
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * order + column] }
    set { values[row * order + column] = newValue }
  }

  func times(_ vector: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: order)
    for row in 0..<order {
      var sum = 0.0
      for column in 0..<order { sum += values[row * order + column] * vector[column] }
      result[row] = sum
    }
    return result
  }

  mutating func scale(by factor: Double) {
    for index in values.indices { values[index] *= factor }
  }

  /// The lower triangle L of A = L Lᵀ; nil unless the matrix is positive definite. Only the lower
  /// triangle is read.
  func cholesky() -> SquareMatrix? {
    var lower = SquareMatrix(order: order)
    for column in 0..<order {
      var diagonal = self[column, column]
      for inner in 0..<column { diagonal -= lower[column, inner] * lower[column, inner] }
      guard diagonal > 0, diagonal.isFinite else { return nil }
      let root = diagonal.squareRoot()
      lower[column, column] = root
      for row in column + 1..<max(order, column + 1) {
        var sum = self[row, column]
        for inner in 0..<column { sum -= lower[row, inner] * lower[column, inner] }
        lower[row, column] = sum / root
      }
    }
    return lower
  }

  /// Solves L Lᵀ x = `right`, where this is L.
  func solvingCholesky(_ right: [Double]) -> [Double] {
    var solution = right
    for row in 0..<order {
      for column in 0..<row { solution[row] -= self[row, column] * solution[column] }
      solution[row] /= self[row, row]
    }
    for row in stride(from: order - 1, through: 0, by: -1) {
      for column in row + 1..<max(order, row + 1) {
        solution[row] -= self[column, row] * solution[column]
      }
      solution[row] /= self[row, row]
    }
    return solution
  }
}
