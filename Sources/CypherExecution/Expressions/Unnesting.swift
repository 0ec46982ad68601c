internal import GraphColumns
internal import GraphTypes

/// Evaluates expressions over the elements of lists: the lists of a batch are laid end to end and
/// go through the expressions in batches, beside the outer columns that these read.
struct Unnesting {
  /// Number of outer columns; the element is the column after them.
  let width: Int
  /// The outer columns that the inner expressions read.
  let columns: [Int]
  let evaluation: Evaluation

  init(width: Int, inner: [ExpressionNode?], _ evaluation: Evaluation) {
    self.width = width
    columns = Set(inner.compactMap { $0?.columns }.joined()).filter { $0 < width }.sorted()
    self.evaluation = evaluation
  }

  /// The list of a row; nil for null.
  static func list(_ vector: Vector, _ row: Int, _ construct: String) throws -> [Value]? {
    switch vector.boxed(row) {
    case .null: return nil
    case .list(let list): return list
    case let other:
      throw ExpressionError.type("\(construct) needs a list, not \(other.typeNameWithArticle)")
    }
  }

  /// The batch for inner rows that belong to the outer rows `parents`.
  func inner(_ batch: Batch, parents: [Int32], locals: [Vector]) -> Batch {
    var all = batch.columns
    // A closed expression is evaluated on a batch without columns.
    while all.count < width { all.append(.nulls(count: batch.count)) }
    all.removeSubrange(width...)
    for column in columns { all[column] = all[column].picking(parents) }
    all += locals
    return Batch(columns: all, count: parents.count)
  }

  /// Calls `body` with batches of elements and the outer row of each, in order, and `missing` for
  /// rows whose list is null.
  func forEachBatch(
    of lists: Vector, _ batch: Batch, _ construct: String, missing: (Int) -> Void,
    body: (Batch, [Int32]) throws -> Void
  ) throws {
    let capacity = Vector.batchCapacity
    var parents: [Int32] = []
    var elements = VectorBuilder(capacity: capacity)
    for row in 0..<batch.count {
      guard let list = try Self.list(lists, row, construct) else {
        missing(row)
        continue
      }
      for element in list {
        elements.append(element)
        parents.append(Int32(truncatingIfNeeded: row))
        if parents.count == capacity {
          try body(inner(batch, parents: parents, locals: [elements.finish()]), parents)
          try evaluation.context.control.check()
          parents.removeAll(keepingCapacity: true)
          elements = VectorBuilder(capacity: capacity)
        }
      }
    }
    if !parents.isEmpty {
      try body(inner(batch, parents: parents, locals: [elements.finish()]), parents)
    }
  }
}
