package import GraphColumns
internal import GraphTypes

// Copying rows out of a chunk into a vector: one tight loop for each encoding.

extension ColumnChunk {
  /// Copies rows `rows[i]` into rows `start + i` of a vector of type `vectorType` (or `.any`).
  /// Rows beyond `rowCount` are null. Strings go by reference into `bytes`, which the caller keeps
  /// alive, or into an arena that the vector owns.
  package func gather(
    rows: UnsafePointer<UInt16>, count: Int, into vector: Vector, at start: Int
  ) {
    var arena: StringArena?
    gather(rows: rows, count: count, into: vector, at: start, arena: &arena)
    if let arena { vector.owners.append(arena) }
  }

  /// - Parameter arena: made when text has to be put together; the vector must come to own it.
  func gather(
    rows: UnsafePointer<UInt16>, count: Int, into vector: Vector, at start: Int,
    arena: inout StringArena?
  ) {
    if vector.type == .any {
      let values = vector.values + start
      for index in 0..<count { values[index] = value(at: Int(rows[index])) }
      return
    }
    precondition(vector.type == vectorType)
    var largest: UInt16 = 0
    for index in 0..<count { largest = max(largest, rows[index]) }
    if Int(largest) < rowCount || count == 0 {
      gatherTyped(rows, count, vector, start, &arena)
      return
    }
    // Rows that came later than this chunk are read as row 0 and marked null.
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: count) { clamped in
      guard let base = clamped.baseAddress else { return }
      for index in 0..<count { base[index] = Int(rows[index]) < rowCount ? rows[index] : 0 }
      if rowCount > 0 { gatherTyped(base, count, vector, start, &arena) }
    }
    let validity = vector.makeValidity()
    for index in 0..<count where Int(rows[index]) >= rowCount {
      let row = start + index
      validity[row >> 6] &= ~(1 << UInt64(row & 63))
    }
  }

  /// All rows are below `rowCount`.
  private func gatherTyped(
    _ rows: UnsafePointer<UInt16>, _ count: Int, _ vector: Vector, _ start: Int,
    _ arena: inout StringArena?
  ) {
    switch type {
    case .boolean: gatherBooleans(rows, count, vector.booleans + start)
    case .integer, .date: gatherIntegers(rows, count, vector.elements(Int64.self) + start)
    case .float: gatherFloats(rows, count, vector.floats + start)
    case .localDateTime: gatherMoments(rows, count, vector.localDateTimes + start)
    case .string:
      if encoding == .words {
        gatherWords(rows, count, vector.strings + start, &arena)
      } else {
        gatherStrings(rows, count, vector.strings + start)
      }
    case .any: break
    }
    guard let bitmap = self.validity else { return }
    let validity = vector.makeValidity()
    for index in 0..<count where !bitmap.bit(Int(rows[index])) {
      let row = start + index
      validity[row >> 6] &= ~(1 << UInt64(row & 63))
    }
  }

  private func gatherBooleans(
    _ rows: UnsafePointer<UInt16>, _ count: Int, _ result: UnsafeMutablePointer<Bool>
  ) {
    if encoding == .constant {
      result.update(repeating: base != 0, count: count)
      return
    }
    let data = self.data
    for index in 0..<count { result[index] = data.bit(Int(rows[index])) }
  }

  @inline(__always)
  private func gatherReferences<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type, _ rows: UnsafePointer<UInt16>, _ count: Int, _ result: UnsafeMutablePointer<Int64>
  ) {
    let data = self.data
    let base = self.base
    for index in 0..<count {
      result[index] =
        base &+ Int64(truncatingIfNeeded: data.element(Int(rows[index]), T.self))
    }
  }

  private func gatherIntegers(
    _ rows: UnsafePointer<UInt16>, _ count: Int, _ result: UnsafeMutablePointer<Int64>
  ) {
    if encoding == .constant {
      result.update(repeating: base, count: count)
      return
    }
    if encoding == .sequence {
      let (base, step) = (self.base, self.step)
      for index in 0..<count { result[index] = base &+ step &* Int64(rows[index]) }
      return
    }
    switch width {
    case 8: gatherReferences(UInt8.self, rows, count, result)
    case 16: gatherReferences(UInt16.self, rows, count, result)
    case 32: gatherReferences(UInt32.self, rows, count, result)
    default:
      let (data, base, width, mask) = (self.data, self.base, self.width, self.mask)
      for index in 0..<count {
        let offset = data.packed(Int(rows[index]), width: width, mask: mask)
        result[index] = base &+ Int64(bitPattern: offset)
      }
    }
  }

  @inline(__always)
  private func gatherDecimals<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type, _ rows: UnsafePointer<UInt16>, _ count: Int, _ result: UnsafeMutablePointer<Double>
  ) {
    let data = self.data
    let base = self.base
    let divisor = self.divisor
    for index in 0..<count {
      let offset = Int64(truncatingIfNeeded: data.element(Int(rows[index]), T.self))
      result[index] = Double(base &+ offset) / divisor
    }
  }

  private func gatherFloats(
    _ rows: UnsafePointer<UInt16>, _ count: Int, _ result: UnsafeMutablePointer<Double>
  ) {
    switch encoding {
    case .constant:
      result.update(repeating: Double(bitPattern: UInt64(bitPattern: base)), count: count)
    case .frameOfReference:
      switch width {
      case 8: gatherDecimals(UInt8.self, rows, count, result)
      case 16: gatherDecimals(UInt16.self, rows, count, result)
      case 32: gatherDecimals(UInt32.self, rows, count, result)
      default:
        let (data, base, divisor) = (self.data, self.base, self.divisor)
        let (width, mask) = (self.width, self.mask)
        for index in 0..<count {
          let offset = data.packed(Int(rows[index]), width: width, mask: mask)
          result[index] = Double(base &+ Int64(bitPattern: offset)) / divisor
        }
      }
    default:
      let data = self.data
      for index in 0..<count {
        result[index] = Double(bitPattern: data.element(Int(rows[index])))
      }
    }
  }

  private func gatherMoments(
    _ rows: UnsafePointer<UInt16>, _ count: Int, _ result: UnsafeMutablePointer<LocalDateTime>
  ) {
    switch encoding {
    case .constant:
      let moment = LocalDateTime(seconds: base, nanoseconds: Int32(bitPattern: extra))
      result.update(repeating: moment, count: count)
    case .frameOfReference:
      for index in 0..<count {
        result[index] = LocalDateTime(seconds: integer(ofRow: Int(rows[index])))
      }
    default:
      let seconds = data
      let nanoseconds = seconds + 8 * rowCount
      for index in 0..<count {
        let row = Int(rows[index])
        result[index] = LocalDateTime(
          seconds: seconds.element(row), nanoseconds: nanoseconds.element(row))
      }
    }
  }

  private func gatherStrings(
    _ rows: UnsafePointer<UInt16>, _ count: Int, _ result: UnsafeMutablePointer<StringRef>
  ) {
    @inline(__always) func reference(_ text: UnsafeRawBufferPointer) -> StringRef {
      StringRef(
        base: text.baseAddress?.assumingMemoryBound(to: UInt8.self), count: text.count)
    }
    switch encoding {
    case .constant:
      result.update(
        repeating: reference(UnsafeRawBufferPointer(start: data, count: textSize)), count: count)
    case .dictionary:
      for index in 0..<count { result[index] = reference(text(code(ofRow: Int(rows[index])))) }
    default:
      for index in 0..<count { result[index] = reference(text(Int(rows[index]))) }
    }
  }
}
