internal import GraphColumns
internal import Synchronization

/// The texts of a column's chunks of words, put together once and kept for a state, so that they are
/// read as fast as texts that are stored one after the other.
///
/// A chunk is put together when a good part of its rows has been read. All columns of the process
/// together keep at most `sizeMaximum` bytes; what does not fit is put together for each batch.
/// Not for several threads at once.
final class WordTexts {
  /// In bytes.
  private static let sizeMaximum = 256 << 20
  private static let size = Atomic<Int>(0)
  private let sizeMaximum: Int

  /// In the offsets encoding.
  private var chunks: [UnsafeMutablePointer<ColumnChunk>?]
  /// Rows that have been read from each chunk of words; -1 where there was no room for its texts.
  private var counts: [Int]

  init(segmentCount: Int, sizeMaximum: Int = WordTexts.sizeMaximum) {
    self.sizeMaximum = sizeMaximum
    chunks = Array(repeating: nil, count: segmentCount)
    counts = Array(repeating: 0, count: segmentCount)
  }

  deinit {
    var total = 0
    for case let chunk? in chunks {
      total += chunk.pointee.bytes.count
      chunk.pointee.bytes.deallocate()
      chunk.deinitialize(count: 1)
      chunk.deallocate()
    }
    Self.size.subtract(total, ordering: .relaxed)
  }

  /// The texts of a chunk from which `count` rows are to be read; nil when words are to be read.
  func chunk(
    _ segment: Int, _ words: ColumnChunk, reading count: Int
  ) -> UnsafeMutablePointer<ColumnChunk>? {
    if let chunk = chunks[segment] { return chunk }
    if counts[segment] < 0 { return nil }
    counts[segment] += count
    guard 4 * counts[segment] >= words.rowCount else { return nil }
    guard let chunk = putTogether(words) else {
      // Not to be tried again for this state.
      counts[segment] = -1
      return nil
    }
    let place = UnsafeMutablePointer<ColumnChunk>.allocate(capacity: 1)
    place.initialize(to: chunk)
    chunks[segment] = place
    return place
  }

  /// Nil where there is no room.
  private func putTogether(_ words: ColumnChunk) -> ColumnChunk? {
    let count = words.rowCount
    let rows = (0..<UInt16(count)).map { $0 }
    var arena: StringArena?
    let texts = [StringRef](unsafeUninitializedCapacity: count) { texts, initialized in
      if let base = texts.baseAddress { words.gatherWords(rows, count, base, &arena) }
      initialized = count
    }
    defer { withExtendedLifetime(arena) {} }
    let validity = ColumnValidity(words: words.validity?.assumingMemoryBound(to: UInt64.self))
    var header = ColumnHeader(
      encoding: .offsets, type: .string, rowCount: count,
      nullCount: validity.nullCount(rowCount: count))
    var textSize = 0
    for row in 0..<count where validity.isValid(row) { textSize += texts[row].count }
    let dataSize = ColumnEncoder.setPlain(&header, textSize: textSize)
    let size = header.byteCount(dataSize: dataSize)
    if Self.size.add(size, ordering: .relaxed).newValue > sizeMaximum {
      Self.size.subtract(size, ordering: .relaxed)
      return nil
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    header.write(to: buffer, validity: validity) {
      ColumnEncoder.storePlain(texts, validity: validity, header: header, to: $0)
    }
    if let chunk = try? ColumnChunk(UnsafeRawBufferPointer(buffer)) { return chunk }
    buffer.deallocate()
    Self.size.subtract(size, ordering: .relaxed)
    return nil
  }
}
