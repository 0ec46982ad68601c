internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `[x IN list WHERE predicate | yield]`.
final class ListComprehensionNode: ExpressionNode {
  private let list: ExpressionNode
  private let predicate: ExpressionNode?
  private let yield: ExpressionNode?
  private let unnesting: Unnesting

  /// - Parameter unnesting: of `predicate` and `yield`.
  init(
    _ list: ExpressionNode, predicate: ExpressionNode?, yield: ExpressionNode?,
    _ unnesting: Unnesting
  ) {
    self.list = list
    self.predicate = predicate
    self.yield = yield
    self.unnesting = unnesting
    super.init(
      columns: Set(list.columns + unnesting.columns).sorted(),
      isStable: list.isStable && predicate?.isStable ?? true && yield?.isStable ?? true)
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let lists = try list.evaluate(batch)
    if lists.isEntirelyNull { return .nulls(count: batch.count) }
    let result = Vector(type: .any, capacity: batch.count)
    result.count = batch.count
    for row in 0..<batch.count { result.values[row] = .list([]) }
    try unnesting.forEachBatch(
      of: lists, batch, "a list comprehension", missing: { result.values[$0] = .null },
      body: { inner, parents in
        var rows = allRows(inner.count)
        if let predicate {
          let truths = try Truths(
            try predicate.evaluate(inner), count: inner.count, place: "the WHERE of a list")
          rows = rows.filter { truths[Int($0)] == Truths.yes }
          if rows.isEmpty { return }
        }
        let values =
          try yield?.evaluate(inner, rows: rows) ?? inner.columns[unnesting.width].picking(rows)
        // Rows of one list are adjacent: its array is taken out once and put back once.
        var index = 0
        while index < rows.count {
          let parent = Int(parents[Int(rows[index])])
          guard case .list(var elements) = result.values[parent] else { return }
          result.values[parent] = .null
          while index < rows.count, parents[Int(rows[index])] == parent {
            elements.append(values.boxed(index))
            index += 1
          }
          result.values[parent] = .list(elements)
        }
      })
    return result
  }
}

/// `all(x IN list WHERE predicate)`, `any`, `none` and `single`.
final class QuantifierNode: ExpressionNode {
  private let quantifier: Quantifier
  private let list: ExpressionNode
  private let predicate: ExpressionNode
  private let unnesting: Unnesting

  init(
    _ quantifier: Quantifier, _ list: ExpressionNode, predicate: ExpressionNode,
    _ unnesting: Unnesting
  ) {
    self.quantifier = quantifier
    self.list = list
    self.predicate = predicate
    self.unnesting = unnesting
    super.init(
      columns: Set(list.columns + unnesting.columns).sorted(),
      isStable: list.isStable && predicate.isStable)
  }

  /// How often the predicate was true, false and unknown for a row's list.
  private struct Counts {
    var yes = 0
    var no = 0
    var unknown = 0
    var isMissing = false
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let lists = try list.evaluate(batch)
    if lists.isEntirelyNull { return .nulls(count: batch.count) }
    var counts = [Counts](repeating: Counts(), count: batch.count)
    try unnesting.forEachBatch(
      of: lists, batch, "\(quantifier.rawValue)()", missing: { counts[$0].isMissing = true },
      body: { inner, parents in
        let truths = try Truths(
          try predicate.evaluate(inner), count: inner.count,
          place: "the WHERE of \(quantifier.rawValue)()")
        for row in 0..<inner.count {
          let parent = Int(parents[row])
          switch truths[row] {
          case Truths.yes: counts[parent].yes += 1
          case Truths.no: counts[parent].no += 1
          default: counts[parent].unknown += 1
          }
        }
      })
    var result = Truths(repeating: Truths.unknown, count: batch.count)
    for row in 0..<batch.count where !counts[row].isMissing {
      result[row] = truth(counts[row])
    }
    return result.vector()
  }

  private func truth(_ counts: Counts) -> UInt8 {
    switch quantifier {
    case .all:
      counts.no > 0 ? Truths.no : counts.unknown > 0 ? Truths.unknown : Truths.yes
    case .any:
      counts.yes > 0 ? Truths.yes : counts.unknown > 0 ? Truths.unknown : Truths.no
    case .none:
      counts.yes > 0 ? Truths.no : counts.unknown > 0 ? Truths.unknown : Truths.yes
    case .single:
      counts.yes > 1
        ? Truths.no
        : counts.unknown > 0 ? Truths.unknown : counts.yes == 1 ? Truths.yes : Truths.no
    }
  }
}

/// `reduce(accumulator = initial, x IN list | yield)`: step `k` of all rows is one evaluation.
final class ReduceNode: ExpressionNode {
  private let initial: ExpressionNode
  private let list: ExpressionNode
  private let yield: ExpressionNode
  private let unnesting: Unnesting

  /// - Parameter yield: reads the accumulator and the element in the two columns after the outer.
  init(
    initial: ExpressionNode, _ list: ExpressionNode, yield: ExpressionNode, _ unnesting: Unnesting
  ) {
    self.initial = initial
    self.list = list
    self.yield = yield
    self.unnesting = unnesting
    super.init(
      columns: Set(initial.columns + list.columns + unnesting.columns).sorted(),
      isStable: initial.isStable && list.isStable && yield.isStable)
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let count = batch.count
    let lists = try list.evaluate(batch)
    if lists.isEntirelyNull { return .nulls(count: count) }
    let initials = try initial.evaluate(batch)
    var elements: [[Value]] = []
    var accumulators: [Value] = []
    for row in 0..<count {
      let list = try Unnesting.list(lists, row, "reduce()")
      elements.append(list ?? [])
      accumulators.append(list == nil ? .null : initials.boxed(row))
    }
    var active = allRows(count)
    var step = 0
    while true {
      active.removeAll { elements[Int($0)].count <= step }
      if active.isEmpty { break }
      if step & 1023 == 1023 { try unnesting.evaluation.context.control.check() }
      var accumulator = VectorBuilder(capacity: active.count)
      var element = VectorBuilder(capacity: active.count)
      for row in active {
        accumulator.append(accumulators[Int(row)])
        element.append(elements[Int(row)][step])
      }
      let inner = unnesting.inner(
        batch, parents: active, locals: [accumulator.finish(), element.finish()])
      let values = try yield.evaluate(inner)
      for (index, row) in active.enumerated() { accumulators[Int(row)] = values.boxed(index) }
      step += 1
    }
    var result = VectorBuilder(capacity: count)
    for value in accumulators { result.append(value) }
    return result.finish()
  }
}
