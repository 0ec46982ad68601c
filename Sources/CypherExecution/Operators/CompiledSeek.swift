internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// What a node scan looks for, with its expressions compiled. They refer to no variable of the scan
/// itself; below an apply they may refer to the argument.
final class CompiledSeek {
  /// The values sought in one opening of the scan.
  enum Sought {
    case nothing
    /// Each node once.
    case nodes([NodeID])
    case anyOf(PropertyKeyID, [Value])
    case range(
      PropertyKeyID, lower: Value?, lowerInclusive: Bool, upper: Value?, upperInclusive: Bool)
    case prefix(PropertyKeyID, String)
  }

  private let seek: Seek
  private let first: CompiledExpression?
  private let second: CompiledExpression?
  private let slot: ArgumentSlot?
  private let context: ExecutionContext

  init(_ seek: Seek, slot: ArgumentSlot?, context: ExecutionContext) throws {
    self.seek = seek
    self.slot = slot
    self.context = context
    func compile(_ expression: BoundExpression?) throws -> CompiledExpression? {
      try expression.map {
        try CompiledExpression($0, layout: slot?.layout ?? RowLayout([]), context: context)
      }
    }
    switch seek {
    case .ids(let ids, _):
      first = try compile(ids)
      second = nil
    case .equal(_, let value), .anyOf(_, let value), .prefix(_, let value):
      first = try compile(value)
      second = nil
    case .range(_, let lower, _, let upper, _):
      first = try compile(lower)
      second = try compile(upper)
    }
  }

  func evaluate() throws -> Sought {
    let row: Batch
    if let slot, slot.batch.count == 1 {
      row = slot.batch
    } else {
      row = Batch(columns: [], count: 1)
    }
    let a = try first?.evaluate(row).boxed(0)
    let b = try second?.evaluate(row).boxed(0)
    switch seek {
    case .ids(_, let isList): return try nodes(a, isList: isList)
    case .equal(let key, _):
      guard let key = context.reader.propertyKeyID(key), let a, a.mayEqual else { return .nothing }
      return .anyOf(key, [a])
    case .anyOf(let key, _):
      let values = try MembershipNode.elements(a ?? .null)
      guard let key = context.reader.propertyKeyID(key) else { return .nothing }
      return .anyOf(key, values.filter(\.mayEqual))
    case .range(let key, _, let lowerInclusive, _, let upperInclusive):
      guard let key = context.reader.propertyKeyID(key) else { return .nothing }
      if case .null? = a { return .nothing }
      if case .null? = b { return .nothing }
      return .range(
        key, lower: a, lowerInclusive: lowerInclusive, upper: b, upperInclusive: upperInclusive)
    case .prefix(let key, _):
      guard let key = context.reader.propertyKeyID(key), case .string(let prefix)? = a else {
        return .nothing
      }
      return .prefix(key, prefix)
    }
  }

  private func nodes(_ value: Value?, isList: Bool) throws -> Sought {
    var values: [Value] = []
    if isList {
      values = try MembershipNode.elements(value ?? .null)
    } else if let value {
      values = [value]
    }
    return .nodes(values.compactMap(\.soughtNode).uniqued())
  }
}

extension Value {
  /// Equality with it can be true.
  fileprivate var mayEqual: Bool {
    switch self {
    case .null: false
    case .float(let value): !value.isNaN
    default: true
    }
  }

  /// As `id` (a number) or `elementId` (its digits, after any prefix) give it.
  fileprivate var soughtNode: NodeID? {
    switch self {
    case .integer(let id): return id >= 0 ? NodeID(UInt64(id)) : nil
    case .float(let id):
      guard let id = Int64(exactly: id), id >= 0 else { return nil }
      return NodeID(UInt64(id))
    case .string(let text):
      let digits = text.utf8.reversed().prefix { $0 >= 48 && $0 <= 57 }.reversed()
      return UInt64(String(decoding: Array(digits), as: UTF8.self)).map { NodeID($0) }
    default: return nil
    }
  }

  /// The types whose order agrees with `=` and `<`, and for which zone maps have bounds.
  fileprivate var hasZoneMapOrder: Bool {
    switch self {
    case .integer, .float, .string, .date, .localDateTime: true
    default: false
    }
  }
}

extension CompiledSeek.Sought {
  private var key: PropertyKeyID? {
    switch self {
    case .nothing, .nodes: nil
    case .anyOf(let key, _), .range(let key, _, _, _, _), .prefix(let key, _): key
    }
  }

  /// Whether a segment can have such values at all, by its zone map.
  func mayOccur(inSegment segment: Int, _ reader: GraphReader) throws -> Bool {
    guard let key else { return true }
    guard let chunk = try reader.column(key, nodeSegment: segment) else { return false }
    guard let bounds = chunk.bounds else { return true }
    switch self {
    case .nothing, .nodes: return true
    case .anyOf(_, let values):
      return values.contains { value in
        !value.hasZoneMapOrder
          || (Value.order(value, bounds.minimum) >= 0 && Value.order(value, bounds.maximum) <= 0)
      }
    case .range(_, let lower, _, let upper, _):
      if let lower, lower.hasZoneMapOrder, Value.order(bounds.maximum, lower) < 0 { return false }
      if let upper, upper.hasZoneMapOrder, Value.order(bounds.minimum, upper) > 0 { return false }
      return true
    case .prefix(_, let prefix):
      guard case .string(let maximum) = bounds.maximum else { return true }
      return Value.order(.string(maximum), .string(prefix)) >= 0
    }
  }

  /// Keeps the nodes that match, where that is cheap to say; the plan filters exactly later.
  func narrow(
    _ nodes: UnsafeMutablePointer<NodeID>, count: Int, _ reader: GraphReader
  ) throws -> Int {
    guard let key else { return count }
    let isCheap =
      switch self {
      case .anyOf(_, let values): values.count == 1
      case .range: true
      case .nothing, .nodes, .prefix: false
      }
    guard isCheap else { return count }
    let column = try reader.gather(key, nodes: nodes, count: count)
    if column.isConstant { return column.isNull(0) ? 0 : count }
    switch self {
    case .anyOf(_, let values): return Self.keepEqual(values[0], column, nodes, count)
    case .range(_, let lower, let lowerInclusive, let upper, let upperInclusive):
      guard
        let range = Self.words(
          column.type, lower, lowerInclusive, upper, upperInclusive)
      else { return count }
      return Self.keep(range, column, nodes, count)
    case .nothing, .nodes, .prefix: return count
    }
  }

  private static func keepEqual(
    _ value: Value, _ column: Vector, _ nodes: UnsafeMutablePointer<NodeID>, _ count: Int
  ) -> Int {
    switch (value, column.type) {
    case (.integer(let value), .integer): return keep(value...value, column, nodes, count)
    case (.date(let value), .date): return keep(value.days...value.days, column, nodes, count)
    case (.string(var text), .string):
      return text.withUTF8 { bytes in
        let wanted = StringRef(base: bytes.baseAddress, count: bytes.count)
        var kept = 0
        for row in 0..<count
        where !column.isNull(row) && column.strings[row].hasSameBytes(as: wanted) {
          nodes[kept] = nodes[row]
          kept += 1
        }
        return kept
      }
    default: return count
    }
  }

  /// For columns of integers and dates, which are single words.
  private static func keep(
    _ range: ClosedRange<Int64>, _ column: Vector, _ nodes: UnsafeMutablePointer<NodeID>,
    _ count: Int
  ) -> Int {
    let words = column.elements(Int64.self)
    let (low, high) = (range.lowerBound, range.upperBound)
    let hasNulls = !column.hasNoNulls
    var kept = 0
    for row in 0..<count where words[row] >= low && words[row] <= high {
      if hasNulls && column.isNull(row) { continue }
      nodes[kept] = nodes[row]
      kept += 1
    }
    return kept
  }

  /// The range as words of a column's type; nil where it has no such form (or is empty: the plan's
  /// filter deals with it).
  private static func words(
    _ type: VectorType, _ lower: Value?, _ lowerInclusive: Bool, _ upper: Value?,
    _ upperInclusive: Bool
  ) -> ClosedRange<Int64>? {
    func word(_ value: Value?, _ isInclusive: Bool, isLower: Bool) -> Int64? {
      var word: Int64
      switch (value, type) {
      case (nil, _): return isLower ? .min : .max
      case (.integer(let value)?, .integer): word = value
      case (.date(let value)?, .date): word = value.days
      case (.float(let value)?, .integer):
        let whole = isLower ? value.rounded(.up) : value.rounded(.down)
        guard let integer = Int64(exactly: whole) else { return nil }
        if whole != value { return integer }
        word = integer
      default: return nil
      }
      if isInclusive { return word }
      let (moved, overflow) =
        isLower ? word.addingReportingOverflow(1) : word.subtractingReportingOverflow(1)
      word = moved
      return overflow ? nil : word
    }
    guard type == .integer || type == .date,
      let low = word(lower, lowerInclusive, isLower: true),
      let high = word(upper, upperInclusive, isLower: false), low <= high
    else { return nil }
    return low...high
  }
}
