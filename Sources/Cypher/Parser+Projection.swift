import GraphTypes

// What WITH, RETURN and YIELD project.

extension Parser {
  mutating func withClause() throws(SyntaxFailure) -> WithClause {
    let start = start
    advance()
    let projection = try projection()
    for item in projection.items where item.alias == nil {
      if case .variable = item.expression.kind { continue }
      throw SyntaxFailure(
        "NoExpressionAlias", "an expression in WITH needs a name", range: item.range.bounds,
        hint: "write \(shortened(item)) AS name")
    }
    return WithClause(
      projection: projection, predicate: try whereClause(), range: range(from: start))
  }

  private func shortened(_ item: ProjectionItem) -> String {
    let text = source.text(item.range)
    return text.count > 40 || text.contains(where: \.isNewline) ? "…" : text
  }

  mutating func returnClause() throws(SyntaxFailure) -> ReturnClause {
    let start = start
    advance()
    return ReturnClause(projection: try projection(), range: range(from: start))
  }

  private mutating func projection() throws(SyntaxFailure) -> Projection {
    let start = start
    let isDistinct = accept(.distinct)
    let includesAll = accept(.star)
    var items: [ProjectionItem] = []
    if !includesAll || accept(.comma) {
      repeat { items.append(try projectionItem()) } while accept(.comma)
    }
    var projection = Projection(
      isDistinct: isDistinct, includesAll: includesAll, items: items, orderBy: [],
      range: range(from: start))
    try rowOrderAndCount(&projection)
    projection.range = range(from: start)
    return projection
  }

  private mutating func projectionItem() throws(SyntaxFailure) -> ProjectionItem {
    let start = start
    let expression = try expression()
    let alias = accept(.as) ? try name("a name for the column") : nil
    return ProjectionItem(expression: expression, alias: alias, range: range(from: start))
  }

  /// `[ORDER BY …] [SKIP …] [LIMIT …]`.
  private mutating func rowOrderAndCount(_ projection: inout Projection) throws(SyntaxFailure) {
    if accept(.order) {
      try expect(.by, "after ORDER")
      repeat { projection.orderBy.append(try sortItem()) } while accept(.comma)
    }
    if accept(.skip) || accept(.offset) { projection.skip = try expression() }
    if accept(.limit) { projection.limit = try expression() }
    if at(.skip) || at(.offset) || at(.order) {
      throw SyntaxFailure(
        "UnexpectedSyntax", "`\(text(token))` comes too late", range: token.range.bounds,
        hint: "the order is ORDER BY, SKIP, LIMIT")
    }
  }

  private mutating func sortItem() throws(SyntaxFailure) -> SortItem {
    let start = start
    let expression = try expression()
    let isDescending = accept(.desc) || accept(.descending)
    if !isDescending, !accept(.asc) { _ = accept(.ascending) }
    return SortItem(
      expression: expression, isDescending: isDescending, range: range(from: start))
  }

  /// The projection of a command's YIELD: columns, with or without other names, or `*`.
  mutating func commandYield() throws(SyntaxFailure) -> Projection {
    advance()
    let projection = try projection()
    for item in projection.items {
      if case .variable = item.expression.kind { continue }
      throw SyntaxFailure(
        "UnexpectedSyntax", "YIELD takes columns, not expressions",
        range: item.expression.range.bounds, hint: "compute in a RETURN after YIELD")
    }
    return projection
  }

  /// The projection behind RETURN.
  mutating func commandReturn() throws(SyntaxFailure) -> Projection {
    advance()
    return try projection()
  }
}
