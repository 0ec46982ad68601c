internal import GraphColumns
internal import Synchronization

/// The texts of a column's chunks of words, put together once and kept for a state, so that they are
/// read as fast as texts that are stored one after the other.
///
/// A chunk is put together when a good part of its rows has been read. All columns of the process
/// together keep at most `sizeMaximum` bytes; what does not fit is put together for each batch.
final class WordTexts: @unchecked Sendable {
  /// In bytes.
  static let sizeMaximum = 256 << 20
  private static let size = Atomic<Int>(0)

  private let segmentCount: Int
  /// Addresses of chunks in the offsets encoding; 0 until they are made.
  private let chunks: UnsafeMutablePointer<Atomic<UInt>>
  /// Rows that have been read from each chunk of words.
  private let counts: UnsafeMutablePointer<Atomic<Int>>
  private let lock = Lock()

  init(segmentCount: Int) {
    self.segmentCount = segmentCount
    chunks = .allocate(capacity: segmentCount)
    counts = .allocate(capacity: segmentCount)
    for segment in 0..<segmentCount {
      (chunks + segment).initialize(to: Atomic(0))
      (counts + segment).initialize(to: Atomic(0))
    }
  }

  deinit {
    var total = 0
    for segment in 0..<segmentCount {
      guard let chunk = made(segment) else { continue }
      total += chunk.pointee.bytes.count
      chunk.pointee.bytes.deallocate()
      chunk.deinitialize(count: 1)
      chunk.deallocate()
    }
    Self.size.subtract(total, ordering: .relaxed)
    chunks.deallocate()
    counts.deallocate()
  }

  private func made(_ segment: Int) -> UnsafeMutablePointer<ColumnChunk>? {
    UnsafeMutablePointer(bitPattern: chunks[segment].load(ordering: .acquiring))
  }

  /// The chunk to read `count` rows from.
  func chunk(_ segment: Int, _ words: ColumnChunk, reading count: Int) -> ColumnChunk {
    if let chunk = made(segment) { return chunk.pointee }
    let read = counts[segment].add(count, ordering: .relaxed).newValue
    if 4 * read < words.rowCount { return words }
    lock.lock()
    defer { lock.unlock() }
    if let chunk = made(segment) { return chunk.pointee }
    guard let chunk = putTogether(words) else { return words }
    let place = UnsafeMutablePointer<ColumnChunk>.allocate(capacity: 1)
    place.initialize(to: chunk)
    chunks[segment].store(UInt(bitPattern: place), ordering: .releasing)
    return chunk
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
    if Self.size.add(size, ordering: .relaxed).newValue > Self.sizeMaximum {
      Self.size.subtract(size, ordering: .relaxed)
      return nil
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    header.write(to: buffer, validity: validity) {
      ColumnEncoder.storePlain(texts, validity: validity, header: header, to: $0)
    }
    return try? ColumnChunk(UnsafeRawBufferPointer(buffer))
  }
}
