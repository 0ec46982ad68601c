internal import GraphColumns
internal import GraphTypes

/// Hashes of all rows of a column at once; equal to `Value.hash64` of each element.
enum VectorHash {
  /// - Parameter isFirst: writes the hashes; otherwise combines them with those already there.
  static func hash(
    _ vector: Vector, count: Int, isFirst: Bool, into hashes: UnsafeMutablePointer<UInt64>
  ) {
    if vector.isConstant {
      let hash = vector.boxed(0).hash64
      fill(count, isFirst, hashes) { _ in hash }
      return
    }
    if vector.type != .any && !vector.hasNoNulls {
      fill(count, isFirst, hashes) { row in
        vector.isNull(row) ? ValueHash.null : element(vector, row)
      }
      return
    }
    switch vector.type {
    case .integer:
      let integers = vector.integers
      fill(count, isFirst, hashes) { ValueHash.integer(integers[$0]) }
    case .node:
      let nodes = vector.nodes
      fill(count, isFirst, hashes) { ValueHash.word(nodes[$0].rawValue, tag: 6) }
    case .string:
      let strings = vector.strings
      fill(count, isFirst, hashes) { ValueHash.bytes(UnsafeRawBufferPointer(strings[$0].bytes)) }
    default:
      fill(count, isFirst, hashes) { element(vector, $0) }
    }
  }

  @inline(__always)
  private static func fill(
    _ count: Int, _ isFirst: Bool, _ hashes: UnsafeMutablePointer<UInt64>, _ hash: (Int) -> UInt64
  ) {
    if isFirst {
      for row in 0..<count { hashes[row] = hash(row) }
    } else {
      for row in 0..<count { hashes[row] = ValueHash.combine(hashes[row], hash(row)) }
    }
  }

  @inline(__always)
  private static func element(_ vector: Vector, _ row: Int) -> UInt64 {
    switch vector.type {
    case .boolean: ValueHash.boolean(vector.booleans[row])
    case .integer: ValueHash.integer(vector.integers[row])
    case .float: ValueHash.float(vector.floats[row])
    case .string: ValueHash.bytes(UnsafeRawBufferPointer(vector.strings[row].bytes))
    case .node: ValueHash.word(vector.nodes[row].rawValue, tag: 6)
    case .relationship: ValueHash.word(vector.relationships[row].id.rawValue, tag: 7)
    case .date, .localDateTime, .any: vector.boxed(row).hash64
    }
  }
}
