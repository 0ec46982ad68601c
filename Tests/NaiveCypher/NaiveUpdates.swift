internal import Cypher
internal import GraphTypes

extension NaiveInterpreter {
  func create(_ patterns: [PathPattern], _ row: Row) throws -> Row {
    var row = row
    for pattern in patterns { row = try create(pattern, row) }
    return row
  }

  private func create(_ pattern: PathPattern, _ row: Row) throws -> Row {
    var row = row
    var ends: [UInt64] = []
    for case .node(let node) in pattern.elements {
      if let name = node.variable?.name, let bound = row[name] {
        guard case .node(let node) = bound else { throw NaiveError.type("a node to connect") }
        guard graph.nodes[node.id.rawValue] != nil else { throw NaiveError.deleted }
        ends.append(node.id.rawValue)
        continue
      }
      let labels = node.labels?.conjunctionOfNames?.map(\.name) ?? []
      let id = graph.addNode(labels: Set(labels), properties: try properties(node.properties, row))
      ends.append(id)
      if let name = node.variable?.name { row[name] = graph.node(id) }
    }
    var place = 0
    for case .relationship(let relationship) in pattern.elements {
      let (a, b) = (ends[place], ends[place + 1])
      place += 1
      let isIncoming = relationship.direction == .incoming
      guard let type = relationship.types?.disjunctionOfNames?.first?.name else {
        throw NaiveError.unsupported("a relationship without type")
      }
      let id = graph.addRelationship(
        type, from: isIncoming ? b : a, to: isIncoming ? a : b,
        properties: try properties(relationship.properties, row))
      if let name = relationship.variable?.name {
        row[name] = .relationship(graph.relationship(id))
      }
    }
    return row
  }

  private func properties(_ expression: Expression?, _ row: Row) throws -> [String: Value] {
    guard let expression else { return [:] }
    guard case .map(let map) = try evaluate(expression, row) else {
      throw NaiveError.type("properties")
    }
    try map.values.forEach(checkStorable)
    return map
  }

  /// Lists of one kind of scalar can be properties, maps and elements of the graph cannot.
  private func checkStorable(_ value: Value) throws {
    switch value {
    case .null, .boolean, .integer, .float, .string: break
    case .list(let items):
      for item in items {
        switch item {
        case .boolean, .integer, .float, .string: break
        default: throw NaiveError.type("a property")
        }
      }
    default: throw NaiveError.type("a property")
    }
  }

  func merge(_ clause: MergeClause, _ row: Row) throws -> [Row] {
    for element in clause.pattern.elements {
      let map: Expression? =
        switch element {
        case .node(let node): node.properties
        case .relationship(let relationship): relationship.properties
        case .parenthesized: nil
        }
      if let map, case .map(let entries) = try evaluate(map, row),
        entries.values.contains(where: \.isNullValue)
      {
        throw NaiveError.argument("MERGE with null")
      }
      // A variable that is bound to null finds nothing and cannot be created.
      if case .node(let node) = element, let name = node.variable?.name,
        row[name]?.isNullValue == true
      {
        throw NaiveError.argument("MERGE of null")
      }
    }
    let found = try solutions([clause.pattern], row)
    let rows = found.isEmpty ? [try create([clause.pattern], row)] : found
    let event: MergeAction.Event = found.isEmpty ? .create : .match
    for row in rows {
      for action in clause.actions where action.event == event {
        for item in action.items { try set(item, row) }
      }
    }
    return rows
  }

  func set(_ item: SetItem, _ row: Row) throws {
    switch item.kind {
    case .property(let target, let value):
      guard case .property(let base, let key) = target.kind else {
        throw NaiveError.unsupported("SET of a subscript")
      }
      let element = try evaluate(base, row)
      if element.isNullValue { return }
      let value = try evaluate(value, row)
      try checkStorable(value)
      try graph.change(element) { $0[key.name] = value.isNullValue ? nil : value }
    case .replace(let variable, let value), .merge(let variable, let value):
      let element = row[variable.name] ?? .null
      let new = try evaluate(value, row)
      if element.isNullValue { return }
      // SET n += null does nothing for the engine's sake of the map being null.
      if new.isNullValue { throw NaiveError.unsupported("SET of null") }
      let map = try properties(of: new)
      try map.values.forEach(checkStorable)
      let isReplacing = if case .replace = item.kind { true } else { false }
      try graph.change(element) { properties in
        if isReplacing { properties = [:] }
        properties = properties.merging(map) { $1 }.withoutNulls
      }
    case .labels(let variable, let labels):
      let element = row[variable.name] ?? .null
      if element.isNullValue { return }
      let names = try labels.map(written)
      try graph.changeLabels(element) { $0.formUnion(names) }
    }
  }

  func remove(_ item: RemoveItem, _ row: Row) throws {
    switch item.kind {
    case .property(let target):
      guard case .property(let base, let key) = target.kind else {
        throw NaiveError.unsupported("REMOVE of a subscript")
      }
      let element = try evaluate(base, row)
      if element.isNullValue { return }
      try graph.change(element) { $0[key.name] = nil }
    case .labels(let variable, let labels):
      let element = row[variable.name] ?? .null
      if element.isNullValue { return }
      let names = try labels.map(written)
      try graph.changeLabels(element) { $0.subtract(names) }
    }
  }

  private func written(_ name: WrittenName) throws -> String {
    guard case .name(let name) = name else { throw NaiveError.unsupported("computed labels") }
    return name.name
  }

  func delete(_ value: Value, detaching: Bool) throws {
    switch value {
    case .null: break
    case .node(let node): graph.deleteNode(node.id.rawValue, detaching: detaching)
    case .relationship(let relationship): graph.deleteRelationship(relationship.id.rawValue)
    case .path(let path):
      for relationship in path.relationships {
        graph.deleteRelationship(relationship.id.rawValue)
      }
      for node in path.nodes { graph.deleteNode(node.id.rawValue, detaching: detaching) }
    default: throw NaiveError.type("DELETE")
    }
  }
}
