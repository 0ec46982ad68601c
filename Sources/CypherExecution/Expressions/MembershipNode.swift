internal import GraphColumns
internal import GraphTypes

/// `element IN list`.
final class MembershipNode: ExpressionNode {
  private let element: ExpressionNode
  private let list: ExpressionNode
  /// Made of a constant list at its first use.
  private var set: MemberSet?

  init(_ element: ExpressionNode, _ list: ExpressionNode) {
    self.element = element
    self.list = list
    super.init(children: [element, list])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let elements = try element.evaluate(batch)
    if let set { return set.test(elements, batch.count) }
    if let value = try list.constantValue() {
      if case .null = value { return .nulls(count: batch.count) }
      let set = MemberSet(try Self.elements(value))
      self.set = set
      return set.test(elements, batch.count)
    }
    let lists = try list.evaluate(batch)
    return try mapRows(elements, lists, batch.count) { element, list in
      if case .null = list { return .null }
      return Value.contains(try Self.elements(list), element).map { .boolean($0) } ?? .null
    }
  }

  /// None of null, in which nothing is for certain.
  static func elements(_ value: Value) throws -> [Value] {
    if case .null = value { return [] }
    guard case .list(let elements) = value else {
      throw ExpressionError.type("IN needs a list, not \(value.typeNameWithArticle)")
    }
    return elements
  }
}

/// A constant list, prepared for many look-ups.
struct MemberSet {
  private let elements: [Value]
  /// Null is among the elements: what is not found is unknown.
  private let hasNull: Bool
  /// Equality is not known to be equivalence: there are lists, maps, points or NaN.
  private let isPlain: Bool
  private let integers: Set<Int64>
  private let nodes: Set<NodeID>
  private let relationships: Set<RelationshipID>
  private let strings: StringSet
  private let values: Set<Value>

  init(_ elements: [Value]) {
    self.elements = elements
    var hasNull = false
    var isPlain = true
    var integers: Set<Int64> = []
    var nodes: Set<NodeID> = []
    var relationships: Set<RelationshipID> = []
    var strings: [String] = []
    var values: Set<Value> = []
    for element in elements {
      switch element {
      case .null: hasNull = true
      case .list, .map, .point: isPlain = false
      case .float(let number):
        if number.isNaN { continue }  // Equal to nothing.
        if let integer = Int64(exactly: number) { integers.insert(integer) }
        values.insert(element)
      case .integer(let number):
        integers.insert(number)
        values.insert(element)
      case .node(let node):
        nodes.insert(node.id)
        values.insert(element)
      case .relationship(let relationship):
        relationships.insert(relationship.id)
        values.insert(element)
      case .string(let text):
        strings.append(text)
        values.insert(element)
      default: values.insert(element)
      }
    }
    self.hasNull = hasNull
    self.isPlain = isPlain
    self.integers = integers
    self.nodes = nodes
    self.relationships = relationships
    self.strings = StringSet(strings)
    self.values = values
  }

  func test(_ vector: Vector, _ count: Int) -> Vector {
    if elements.isEmpty { return .constant(.boolean(false), count: count) }
    if vector.isConstant { return .constant(contains(vector.boxed(0)), count: count) }
    let result = Vector(type: .boolean, capacity: count)
    result.count = count
    let out = result.booleans
    if !isPlain || vector.type == .any {
      for row in 0..<count {
        if case .boolean(let truth) = contains(vector.boxed(row)) {
          out[row] = truth
        } else {
          result.setNull(row)
        }
      }
      return result
    }
    result.adoptNulls(vector)
    switch vector.type {
    case .integer: test(vector.integers, result, count) { integers.contains($0) }
    case .node: test(vector.nodes, result, count) { nodes.contains($0) }
    case .relationship: test(vector.relationships, result, count) { relationships.contains($0.id) }
    case .string:
      for row in 0..<count where !result.isNull(row) {
        out[row] = strings.contains(vector.strings[row])
      }
      nullWhereFalse(result, count)
    default:
      for row in 0..<count where !result.isNull(row) {
        out[row] = values.contains(vector.boxed(row))
      }
      nullWhereFalse(result, count)
    }
    return result
  }

  @inline(__always)
  private func test<T>(
    _ elements: UnsafeMutablePointer<T>, _ result: Vector, _ count: Int, _ body: (T) -> Bool
  ) {
    let out = result.booleans
    for row in 0..<count { out[row] = body(elements[row]) }
    nullWhereFalse(result, count)
  }

  private func nullWhereFalse(_ result: Vector, _ count: Int) {
    guard hasNull else { return }
    for row in 0..<count where !result.isNull(row) && !result.booleans[row] { result.setNull(row) }
  }

  private func contains(_ value: Value) -> Value {
    switch value {
    case .null: return .null
    case .list, .map, .point, .float:
      return Value.contains(elements, value).map { .boolean($0) } ?? .null
    default:
      if values.contains(value) { return .boolean(true) }
      return hasNull ? .null : .boolean(false)
    }
  }
}

/// An open-addressing table of byte strings.
private final class StringSet: @unchecked Sendable {
  private let arena: StringArena
  private let slots: UnsafeMutablePointer<StringRef>
  private let mask: Int

  init(_ strings: [String]) {
    var capacity = 8
    while capacity < strings.count * 2 { capacity *= 2 }
    mask = capacity - 1
    slots = .allocate(capacity: capacity)
    // An empty slot has a negative length.
    slots.initialize(repeating: StringRef(base: nil, count: -1), count: capacity)
    arena = StringArena(blockSize: 4096)
    for string in strings {
      let reference = arena.append(string)
      let slot = find(reference)
      if slots[slot].count < 0 { slots[slot] = reference }
    }
  }

  deinit { slots.deallocate() }

  private func find(_ reference: StringRef) -> Int {
    var slot = Int(truncatingIfNeeded: ValueHash.bytes(UnsafeRawBufferPointer(reference.bytes)))
    slot &= mask
    while slots[slot].count >= 0 && !slots[slot].hasSameBytes(as: reference) {
      slot = (slot + 1) & mask
    }
    return slot
  }

  func contains(_ reference: StringRef) -> Bool { slots[find(reference)].count >= 0 }
}
