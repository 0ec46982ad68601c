package import GraphColumns

/// The values of one column, typed where all are of one type and none is null.
public enum ColumnData: Sendable {
  case integers([Int64])
  case floats([Double])
  /// With nulls.
  case optionalFloats([Double?])
  case booleans([Bool])
  case strings([String])
  case nodes([NodeID])
  /// Lists of `dimension` numbers, one after the other.
  case vectors([Float], dimension: Int)
  case values([Value])

  public var count: Int {
    switch self {
    case .integers(let values): values.count
    case .floats(let values): values.count
    case .optionalFloats(let values): values.count
    case .booleans(let values): values.count
    case .strings(let values): values.count
    case .nodes(let values): values.count
    case .vectors(let values, let dimension): values.count / max(dimension, 1)
    case .values(let values): values.count
    }
  }

  /// Rows `range` as a vector.
  package func vector(_ range: Range<Int>) -> Vector {
    func filled<T>(_ type: VectorType, _ values: [T], at start: Int? = nil) -> Vector {
      let vector = Vector(type: type, capacity: range.count)
      let begin = start ?? range.lowerBound
      values[begin..<begin + range.count].withUnsafeBufferPointer { source in
        if let base = source.baseAddress {
          vector.elements(T.self).update(from: base, count: source.count)
        }
      }
      vector.count = range.count
      return vector
    }
    switch self {
    case .integers(let values): return filled(.integer, values)
    case .floats(let values): return filled(.float, values)
    case .optionalFloats(let values):
      let vector = filled(.float, values[range].map { $0 ?? 0 }, at: 0)
      for (row, value) in values[range].enumerated() where value == nil { vector.setNull(row) }
      return vector
    case .booleans(let values): return filled(.boolean, values)
    case .nodes(let values): return filled(.node, values)
    case .values(let values): return filled(.any, values)
    case .vectors: return filled(.any, range.map { value($0) }, at: 0)
    case .strings(let values):
      let vector = Vector(type: .string, capacity: range.count)
      let arena = StringArena()
      for (row, string) in values[range].enumerated() {
        vector.strings[row] = arena.append(string)
      }
      vector.owners = [arena]
      vector.count = range.count
      return vector
    }
  }
}
