internal import GraphColumns
internal import GraphTypes

/// CASE in both forms. A condition is evaluated only on the rows that no earlier one took, a result
/// only on the rows that its condition takes.
final class CaseNode: ExpressionNode {
  private let subject: ExpressionNode?
  private let branches: [(when: ExpressionNode, then: ExpressionNode)]
  private let otherwise: ExpressionNode?

  init(
    subject: ExpressionNode?, branches: [(when: ExpressionNode, then: ExpressionNode)],
    otherwise: ExpressionNode?
  ) {
    self.subject = subject
    self.branches = branches
    self.otherwise = otherwise
    super.init(
      children: [subject, otherwise].compactMap { $0 } + branches.flatMap { [$0.when, $0.then] })
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let subjects = try subject?.evaluate(batch)
    var result = VectorAssembler(count: batch.count)
    var open = allRows(batch.count)
    for (when, then) in branches {
      var conditions = try when.evaluate(batch, rows: open)
      if let subjects {
        let part = open.count == batch.count ? subjects : subjects.picking(open)
        conditions = ComparisonNode.compare(.equal, part, conditions, open.count)
      }
      let truths = try Truths(conditions, count: open.count, place: "WHEN")
      var taken: [Int32] = []
      var left: [Int32] = []
      for index in 0..<open.count {
        if truths[index] == Truths.yes {
          taken.append(open[index])
        } else {
          left.append(open[index])
        }
      }
      if !taken.isEmpty { result.add(try then.evaluate(batch, rows: taken), rows: taken) }
      open = left
      if open.isEmpty { break }
    }
    if let otherwise, !open.isEmpty {
      result.add(try otherwise.evaluate(batch, rows: open), rows: open)
    }
    return result.finish()
  }
}

/// `coalesce(a, b, …)`: each argument is evaluated only on the rows that are still null.
final class CoalesceNode: ExpressionNode {
  private let arguments: [ExpressionNode]
  init(_ arguments: [ExpressionNode]) {
    self.arguments = arguments
    super.init(children: arguments)
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    var result = VectorAssembler(count: batch.count)
    var open = allRows(batch.count)
    for argument in arguments {
      let vector = try argument.evaluate(batch, rows: open)
      if vector.isEntirelyNull { continue }
      if vector.hasNoNulls || (vector.isConstant && !vector.isNull(0)) {
        result.add(vector, rows: open)
        break
      }
      let left = (0..<open.count).filter { vector.isNull($0) }.map { open[$0] }
      // Null rows of this part are filled by the parts that follow.
      result.add(vector, rows: open)
      open = left
      if open.isEmpty { break }
    }
    return result.finish()
  }
}

func allRows(_ count: Int) -> [Int32] {
  [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
    for row in 0..<count { buffer[row] = Int32(truncatingIfNeeded: row) }
    initialized = count
  }
}
