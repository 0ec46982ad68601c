internal import GraphColumns
internal import GraphTypes

/// Vectorised string functions.
enum StringLoop {
  /// Numbers of code points: of bytes that do not continue one.
  static func lengths(_ vector: Vector, _ count: Int) -> Vector? {
    guard vector.type == .string else { return nil }
    return FunctionLoop.map(vector, StringRef.self, to: .integer, Int64.self, count) { text in
      var length: Int64 = 0
      for byte in text.bytes { length += byte & 0xC0 != 0x80 ? 1 : 0 }
      return length
    }
  }

  /// `substring` and `left` with constant bounds: references into the argument, nothing is copied.
  ///
  /// - Parameters:
  ///   - start: code points to leave out; not negative.
  ///   - length: code points to keep at most, nil for all; not negative.
  static func part(_ vector: Vector, _ count: Int, from start: Int, length: Int?) -> Vector? {
    guard vector.type == .string else { return nil }
    let result = FunctionLoop.map(
      vector, StringRef.self, to: .string, StringRef.self, count
    ) { text in
      let first = skip(start, in: text, from: 0)
      let end = length.map { skip($0, in: text, from: first) } ?? text.count
      return StringRef(base: text.base.map { $0 + first }, count: end - first)
    }
    result.owners = vector.owners
    return result
  }

  /// The byte behind `points` code points from byte `start`, or the end.
  @inline(__always)
  private static func skip(_ points: Int, in text: StringRef, from start: Int) -> Int {
    guard let base = text.base else { return 0 }
    var position = start
    var left = points
    while left > 0 && position < text.count {
      position += 1
      while position < text.count && base[position] & 0xC0 == 0x80 { position += 1 }
      left -= 1
    }
    return position
  }

  enum Letters { case lower, upper }

  /// `toLower` and `toUpper`: ASCII and Cyrillic byte by byte, the rest of Unicode by the standard
  /// library.
  static func cased(_ vector: Vector, _ count: Int, _ letters: Letters, _ evaluation: Evaluation)
    -> Vector?
  {
    guard vector.type == .string else { return nil }
    let arena = evaluation.arena()
    let result = FunctionLoop.map(vector, StringRef.self, to: .string, StringRef.self, count) {
      text -> StringRef in
      let target = arena.reserve(text.count)
      guard let source = text.base else { return StringRef(base: UnsafePointer(target), count: 0) }
      let isDone =
        switch letters {
        case .lower: lower(source, text.count, into: target)
        case .upper: upper(source, text.count, into: target)
        }
      if isDone { return StringRef(base: UnsafePointer(target), count: text.count) }
      return arena.append(
        letters == .lower ? CypherText.lower(text.string) : CypherText.upper(text.string))
    }
    result.owners = [arena]
    return result
  }

  /// False when a letter beyond ASCII and basic Cyrillic (U+0400 … U+044F, 2 bytes each) occurs.
  private static func lower(
    _ source: UnsafePointer<UInt8>, _ count: Int, into target: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    var index = 0
    while index < count {
      let byte = source[index]
      if byte < 0x80 {
        target[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
        index += 1
        continue
      }
      guard byte == 0xD0 || byte == 0xD1, index + 1 < count else { return false }
      let point = UInt16(byte & 0x1F) << 6 | UInt16(source[index + 1] & 0x3F)
      guard point >= 0x400, point <= 0x45F else { return false }
      let folded = point < 0x410 ? point + 80 : point < 0x430 ? point + 32 : point
      target[index] = 0xC0 | UInt8(truncatingIfNeeded: folded >> 6)
      target[index + 1] = 0x80 | UInt8(truncatingIfNeeded: folded & 0x3F)
      index += 2
    }
    return true
  }

  private static func upper(
    _ source: UnsafePointer<UInt8>, _ count: Int, into target: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    var index = 0
    while index < count {
      let byte = source[index]
      if byte < 0x80 {
        target[index] = byte &- 0x61 < 26 ? byte & 0xDF : byte
        index += 1
        continue
      }
      guard byte == 0xD0 || byte == 0xD1, index + 1 < count else { return false }
      let point = UInt16(byte & 0x1F) << 6 | UInt16(source[index + 1] & 0x3F)
      guard point >= 0x400, point <= 0x45F else { return false }
      let raised = point >= 0x450 ? point - 80 : point >= 0x430 ? point - 32 : point
      target[index] = 0xC0 | UInt8(truncatingIfNeeded: raised >> 6)
      target[index + 1] = 0x80 | UInt8(truncatingIfNeeded: raised & 0x3F)
      index += 2
    }
    return true
  }
}
