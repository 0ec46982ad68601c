internal import GraphColumns
internal import GraphTypes

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What an index leads to: a node, or a relationship with its ends.
struct IndexEntity: Equatable {
  var row: UInt32
  var start: UInt32 = 0
  var end: UInt32 = 0

  init(_ node: NodeID) { row = UInt32(truncatingIfNeeded: node.rawValue) }
  init(_ relationship: RelationshipRef) {
    row = UInt32(truncatingIfNeeded: relationship.id.row)
    start = UInt32(truncatingIfNeeded: relationship.start.rawValue)
    end = UInt32(truncatingIfNeeded: relationship.end.rawValue)
  }

  // In the tree: big-endian, so that entities under one key are in the order of their rows.
  static let nodeSize = 4
  static let relationshipSize = 12

  init(node bytes: UnsafeRawPointer) {
    row = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
  }
  init(relationship bytes: UnsafeRawPointer) {
    row = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
    start = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    end = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
  }
  /// In big-endian words; a node takes the first only.
  var stored: (UInt32, UInt32, UInt32) { (row.bigEndian, start.bigEndian, end.bigEndian) }
}

/// What a search appends: `NodeID` or `RelationshipRef`.
protocol IndexedElement {
  static var storedSize: Int { get }
  static func entity(stored bytes: UnsafeRawPointer) -> IndexEntity
  /// - Parameter type: of relationships.
  init(_ entity: IndexEntity, type: UInt32)
  var entity: IndexEntity { get }
  /// As messages name it.
  var number: UInt64 { get }
  func property(_ key: PropertyKeyID, _ reader: GraphReader) throws(StoreError) -> Value
}

extension NodeID: IndexedElement {
  static var storedSize: Int { IndexEntity.nodeSize }
  @inline(__always)
  static func entity(stored bytes: UnsafeRawPointer) -> IndexEntity { IndexEntity(node: bytes) }
  @inline(__always)
  init(_ entity: IndexEntity, type: UInt32) { self.init(UInt64(entity.row)) }
  var entity: IndexEntity { IndexEntity(self) }
  func property(_ key: PropertyKeyID, _ reader: GraphReader) throws(StoreError) -> Value {
    try reader.property(key, of: self)
  }
  var number: UInt64 { rawValue }
}

extension RelationshipRef: IndexedElement {
  static var storedSize: Int { IndexEntity.relationshipSize }
  @inline(__always)
  static func entity(stored bytes: UnsafeRawPointer) -> IndexEntity {
    IndexEntity(relationship: bytes)
  }
  @inline(__always)
  init(_ entity: IndexEntity, type: UInt32) {
    self.init(
      id: RelationshipID(type: RelationshipTypeID(type), row: UInt64(entity.row)),
      start: NodeID(UInt64(entity.start)), end: NodeID(UInt64(entity.end)))
  }
  var entity: IndexEntity { IndexEntity(self) }
  func property(_ key: PropertyKeyID, _ reader: GraphReader) throws(StoreError) -> Value {
    try reader.property(key, of: id)
  }
  var number: UInt64 { id.rawValue }
}

/// A key and what it leads to, in memory. Ordered by key, then row.
struct IndexEntry {
  /// The first eight bytes of the key: most comparisons end here.
  let head: UInt64
  let key: UnsafePointer<UInt8>
  let entity: IndexEntity
  let count: UInt16
  /// Of changes: whether it comes or goes.
  let isAdded: Bool

  @inline(__always)
  init(_ key: borrowing IndexKey, _ entity: IndexEntity, isAdded: Bool, _ arena: StringArena) {
    head = key.head
    let place = arena.reserve(key.count)
    place.update(from: key.bytes, count: key.count)
    self.key = UnsafePointer(place)
    count = UInt16(truncatingIfNeeded: key.count)
    self.entity = entity
    self.isAdded = isAdded
  }

  /// Negative, zero or positive as the key comes before, is the same as or follows another.
  @inline(__always)
  func order(head otherHead: UInt64, _ otherKey: UnsafePointer<UInt8>, _ otherCount: Int) -> Int {
    if head != otherHead { return head < otherHead ? -1 : 1 }
    let count = Int(count)
    if count > 8, otherCount > 8 {
      let order = memcmp(key + 8, otherKey + 8, min(count, otherCount) - 8)
      if order != 0 { return Int(order) }
    }
    return count - otherCount
  }
  @inline(__always)
  func order(_ other: IndexEntry) -> Int { order(head: other.head, other.key, Int(other.count)) }

  @inline(__always)
  static func < (a: IndexEntry, b: IndexEntry) -> Bool {
    let order = a.order(b)
    return order != 0 ? order < 0 : a.entity.row < b.entity.row
  }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: key, count: Int(count)) }
  var isFull: Bool { Int(count) == IndexKey.capacity }
}
