internal import GraphColumns
internal import GraphTypes

// Between vectors and single values: reading, constants, picking rows.

extension Vector {
  /// A constant vector of the value's own type.
  static func constant(_ value: Value, count: Int) -> Vector {
    let vector: Vector
    switch value {
    case .boolean(let value):
      vector = Vector(type: .boolean, isConstant: true)
      vector.booleans.initialize(to: value)
    case .integer(let value):
      vector = Vector(type: .integer, isConstant: true)
      vector.integers.initialize(to: value)
    case .float(let value):
      vector = Vector(type: .float, isConstant: true)
      vector.floats.initialize(to: value)
    case .string(let value):
      vector = Vector(type: .string, isConstant: true)
      let arena = StringArena(blockSize: max(value.utf8.count, 1))
      vector.strings.initialize(to: arena.append(value))
      vector.owners = [arena]
    case .date(let value):
      vector = Vector(type: .date, isConstant: true)
      vector.dates.initialize(to: value)
    case .localDateTime(let value):
      vector = Vector(type: .localDateTime, isConstant: true)
      vector.localDateTimes.initialize(to: value)
    case .node(let value):
      vector = Vector(type: .node, isConstant: true)
      vector.nodes.initialize(to: value.id)
    case .relationship(let value) where !value.id.isVirtual:
      vector = Vector(type: .relationship, isConstant: true)
      vector.relationships.initialize(
        to: RelationshipRef(id: value.id, start: value.start, end: value.end))
    default:
      vector = Vector(type: .any, isConstant: true)
      vector.values[0] = value
    }
    vector.count = count
    return vector
  }

  /// The rows `rows`, in that order.
  func picking(_ rows: [Int32]) -> Vector {
    rows.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return .nulls(count: 0) }
      return gather(base, count: buffer.count)
    }
  }

  /// Makes null what is null in `a` or `b`, which have as many rows or are constants that are not
  /// null. This vector is typed.
  func adoptNulls(_ a: Vector, _ b: Vector? = nil) {
    for source in [a, b] {
      guard let source, !source.isConstant else { continue }
      if source.type == .any {
        for row in 0..<count where source.isNull(row) { setNull(row) }
      } else if let validity = source.validity {
        let bitmap = makeValidity()
        for word in 0..<(count + 63) / 64 { bitmap[word] &= validity[word] }
      }
    }
  }
}

/// Collects values into a vector: typed while they have one type, else `.any`.
struct VectorBuilder {
  private var vector: Vector?
  private var arena: StringArena?
  private let capacity: Int
  private(set) var count = 0

  init(capacity: Int) { self.capacity = max(capacity, 1) }

  /// At most `capacity` times.
  mutating func append(_ value: Value) {
    defer { count += 1 }
    if case .null = value {
      vector?.setNull(count)
      return
    }
    let kind = value.vectorType ?? .any
    let target: Vector
    if let vector, vector.type == kind || vector.type == .any {
      target = vector
    } else {
      target = changeType(to: kind)
    }
    if target.type == .any {
      target.values[count] = value
      return
    }
    switch value {
    case .boolean(let value): target.booleans[count] = value
    case .integer(let value): target.integers[count] = value
    case .float(let value): target.floats[count] = value
    case .string(let value):
      if arena == nil {
        let arena = StringArena(blockSize: min(64 << 10, max(capacity * 16, 64)))
        self.arena = arena
        target.owners.append(arena)
      }
      if let arena { target.strings[count] = arena.append(value) }
    case .date(let value): target.dates[count] = value
    case .localDateTime(let value): target.localDateTimes[count] = value
    case .node(let value): target.nodes[count] = value.id
    case .relationship(let value):
      target.relationships[count] = RelationshipRef(
        id: value.id, start: value.start, end: value.end)
    default: break  // Of type `.any`, handled above.
    }
  }

  private mutating func changeType(to kind: VectorType) -> Vector {
    let target: Vector
    if let old = vector {
      target = Vector(type: .any, capacity: capacity)
      for row in 0..<count { target.values[row] = old.boxed(row) }
    } else {
      target = Vector(type: kind, capacity: capacity)
      for row in 0..<count { target.setNull(row) }
    }
    vector = target
    return target
  }

  func finish() -> Vector {
    guard let vector else { return .nulls(count: count) }
    vector.count = count
    return vector
  }
}

/// Puts together a column from results for subsets of its rows, as CASE and coalesce do. Where two
/// parts have a row, the later one counts unless it is null. Rows that no part covers are null.
struct VectorAssembler {
  private var parts: [(vector: Vector, rows: [Int32])] = []
  private let count: Int

  init(count: Int) { self.count = count }

  mutating func add(_ vector: Vector, rows: [Int32]) {
    if rows.isEmpty || vector.isEntirelyNull { return }
    parts.append((vector, rows))
  }

  func finish() -> Vector {
    guard let first = parts.first else { return .nulls(count: count) }
    // Rows ascend within a part: one part for all rows is the result itself.
    if parts.count == 1 && first.rows.count == count { return first.vector }
    let kind = parts.allSatisfy { $0.vector.type == first.vector.type } ? first.vector.type : .any
    let result = Vector(type: kind, capacity: count)
    result.count = count
    if kind == .any {
      for (vector, rows) in parts {
        for i in 0..<rows.count where !vector.isNull(i) {
          result.values[Int(rows[i])] = vector.boxed(i)
        }
      }
      return result
    }
    let bitmap = result.makeValidity()
    bitmap.update(repeating: 0, count: (count + 63) / 64)
    let stride = kind.stride
    let target = result.elements(UInt8.self)
    for (vector, rows) in parts {
      result.owners += vector.owners
      let source = vector.elements(UInt8.self)
      for i in 0..<rows.count where !vector.isNull(i) {
        let row = Int(rows[i])
        (target + row * stride).update(from: source + vector.physical(i) * stride, count: stride)
        bitmap[row >> 6] |= 1 << UInt64(row & 63)
      }
    }
    return result
  }
}

extension Vector {
  /// This vector with an element for each of its rows, also where it is constant.
  func expanded(_ count: Int) -> Vector {
    if !isConstant { return self }
    let result = Vector(type: type, capacity: count)
    result.count = count
    result.owners = owners
    if type == .any {
      result.values.update(repeating: values[0], count: count)
    } else if isNull(0) {
      result.makeValidity().update(repeating: 0, count: (count + 63) / 64)
    } else {
      let stride = type.stride
      let target = result.elements(UInt8.self)
      for row in 0..<count {
        (target + row * stride).update(from: elements(UInt8.self), count: stride)
      }
    }
    return result
  }
}
