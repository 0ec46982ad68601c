internal import GraphColumns
internal import GraphTypes

/// A column that grows row by row, in typed blocks; rows are null until they are written.
///
/// Becomes a column of `any` as soon as values of two types meet. Each row is written once.
final class BulkColumn {
  let blockShift: Int
  /// Nil until the first value that is not null.
  private(set) var type: VectorType?
  /// Blocks of `1 << blockShift` rows. Missing behind the last row written.
  private(set) var blocks: [Vector] = []
  private(set) var valueCount = 0
  private let arena = StringArena(blockSize: 1 << 18)

  /// - Parameter blockShift: binary logarithm of the rows in a block.
  init(blockShift: Int) { self.blockShift = blockShift }

  private var blockMask: Int { (1 << blockShift) - 1 }

  private func block(_ index: Int, _ type: VectorType) -> Vector {
    while blocks.count <= index {
      let block = Vector(type: type, capacity: 1 << blockShift)
      block.count = block.capacity
      if type != .any {
        block.makeValidity().update(repeating: 0, count: (block.capacity + 63) / 64)
      }
      blocks.append(block)
    }
    return blocks[index]
  }

  /// Copies rows `sourceStart ..< sourceStart + count` of a vector into rows from `start` on.
  /// - Throws: `QueryError` InvalidPropertyType.
  func append(
    _ source: Vector, from sourceStart: Int, count: Int, at start: Int
  ) throws(QueryError) {
    let known = type ?? source.type
    if known != source.type && known != .any {
      if (0..<count).allSatisfy({ source.isNull(sourceStart + $0) }) { return }
      promote()
    } else if type == nil {
      type = source.type
    }
    var done = 0
    while done < count {
      let row = start + done
      let place = row & blockMask
      let part = min(count - done, (1 << blockShift) - place)
      let target = block(row >> blockShift, type ?? source.type)
      if target.type == .any {
        try appendValues(source, sourceStart + done, part, target, place)
      } else {
        copy(source, sourceStart + done, part, target, place)
      }
      done += part
    }
  }

  private func appendValues(
    _ source: Vector, _ from: Int, _ count: Int, _ target: Vector, _ place: Int
  ) throws(QueryError) {
    let values = target.values
    for index in 0..<count {
      let value = source.boxed(from + index)
      if case .null = value { continue }
      try PropertyValue.check(value)
      values[place + index] = value
      valueCount += 1
    }
  }

  private func copy(
    _ source: Vector, _ from: Int, _ count: Int, _ target: Vector, _ place: Int
  ) {
    func copyElements<T>(_: T.Type) {
      let elements = source.elements(T.self)
      if source.isConstant {
        (target.elements(T.self) + place).update(repeating: elements[0], count: count)
      } else {
        (target.elements(T.self) + place).update(from: elements + from, count: count)
      }
    }
    switch source.type {
    case .boolean: copyElements(Bool.self)
    case .integer: copyElements(Int64.self)
    case .float: copyElements(Double.self)
    case .date: copyElements(LocalDate.self)
    case .localDateTime: copyElements(LocalDateTime.self)
    case .string: copyStrings(source, from, count, target, place)
    case .node, .relationship, .any: return
    }
    let validity = target.makeValidity()
    for index in 0..<count where !source.isNull(from + index) {
      let row = place + index
      validity[row >> 6] |= 1 << UInt64(row & 63)
      valueCount += 1
    }
  }

  private func copyStrings(
    _ source: Vector, _ from: Int, _ count: Int, _ target: Vector, _ place: Int
  ) {
    let strings = source.strings
    let result = target.strings + place
    var last = StringRef(base: nil, count: 0)
    var lastCopy = last
    for index in 0..<count {
      if source.isNull(from + index) { continue }
      let text = strings[source.physical(from + index)]
      // Constants and runs of one dictionary entry are kept once.
      if text.base == nil || text.base != last.base || text.count != last.count {
        last = text
        lastCopy = arena.append(text.bytes)
      }
      result[index] = lastCopy
    }
  }

  /// Turns all blocks into blocks of `any`.
  private func promote() {
    type = .any
    blocks = blocks.map { block in
      let values = Vector(type: .any, capacity: block.capacity)
      values.count = block.count
      for row in 0..<block.count { values.values[row] = block.boxed(row) }
      return values
    }
  }

  /// A chunk and what it adds to the statistics.
  struct Encoded {
    var bytes: [UInt8]
    /// Of each group of rows that was asked for.
    var statistics: [PropertyStatistics]
  }

  private static func encoded(
    _ values: Vector, count: Int, groups: [Range<Int>]
  ) throws(QueryError) -> Encoded? {
    guard let bytes = try ColumnEncoder.encode(values, count: count) else { return nil }
    let statistics = groups.map { rows in
      var statistics = PropertyStatistics()
      statistics.add(values, rows: rows)
      return statistics
    }
    return Encoded(bytes: bytes, statistics: statistics)
  }

  /// The first `count` rows, for a column of one block.
  func encoded(count: Int, groups: [Range<Int>]) throws(QueryError) -> Encoded? {
    guard let block = blocks.first, valueCount > 0 else { return nil }
    return try Self.encoded(block, count: count, groups: groups)
  }

  /// The chunk of the rows `order[0 ..< count]`. May be called on several threads at once.
  func encoded(order: UnsafePointer<UInt32>, count: Int) throws(QueryError) -> Encoded? {
    guard let type, valueCount > 0 else { return nil }
    let result = Vector(type: type, capacity: count)
    result.count = count
    switch type {
    case .boolean: gather(order, count, result, Bool.self)
    case .integer, .date: gather(order, count, result, Int64.self)
    case .float: gather(order, count, result, Double.self)
    case .localDateTime: gather(order, count, result, LocalDateTime.self)
    case .string: gather(order, count, result, StringRef.self)
    case .any:
      for index in 0..<count {
        let row = Int(order[index])
        let block = row >> blockShift
        if block < blocks.count { result.values[index] = blocks[block].values[row & blockMask] }
      }
    case .node, .relationship: return nil
    }
    return try Self.encoded(result, count: count, groups: [0..<count])
  }

  private func gather<T>(
    _ order: UnsafePointer<UInt32>, _ count: Int, _ result: Vector, _: T.Type
  ) {
    let target = result.elements(T.self)
    let validity = result.makeValidity()
    let mask = blockMask
    let shift = blockShift
    withUnsafeTemporaryAllocation(
      of: (elements: UnsafeMutablePointer<T>, validity: UnsafeMutablePointer<UInt64>).self,
      capacity: max(blocks.count, 1)
    ) { pointers in
      for (index, block) in blocks.enumerated() {
        pointers.initializeElement(at: index, to: (block.elements(T.self), block.makeValidity()))
      }
      let blockCount = blocks.count
      for index in 0..<count {
        let row = Int(order[index])
        let place = row & mask
        let number = row >> shift
        guard number < blockCount else {
          validity[index >> 6] &= ~(1 << UInt64(index & 63))
          continue
        }
        let block = pointers[number]
        if block.validity[place >> 6] >> UInt64(place & 63) & 1 != 0 {
          target[index] = block.elements[place]
        } else {
          validity[index >> 6] &= ~(1 << UInt64(index & 63))
        }
      }
    }
  }
}
