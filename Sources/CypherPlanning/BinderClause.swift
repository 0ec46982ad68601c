internal import Cypher
internal import GraphTypes

// Queries, their parts and clauses.

extension StatementBinder {
  /// Binds a query in the present scope, which is the same again afterwards.
  ///
  /// - Parameter prepare: called before each part: sets its scope, and says which of its clauses are
  ///   to be bound.
  func query(
    _ tree: Query, prepare: ((SingleQuery) throws -> SingleQuery)? = nil
  ) throws -> (BoundQuery, [OutputColumn]) {
    let input = scope
    defer { scope = input }
    var parts: [BoundSingleQuery] = []
    var columns: [OutputColumn] = []
    for part in tree.parts {
      scope = input
      let (bound, outputs) = try singleQuery(try prepare?(part) ?? part)
      if parts.isEmpty {
        columns = outputs
        parts.append(bound)
      } else {
        parts.append(
          BoundSingleQuery(
            clauses: bound.clauses, outputs: try aligned(outputs, with: columns, part)))
        for (index, column) in columns.enumerated() {
          if let other = outputs.first(where: { $0.name == column.name }) {
            columns[index].type = column.type.union(other.type)
            columns[index].isNamed = column.isNamed && other.isNamed
          }
        }
      }
    }
    if parts.count > 1 {
      for index in columns.indices { columns[index].variable = newVariable(columns[index].name) }
    }
    return (
      BoundQuery(
        parts: parts, isUnionDistinct: tree.union == .distinct, outputs: columns.map(\.variable)),
      columns
    )
  }

  /// The outputs of a part of a UNION in the order of the first part's columns.
  private func aligned(
    _ outputs: [OutputColumn], with columns: [OutputColumn], _ part: SingleQuery
  ) throws -> [VariableID] {
    guard Set(outputs.map(\.name)) == Set(columns.map(\.name)) else {
      let list = columns.map { "`\($0.name)`" }.joined(separator: ", ")
      throw failure(
        "DifferentColumnsInUnion", "the parts of a UNION return different columns",
        at: part.clauses.last?.range ?? part.range,
        hint: columns.isEmpty ? "no part may return anything" : "all must return \(list)")
    }
    return columns.compactMap { column in
      outputs.first { $0.name == column.name }?.variable
    }
  }

  /// Binds the clauses of one part.
  func singleQuery(_ tree: SingleQuery) throws -> (BoundSingleQuery, [OutputColumn]) {
    var clauses: [BoundClause] = []
    var outputs: [OutputColumn] = []
    var marks: [WithMark] = []
    for clause in tree.clauses {
      let uses = outerUses
      switch clause {
      case .return(let clause):
        let (projection, columns) = try self.projection(
          clause.projection, where: nil, clause: "RETURN")
        clauses.append(.projection(projection))
        outputs = columns
      case .with(let clause) where clause.passesAll: continue
      case .with(let clause):
        let (projection, columns) = try self.projection(
          clause.projection, where: clause.predicate, clause: "WITH")
        clauses.append(.projection(projection))
        if outerUses > uses { markUse(&marks) }
        marks.append(WithMark(end: clauses.count, outputs: columns.map(\.variable)))
        continue
      case .callProcedure(let call):
        let (bound, columns) = try procedureCall(call)
        clauses += bound
        if call.isStandalone { outputs = columns }
        if case .projection(let filter)? = bound.last {
          if outerUses > uses { markUse(&marks) }
          marks.append(WithMark(end: clauses.count, outputs: filter.items.map(\.target)))
          continue
        }
      default: clauses += try readingOrUpdating(clause)
      }
      if outerUses > uses { markUse(&marks) }
    }
    return (
      BoundSingleQuery(clauses: nested(clauses, marks), outputs: outputs.map(\.variable)), outputs
    )
  }

  // MARK: - WITH in subqueries

  /// A WITH (or another filtering projection), behind which the variables from around the subquery are still visible, although its
  /// projection lets only its own columns pass.
  private struct WithMark {
    /// The number of bound clauses up to it.
    var end: Int
    var outputs: [VariableID]
    /// A later clause uses a variable from outside.
    var isFollowedByUse = false
  }

  private func markUse(_ marks: inout [WithMark]) {
    for index in marks.indices { marks[index].isFollowedByUse = true }
  }

  /// Puts what leads up to such a WITH into a subquery of its own, beside which the outer variables
  /// stay.
  private func nested(_ clauses: [BoundClause], _ marks: [WithMark]) -> [BoundClause] {
    var clauses = clauses
    var removed = 0
    for mark in marks where mark.isFollowedByUse {
      let end = mark.end - removed
      let part = BoundSingleQuery(clauses: Array(clauses[..<end]), outputs: mark.outputs)
      let query = BoundQuery(parts: [part], isUnionDistinct: false, outputs: mark.outputs)
      clauses.replaceSubrange(
        ..<end, with: [.subquery(query, imports: captured, isOptional: false)])
      removed += end - 1
    }
    return clauses
  }

  // MARK: - Clauses

  /// Any clause but WITH, RETURN and calls of procedures.
  private func readingOrUpdating(_ clause: Clause) throws -> [BoundClause] {
    switch clause {
    case .match(let clause):
      if clause.mode == .repeatableElements {
        throw notSupported(
          "MATCH REPEATABLE ELEMENTS", at: clause.range,
          hint: "write patterns that may share relationships into MATCH clauses of their own")
      }
      var graph = try self.graph(clause.patterns, where: clause.predicate, purpose: .match)
      graph.hints = try hints(clause.hints)
      return [.match(BoundMatch(isOptional: clause.isOptional, graph: graph))]
    case .unwind(let clause): return [try unwind(clause)]
    case .callSubquery(let clause): return [try subqueryCall(clause)]
    case .loadCSV(let clause):
      throw notSupported(
        "LOAD CSV", at: clause.range, hint: "import the file with `tropa import`")
    case .finish: return [.projection(BoundProjection(items: [], limit: .literal(.integer(0))))]
    default: return try updating(clause)
    }
  }

  private func unwind(_ clause: UnwindClause) throws -> BoundClause {
    let list = try expression(clause.list)
    let name = clause.variable
    if scope.binding(name.name) != nil { throw alreadyBound(name.name, at: name.range) }
    let variable = newVariable(name.name)
    scope.declare(name.name, Binding(variable, list.type.element))
    return .unwind(list.expression, as: variable)
  }

  /// By variable, which must exist. Joins are chosen by statistics alone.
  private func hints(_ trees: [PlannerHint]) throws -> [VariableID: SeekHint] {
    var hints: [VariableID: SeekHint] = [:]
    func add(_ hint: SeekHint, _ entity: Identifier, at range: SourceRange) throws {
      guard case .variable(let v) = try variable(entity.name, entity.range).expression else {
        return
      }
      if case .index(let label, let keys) = hint {
        note(IndexHint(variable: v, label: label, keys: keys, range: range.bounds))
      }
      if let other = hints[v], other != hint {
        throw failure(
          "UnexpectedSyntax", "`\(entity.name)` has two hints that contradict each other",
          at: entity.range, hint: "leave one of them")
      }
      hints[v] = hint
    }
    for tree in trees {
      switch tree.kind {
      case .index(_, let entity, let label, let keys):
        try add(.index(label: label.name, keys: keys.map(\.name)), entity, at: tree.range)
      case .scan(let entity, _): try add(.scan, entity, at: tree.range)
      case .join(let names):
        for name in names { _ = try variable(name.name, name.range) }
      }
    }
    return hints
  }

  /// A clause that only filters: all named variables pass.
  func filter(_ predicate: Expression) throws -> BoundClause {
    let predicates = try self.predicates(predicate, "WHERE")
    var result = BoundProjection(items: [])
    let names = scope.names.keys.sorted()
    var renamed = scope
    for name in names {
      guard let binding = scope.names[name], !binding.isOuter else { continue }
      let target = newVariable(name)
      result.items.append(Projection(target, binding.expression))
      renamed.declare(name, Binding(target, binding.type))
    }
    // WITH's WHERE sees its input too.
    result.predicates = predicates
    scope = renamed
    return .projection(result)
  }
}

extension WithClause {
  /// `WITH *` and no more: it changes nothing.
  fileprivate var passesAll: Bool {
    projection.includesAll && projection.items.isEmpty && !projection.isDistinct
      && projection.orderBy.isEmpty && projection.skip == nil && projection.limit == nil
      && predicate == nil
  }
}
