internal import Cypher
internal import GraphTypes

extension NaiveInterpreter {
  func match(_ clause: MatchClause, _ row: Row) throws -> [Row] {
    var rows = try solutions(clause.patterns, row)
    if let predicate = clause.predicate { rows = try rows.filter { try isTrue(predicate, $0) } }
    if rows.isEmpty, clause.isOptional {
      let names = clause.patterns.flatMap(Self.variables)
      return [row.merging(names.map { ($0, .null) }) { old, _ in old }]
    }
    return rows
  }

  private static func variables(_ pattern: PathPattern) -> [String] {
    let inside = pattern.elements.flatMap { element -> [String] in
      switch element {
      case .node(let node): [node.variable?.name].compactMap { $0 }
      case .relationship(let relationship): [relationship.variable?.name].compactMap { $0 }
      case .parenthesized(let path): variables(path.pattern)
      }
    }
    return inside + [pattern.variable?.name].compactMap { $0 }
  }

  /// Where a walk stands.
  private struct Walk {
    var row: Row
    /// Of this MATCH: none is taken twice.
    var used: Set<UInt64> = []
    var nodes: [UInt64] = []
    var relationships: [UInt64] = []
  }

  /// All rows that the patterns make of one row, each with its variables.
  func solutions(_ patterns: [PathPattern], _ row: Row) throws -> [Row] {
    var walks = [Walk(row: row)]
    for pattern in patterns {
      walks = try walks.flatMap { walk -> [Walk] in
        var walk = walk
        (walk.nodes, walk.relationships) = ([], [])
        return try self.selected(pattern.selector, try self.walks(pattern, walk))
      }
    }
    return walks.map(\.row)
  }

  /// For each pair of ends the shortest: one of them, or all.
  private func selected(_ selector: PathSelector, _ walks: [Walk]) throws -> [Walk] {
    if case .all = selector { return walks }
    var best: [[UInt64?]: [Walk]] = [:]
    for walk in walks {
      let ends = [walk.nodes.first, walk.nodes.last]
      let length = best[ends]?.first?.relationships.count ?? .max
      if walk.relationships.count < length {
        best[ends] = [walk]
      } else if walk.relationships.count == length, case .allShortestPathsFunction = selector {
        best[ends]?.append(walk)
      }
    }
    return best.values.flatMap { $0 }
  }

  /// - Parameter origin: where the path begins; nil for anywhere.
  private func walks(
    _ pattern: PathPattern, _ start: Walk, from origin: UInt64? = nil
  ) throws -> [Walk] {
    guard case .node(let first)? = pattern.elements.first else {
      throw NaiveError.unsupported("pattern")
    }
    var walks =
      if let origin {
        try visit(origin, first, start, isReached: true).map { [$0] } ?? []
      } else {
        try graph.nodes.keys.sorted().compactMap { try visit($0, first, start) }
      }
    for element in pattern.elements.dropFirst() {
      switch element {
      case .relationship(let relationship):
        walks = try walks.flatMap { try follow(relationship, $0) }
      case .parenthesized(let path): walks = try walks.flatMap { try iterate(path, $0) }
      case .node(let node):
        walks = try walks.compactMap { try visit($0.nodes.last ?? 0, node, $0, isReached: true) }
      }
    }
    guard let name = pattern.variable?.name else { return walks }
    return walks.map { walk in
      var walk = walk
      walk.row[name] = .path(
        Path(
          nodes: walk.nodes.map { Node(id: NodeID($0)) },
          relationships: walk.relationships.map(graph.relationship)))
      return walk
    }
  }

  /// A path pattern some times in a row; its variables become lists.
  private func iterate(_ path: ParenthesizedPath, _ start: Walk) throws -> [Walk] {
    let names = Self.variables(path.pattern)
    let (minimum, maximum) =
      path.quantifier.map { ($0.minimum, $0.maximum ?? Int.max) } ?? (1, 1)
    if path.quantifier == nil || path.pattern.variable != nil {
      throw NaiveError.unsupported("parenthesised path")
    }
    var result: [Walk] = []
    func extend(_ walk: Walk, _ count: Int, _ lists: [String: [Value]]) throws {
      if count >= minimum {
        var finished = walk
        for name in names { finished.row[name] = .list(lists[name] ?? []) }
        result.append(finished)
      }
      if count == maximum { return }
      for next in try walks(path.pattern, walk, from: walk.nodes.last ?? 0) {
        if let predicate = path.predicate, try !isTrue(predicate, next.row) { continue }
        var lists = lists
        var walk = next
        for name in names {
          lists[name, default: []].append(next.row[name] ?? .null)
          walk.row[name] = nil
        }
        try extend(walk, count + 1, lists)
      }
    }
    try extend(start, 0, [:])
    return result
  }

  private func visit(
    _ id: UInt64, _ pattern: NodePattern, _ walk: Walk, isReached: Bool = false
  ) throws -> Walk? {
    try spend()
    var walk = walk
    let value = graph.node(id)
    if let name = pattern.variable?.name {
      if let bound = walk.row[name] {
        guard case .node(let node) = bound, node.id.rawValue == id else { return nil }
      }
      walk.row[name] = value
    }
    if !isReached { walk.nodes.append(id) }
    if let labels = pattern.labels, try !holds(labels, of: value) { return nil }
    guard try hasProperties(pattern.properties, value, walk.row) else { return nil }
    if let predicate = pattern.predicate, try !isTrue(predicate, walk.row) { return nil }
    return walk
  }

  private func hasProperties(_ expression: Expression?, _ value: Value, _ row: Row) throws -> Bool {
    guard let expression else { return true }
    guard case .map(let wanted) = try evaluate(expression, row) else {
      throw NaiveError.type("properties")
    }
    let properties = try properties(of: value)
    return wanted.allSatisfy { Value.naiveEquals(properties[$0.key] ?? .null, $0.value) == true }
  }

  /// Walks that are longer by the relationships of the pattern.
  private func follow(_ pattern: RelationshipPattern, _ walk: Walk) throws -> [Walk] {
    let (minimum, maximum) =
      pattern.length.map { ($0.minimum ?? 1, $0.maximum ?? Int.max) }
      ?? pattern.quantifier.map { ($0.minimum, $0.maximum ?? Int.max) } ?? (1, 1)
    let isSingle = pattern.length == nil && pattern.quantifier == nil
    var result: [Walk] = []
    func extend(_ walk: Walk, _ taken: [UInt64]) throws {
      if taken.count >= minimum { try finish(walk, taken) }
      if taken.count == maximum { return }
      for (id, end) in steps(from: walk.nodes.last ?? 0, pattern.direction)
      where !walk.used.contains(id) {
        try spend()
        let relationship = graph.relationship(id)
        let value = Value.relationship(relationship)
        if let types = pattern.types, try !holds(types, of: value) { continue }
        var next = walk
        // An inline predicate sees the relationship at hand.
        var row = walk.row
        if pattern.length == nil, let name = pattern.variable?.name {
          if isSingle, let bound = row[name] {
            guard case .relationship(let old) = bound, old.id == relationship.id else { continue }
          }
          row[name] = value
        }
        guard try hasProperties(pattern.properties, value, row) else { continue }
        if let predicate = pattern.predicate, try !isTrue(predicate, row) { continue }
        next.used.insert(id)
        next.relationships.append(id)
        next.nodes.append(end)
        try extend(next, taken + [id])
      }
    }
    func finish(_ walk: Walk, _ taken: [UInt64]) throws {
      var walk = walk
      if let name = pattern.variable?.name {
        let values = taken.map { Value.relationship(graph.relationship($0)) }
        walk.row[name] = isSingle ? values[0] : .list(values)
      }
      result.append(walk)
    }
    try extend(walk, [])
    return result
  }

  /// A loop is one step, whatever the direction.
  private func steps(from node: UInt64, _ direction: Direction) -> [(UInt64, UInt64)] {
    graph.relationships.keys.sorted().flatMap { id -> [(UInt64, UInt64)] in
      guard let record = graph.relationships[id] else { return [] }
      var steps: [(UInt64, UInt64)] = []
      if direction != .incoming, record.start == node { steps.append((id, record.end)) }
      if direction != .outgoing, record.end == node {
        if direction == .incoming || record.start != record.end { steps.append((id, record.start)) }
      }
      return steps
    }
  }

  func holds(_ expression: LabelExpression, of value: Value) throws -> Bool {
    let names: Set<String>
    switch value {
    case .node(let node):
      guard let record = graph.nodes[node.id.rawValue] else { throw NaiveError.deleted }
      names = record.labels
    case .relationship(let relationship): names = [relationship.type]
    default: throw NaiveError.type("labels")
    }
    return try Self.holds(expression.kind, names)
  }

  private static func holds(
    _ kind: LabelExpression.Kind, _ names: Set<String>
  ) throws -> Bool {
    switch kind {
    case .name(let name): names.contains(name)
    case .wildcard: !names.isEmpty
    case .computed: throw NaiveError.unsupported("computed labels")
    case .not(let inner): try !holds(inner.kind, names)
    case .and(let parts): try parts.allSatisfy { try holds($0.kind, names) }
    case .or(let parts): try parts.contains { try holds($0.kind, names) }
    }
  }
}
