internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// By which columns rows are ordered, and how their elements compare.
///
/// The first key of each row is turned into a word whose order agrees with the key's as far as it
/// goes; whole keys are only compared where these words are equal.
struct SortOrder {
  /// Columns of the keys, the most significant first.
  let places: [Int]
  let isDescending: [Bool]

  /// The order of one column of integers.
  static func ascending(column: Int) -> SortOrder {
    SortOrder(places: [column], isDescending: [false])
  }

  /// Some rows of `columns` with their words; entry `i` is row `i`.
  /// - Returns: whether the words decide alone.
  func entries(
    _ columns: [Vector], _ rows: Range<Int>, into entries: UnsafeMutablePointer<SortEntry>
  ) -> Bool {
    guard let first = places.first else {
      for row in rows {
        (entries + row).initialize(to: SortEntry(word: 0, row: Int32(truncatingIfNeeded: row)))
      }
      return true
    }
    let isExact = Self.words(of: columns[first], rows, isDescending: isDescending[0]) {
      (entries + Int($1)).initialize(to: SortEntry(word: $0, row: $1))
    }
    return isExact && places.count == 1
  }

  /// - Returns: whether the words decide alone.
  @inline(__always)
  static func words(
    of column: Vector, _ rows: Range<Int>, isDescending: Bool, _ body: (UInt64, Int32) -> Void
  ) -> Bool {
    let flip: UInt64 = isDescending ? ~0 : 0
    // Null is last; the largest word of a type may be the same, so whole keys decide then.
    let hasNulls = !column.hasNoNulls
    for row in rows {
      let word = hasNulls && column.isNull(row) ? UInt64.max : word(column, column.physical(row))
      body(word ^ flip, Int32(truncatingIfNeeded: row))
    }
    switch column.type {
    case .boolean, .integer, .float, .date, .node: return !hasNulls
    default: return false
    }
  }

  @inline(__always)
  private static func word(_ column: Vector, _ row: Int) -> UInt64 {
    let signBit: UInt64 = 1 << 63
    switch column.type {
    case .boolean: return column.booleans[row] ? 1 : 0
    case .integer: return UInt64(bitPattern: column.integers[row]) ^ signBit
    case .date: return UInt64(bitPattern: column.dates[row].days) ^ signBit
    case .localDateTime: return UInt64(bitPattern: column.localDateTimes[row].seconds) ^ signBit
    case .node: return column.nodes[row].rawValue
    case .relationship: return column.relationships[row].id.rawValue
    case .float:
      let value = column.floats[row]
      if value.isNaN { return UInt64.max - 1 }
      if value == 0 { return signBit }
      let bits = value.bitPattern
      return bits & signBit == 0 ? bits | signBit : ~bits
    case .string:
      let text = column.strings[row]
      var word: UInt64 = 0
      for index in 0..<min(8, text.count) {
        word |= UInt64(text.bytes[index]) << UInt64(56 - 8 * index)
      }
      return word
    case .any: return 0
    }
  }

  /// Below 0 where row `a` of some columns comes before row `b` of others, 0 where all keys are
  /// equal.
  func compare(_ columns: [Vector], _ a: Int, _ others: [Vector], _ b: Int) -> Int {
    for (index, place) in places.enumerated() {
      let order = Self.compare(columns[place], a, others[place], b)
      if order != 0 { return isDescending[index] ? -order : order }
    }
    return 0
  }

  private static func compare(_ column: Vector, _ a: Int, _ other: Vector, _ b: Int) -> Int {
    if column.type != other.type { return Value.order(column.boxed(a), other.boxed(b)) }
    let (i, j) = (column.physical(a), other.physical(b))
    if column.type == .any { return Value.order(column.values[i], other.values[j]) }
    if !column.hasNoNulls || !other.hasNoNulls {
      let (aIsNull, bIsNull) = (column.isNull(a), other.isNull(b))
      if aIsNull || bIsNull { return (aIsNull ? 1 : 0) - (bIsNull ? 1 : 0) }
    }
    switch column.type {
    case .string: return column.strings[i].byteOrder(other.strings[j])
    case .localDateTime:
      let (x, y) = (column.localDateTimes[i], other.localDateTimes[j])
      if x.seconds != y.seconds { return x.seconds < y.seconds ? -1 : 1 }
      return x.nanoseconds < y.nanoseconds ? -1 : x.nanoseconds == y.nanoseconds ? 0 : 1
    default:
      let (x, y) = (word(column, i), word(other, j))
      return x < y ? -1 : x == y ? 0 : 1
    }
  }
}

/// The keys of ORDER BY, evaluated. Belongs to one thread.
struct SortKeys {
  /// Columns as they come, then those of keys that are no columns already.
  let order: SortOrder
  let columnCount: Int
  private let added: [CompiledExpression]
  private let collation: TextCollation

  init(
    _ keys: [SortKey], layout: RowLayout, collation: TextCollation, context: ExecutionContext
  ) throws {
    var places: [Int] = []
    var added: [CompiledExpression] = []
    for key in keys {
      if collation == .codePoints, case .variable(let variable) = key.expression,
        let column = layout.column(of: variable)
      {
        places.append(column)
      } else {
        places.append(layout.variables.count + added.count)
        added.append(try CompiledExpression(key.expression, layout: layout, context: context))
      }
    }
    order = SortOrder(places: places, isDescending: keys.map(\.isDescending))
    columnCount = layout.variables.count + added.count
    self.added = added
    self.collation = collation
  }

  /// The first key of a batch's rows; nil without keys.
  func first(of batch: Batch) throws -> Vector? {
    guard let place = order.places.first else { return nil }
    return place < batch.columns.count
      ? batch.columns[place] : collated(try added[0].evaluate(batch), batch.count)
  }

  /// The batch with the keys that are not among its columns.
  /// - Parameter first: the first key, if it is known.
  func appended(to batch: Batch, first: Vector? = nil) throws -> Batch {
    if added.isEmpty { return batch }
    var result = batch
    for (index, expression) in added.enumerated() {
      if index == 0, let first, order.places.first == batch.columns.count {
        result.columns.append(first)
      } else {
        result.columns.append(collated(try expression.evaluate(batch), batch.count))
      }
    }
    return result
  }

  /// In a form that goes by code points.
  private func collated(_ vector: Vector, _ count: Int) -> Vector {
    guard collation != .codePoints, vector.type == .string || vector.type == .any else {
      return vector
    }
    if vector.isConstant { return .constant(CollationKey.key(of: vector.boxed(0)), count: count) }
    if vector.type == .string {
      let arena = StringArena()
      let result = FunctionLoop.map(
        vector, StringRef.self, to: .string, StringRef.self, count
      ) { arena.append(CollationKey.key(of: $0.string)) }
      result.owners = [arena]
      return result
    }
    var builder = VectorBuilder(capacity: count)
    for row in 0..<count { builder.append(CollationKey.key(of: vector.boxed(row))) }
    return builder.finish()
  }
}
