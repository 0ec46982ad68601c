internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// The property map of a created element, compiled. The entries of a written map are evaluated by
/// themselves, so that no map is built for each row.
enum PropertyExpressions {
  struct Entry {
    var key: String
    var value: CompiledExpression
    /// Of the value, in the text.
    var range: Range<Int>?
  }
  case none
  case entries([Entry])
  case map(CompiledExpression)

  init(_ expression: BoundExpression?, layout: RowLayout, context: ExecutionContext) throws {
    switch expression {
    case nil: self = .none
    case .map(let entries)?:
      // The last of several entries of one key counts.
      var last: [String: BoundExpression] = [:]
      for entry in entries { last[entry.key] = entry.value }
      self = .entries(
        try entries.map(\.key).uniqued().compactMap { key in
          guard let value = last[key] else { return nil }
          return Entry(
            key: key, value: try CompiledExpression(value, layout: layout, context: context),
            range: context.places?.place(of: value, as: "{\(key)}"))
        })
    case let expression?:
      self = .map(try CompiledExpression(expression, layout: layout, context: context))
    }
  }

  /// One column for each key, or a column of maps.
  func evaluate(_ batch: Batch) throws -> PropertyColumns {
    switch self {
    case .none: return PropertyColumns(entries: [], maps: nil)
    case .entries(let entries):
      return PropertyColumns(
        entries: try entries.map { ($0.key, try $0.value.evaluate(batch), $0.range) }, maps: nil)
    case .map(let map): return PropertyColumns(entries: [], maps: try map.evaluate(batch))
    }
  }
}

struct PropertyColumns {
  var entries: [(key: String, values: Vector, range: Range<Int>?)]
  var maps: Vector?

  /// Gives new nodes or relationships their properties.
  func set(of entities: Vector, count: Int, _ writer: GraphWriter) throws {
    for (key, values, range) in entries {
      try placing(at: range) {
        try writer.set(key, of: entities, to: values, count: count, skippingNulls: true)
      }
    }
    guard maps != nil else { return }
    for row in 0..<count {
      let entity = entities.slice(from: row, count: 1)
      try forEach(row: row) { key, value in
        try writer.set(
          key, of: entity, to: .constant(value, count: 1), count: 1, skippingNulls: true)
      }
    }
  }

  /// The rows `rows[i]`.
  func picking(_ rows: [Int32]) -> PropertyColumns {
    PropertyColumns(
      entries: entries.map { ($0.key, $0.values.picking(rows), $0.range) },
      maps: maps?.picking(rows))
  }

  /// Calls `body` for each property of a row; nulls too.
  func forEach(row: Int, _ body: (String, Value) throws -> Void) throws {
    for entry in entries {
      try placing(at: entry.range) { try body(entry.key, entry.values.boxed(row)) }
    }
    guard let maps else { return }
    switch maps.boxed(row) {
    case .null: break
    case .map(let map):
      for (key, value) in map.sorted(by: { $0.key < $1.key }) { try body(key, value) }
    case let other:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "properties must be a map, not \(other.typeNameWithArticle)")
    }
  }
}
