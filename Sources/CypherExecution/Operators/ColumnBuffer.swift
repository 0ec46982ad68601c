import Glibc
internal import GraphColumns
internal import GraphTypes

/// A column that grows: what blocking operators keep of their input.
///
/// Takes the type of the first element that is not null, and becomes a column of `Value`s when one
/// of another type comes. Strings stay references; their memory is kept alive.
final class ColumnBuffer {
  /// Nil while all elements are null.
  private var vector: Vector?
  private(set) var count = 0
  private var lastOwner: ObjectIdentifier?
  /// Where strings are copied to; nil: they stay references.
  private let arena: StringArena?
  /// What rows refer to that are not copied.
  private var held = HeldMemory()

  /// - Parameter copiesStrings: for few rows out of many, whose batches need not be kept alive.
  init(copiesStrings: Bool = false) {
    arena = copiesStrings ? StringArena(blockSize: 4 << 10) : nil
  }

  var type: VectorType? { vector?.type }

  /// Appends `count` rows of a vector: `rows[i]` (-1: null), or all in order.
  func append(_ source: Vector, rows: UnsafePointer<Int32>?, count added: Int) {
    if added == 0 { return }
    if vector == nil && source.isEntirelyNull {
      count += added
      return
    }
    let target = room(for: added, of: source.type)
    keepAlive(source)
    if arena == nil && source.type == .string { held.add(source) }
    let copiesStrings = arena != nil && source.type == .string
    if target.type == source.type, source.hasNoNulls, !source.isConstant, rows == nil,
      !copiesStrings
    {
      (target.elements(UInt8.self) + count * target.type.stride).update(
        from: source.elements(UInt8.self), count: added * target.type.stride)
    } else {
      for index in 0..<added {
        let row = rows.map { Int($0[index]) } ?? index
        if row < 0 {
          target.setNull(count + index)
        } else {
          store(source, row, target, count + index)
        }
      }
    }
    count += added
    target.count = count
  }

  func append(_ source: Vector, row: Int) {
    if vector == nil && source.isNull(row) {
      count += 1
      return
    }
    let target = room(for: 1, of: source.type)
    keepAlive(source)
    if arena == nil && source.type == .string { held.add(source) }
    store(source, row, target, count)
    count += 1
    target.count = count
  }

  func append(_ value: Value) {
    if case .null = value {
      appendNull()
      return
    }
    let type = value.unboxedType
    let target = room(for: 1, of: type)
    if target.type == .any {
      held.add(value)
      target.values[count] = value
    } else {
      switch value {
      case .boolean(let value): target.booleans[count] = value
      case .integer(let value): target.integers[count] = value
      case .float(let value): target.floats[count] = value
      case .date(let value): target.dates[count] = value
      case .localDateTime(let value): target.localDateTimes[count] = value
      case .node(let node): target.nodes[count] = node.id
      case .relationship(let value): target.relationships[count] = RelationshipRef(value)
      default: target.setNull(count)
      }
    }
    count += 1
    target.count = count
  }

  func append(_ node: NodeID) {
    let target = room(for: 1, of: .node)
    if target.type == .node {
      target.nodes[count] = node
    } else {
      target.values[count] = .node(Node(id: node))
    }
    count += 1
    target.count = count
  }

  func append(_ relationship: RelationshipRef) {
    let target = room(for: 1, of: .relationship)
    if target.type == .relationship {
      target.relationships[count] = relationship
    } else {
      target.values[count] = .relationship(relationship.boxed)
    }
    count += 1
    target.count = count
  }

  func appendNull() {
    if vector != nil {
      let target = room(for: 1, of: nil)
      target.setNull(count)
      target.count = count + 1
    }
    count += 1
  }

  /// All rows as one vector. The buffer must not be appended to while it is in use elsewhere.
  var contents: Vector { vector ?? .nulls(count: count) }

  /// Rows `range` as a vector of their own.
  func slice(_ range: Range<Int>) -> Vector {
    contents.slice(from: range.lowerBound, count: range.count)
  }

  /// Equivalence (null is null, 1 is 1.0) of an element here with one of a vector.
  func isEquivalent(_ index: Int, to other: Vector, _ row: Int) -> Bool {
    guard let vector else { return other.isNull(row) }
    let row = other.physical(row)
    if vector.type != other.type || vector.type == .any {
      return vector.boxed(index) == other.boxed(row)
    }
    let isNull = vector.isNull(index)
    if isNull || other.isNull(row) { return isNull && other.isNull(row) }
    switch vector.type {
    case .boolean: return vector.booleans[index] == other.booleans[row]
    case .integer: return vector.integers[index] == other.integers[row]
    case .float:
      let (a, b) = (vector.floats[index], other.floats[row])
      return a == b || (a.isNaN && b.isNaN)
    case .string: return vector.strings[index].hasSameBytes(as: other.strings[row])
    case .date: return vector.dates[index] == other.dates[row]
    case .localDateTime: return vector.localDateTimes[index] == other.localDateTimes[row]
    case .node: return vector.nodes[index] == other.nodes[row]
    case .relationship: return vector.relationships[index].id == other.relationships[row].id
    case .any: return false
    }
  }

  var byteCount: Int {
    (vector.map { $0.capacity * $0.type.stride } ?? 0) + (arena?.byteCount ?? 0) + held.byteCount
  }

  // MARK: Storage

  private func store(_ source: Vector, _ row: Int, _ target: Vector, _ index: Int) {
    let row = source.physical(row)
    if target.type == .any {
      let value = source.boxed(row)
      held.add(value)
      target.values[index] = value
    } else if source.isNull(row) {
      target.setNull(index)
    } else if let arena, target.type == .string {
      target.strings[index] = arena.append(source.strings[row].bytes)
    } else {
      (target.elements(UInt8.self) + index * target.type.stride).update(
        from: source.elements(UInt8.self) + row * target.type.stride, count: target.type.stride)
    }
  }

  private func keepAlive(_ source: Vector) {
    guard source.type == .string, let vector, vector.type == .string else { return }
    if let arena {
      if vector.owners.isEmpty { vector.owners = [arena] }
      return
    }
    for owner in source.owners {
      let identity = ObjectIdentifier(owner)
      if identity == lastOwner { continue }
      // Arenas come one a batch: the same owner again is among the last, if at all.
      if !vector.owners.suffix(8).contains(where: { $0 === owner }) { vector.owners.append(owner) }
      lastOwner = identity
    }
  }

  /// The vector with room for more elements of a type; nil: any.
  private func room(for added: Int, of type: VectorType?) -> Vector {
    let needed = count + added
    guard let old = vector else {
      let new = Vector(type: type ?? .any, capacity: max(needed, 16))
      for index in 0..<count { new.setNull(index) }
      new.count = count
      vector = new
      return new
    }
    let isSameType = type == nil || type == old.type || old.type == .any
    if isSameType && needed <= old.capacity { return old }
    let capacity = needed <= old.capacity ? old.capacity : max(needed, old.capacity * 2)
    let new = Vector(type: isSameType ? old.type : .any, capacity: capacity)
    new.owners = old.owners
    if new.type == .any {
      for index in 0..<count {
        let value = old.boxed(index)
        held.add(value)
        new.values[index] = value
      }
    } else {
      new.elements(UInt8.self).update(
        from: old.elements(UInt8.self), count: count * old.type.stride)
      if let validity = old.validity {
        new.makeValidity().update(from: validity, count: (count + 63) / 64)
        // Bits beyond `count` in the last word are still set: rows are valid until marked.
      }
    }
    new.count = count
    vector = new
    return new
  }
}

extension Vector {
  /// Known without looking at the rows: a constant null.
  var isEntirelyNull: Bool { isConstant && isNull(0) }
}

extension Value {
  /// The vector type that holds the value without boxing; `.any` for null, strings (whose bytes a
  /// vector only refers to) and everything nested.
  var unboxedType: VectorType {
    if case .string = self { return .any }
    return vectorType ?? .any
  }
}

extension StringRef {
  @inline(__always)
  func hasSameBytes(as other: StringRef) -> Bool {
    guard count == other.count else { return false }
    guard count > 0, let a = base, let b = other.base else { return true }
    return a == b || memcmp(a, b, count) == 0
  }

  /// Order of code points, which is that of UTF-8 bytes.
  @inline(__always)
  func byteOrder(_ other: StringRef) -> Int {
    let shared = min(count, other.count)
    if shared > 0, let a = base, let b = other.base {
      let result = memcmp(a, b, shared)
      if result != 0 { return Int(result) }
    }
    return count - other.count
  }
}
