internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// A property of all nodes as a plain array, made when so many rows have asked for it that most nodes
/// must have come several times: chunk by chunk, a value of a node at random costs some ten times as
/// much.
final class DenseProperty {
  /// Rows per node after which the array is made.
  private static let patience = 4
  /// Bytes that it may take.
  private static let sizeMaximum = 256 << 20

  private var rowsSeen = 0
  private var isTried = false
  private var column: Vector?

  /// The values of the nodes; nil where they have to be fetched in the usual way.
  func values(
    _ key: PropertyKeyID, of nodes: Vector, _ count: Int, _ evaluation: Evaluation
  ) throws -> Vector? {
    if column == nil {
      rowsSeen += count
      let nodeCount = evaluation.reader.nodeRowCount
      guard !isTried, evaluation.context.transaction == nil,
        rowsSeen > Self.patience * nodeCount, nodes.hasNoNulls
      else { return nil }
      isTried = true
      column = try Self.column(key, nodeCount, evaluation)
    }
    guard let column, nodes.hasNoNulls else { return nil }
    let result = Vector(type: column.type, capacity: count)
    result.count = count
    result.owners = [column]
    let limit = UInt64(column.count)
    let ids = nodes.nodes
    for row in 0..<count where ids[row].rawValue >= limit { return nil }
    switch column.type {
    case .string, .localDateTime:
      Self.copy(column.elements(SIMD2<UInt64>.self), ids, count, result.elements())
    default: Self.copy(column.elements(UInt64.self), ids, count, result.elements())
    }
    if let validity = column.validity {
      let target = result.makeValidity()
      for row in 0..<count {
        let node = Int(truncatingIfNeeded: ids[row].rawValue)
        let bit = validity[node >> 6] >> UInt64(node & 63) & 1
        target[row >> 6] &= ~((bit ^ 1) << UInt64(row & 63))
      }
    }
    return result
  }

  @inline(__always)
  private static func copy<T>(
    _ source: UnsafeMutablePointer<T>, _ nodes: UnsafeMutablePointer<NodeID>, _ count: Int,
    _ target: UnsafeMutablePointer<T>
  ) {
    for row in 0..<count {
      target[row] = source[Int(truncatingIfNeeded: nodes[row].rawValue)]
    }
  }

  /// Nil for a property of several types, or one that takes too much room.
  private static func column(
    _ key: PropertyKeyID, _ nodeCount: Int, _ evaluation: Evaluation
  ) throws -> Vector? {
    var whole: Vector?
    var leadingNulls = 0
    let ids = UnsafeMutablePointer<NodeID>.allocate(capacity: Segments.rowCount)
    defer { ids.deallocate() }
    for start in stride(from: 0, to: nodeCount, by: Segments.rowCount) {
      let count = min(Segments.rowCount, nodeCount - start)
      for index in 0..<count { ids[index] = NodeID(UInt64(start + index)) }
      let part = try evaluation.reader.gather(key, nodes: ids, count: count)
      if part.isEntirelyNull {
        if let whole {
          for row in start..<(start + count) { whole.setNull(row) }
        } else {
          leadingNulls = start + count
        }
        continue
      }
      let target: Vector
      if let whole {
        target = whole
      } else {
        let width = part.type.stride
        guard [8, 16].contains(width), part.type != .any, nodeCount * width <= sizeMaximum else {
          return nil
        }
        target = Vector(type: part.type, capacity: nodeCount)
        target.count = nodeCount
        for row in 0..<leadingNulls { target.setNull(row) }
        whole = target
      }
      guard part.type == target.type else { return nil }
      let width = part.type.stride
      (target.elements(UInt8.self) + start * width).update(
        from: part.elements(UInt8.self), count: count * width)
      if !part.hasNoNulls {
        for row in 0..<count where part.isNull(row) { target.setNull(start + row) }
      }
      if part.type == .string { target.owners += part.owners }
    }
    return whole
  }
}
