internal import GraphColumns
internal import GraphTypes

/// A property of nodes that come together from many rows: the first value that is not null stays.
final class AccumulatedColumn {
  let type: VectorType
  private var vector: Vector
  private var isSet: [UInt64] = []
  private let arena = StringArena(blockSize: 1 << 20)

  init(type: VectorType) {
    self.type = type
    vector = Vector(type: type, capacity: 1024)
  }

  private func reserve(_ count: Int) {
    if count <= vector.capacity { return }
    let wider = Vector(type: type, capacity: max(count, vector.capacity * 2))
    if type == .any {
      for row in 0..<vector.capacity { wider.values[row] = vector.values[row] }
    } else {
      let target = UnsafeMutableRawPointer(wider.elements(UInt8.self))
      target.copyMemory(
        from: UnsafeRawPointer(vector.elements(UInt8.self)),
        byteCount: vector.capacity * type.stride)
    }
    vector = wider
  }

  /// Takes the values of a block's rows for their nodes.
  ///
  /// - Parameters:
  ///   - ordinals: the node of each row, or `IdentifierMap.missing`.
  ///   - nodeCount: above all ordinals.
  func take(_ values: Vector, ordinals: UnsafePointer<UInt32>, count: Int, nodeCount: Int) {
    reserve(nodeCount)
    while isSet.count * 64 < vector.capacity { isSet.append(0) }
    let target = vector
    isSet.withUnsafeMutableBufferPointer { isSet in
      for row in 0..<count {
        let ordinal = Int(ordinals[row])
        if ordinal == Int(IdentifierMap.missing) { continue }
        let bit = UInt64(1) << UInt64(ordinal & 63)
        if isSet[ordinal >> 6] & bit != 0 || values.isNull(row) { continue }
        isSet[ordinal >> 6] |= bit
        let source = values.physical(row)
        switch type {
        case .boolean: target.booleans[ordinal] = values.booleans[source]
        case .integer: target.integers[ordinal] = values.integers[source]
        case .float: target.floats[ordinal] = values.floats[source]
        case .string: target.strings[ordinal] = arena.append(values.strings[source].bytes)
        case .date: target.dates[ordinal] = values.dates[source]
        case .localDateTime: target.localDateTimes[ordinal] = values.localDateTimes[source]
        case .any: target.values[ordinal] = values.values[source]
        case .node, .relationship: break
        }
      }
    }
  }

  private func has(_ ordinal: Int) -> Bool {
    ordinal >> 6 < isSet.count && isSet[ordinal >> 6] >> UInt64(ordinal & 63) & 1 == 1
  }

  func value(_ ordinal: Int) -> Value {
    has(ordinal) ? vector.value(atRow: ordinal) : .null
  }

  /// The values of some nodes.
  func vector(of ordinals: [Int]) -> Vector {
    let result = Vector(type: type, capacity: max(ordinals.count, 1))
    result.count = ordinals.count
    result.owners.append(arena)
    for (row, ordinal) in ordinals.enumerated() {
      guard has(ordinal) else {
        result.setNull(row)
        continue
      }
      switch type {
      case .boolean: result.booleans[row] = vector.booleans[ordinal]
      case .integer: result.integers[row] = vector.integers[ordinal]
      case .float: result.floats[row] = vector.floats[ordinal]
      case .string: result.strings[row] = vector.strings[ordinal]
      case .date: result.dates[row] = vector.dates[ordinal]
      case .localDateTime: result.localDateTimes[row] = vector.localDateTimes[ordinal]
      case .any: result.values[row] = vector.values[ordinal]
      case .node, .relationship: break
      }
    }
    return result
  }
}
