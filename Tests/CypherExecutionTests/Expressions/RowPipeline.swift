import Cypher
import CypherExecution
import CypherPlanning
import GraphColumns
import GraphTypes

/// Runs queries of UNWIND, WITH and RETURN, which read no graph, by the simplest means: one batch
/// between two clauses. The expressions and aggregates are the real ones.
struct RowPipeline {
  /// The query has a clause that needs a graph.
  struct NeedsGraph: Error {}

  let context: ExecutionContext

  static func run(_ query: String, parameters: [String: Value] = [:]) throws -> (
    columns: [String], rows: [[Value]]
  ) {
    let statement = try Parser.parseStatement(query)
    var usesSubqueries = false
    let bound = try Binder.bind(
      statement, source: SourceText(query), catalogue: FunctionCatalogue(),
      parameterNames: Set(parameters.keys)
    ) { _, _, _ in
      usesSubqueries = true
      return Plan(.singleRow, outputs: [], estimatedRows: 1)
    }
    guard case .query(let body) = bound.body, body.parts.count == 1, !usesSubqueries else {
      throw NeedsGraph()
    }
    let pipeline = RowPipeline(context: try emptyContext(parameters: parameters))
    let rows = try pipeline.run(body.parts[0])
    return (bound.columns, rows)
  }

  private func run(_ query: BoundSingleQuery) throws -> [[Value]] {
    var layout = RowLayout([])
    var batch = Batch(columns: [], count: 1)
    for clause in query.clauses {
      switch clause {
      case .unwind(let list, let variable):
        (layout, batch) = try unwind(list, variable, layout, batch)
      case .projection(let projection):
        (layout, batch) = try project(projection, layout, batch)
      default: throw NeedsGraph()
      }
    }
    let columns = query.outputs.map { output in
      VectorReader.values(batch.columns[layout.column(of: output)!], batch.count)
    }
    return (0..<batch.count).map { row in columns.map { $0[row] } }
  }

  private func values(_ expression: BoundExpression, _ layout: RowLayout, _ batch: Batch) throws
    -> [Value]
  {
    let compiled = try CompiledExpression(expression, layout: layout, context: context)
    return VectorReader.values(try compiled.evaluate(batch), batch.count)
  }

  private func pick(_ batch: Batch, _ rows: [Int]) -> Batch {
    let columns = batch.columns.map { column in
      let values = VectorReader.values(column, batch.count)
      return Vector.of(rows.map { values[$0] })
    }
    return Batch(columns: columns, count: rows.count)
  }

  private func unwind(
    _ list: BoundExpression, _ variable: VariableID, _ layout: RowLayout, _ batch: Batch
  ) throws -> (RowLayout, Batch) {
    var rows: [Int] = []
    var elements: [Value] = []
    for (row, value) in try values(list, layout, batch).enumerated() {
      switch value {
      case .null: break
      case .list(let list):
        elements += list
        rows += list.map { _ in row }
      default:
        rows.append(row)
        elements.append(value)
      }
    }
    var result = pick(batch, rows)
    result.columns.append(.of(elements))
    return (RowLayout(layout.variables + [variable]), result)
  }

  private func project(
    _ projection: BoundProjection, _ layout: RowLayout, _ batch: Batch
  ) throws -> (RowLayout, Batch) {
    var layout = layout
    var batch = batch
    if let aggregation = projection.aggregation {
      (layout, batch) = try aggregate(aggregation, layout, batch)
    }
    let columns = try projection.items.map {
      try CompiledExpression($0.expression, layout: layout, context: context).evaluate(batch)
    }
    // Sort keys may refer to the input as well, the targets come first.
    layout = RowLayout(layout.variables + projection.items.map(\.target))
    batch = Batch(columns: batch.columns + columns, count: batch.count)
    if projection.isDistinct {
      var seen: Set<[Value]> = []
      let targets = columns.map { VectorReader.values($0, batch.count) }
      batch = pick(
        batch, (0..<batch.count).filter { row in seen.insert(targets.map { $0[row] }).inserted })
    }
    if !projection.sortKeys.isEmpty {
      let keys = try projection.sortKeys.map { try values($0.expression, layout, batch) }
      let order = (0..<batch.count).sorted { a, b in
        for (index, key) in keys.enumerated() {
          let order = Value.order(key[a], key[b])
          if order != 0 { return projection.sortKeys[index].isDescending ? order > 0 : order < 0 }
        }
        return a < b
      }
      batch = pick(batch, order)
    }
    var rows = Array(0..<batch.count)
    if let skip = projection.skip, case .integer(let count) = try constant(skip) {
      rows = Array(rows.dropFirst(Int(count)))
    }
    if let limit = projection.limit, case .integer(let count) = try constant(limit) {
      rows = Array(rows.prefix(Int(count)))
    }
    batch = pick(batch, rows)
    for predicate in projection.predicates {
      let compiled = try CompiledExpression(predicate, layout: layout, context: context)
      var selected = [Int32](repeating: 0, count: max(batch.count, 1))
      let count = try compiled.select(batch, into: &selected)
      batch = pick(batch, selected.prefix(count).map { Int($0) })
    }
    return (layout, batch)
  }

  private func constant(_ expression: BoundExpression) throws -> Value? {
    try CompiledExpression(expression, layout: RowLayout([]), context: context).constantValue()
  }

  private func aggregate(
    _ aggregation: BoundProjection.Aggregation, _ layout: RowLayout, _ batch: Batch
  ) throws -> (RowLayout, Batch) {
    let keys = try aggregation.groups.map { try values($0.expression, layout, batch) }
    var numbers: [[Value]: Int32] = [:]
    var firstRows: [Int] = []
    var groups: [Int32] = []
    for row in 0..<batch.count {
      let key = keys.map { $0[row] }
      if let number = numbers[key] {
        groups.append(number)
      } else {
        groups.append(Int32(firstRows.count))
        numbers[key] = Int32(firstRows.count)
        firstRows.append(row)
      }
    }
    let groupCount = aggregation.groups.isEmpty ? 1 : firstRows.count
    var columns = keys.map { key in Vector.of(firstRows.map { key[$0] }) }
    for item in aggregation.aggregates {
      let aggregate = try AggregateFactory.make(
        item.function, isDistinct: item.isDistinct, argumentCount: item.arguments.count,
        context: context)
      let arguments = try item.arguments.map {
        try CompiledExpression($0, layout: layout, context: context).evaluate(batch)
      }
      if batch.count > 0 {
        try aggregate.add(arguments, groups: groups, count: batch.count, groupCount: groupCount)
      }
      columns.append(try aggregate.results(0..<groupCount))
    }
    return (
      RowLayout(aggregation.groups.map(\.target) + aggregation.aggregates.map(\.target)),
      Batch(columns: columns, count: groupCount)
    )
  }
}
