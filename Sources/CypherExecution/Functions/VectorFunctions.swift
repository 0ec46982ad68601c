internal import GraphTypes

extension BuiltInFunction {
  static let vector: [BuiltInFunction] = [
    similarity(
      "vector.similarity.cosine",
      "How alike two vectors are by their angle: from 0 (opposite) to 1 (the same direction)."
    ) { a, b in
      guard let cosine = cosine(a, b) else {
        throw ExpressionError.argument("vector.similarity.cosine() takes vectors that are not zero")
      }
      return (1 + cosine) / 2
    },
    similarity(
      "vector.similarity.euclidean",
      "How alike two vectors are by their distance d: 1 / (1 + d²), from near 0 to 1 (equal)."
    ) { a, b in
      1 / (1 + zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
    },
  ]

  /// The cosine of the angle between two vectors; nil where one is zero.
  static func cosine(_ a: [Double], _ b: [Double]) -> Double? {
    var (product, squaresA, squaresB) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      product += x * y
      squaresA += x * x
      squaresB += y * y
    }
    // One root is exact for parallel vectors; two do not overflow.
    let squares = squaresA * squaresB
    let length =
      squares.isNormal ? squares.squareRoot() : squaresA.squareRoot() * squaresB.squareRoot()
    return length > 0 ? max(-1, min(1, product / length)) : nil
  }

  private static func similarity(
    _ name: String, _ summary: String,
    _ body: @escaping @Sendable ([Double], [Double]) throws -> Double
  ) -> BuiltInFunction {
    BuiltInFunction(
      name, "Vector",
      [Parameter("a", "LIST<INTEGER | FLOAT>"), Parameter("b", "LIST<INTEGER | FLOAT>")],
      returns: "FLOAT", summary
    ) { arguments, _ in
      let a = try numbers(arguments[0], name)
      let b = try numbers(arguments[1], name)
      guard a.count == b.count, !a.isEmpty else {
        throw ExpressionError.argument(
          "\(name)() takes two vectors of one length, not of \(a.count) and \(b.count) numbers")
      }
      return .float(try body(a, b))
    }
  }

  private static func numbers(_ value: Value, _ function: String) throws -> [Double] {
    try Argument.list(value, function).map { element in
      let number = try Argument.number(element, function)
      guard number.isFinite else {
        throw ExpressionError.argument("\(function)() takes finite numbers, not \(number)")
      }
      return number
    }
  }
}
