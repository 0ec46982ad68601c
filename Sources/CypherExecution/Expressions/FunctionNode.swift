internal import GraphColumns
internal import GraphTypes

/// A call of a built-in function.
final class FunctionNode: ExpressionNode {
  private let function: BuiltInFunction
  private let arguments: [ExpressionNode]
  private let evaluation: Evaluation

  init(_ function: BuiltInFunction, _ arguments: [ExpressionNode], _ evaluation: Evaluation) {
    self.function = function
    self.arguments = arguments
    self.evaluation = evaluation
    super.init(children: arguments, isStable: function.stability != .volatile)
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let vectors = try arguments.map { try $0.evaluate(batch) }
    let count = batch.count
    if function.propagatesNull && vectors.contains(where: \.isEntirelyNull) {
      return .nulls(count: count)
    }
    let isConstant = function.stability != .volatile && vectors.allSatisfy(\.isConstant)
    if !isConstant, let vectorised = function.vectorised,
      let result = try vectorised(vectors, count, evaluation)
    {
      return result
    }
    var values = [Value](repeating: .null, count: vectors.count)
    if isConstant {
      for index in 0..<vectors.count { values[index] = vectors[index].boxed(0) }
      return .constant(try function.body(values, evaluation), count: count)
    }
    var result = VectorBuilder(capacity: count)
    rows: for row in 0..<count {
      for index in 0..<vectors.count {
        values[index] = vectors[index].boxed(row)
        if case .null = values[index], function.propagatesNull {
          result.append(.null)
          continue rows
        }
      }
      result.append(try function.body(values, evaluation))
    }
    return result.finish()
  }
}
