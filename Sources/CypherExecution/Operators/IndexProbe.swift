internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// The searches that an index seek makes for the rows of a batch, one after the other. What one of
/// them finds is read from `search`; nothing is found by two of a row.
final class IndexProbe {
  private let seek: IndexSeek
  private let values: [CompiledExpression]
  private let prefix: CompiledExpression?
  private let lower: CompiledExpression?
  private let upper: CompiledExpression?
  private let context: ExecutionContext
  /// One value for each key of the index.
  private let isLookup: Bool
  private var search: RangeIndexSearch?

  private var columns: [Vector] = []
  private var prefixes: Vector?
  private var lowers: Vector?
  private var uppers: Vector?

  // The row at hand.
  private var row = 0
  private var isDone = true
  /// The values sought of each of the first keys, and those whose turn it is.
  private var lists: [[Value]] = []
  private var places: [Int] = []
  private var bound = IndexSearch.Bound.all
  private var searchCount = 0

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
    isLookup =
      seek.values.count == seek.index.keys.count
      && seek.values.allSatisfy { if case .equal = $0 { true } else { false } }
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

  /// Takes the rows that searches are made for.
  func evaluate(_ batch: Batch) throws {
    columns = try values.map { try $0.evaluate(batch) }
    prefixes = try prefix?.evaluate(batch)
    lowers = try lower?.evaluate(batch)
    uppers = try upper?.evaluate(batch)
  }

  /// Begins with a row.
  func start(row: Int) throws {
    self.row = row
    isDone = false
    if isLookup { return }
    guard let bound = bound(row: row) else {
      isDone = true
      return
    }
    self.bound = bound
    lists.removeAll(keepingCapacity: true)
    for (place, value) in seek.values.enumerated() {
      let sought = columns[place].boxed(row)
      switch value {
      case .equal: lists.append(sought.canEqualProperty ? [sought] : [])
      case .anyOf: lists.append(try members(sought))
      }
    }
    places = [Int](repeating: 0, count: lists.count)
    isDone = lists.contains(where: \.isEmpty)
  }

  /// The next search of the row, begun; nil when there are no more.
  func nextSearch() throws -> RangeIndexSearch? {
    if isDone { return nil }
    searchCount += 1
    if searchCount & 1023 == 0 { try context.control.check() }
    let search = try self.search ?? context.reader.search(of: try index())
    self.search = search
    if isLookup {
      isDone = true
      return try lookUp(search) ? search : nil
    }
    let equal = zip(lists, places).map { $0[$1] }
    advance()
    if equal.count == seek.index.keys.count {
      search.begin()
      for value in equal { search.append(value) }
      try search.find(equal)
    } else {
      try search.start(
        IndexSearch(equal: equal, bound: bound), descending: seek.order?.isDescending ?? false)
    }
    return search
  }

  /// To the next choice of one value for each key, those of the last key first.
  private func advance() {
    for place in places.indices.reversed() {
      places[place] += 1
      if places[place] < lists[place].count { return }
      places[place] = 0
    }
    isDone = true
  }

  /// - Returns: false where a value equals nothing.
  private func lookUp(_ search: RangeIndexSearch) throws -> Bool {
    search.begin()
    for column in columns {
      if !column.hasNoNulls && column.isNull(row) { return false }
      let place = column.physical(row)
      switch column.type {
      case .integer: search.append(column.integers[place])
      case .string: search.append(column.strings[place].bytes)
      default:
        let value = column.boxed(row)
        guard value.canEqualProperty else { return false }
        search.append(value)
      }
    }
    try search.find(columns.map { $0.boxed(row) })
    return true
  }

  private func members(_ list: Value) throws -> [Value] {
    switch list {
    case .null: return []
    case .list(let values):
      let members = values.filter(\.canEqualProperty).uniqued()
      guard let order = seek.order else { return members }
      return members.sorted { (Value.order($0, $1) < 0) != order.isDescending }
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
      guard low?.canBoundProperty ?? true, high?.canBoundProperty ?? true else { return nil }
      return .range(
        lower: low, lowerInclusive: lowerInclusive, upper: high, upperInclusive: upperInclusive)
    }
  }
}

extension Value {
  /// Some property can be equal to it.
  fileprivate var canEqualProperty: Bool {
    switch self {
    case .list, .point: Value.equals(self, self) == true
    default: canBoundProperty
    }
  }

  /// Some property can be compared with it.
  fileprivate var canBoundProperty: Bool {
    switch self {
    case .null, .map, .node, .relationship, .path: false
    case .float(let value): !value.isNaN
    default: true
    }
  }
}
