internal import GraphColumns
internal import GraphTypes

/// A property of the rows of a block, growing row by row: typed until two types meet.
final class DumpColumn {
  enum Scalar {
    case boolean(Bool)
    case integer(Int64)
    case float(Double)
    case date(LocalDate)
    case localDateTime(LocalDateTime)
    /// In the column's arena.
    case string(StringRef)
    case value(Value)

    var type: VectorType {
      switch self {
      case .boolean: .boolean
      case .integer: .integer
      case .float: .float
      case .date: .date
      case .localDateTime: .localDateTime
      case .string: .string
      case .value: .any
      }
    }
    var value: Value {
      switch self {
      case .boolean(let value): .boolean(value)
      case .integer(let value): .integer(value)
      case .float(let value): .float(value)
      case .date(let value): .date(value)
      case .localDateTime(let value): .localDateTime(value)
      case .string(let value): .string(value.string)
      case .value(let value): value
      }
    }
  }

  let key: String
  private var vector: Vector?
  private let arena: StringArena

  init(key: String, arena: StringArena) {
    self.key = key
    self.arena = arena
  }

  /// The first `count` rows; nil when none has a value.
  func values(count: Int) -> Vector? {
    guard let vector else { return nil }
    let result = room(vector, count)
    result.count = count
    result.owners = [arena]
    return result
  }

  /// - Parameter row: not below those before.
  func set(_ row: Int, _ scalar: Scalar) {
    let type = scalar.type
    var target = room(vector ?? Self.make(type, 256), row + 1)
    if target.type != type, target.type != .any { target = Self.mixed(target) }
    vector = target
    if target.type == .any {
      target.values[row] = scalar.value
      return
    }
    switch scalar {
    case .boolean(let value): target.booleans[row] = value
    case .integer(let value): target.integers[row] = value
    case .float(let value): target.floats[row] = value
    case .date(let value): target.dates[row] = value
    case .localDateTime(let value): target.localDateTimes[row] = value
    case .string(let value): target.strings[row] = value
    case .value: break
    }
    target.makeValidity()[row >> 6] |= 1 << UInt64(row & 63)
  }

  /// All rows null.
  private static func make(_ type: VectorType, _ capacity: Int) -> Vector {
    let vector = Vector(type: type, capacity: capacity)
    if type != .any {
      vector.makeValidity().update(repeating: 0, count: (vector.capacity + 63) / 64)
    }
    return vector
  }

  private func room(_ vector: Vector, _ count: Int) -> Vector {
    if count <= vector.capacity { return vector }
    let wider = Self.make(vector.type, max(count, 2 * vector.capacity))
    if vector.type == .any {
      wider.values.update(from: vector.values, count: vector.capacity)
    } else {
      UnsafeMutableRawPointer(wider.elements(UInt8.self)).copyMemory(
        from: UnsafeRawPointer(vector.elements(UInt8.self)),
        byteCount: vector.capacity * vector.type.stride)
      wider.makeValidity().update(
        from: vector.makeValidity(), count: (vector.capacity + 63) / 64)
    }
    self.vector = wider
    return wider
  }

  private static func mixed(_ vector: Vector) -> Vector {
    let mixed = make(.any, vector.capacity)
    for row in 0..<vector.capacity where !vector.isNull(row) {
      mixed.values[row] = vector.boxed(row)
    }
    return mixed
  }
}

/// Rows of a block with the same labels, or the same type.
final class DumpTable {
  /// Of nodes, or the one type of relationships.
  let names: [String]
  /// Of nodes: their numbers in the dump; of relationships: where they start.
  var ids: [UInt64] = []
  /// Of relationships.
  var ends: [UInt64] = []
  /// In the block, from 0.
  var lines: [Int] = []
  private(set) var columns: [DumpColumn] = []
  private var places: [String: Int] = [:]
  private let arena: StringArena

  init(names: [String], arena: StringArena) {
    self.names = names
    self.arena = arena
  }

  /// - Parameter hint: where the column may be: rows have their properties in the same order.
  func column(_ key: UnsafeBufferPointer<UInt8>, hint: Int) -> Int {
    if hint < columns.count, columns[hint].key.utf8.elementsEqual(key) { return hint }
    let name = String(decoding: key, as: UTF8.self)
    if let place = places[name] { return place }
    places[name] = columns.count
    columns.append(DumpColumn(key: name, arena: arena))
    return columns.count - 1
  }
}
