/// Where records end. A quote opens a quoted field only at the start of a field; inside, two quotes
/// are one, and delimiters and line ends are text. `BlockParser` follows the same rules, so both
/// always agree.
struct RecordBoundary: Sendable {
  /// LF (also for CRLF) or CR.
  var lineEnd: UInt8
  /// Nil: any blank.
  var delimiter: UInt8?
  var quote: UInt8?

  private func startsField(_ base: UnsafePointer<UInt8>, _ position: Int, _ start: Int) -> Bool {
    if position == start { return true }
    let before = base[position - 1]
    if before == lineEnd { return true }
    if let delimiter { return before == delimiter }
    return before == 32 || before == 9
  }

  /// The place behind the quote that closes the field which opens at `position`.
  private func endOfQuoted(
    _ base: UnsafePointer<UInt8>, _ position: Int, _ quote: UInt8, _ end: Int
  ) -> Int? {
    var scan = position + 1
    while let found = ByteScanning.first(quote, base, from: scan, to: end) {
      if found + 1 < end && base[found + 1] == quote {
        scan = found + 2
      } else {
        return found + 1
      }
    }
    return nil
  }

  /// The place behind the last line end that is not inside a quoted field.
  ///
  /// - Parameter start: where a record begins.
  /// - Returns: nil when no record ends.
  /// - Complexity: O(*quotes*) steps of `memchr`; one look from the back where there are no quotes.
  func lastEnd(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int? {
    var best: Int?
    var zone = start
    if let quote {
      var scan = start
      while let found = ByteScanning.first(quote, base, from: scan, to: end) {
        guard startsField(base, found, start) else {
          scan = found + 1
          continue
        }
        if let last = ByteScanning.last(lineEnd, base, from: zone, to: found) { best = last + 1 }
        // A quote at the very end may be the first half of a doubled one.
        guard let closed = endOfQuoted(base, found, quote, end), closed < end else { return best }
        scan = closed
        zone = closed
      }
    }
    if let last = ByteScanning.last(lineEnd, base, from: zone, to: end) { best = last + 1 }
    return best
  }

  /// The place behind the first line end that is not inside a quoted field.
  func firstEnd(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int? {
    var zone = start
    while true {
      let line = ByteScanning.first(lineEnd, base, from: zone, to: end)
      var scan = zone
      var opened: Int?
      if let quote {
        while let found = ByteScanning.first(quote, base, from: scan, to: line ?? end) {
          if startsField(base, found, start) {
            opened = found
            break
          }
          scan = found + 1
        }
        if let opened {
          guard let closed = endOfQuoted(base, opened, quote, end) else { return nil }
          zone = closed
          continue
        }
      }
      return line.map { $0 + 1 }
    }
  }
}
