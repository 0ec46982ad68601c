internal import GraphTypes

/// Takes the order of an index instead of sorting: `Sort`, and `Top` as a plain limit, where the rows
/// come from one seek or scan by operators that keep their order; `min` and `max` as the first of it.
///
/// An index has ORDER BY's order over all types, but not the nodes that lack its keys: these are added
/// where null has its place, unless null does not matter.
struct IndexOrderRewrite {
  let builder: PlanBuilder

  func apply(_ plan: Plan) -> Plan {
    let plan = plan.with(inputs: plan.inputs.map(apply))
    let input: Plan
    switch plan.operation {
    case .sort(let keys) where !keys.isEmpty:
      input = plan.inputs[0]
      return ordered(input, Request(keys, rows: input.estimatedRows, from: input)) ?? plan
    case .top(let keys, let limit, let skip):
      input = plan.inputs[0]
      let rows =
        (builder.literalCount(limit) ?? 100) + (skip.map { builder.literalCount($0) ?? 100 } ?? 0)
      guard var result = ordered(input, Request(keys, rows: rows, from: input)) else { return plan }
      if let skip {
        result = Plan(
          .skip(skip), inputs: [result], outputs: plan.outputs, estimatedRows: rows)
      }
      return Plan(
        .limit(limit), inputs: [result], outputs: plan.outputs, estimatedRows: plan.estimatedRows)
    case .aggregate(let groups, let aggregates):
      guard groups.isEmpty, aggregates.count == 1, let argument = aggregates[0].arguments.first,
        let isMaximum = ["min": false, "max": true][aggregates[0].function]
      else { return plan }
      input = plan.inputs[0]
      var request = Request(
        [SortKey(argument, isDescending: isMaximum)], rows: 1, from: input)
      request.ignoresNull = true
      guard let result = ordered(input, request) else { return plan }
      let first = Plan(
        .limit(.literal(.integer(1))), inputs: [result], outputs: result.outputs,
        estimatedRows: 1)
      return plan.with(inputs: [first])
    default: return plan
    }
  }

  /// The order that is asked for, and how many rows of it.
  private struct Request {
    var keys: [SortKey]
    /// Rows that will be read, and how many there are.
    var rows: Double
    var allRows: Double
    /// Rows whose first key is null may be left out.
    var ignoresNull = false

    init(_ keys: [SortKey], rows: Double, from input: Plan) {
      self.keys = keys
      self.rows = rows
      allRows = input.estimatedRows
    }
  }

  /// `plan` with its rows in an order; nil where no index gives it, or not more cheaply.
  private func ordered(_ plan: Plan, _ request: Request) -> Plan? {
    switch plan.operation {
    case .filter(let predicates) where plan.inputs[0].isScan(bounding: predicates, request.keys):
      guard case .nodeScan(let scan) = plan.inputs[0].operation else { return nil }
      return ordered(scan, plan, predicates, request)
    case .filter, .unwind, .expand, .semiApply:
      guard request.keys.map(\.expression).freeVariables.isSubset(of: plan.inputs[0].outputs),
        !plan.isUpdating, let input = ordered(plan.inputs[0], request)
      else { return nil }
      var inputs = plan.inputs
      inputs[0] = input
      return plan.with(inputs: inputs)
    case .project(let items):
      let sources = Dictionary(
        items.map { ($0.target, $0.expression) }, uniquingKeysWith: { first, _ in first })
      var request = request
      for index in request.keys.indices {
        guard let key = request.keys[index].expression.substituting(sources) else { return nil }
        request.keys[index].expression = key
      }
      return ordered(plan.inputs[0], request).map { plan.with(inputs: [$0]) }
    case .indexSeek(let seek): return plan.inputs.isEmpty ? ordered(seek, plan, request) : nil
    case .nodeScan(let scan): return ordered(scan, plan, request)
    case .relationshipScan(let scan): return ordered(scan, plan, request)
    default: return nil
    }
  }

  /// A seek gives any order of its keys for nothing: those that are equal to one value do not count.
  private func ordered(_ seek: IndexSeek, _ plan: Plan, _ request: Request) -> Plan? {
    guard let order = order(of: seek, request) else { return nil }
    var seek = seek
    seek.order = order
    return Plan(.indexSeek(seek), outputs: plan.outputs, estimatedRows: plan.estimatedRows)
  }

  private func order(of seek: IndexSeek, _ request: Request) -> IndexSeek.Order? {
    guard let entity = seek.entity else { return nil }
    var isDescending: Bool?
    var place = 0
    for key in request.keys {
      guard case .property(.variable(entity), let name) = key.expression else { return nil }
      let found = seek.index.keys.firstIndex(of: name)
      if let found, seek.isSingleValued(found) { continue }
      while place < seek.index.keys.count, seek.isSingleValued(place) { place += 1 }
      guard found == place, isDescending ?? key.isDescending == key.isDescending else {
        return nil
      }
      isDescending = key.isDescending
      place += 1
    }
    return IndexSeek.Order(isDescending: isDescending ?? false)
  }

  /// Instead of a scan under conditions on the property a seek, which was too expensive to read as a
  /// whole.
  private func ordered(
    _ scan: NodeScan, _ plan: Plan, _ predicates: [BoundExpression], _ request: Request
  ) -> Plan? {
    guard builder.options.isOn(.indexSeek), scan.hint != .scan else { return nil }
    let predicates = builder.matchPredicates(predicates)
    let conditions = builder.seekConditions(on: scan.variable, predicates, known: [])
    let limit =
      builder.scanCost(scan.labels, nil, count: plan.inputs[0].estimatedRows) + sortCost(request)
    var best: (choice: IndexChoice, order: IndexSeek.Order, cost: Double)?
    for label in scan.labels {
      for choice in builder.indexChoices(builder.nodeIndexes(label), conditions) {
        let cost = readCost(request, of: choice.found)
        guard let order = order(of: choice.seek(.node(scan.variable)), request),
          cost < best?.cost ?? limit
        else { continue }
        best = (choice, order, cost)
      }
    }
    return best.map {
      builder.seek($0.choice, insteadOf: scan, order: $0.order, predicates)
    }
  }

  /// A scan of nodes by an index on the one key, if few enough of them will be read.
  private func ordered(_ scan: NodeScan, _ plan: Plan, _ request: Request) -> Plan? {
    guard builder.options.isOn(.indexSeek), scan.hint != .scan, request.keys.count == 1,
      case .property(.variable(scan.variable), let key) = request.keys[0].expression,
      scan.seek.map({ $0.expressions.freeVariables.isEmpty }) ?? true
    else { return nil }
    let isDescending = request.keys[0].isDescending
    let label = scan.labels.first { label in
      builder.nodeIndexes(label).contains { $0.keys == [key] }
    }
    guard let label,
      let index = builder.nodeIndexes(label).first(where: { $0.keys == [key] })
    else { return nil }
    let count = builder.nodeCount([label])
    let includesMissing = !request.ignoresNull
    var cost = readCost(request, of: count)
    if includesMissing, isDescending, index.entries < count { cost += 0.3 * count }
    let sorting = request.ignoresNull ? 0 : sortCost(request)
    guard cost < builder.scanCost(scan.labels, nil, count: plan.estimatedRows) + sorting else {
      return nil
    }
    let seek = IndexSeek(
      target: .node(scan.variable), index: index, values: [],
      order: IndexSeek.Order(isDescending: isDescending, includesMissing: includesMissing))
    let found = Plan(.indexSeek(seek), outputs: plan.outputs, estimatedRows: count)
    return builder.filtered(
      found,
      scan.labels.filter { $0 != label }.map { .hasLabels(.variable(scan.variable), .label($0)) })
  }

  /// The same for relationships, where null does not matter.
  private func ordered(_ scan: RelationshipScan, _ plan: Plan, _ request: Request) -> Plan? {
    guard builder.options.isOn(.indexSeek), request.ignoresNull, request.keys.count == 1,
      let relationship = scan.relationship, scan.types.count == 1, scan.from != scan.to,
      case .property(.variable(relationship), let key) = request.keys[0].expression,
      let index = builder.catalogue.relationshipIndexes(type: scan.types[0])
        .first(where: { $0.keys == [key] }),
      readCost(request, of: plan.estimatedRows) < 0.3 * plan.estimatedRows
    else { return nil }
    let seek = IndexSeek(
      target: .relationship(
        relationship, from: scan.from, to: scan.to, direction: scan.direction),
      index: index, values: [],
      order: IndexSeek.Order(isDescending: request.keys[0].isDescending))
    return Plan(.indexSeek(seek), outputs: plan.outputs, estimatedRows: plan.estimatedRows)
  }

  /// Of so many entities, those that must be read until there are rows enough.
  private func readCost(_ request: Request, of count: Double) -> Double {
    15 + 3 * min(count, request.rows * max(1, count / max(1, request.allRows)))
  }

  private func sortCost(_ request: Request) -> Double {
    request.rows < request.allRows ? 0.1 * request.allRows : 0
  }
}

extension IndexSeek {
  /// What it finds; nil for relationships that no one reads.
  fileprivate var entity: VariableID? {
    switch target {
    case .node(let v): v
    case .relationship(let r, _, _, _): r
    }
  }

  /// Whether all that is found for a row has equal values of a key.
  fileprivate func isSingleValued(_ key: Int) -> Bool {
    guard key < values.count, case .equal = values[key] else { return false }
    return true
  }
}

extension Plan {
  /// Whether this is a scan of nodes, and some of the predicates bound its property by which rows are
  /// to be ordered: reading all in that order would begin or end with what they exclude.
  fileprivate func isScan(bounding predicates: [BoundExpression], _ keys: [SortKey]) -> Bool {
    guard case .nodeScan(let scan) = operation,
      case .property(.variable(scan.variable), _)? = keys.first?.expression
    else { return false }
    return predicates.contains { predicate in
      predicate.contains { $0 == keys[0].expression }
    }
  }
}
