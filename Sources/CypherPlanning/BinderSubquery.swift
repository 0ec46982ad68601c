internal import Cypher
internal import GraphTypes

// Expressions that look into the graph: pattern predicates and comprehensions, shortestPath,
// EXISTS, COUNT and COLLECT.

extension StatementBinder {
  /// `(a)-->(b)` as a predicate, `shortestPath(…)` and `allShortestPaths(…)` as values.
  func patternExpression(_ pattern: PathPattern) throws -> TypedExpression {
    switch pattern.selector {
    case .shortestPathFunction:
      let paths = try shortestPaths(pattern)
      return .init(.index(paths, .literal(.integer(0))), .init(.path))
    case .allShortestPathsFunction:
      return .init(try shortestPaths(pattern), .list(.path))
    default:
      let (graph, imports) = try subquery {
        try self.graph([pattern], where: nil, purpose: .predicate)
      }
      return .init(
        subqueryExpression(.exists, Self.query(of: graph), imports), .init(.boolean))
    }
  }

  private func shortestPaths(_ pattern: PathPattern) throws -> BoundExpression {
    let (query, imports) = try subquery {
      var graph = try self.graph([pattern], where: nil, purpose: .predicate)
      let path = newVariable()
      graph.shortestPaths[0].path = path
      return collecting(.variable(path), from: graph)
    }
    return subqueryExpression(.collect, query, imports)
  }

  func patternComprehension(_ tree: PatternComprehension) throws -> TypedExpression {
    var type = StaticType.any
    let (query, imports) = try subquery {
      let graph = try self.graph([tree.pattern], where: tree.predicate, purpose: .match)
      let value = try expression(tree.projection)
      type = value.type
      return collecting(value.expression, from: graph)
    }
    return .init(subqueryExpression(.collect, query, imports), .list(type.kinds))
  }

  func subqueryExpression(_ tree: SubqueryExpression) throws -> TypedExpression {
    var column = StaticType.any
    let (query, imports) = try subquery { () throws -> BoundQuery in
      switch tree.body {
      case .patterns(let patterns, let predicate):
        return Self.query(of: try graph(patterns, where: predicate, purpose: .match))
      case .query(let query):
        let (bound, outputs) = try self.query(query)
        if tree.kind == .collect {
          guard outputs.count == 1 else {
            throw failure(
              "UnexpectedSyntax", "COLLECT needs a query that returns exactly one column",
              at: query.range, hint: "return a map or a list to collect several values")
          }
          column = outputs[0].type
        }
        return bound
      }
    }
    switch tree.kind {
    case .exists: return .init(subqueryExpression(.exists, query, imports), .init(.boolean))
    case .count: return .init(subqueryExpression(.count, query, imports), .init(.integer))
    case .collect:
      return .init(subqueryExpression(.collect, query, imports), .list(column.kinds))
    }
  }

  private func subqueryExpression(
    _ kind: SubqueryKind, _ query: BoundQuery, _ imports: [VariableID]
  ) -> BoundExpression {
    .subquery(kind, plan(query, imports: imports), imports: imports)
  }

  private static func query(of graph: QueryGraph) -> BoundQuery {
    let match = BoundClause.match(BoundMatch(isOptional: false, graph: graph))
    return BoundQuery(
      parts: [BoundSingleQuery(clauses: [match], outputs: [])], isUnionDistinct: false,
      outputs: [])
  }

  private func collecting(_ value: BoundExpression, from graph: QueryGraph) -> BoundQuery {
    let output = newVariable()
    let clauses: [BoundClause] = [
      .match(BoundMatch(isOptional: false, graph: graph)),
      .projection(BoundProjection(items: [Projection(output, value)])),
    ]
    return BoundQuery(
      parts: [BoundSingleQuery(clauses: clauses, outputs: [output])], isUnionDistinct: false,
      outputs: [output])
  }
}
