internal import GraphColumns
internal import GraphTypes

/// Counts the memory that kept vectors refer to: the arenas of strings, and what boxed values have
/// outside of themselves. What lies in the file's memory map costs nothing.
///
/// Arenas are shared by the batches of some time: each counts once as long as it is among the last
/// ones that came.
struct HeldMemory {
  private var settled = 0
  private var recent: [StringArena] = []
  private static let recentCount = 8

  var byteCount: Int { recent.reduce(settled) { $0 + $1.byteCount } }

  /// A batch with all that it refers to.
  mutating func add(_ batch: Batch) {
    for column in batch.columns {
      settled += column.capacity * column.type.stride
      add(column)
      if column.type == .any {
        for row in 0..<column.capacity { settled += column.values[row].heldByteCount }
      }
    }
  }

  /// The arenas of a vector's strings.
  mutating func add(_ vector: Vector) {
    for owner in vector.owners {
      if let arena = owner as? StringArena { add(arena) }
    }
  }

  mutating func add(_ value: Value) { settled += value.heldByteCount }

  private mutating func add(_ arena: StringArena) {
    if recent.contains(where: { $0 === arena }) { return }
    if recent.count == Self.recentCount { settled += recent.removeFirst().byteCount }
    recent.append(arena)
  }
}

extension Value {
  /// Bytes outside of the value itself, about as the runtime lays them out.
  /// - Complexity: O(elements within).
  var heldByteCount: Int {
    let object = 32
    switch self {
    case .null, .boolean, .integer, .float, .date, .localTime, .time, .localDateTime: return 0
    case .string(let text): return text.utf8.count > 15 ? object + text.utf8.count : 0
    case .bytes(let bytes): return object + bytes.count
    case .list(let elements):
      return elements.reduce(object + elements.count * MemoryLayout<Value>.stride) {
        $0 + $1.heldByteCount
      }
    case .map(let map): return Self.heldByteCount(map)
    case .node(let node):
      return object + node.labels.count * 16 + Self.heldByteCount(node.properties)
    case .relationship(let relationship):
      return object + 48 + Self.heldByteCount(relationship.properties)
    case .path(let path):
      return object + path.nodes.count * 48 + path.relationships.count * 88
    case .dateTime, .duration, .point: return object + 32
    }
  }

  private static func heldByteCount(_ map: [String: Value]) -> Int {
    if map.isEmpty { return 0 }
    let entry = MemoryLayout<String>.stride + MemoryLayout<Value>.stride
    return map.reduce(64 + map.capacity * entry * 4 / 3) {
      $0 + $1.value.heldByteCount + ($1.key.utf8.count > 15 ? 32 + $1.key.utf8.count : 0)
    }
  }
}
