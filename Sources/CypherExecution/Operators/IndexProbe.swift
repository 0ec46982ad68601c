internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// What an index seek looks for in the rows of a batch: its expressions compiled and evaluated.
struct IndexProbe {
  private let seek: IndexSeek
  private let values: [CompiledExpression]
  private let prefix: CompiledExpression?
  private let lower: CompiledExpression?
  private let upper: CompiledExpression?
  private let context: ExecutionContext
  private var columns: [Vector] = []
  private var prefixes: Vector?
  private var lowers: Vector?
  private var uppers: Vector?

  init(_ seek: IndexSeek, layout: RowLayout, context: ExecutionContext) throws {
    func compile(_ expression: BoundExpression?) throws -> CompiledExpression? {
      try expression.map { try CompiledExpression($0, layout: layout, context: context) }
    }
    self.seek = seek
    self.context = context
    values = try seek.values.map {
      switch $0 {
      case .equal(let value), .anyOf(let value):
        try CompiledExpression(value, layout: layout, context: context)
      }
    }
    switch seek.bound {
    case nil: (prefix, lower, upper) = (nil, nil, nil)
    case .prefix(let text): (prefix, lower, upper) = (try compile(text), nil, nil)
    case .range(let low, _, let high, _):
      (prefix, lower, upper) = (nil, try compile(low), try compile(high))
    }
  }

  /// The index as it is now.
  /// - Throws: when it is not the one of the plan.
  func index() throws -> IndexDefinition {
    let reader = context.reader
    let label =
      switch seek.target {
      case .node: reader.labelID(seek.index.label)?.rawValue
      case .relationship: reader.relationshipTypeID(seek.index.label)?.rawValue
      }
    guard let index = reader.schema.index(named: seek.index.name), index.labels.first == label,
      index.keys == seek.index.keys.compactMap({ reader.propertyKeyID($0) })
    else {
      throw QueryError(
        .schemaError, "IndexNotFound",
        "the index `\(seek.index.name)`, which the statement's plan uses, was dropped",
        hint: "run the statement again")
    }
    return index
  }

  mutating func evaluate(_ batch: Batch) throws {
    columns = try values.map { try $0.evaluate(batch) }
    prefixes = try prefix?.evaluate(batch)
    lowers = try lower?.evaluate(batch)
    uppers = try upper?.evaluate(batch)
  }

  /// The values of the only key, where each row looks for one value of it.
  var singleKeys: Vector? {
    guard seek.index.keys.count == 1, case .equal? = seek.values.first else { return nil }
    return columns[0]
  }

  /// Calls `body` for each search that a row makes; nothing is found by two of them.
  func forEachSearch(row: Int, _ body: (IndexSearch) throws -> Void) throws {
    guard let bound = bound(row: row) else { return }
    try extend(IndexSearch(equal: [], bound: bound), row: row, body)
  }

  private func extend(
    _ search: IndexSearch, row: Int, _ body: (IndexSearch) throws -> Void
  ) throws {
    let place = search.equal.count
    if place == columns.count { return try body(search) }
    var search = search
    switch seek.values[place] {
    case .equal:
      let value = columns[place].boxed(row)
      guard value.canEqualProperty else { return }
      search.equal.append(value)
      try extend(search, row: row, body)
    case .anyOf:
      search.equal.append(.null)
      for value in try members(columns[place].boxed(row)) {
        search.equal[place] = value
        try extend(search, row: row, body)
      }
    }
  }

  private func members(_ list: Value) throws -> [Value] {
    switch list {
    case .null: return []
    case .list(let values): return values.filter(\.canEqualProperty).uniqued()
    default: throw ExpressionError.type("IN needs a list, not \(list.typeNameWithArticle)")
    }
  }

  /// Nil: no value passes.
  private func bound(row: Int) -> IndexSearch.Bound? {
    switch seek.bound {
    case nil: return .all
    case .prefix:
      guard case .string(let text)? = prefixes?.boxed(row) else { return nil }
      return .prefix(text)
    case .range(_, let lowerInclusive, _, let upperInclusive):
      let (low, high) = (lowers?.boxed(row), uppers?.boxed(row))
      guard low?.canEqualProperty ?? true, high?.canEqualProperty ?? true else { return nil }
      return .range(
        lower: low, lowerInclusive: lowerInclusive, upper: high, upperInclusive: upperInclusive)
    }
  }
}

extension Value {
  /// Some property can be equal to it, or can be compared with it.
  var canEqualProperty: Bool {
    switch self {
    case .null, .map, .node, .relationship, .path: false
    case .float(let value): !value.isNaN
    default: true
    }
  }
}
