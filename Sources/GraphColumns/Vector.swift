public import GraphTypes

/// How a vector stores its elements. The element type of each is named behind it.
public enum VectorType: UInt8, Sendable, CaseIterable {
  case boolean  // Bool
  case integer  // Int64
  case float  // Double
  case string  // StringRef
  case date  // LocalDate
  case localDateTime  // LocalDateTime
  case node  // NodeID
  case relationship  // RelationshipRef
  /// Mixed or nested values (`Value`); null is `Value.null`, there is no validity bitmap.
  case any

  @inlinable public var stride: Int {
    switch self {
    case .boolean: 1
    case .integer, .float, .date, .node: 8
    case .string, .localDateTime: 16
    case .relationship: MemoryLayout<RelationshipRef>.stride
    case .any: MemoryLayout<Value>.stride
    }
  }
}

/// A relationship as it travels through the executor: identity and both ends.
public struct RelationshipRef: Hashable, Sendable {
  public var id: RelationshipID
  public var start: NodeID
  public var end: NodeID
  @inlinable public init(id: RelationshipID, start: NodeID, end: NodeID) {
    self.id = id
    self.start = start
    self.end = end
  }
}

/// A column of up to `capacity` elements of one type with a validity bitmap.
///
/// Written once by its maker, then only read: readers on several threads may share it.
/// A *constant* vector holds one element (row 0) that stands for all `count` rows; hot loops branch
/// on `isConstant` once per batch, never per row.
public final class Vector: @unchecked Sendable {
  /// The usual number of rows in a batch.
  public static let batchCapacity = 2048

  public let type: VectorType
  public let capacity: Int
  public var count: Int
  public let isConstant: Bool
  @usableFromInline let storage: UnsafeMutableRawPointer
  /// Bit `i` of word `i / 64` is set where row `i` is not null. Nil: no row is null.
  public private(set) var validity: UnsafeMutablePointer<UInt64>?
  /// What keeps referenced memory alive: snapshots, arenas, other vectors.
  public var owners: [AnyObject] = []

  /// - Parameter capacity: physical rows; 1 for a constant.
  public init(type: VectorType, capacity: Int = Vector.batchCapacity, isConstant: Bool = false) {
    self.type = type
    self.capacity = isConstant ? 1 : max(capacity, 1)
    self.isConstant = isConstant
    count = 0
    storage = .allocate(byteCount: self.capacity * type.stride, alignment: 16)
    if type == .any {
      storage.bindMemory(to: Value.self, capacity: self.capacity)
        .initialize(repeating: .null, count: self.capacity)
    }
  }

  deinit {
    if type == .any {
      storage.assumingMemoryBound(to: Value.self).deinitialize(count: capacity)
    }
    storage.deallocate()
    validity?.deallocate()
  }

  /// The elements; `T` must be the type that `VectorType` names.
  @inlinable public func elements<T>(_: T.Type = T.self) -> UnsafeMutablePointer<T> {
    storage.assumingMemoryBound(to: T.self)
  }
  @inlinable public var booleans: UnsafeMutablePointer<Bool> { elements() }
  @inlinable public var integers: UnsafeMutablePointer<Int64> { elements() }
  @inlinable public var floats: UnsafeMutablePointer<Double> { elements() }
  @inlinable public var strings: UnsafeMutablePointer<StringRef> { elements() }
  @inlinable public var dates: UnsafeMutablePointer<LocalDate> { elements() }
  @inlinable public var localDateTimes: UnsafeMutablePointer<LocalDateTime> { elements() }
  @inlinable public var nodes: UnsafeMutablePointer<NodeID> { elements() }
  @inlinable public var relationships: UnsafeMutablePointer<RelationshipRef> { elements() }
  @inlinable public var values: UnsafeMutablePointer<Value> { elements() }

  /// The physical row that holds logical row `row`.
  @inlinable public func physical(_ row: Int) -> Int { isConstant ? 0 : row }

  /// Makes (on first call) and returns the bitmap, all rows valid.
  @discardableResult
  public func makeValidity() -> UnsafeMutablePointer<UInt64> {
    if let validity { return validity }
    let words = (capacity + 63) / 64
    let bitmap = UnsafeMutablePointer<UInt64>.allocate(capacity: words)
    bitmap.initialize(repeating: ~0, count: words)
    validity = bitmap
    return bitmap
  }

  @inlinable public func isNull(_ row: Int) -> Bool {
    let row = physical(row)
    if type == .any {
      if case .null = values[row] { return true }
      return false
    }
    guard let validity else { return false }
    return validity[row >> 6] >> UInt64(row & 63) & 1 == 0
  }

  /// Marks a row null. For typed vectors the element is left undefined and must not be read.
  public func setNull(_ row: Int) {
    if type == .any {
      values[row] = .null
    } else {
      makeValidity()[row >> 6] &= ~(1 << UInt64(row & 63))
    }
  }

  /// True when no row can be null; false when some may be.
  @inlinable public var hasNoNulls: Bool { type != .any && validity == nil }
}
