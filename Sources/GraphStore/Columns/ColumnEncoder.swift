package import GraphColumns
package import GraphTypes

/// Builds the bytes of a column chunk, choosing the narrowest encoding. See `ColumnLayout.swift`.
///
/// All forms return nil when all values are null: such a chunk is not stored. At most
/// `ColumnSpace.segmentRowsMaximum` rows.
package enum ColumnEncoder {
  /// - Throws: `QueryError` (TypeError, InvalidPropertyType) for values that no property can have
  ///   (maps, nodes, lists of lists or of mixed kinds).
  package static func encode(_ values: [Value]) throws(QueryError) -> [UInt8]? {
    precondition(values.count <= ColumnSpace.segmentRowsMaximum)
    var validity = [UInt64](repeating: 0, count: (values.count + 63) / 64)
    var type: ColumnType?
    for (row, value) in values.enumerated() {
      guard let rowType = try columnType(of: value) else { continue }
      validity[row >> 6] |= 1 << UInt64(row & 63)
      type = type == nil || type == rowType ? rowType : .any
    }
    guard let type else { return nil }
    return validity.withUnsafeBufferPointer {
      encode(values, type: type, validity: ColumnValidity(words: $0.baseAddress))
    }
  }

  /// Nil for null.
  private static func columnType(of value: Value) throws(QueryError) -> ColumnType? {
    switch value {
    case .null: return nil
    case .boolean: return .boolean
    case .integer: return .integer
    case .float: return .float
    case .string: return .string
    case .date: return .date
    case .localDateTime: return .localDateTime
    default:
      try PropertyValue.check(value)
      return .any
    }
  }

  private static func encode(
    _ values: [Value], type: ColumnType, validity: ColumnValidity
  ) -> [UInt8]? {
    switch type {
    case .boolean:
      let column = values.map { if case .boolean(let flag) = $0 { flag } else { false } }
      return encode(booleans: column, validity: validity, count: column.count)
    case .integer:
      let column = values.map { if case .integer(let number) = $0 { number } else { Int64(0) } }
      return encode(integers: column, type: .integer, validity: validity, count: column.count)
    case .float:
      let column = values.map { if case .float(let number) = $0 { number } else { 0.0 } }
      return encode(floats: column, validity: validity, count: column.count)
    case .date:
      let column = values.map { if case .date(let date) = $0 { date.days } else { Int64(0) } }
      return encode(integers: column, type: .date, validity: validity, count: column.count)
    case .localDateTime:
      let column = values.map {
        if case .localDateTime(let moment) = $0 { moment } else { LocalDateTime(seconds: 0) }
      }
      return encode(localDateTimes: column, validity: validity, count: column.count)
    case .string:
      let arena = StringArena()
      let column = values.map {
        if case .string(let text) = $0 {
          arena.append(text)
        } else {
          StringRef(base: nil, count: 0)
        }
      }
      defer { withExtendedLifetime(arena) {} }
      return encode(strings: column, validity: validity, count: column.count)
    case .any:
      return encode(any: values, validity: validity)
    }
  }

  /// The first `count` rows of a vector, without a `Value` a row unless its type is `any`.
  /// - Parameter usingWords: whether texts may be stored as words: not for what stays in memory.
  /// - Throws: as for values; also for vectors of nodes and relationships.
  package static func encode(
    _ vector: Vector, count: Int, usingWords: Bool = true
  ) throws(QueryError) -> [UInt8]? {
    precondition(count <= ColumnSpace.segmentRowsMaximum)
    if vector.isConstant || vector.type == .any || vector.type == .node
      || vector.type == .relationship
    {
      return try encode((0..<count).map { vector.boxed($0) })
    }
    var validity = ColumnValidity(words: vector.validity.map { UnsafePointer($0) })
    if validity.nullCount(rowCount: count) == 0 { validity = ColumnValidity(words: nil) }
    switch vector.type {
    case .boolean: return encode(booleans: vector.booleans, validity: validity, count: count)
    case .integer:
      return encode(integers: vector.integers, type: .integer, validity: validity, count: count)
    case .float: return encode(floats: vector.floats, validity: validity, count: count)
    case .date:
      return encode(
        integers: vector.elements(Int64.self), type: .date, validity: validity, count: count)
    case .localDateTime:
      return encode(localDateTimes: vector.localDateTimes, validity: validity, count: count)
    case .string:
      return encode(
        strings: vector.strings, validity: validity, count: count, usingWords: usingWords)
    case .node, .relationship, .any: return nil
    }
  }

  private static func encode(any values: [Value], validity: ColumnValidity) -> [UInt8] {
    var payload: [UInt8] = []
    var ends: [UInt32] = []
    ends.reserveCapacity(values.count)
    for value in values {
      if case .null = value {} else { ValueCodec.appendChecked(value, to: &payload) }
      ends.append(UInt32(truncatingIfNeeded: payload.count))
    }
    var header = ColumnHeader(
      encoding: .offsets, type: .any, rowCount: values.count,
      nullCount: validity.nullCount(rowCount: values.count))
    header.endWidth = endWidth(payload.count)
    header.base = Int64(payload.count)
    let endsSize = endsSize(payload.count, values.count)
    return header.chunk(dataSize: endsSize + ChunkFormat.align(payload.count), validity: validity) {
      data in
      store(ends, width: header.endWidth, to: data)
      payload.withUnsafeBytes { (data + endsSize).copyMemory(from: $0) }
    }
  }

  /// Ends of texts.
  static func store(_ numbers: [UInt32], width: Int, to data: UnsafeMutableRawPointer) {
    numbers.withUnsafeBufferPointer { numbers in
      BitPacking.store(rowCount: numbers.count, width: width, to: data) { UInt64(numbers[$0]) }
    }
  }
}

extension UnsafeMutableRawPointer {
  func copyMemory(from source: UnsafeRawBufferPointer) {
    if let base = source.baseAddress { copyMemory(from: base, byteCount: source.count) }
  }
}
