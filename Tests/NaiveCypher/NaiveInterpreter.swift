package import Cypher
package import GraphTypes

/// Runs queries by nested loops straight over the syntax tree: no plan, no binder, clause after
/// clause on whole tables. Slow, and meant to be plainly right; what it has to know of the language
/// is what `QueryGenerator` writes.
package final class NaiveInterpreter {
  package typealias Row = [String: Value]

  package struct Table {
    package var columns: [String]
    package var rows: [[Value]]
  }

  let graph: NaiveGraph
  let parameters: [String: Value]
  /// Steps left until the query is given up.
  private var budget: Int

  package init(_ graph: NaiveGraph, parameters: [String: Value] = [:], budget: Int = 300_000) {
    self.graph = graph
    self.parameters = parameters
    self.budget = budget
  }

  func spend() throws {
    budget -= 1
    if budget < 0 { throw NaiveError.tooLong }
  }

  /// Changes the graph. After an error the graph is to be thrown away.
  package func run(_ statement: Statement) throws -> Table {
    guard case .query(let query) = statement.body else { throw NaiveError.unsupported("command") }
    let table = try run(query, from: [:]) ?? Table(columns: [], rows: [])
    if !graph.isWhole { throw NaiveError.constraint }
    return Table(columns: table.columns, rows: table.rows.map { $0.map(graph.filled) })
  }

  /// - Returns: nil when the query has no RETURN.
  func run(_ query: Query, from row: Row) throws -> Table? {
    var result: Table?
    for part in query.parts {
      guard let table = try run(part, from: row) else { continue }
      if result == nil { result = Table(columns: table.columns, rows: []) }
      // Columns of UNION go by name.
      let order = try (result?.columns ?? []).map { column in
        guard let index = table.columns.firstIndex(of: column) else {
          throw NaiveError.argument("columns of UNION differ")
        }
        return index
      }
      result?.rows += table.rows.map { row in order.map { row[$0] } }
    }
    if query.union == .distinct, let rows = result?.rows { result?.rows = Self.distinct(rows) }
    return result
  }

  private static func distinct(_ rows: [[Value]]) -> [[Value]] {
    var seen: Set<String> = []
    return rows.filter { seen.insert(Value.list($0).equivalenceKey).inserted }
  }

  private func run(_ part: SingleQuery, from row: Row) throws -> Table? {
    var rows = [row]
    for clause in part.clauses {
      if case .return(let clause) = clause {
        let (columns, projected) = try project(clause.projection, rows)
        return Table(
          columns: columns, rows: projected.map { row in columns.map { row[$0] ?? .null } })
      }
      rows = try run(clause, rows)
    }
    return nil
  }

  /// Rows of a subquery without RETURN, for EXISTS and COUNT.
  func rowCount(_ query: Query, from row: Row) throws -> Int {
    if query.union != nil || query.parts.contains(where: { $0.endsInReturn }) {
      return try run(query, from: row)?.rows.count ?? 0
    }
    var rows = [row]
    for clause in query.parts[0].clauses { rows = try run(clause, rows) }
    return rows.count
  }

  func run(_ clause: Clause, _ rows: [Row]) throws -> [Row] {
    switch clause {
    case .match(let clause): return try rows.flatMap { try match(clause, $0) }
    case .unwind(let clause):
      return try rows.flatMap { row -> [Row] in
        switch try evaluate(clause.list, row) {
        case .null: return []
        case .list(let values):
          return values.map { value in
            row.merging([clause.variable.name: value]) { $1 }
          }
        case let value: return [row.merging([clause.variable.name: value]) { $1 }]
        }
      }
    case .with(let clause):
      var (_, projected) = try project(clause.projection, rows)
      if let predicate = clause.predicate {
        projected = try projected.filter { try isTrue(predicate, $0) }
      }
      return projected
    case .callSubquery(let call): return try rows.flatMap { try self.call(call, $0) }
    case .create(let clause): return try rows.map { try create(clause.patterns, $0) }
    case .merge(let clause): return try rows.flatMap { try merge(clause, $0) }
    case .set(let clause):
      for row in rows { for item in clause.items { try set(item, row) } }
      return rows
    case .remove(let clause):
      for row in rows { for item in clause.items { try remove(item, row) } }
      return rows
    case .delete(let clause):
      for row in rows {
        for expression in clause.expressions {
          try delete(try evaluate(expression, row), detaching: clause.isDetaching)
        }
      }
      return rows
    case .forEach(let clause):
      for row in rows {
        let list = try evaluate(clause.list, row)
        if list.isNullValue { continue }
        guard case .list(let values) = list else { throw NaiveError.type("FOREACH") }
        for value in values {
          var inner = [row.merging([clause.variable.name: value]) { $1 }]
          for clause in clause.clauses { inner = try run(clause, inner) }
        }
      }
      return rows
    case .finish: return []
    case .return, .callProcedure, .loadCSV: throw NaiveError.unsupported("clause")
    }
  }

  private func call(_ call: SubqueryCall, _ row: Row) throws -> [Row] {
    let imported: Row
    switch call.imports {
    case .leadingWith:
      // The leading WITH cuts down the row by itself; without one nothing is visible.
      if case .with? = call.query.parts.first?.clauses.first {
        imported = row
      } else {
        imported = [:]
      }
    case .all: imported = row
    case .variables(let names):
      imported = row.filter { entry in names.contains { $0.name == entry.key } }
    }
    guard let table = try run(call.query, from: imported) else { return [row] }
    if table.rows.isEmpty, call.isOptional {
      return [row.merging(table.columns.map { ($0, .null) }) { $1 }]
    }
    return table.rows.map { values in row.merging(zip(table.columns, values)) { $1 } }
  }

  // MARK: Projection

  private func project(
    _ projection: Projection, _ rows: [Row]
  ) throws -> (columns: [String], rows: [Row]) {
    var items: [(name: String, expression: Expression)] = []
    if projection.includesAll {
      let names = Set(rows.flatMap(\.keys)).sorted()
      items += names.map { ($0, Expression(.variable($0), range: projection.range)) }
    }
    for item in projection.items {
      if let alias = item.alias {
        items.append((alias.name, item.expression))
      } else if case .variable(let name) = item.expression.kind {
        items.append((name, item.expression))
      } else {
        throw NaiveError.unsupported("a column without a name")
      }
    }
    // The projected row, and the row that ORDER BY sees.
    var projected: [(row: Row, scope: Scope)] = []
    let sorts = projection.orderBy.map(\.expression)
    let aggregates = Set((items.map(\.expression) + sorts).flatMap(Self.aggregates))
    if aggregates.isEmpty {
      for row in rows {
        try spend()
        let values = try items.map { try evaluate($0.expression, row) }
        let new = Row(zip(items.map(\.name), values)) { $1 }
        projected.append((new, Scope(row: row.merging(new) { $1 })))
      }
    } else {
      let keys = items.filter { Self.aggregates($0.expression).isEmpty }
      for group in try groups(rows, by: keys.map(\.expression)) {
        var scope = Scope(row: group.first ?? [:])
        for aggregate in aggregates {
          scope.aggregates[aggregate] = try self.aggregate(aggregate, group)
        }
        let values = try items.map { try evaluate($0.expression, scope) }
        let new = Row(zip(items.map(\.name), values)) { $1 }
        scope.row.merge(new) { $1 }
        projected.append((new, scope))
      }
    }
    if projection.isDistinct {
      var seen: Set<String> = []
      projected = projected.filter { entry in
        let values = items.map { entry.row[$0.name] ?? .null }
        return seen.insert(Value.list(values).equivalenceKey).inserted
      }
    }
    if !projection.orderBy.isEmpty {
      let keyed = try projected.map { entry in
        (entry, try sorts.map { try evaluate($0, entry.scope) })
      }
      projected = keyed.enumerated().sorted { a, b in
        for (index, item) in projection.orderBy.enumerated() {
          let order = Value.naiveOrder(a.element.1[index], b.element.1[index])
          if order != 0 { return (order < 0) != item.isDescending }
        }
        return a.offset < b.offset
      }.map(\.element.0)
    }
    if let skip = projection.skip { projected = Array(projected.dropFirst(try count(skip))) }
    if let limit = projection.limit { projected = Array(projected.prefix(try count(limit))) }
    return (items.map(\.name), projected.map(\.row))
  }

  private func count(_ expression: Expression) throws -> Int {
    guard case .integer(let count) = try evaluate(expression, [:]), count >= 0 else {
      throw NaiveError.argument("SKIP or LIMIT")
    }
    return Int(clamping: count)
  }

  private func groups(_ rows: [Row], by keys: [Expression]) throws -> [[Row]] {
    if keys.isEmpty { return [rows] }
    var places: [String: Int] = [:]
    var groups: [[Row]] = []
    for row in rows {
      try spend()
      let key = Value.list(try keys.map { try evaluate($0, row) }).equivalenceKey
      if let place = places[key] {
        groups[place].append(row)
      } else {
        places[key] = groups.count
        groups.append([row])
      }
    }
    return groups
  }
}

/// What an expression sees: variables, and in a projection the aggregates of its group.
struct Scope {
  var row: NaiveInterpreter.Row
  var aggregates: [Expression: Value] = [:]
}

extension SingleQuery {
  fileprivate var endsInReturn: Bool {
    if case .return? = clauses.last { true } else { false }
  }
}
