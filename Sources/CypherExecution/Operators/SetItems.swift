internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// The items of SET, REMOVE and of MERGE's ON CREATE and ON MATCH.
///
/// Each row sees what the rows before it changed. Where no item reads what another writes, the
/// expressions are evaluated for a whole batch; otherwise row by row.
final class SetItems {
  private enum Item {
    case property(CompiledExpression, key: String, CompiledExpression)
    case dynamicProperty(CompiledExpression, key: CompiledExpression, CompiledExpression)
    case properties(CompiledExpression, CompiledExpression, merging: Bool)
    case addLabels(CompiledExpression, [String])
    case removeLabels(CompiledExpression, [String])
    case computedLabels(CompiledExpression, WrittenNames, adding: Bool)
  }
  private enum Subject {
    case node(NodeID)
    case relationship(RelationshipRef)
  }

  private let items: [Item]
  /// Of their values, in the text.
  private let ranges: [Range<Int>?]
  private let dependencies: SetDependencies
  private let context: ExecutionContext

  var isEmpty: Bool { items.isEmpty }

  init(_ items: [SetItem], layout: RowLayout, context: ExecutionContext) throws {
    func compile(_ expression: BoundExpression) throws -> CompiledExpression {
      try CompiledExpression(expression, layout: layout, context: context)
    }
    self.context = context
    dependencies = SetDependencies(items, layout: layout)
    ranges = items.map { item in
      guard case .property(_, _, let value) = item else { return nil }
      return context.places?.place(of: value, as: "SET")
    }
    self.items = try items.map { item in
      switch item {
      case .property(let subject, let key, let value):
        .property(try compile(subject), key: key, try compile(value))
      case .dynamicProperty(let subject, let key, let value):
        .dynamicProperty(try compile(subject), key: try compile(key), try compile(value))
      case .properties(let subject, let value, let merging):
        .properties(try compile(subject), try compile(value), merging: merging)
      case .addLabels(let subject, let labels): .addLabels(try compile(subject), labels)
      case .removeLabels(let subject, let labels): .removeLabels(try compile(subject), labels)
      case .computedLabels(let subject, let names, let adding):
        .computedLabels(
          try compile(subject), try WrittenNames(names, layout: layout, context: context),
          adding: adding)
      }
    }
  }

  func apply(_ batch: Batch, _ writer: GraphWriter) throws {
    if items.isEmpty { return }
    if batch.count == 1 || !dependencies.mayConflict(batch) {
      if batch.count == 1 && items.count > 1 {
        try applyInTurn(batch, writer)
        return
      }
      let evaluated = try items.indices.map { try evaluate($0, batch) }
      if dependencies.isByColumn && evaluated.allSatisfy(\.isOfEntities) {
        for item in evaluated {
          guard case .property(_, let key, _) = item.item, let values = item.values else {
            continue
          }
          try placing(at: item.range) {
            try writer.set(key, of: item.subjects, to: values, count: batch.count)
          }
        }
      } else {
        try apply(evaluated, count: batch.count, writer)
      }
      return
    }
    for row in 0..<batch.count {
      if row & 0xFF == 0xFF { try context.control.check() }
      try applyInTurn(batch.constant(row: row), writer)
    }
  }

  /// Each item sees what the ones before it changed.
  private func applyInTurn(_ row: Batch, _ writer: GraphWriter) throws {
    for item in items.indices { try apply([evaluate(item, row)], count: 1, writer) }
  }

  // MARK: Evaluation

  /// An item with its subjects, and its keys and values where it has them, as columns.
  private struct Evaluated {
    var item: Item
    var range: Range<Int>?
    var subjects: Vector
    var keys: Vector?
    var values: Vector?
    /// Whether the subjects are a typed column.
    var isOfEntities: Bool { subjects.type == .node || subjects.type == .relationship }
  }

  private func evaluate(_ index: Int, _ batch: Batch) throws -> Evaluated {
    let item = items[index]
    return switch item {
    case .property(let subject, _, let value), .properties(let subject, let value, _):
      Evaluated(
        item: item, range: ranges[index], subjects: try subject.evaluate(batch),
        values: try value.evaluate(batch))
    case .dynamicProperty(let subject, let key, let value):
      Evaluated(
        item: item, subjects: try subject.evaluate(batch), keys: try key.evaluate(batch),
        values: try value.evaluate(batch))
    case .addLabels(let subject, _), .removeLabels(let subject, _):
      Evaluated(item: item, subjects: try subject.evaluate(batch))
    case .computedLabels(let subject, let names, _):
      Evaluated(
        item: item, subjects: try subject.evaluate(batch), keys: try names.evaluate(batch))
    }
  }

  private func apply(_ items: [Evaluated], count: Int, _ writer: GraphWriter) throws {
    for row in 0..<count {
      if row & 0xFFF == 0xFFF { try context.control.check() }
      for item in items {
        guard let subject = try Self.subject(item.subjects, row) else { continue }
        try placing(at: item.range) { try apply(item, row, subject, writer) }
      }
    }
  }

  private static func subject(_ vector: Vector, _ row: Int) throws -> Subject? {
    if vector.isNull(row) { return nil }
    let row = vector.physical(row)
    switch vector.type {
    case .node: return .node(vector.nodes[row])
    case .relationship: return .relationship(vector.relationships[row])
    default:
      switch vector.boxed(row) {
      case .node(let node): return .node(node.id)
      case .relationship(let value): return .relationship(try EntityColumn.stored(value))
      case let other: throw EntityColumn.unexpected(other, "Node or Relationship")
      }
    }
  }

  // MARK: Changes

  private func apply(
    _ evaluated: Evaluated, _ row: Int, _ subject: Subject, _ writer: GraphWriter
  ) throws {
    switch evaluated.item {
    case .property(_, let key, _):
      try set(key, of: subject, to: evaluated.values?.boxed(row) ?? .null, writer)
    case .dynamicProperty:
      switch evaluated.keys?.boxed(row) {
      case .string(let key)?:
        try set(key, of: subject, to: evaluated.values?.boxed(row) ?? .null, writer)
      case let other:
        throw QueryError(
          .typeError, "MapElementAccessByNonString",
          "a property key must be a string, not \((other ?? .null).typeNameWithArticle)")
      }
    case .properties(_, _, let merging):
      try setAll(evaluated.values?.boxed(row) ?? .null, of: subject, merging: merging, writer)
    case .addLabels(_, let labels):
      try writer.addLabels(labels, to: try Self.node(subject))
    case .removeLabels(_, let labels):
      try writer.removeLabels(labels, from: try Self.node(subject))
    case .computedLabels(_, let names, let adding):
      let labels = try names.labels(evaluated.keys, row: row)
      let node = try Self.node(subject)
      if adding {
        try writer.addLabels(labels, to: node)
      } else {
        try writer.removeLabels(labels, from: node)
      }
    }
  }

  private static func node(_ subject: Subject) throws -> NodeID {
    guard case .node(let node) = subject else {
      throw QueryError(
        .typeError, "InvalidArgumentType", "only nodes have labels, not relationships")
    }
    return node
  }

  private func set(
    _ key: String, of subject: Subject, to value: Value, _ writer: GraphWriter
  ) throws {
    switch subject {
    case .node(let node): try writer.set(key, of: node, to: value)
    case .relationship(let relationship): try writer.set(key, of: relationship, to: value)
    }
  }

  private func setAll(
    _ value: Value, of subject: Subject, merging: Bool, _ writer: GraphWriter
  ) throws {
    let map: [String: Value]
    switch value {
    case .map(let values): map = values
    case .node(let node): map = try properties(of: .node(node.id))
    case .relationship(let value):
      map =
        value.id.isVirtual
        ? value.properties : try properties(of: .relationship(RelationshipRef(value)))
    case .null where merging: return
    default:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "properties can only be set from a map, a node or a relationship, not from "
          + value.typeNameWithArticle)
    }
    if !merging {
      for key in try properties(of: subject).keys.sorted() where map[key] == nil {
        try set(key, of: subject, to: .null, writer)
      }
    }
    for (key, value) in map.sorted(by: { $0.key < $1.key }) {
      try set(key, of: subject, to: value, writer)
    }
  }

  private func properties(of subject: Subject) throws -> [String: Value] {
    let reader = context.reader
    let pairs =
      switch subject {
      case .node(let node): try reader.properties(of: node)
      case .relationship(let relationship): try reader.properties(of: relationship.id)
      }
    return Dictionary(
      pairs.map { (reader.name(of: $0.key), $0.value) }, uniquingKeysWith: { $1 })
  }
}
