/// The number of a row with the word that begins its key.
struct SortEntry {
  var word: UInt64
  var row: Int32
}

/// Entries of rows, and their order.
final class SortEntries {
  let count: Int
  let base: UnsafeMutablePointer<SortEntry>

  private var isExact = true

  /// - Parameter fill: initialises the entries of a range of rows; returns whether words decide alone.
  init(
    count: Int, _ control: ExecutionControl,
    _ fill: (Range<Int>, UnsafeMutablePointer<SortEntry>) -> Bool
  ) throws {
    self.count = count
    base = .allocate(capacity: max(count, 1))
    for part in Self.parts(of: count) {
      try control.check()
      isExact = fill(part, base) && isExact
    }
  }
  deinit { base.deallocate() }

  /// Ranges of as many entries as are worked on at a time.
  private static func parts(of count: Int) -> some Sequence<Range<Int>> {
    let step = 1 << 20
    return stride(from: 0, to: count, by: step).lazy.map { $0..<min(count, $0 + step) }
  }

  /// Bytes for each entry while they are sorted.
  static let bytesPerRow = 2 * MemoryLayout<SortEntry>.stride

  /// Sorts by the words, then where these are equal by `compare` of the rows, then by row.
  ///
  /// Words go by radix, a byte at a time from the lowest: bytes that are the same in all words cost
  /// nothing. As that is stable, rows with equal words stay in order.
  /// - Complexity: O(n) for words, and O(k log k) comparisons for k equal ones.
  func sort(_ control: ExecutionControl, compare: (Int32, Int32) -> Int) throws {
    if count < 2 { return }
    if count < 512 {
      var all = UnsafeMutableBufferPointer(start: base, count: count)
      all.sort { $0.word != $1.word ? $0.word < $1.word : $0.row < $1.row }
    } else {
      try sortWords(control)
    }
    if isExact { return }
    var comparisons = 0
    var start = 0
    while start < count {
      if start & 0xFFFF == 0 { try control.check() }
      var end = start + 1
      while end < count && base[end].word == base[start].word { end += 1 }
      if end - start > 1 {
        var part = UnsafeMutableBufferPointer(start: base + start, count: end - start)
        try part.sort { a, b in
          comparisons += 1
          if comparisons & 0xFFFF == 0 { try control.check() }
          let order = compare(a.row, b.row)
          return order != 0 ? order < 0 : a.row < b.row
        }
      }
      start = end
    }
  }

  private func sortWords(_ control: ExecutionControl) throws {
    let digits = 8
    var counts = [Int](repeating: 0, count: digits * 256)
    try counts.withUnsafeMutableBufferPointer { counts in
      for part in Self.parts(of: count) {
        try control.check()
        for index in part {
          var word = base[index].word
          for digit in 0..<digits {
            counts[digit * 256 + Int(word & 0xFF)] += 1
            word >>= 8
          }
        }
      }
    }
    let other = UnsafeMutablePointer<SortEntry>.allocate(capacity: count)
    defer { other.deallocate() }
    var (source, target) = (base, other)
    for digit in 0..<digits {
      let shift = UInt64(digit * 8)
      let part = digit * 256..<(digit + 1) * 256
      if counts[part.lowerBound + Int(source[0].word >> shift & 0xFF)] == count { continue }
      var sum = 0
      for index in part { (counts[index], sum) = (sum, sum + counts[index]) }
      try counts.withUnsafeMutableBufferPointer { counts in
        guard let places = counts.baseAddress.map({ $0 + part.lowerBound }) else { return }
        for part in Self.parts(of: count) {
          try control.check()
          for index in part {
            let entry = source[index]
            let place = Int(entry.word >> shift & 0xFF)
            target[places[place]] = entry
            places[place] += 1
          }
        }
      }
      swap(&source, &target)
    }
    if source != base { base.update(from: source, count: count) }
  }
}
