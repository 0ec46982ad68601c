internal import GraphTypes
internal import Synchronization

/// The node segments of a state.
final class NodeTable: @unchecked Sendable {
  let segmentCount: Int
  private let chunks: UnsafeMutablePointer<NodeSegmentChunk?>

  init(segmentCount: Int) {
    self.segmentCount = segmentCount
    chunks = .allocate(capacity: max(segmentCount, 1))
    chunks.initialize(repeating: nil, count: segmentCount)
  }
  deinit {
    chunks.deinitialize(count: segmentCount)
    chunks.deallocate()
  }

  func set(_ segment: Int, _ chunk: NodeSegmentChunk) { chunks[segment] = chunk }

  /// Nil for segments beyond the end, too.
  func chunk(_ segment: Int) -> NodeSegmentChunk? {
    segment >= 0 && segment < segmentCount ? chunks[segment] : nil
  }
}

/// The chunks of a column. A chunk is looked at, and its checksum verified, when it is first asked
/// for: building the table touches no page of the values.
final class ColumnTable: @unchecked Sendable {
  let segmentCount: Int
  private let bytes: UnsafeMutablePointer<UnsafeRawBufferPointer>
  private let chunks: UnsafeMutablePointer<ColumnChunk>
  /// Whether a chunk is there.
  private let areRead: UnsafeMutablePointer<Atomic<Bool>>
  /// Addresses of the chunks to read values from; 0 where that is to be decided.
  private let sources: UnsafeMutablePointer<Atomic<UInt>>
  private let lock = Lock()
  /// Made when there are chunks of words. Guarded by the lock.
  private var texts: WordTexts?

  init(segmentCount: Int) {
    self.segmentCount = segmentCount
    bytes = .allocate(capacity: max(segmentCount, 1))
    bytes.initialize(repeating: UnsafeRawBufferPointer(start: nil, count: 0), count: segmentCount)
    chunks = .allocate(capacity: max(segmentCount, 1))
    areRead = .allocate(capacity: max(segmentCount, 1))
    sources = .allocate(capacity: max(segmentCount, 1))
    for segment in 0..<segmentCount {
      (areRead + segment).initialize(to: Atomic(false))
      (sources + segment).initialize(to: Atomic(0))
    }
  }
  deinit {
    bytes.deallocate()
    chunks.deallocate()
    areRead.deallocate()
    sources.deallocate()
  }

  func set(_ segment: Int, _ value: UnsafeRawBufferPointer) { bytes[segment] = value }

  /// Nil for segments without values or beyond the end.
  func chunk(_ segment: Int) throws(StoreError) -> ColumnChunk? {
    guard segment >= 0, segment < segmentCount else { return nil }
    if !areRead[segment].load(ordering: .acquiring) {
      if bytes[segment].baseAddress == nil { return nil }
      try read(segment)
    }
    return chunks[segment]
  }

  /// The same for reading values of `count` rows; valid as long as the table. Where the texts of a
  /// chunk of words have been put together, or it is worth to do so now, a chunk with these.
  @inline(__always)
  func source(
    _ segment: Int, reading count: Int
  ) throws(StoreError) -> UnsafePointer<ColumnChunk>? {
    guard segment >= 0, segment < segmentCount else { return nil }
    if let chunk = UnsafePointer<ColumnChunk>(
      bitPattern: sources[segment].load(ordering: .acquiring))
    {
      return chunk
    }
    return try findSource(segment, reading: count)
  }

  @inline(never)
  private func findSource(
    _ segment: Int, reading count: Int
  ) throws(StoreError) -> UnsafePointer<ColumnChunk>? {
    guard let chunk = try chunk(segment) else { return nil }
    var source = chunks + segment
    if chunk.encoding == .words {
      lock.lock()
      defer { lock.unlock() }
      let texts = texts ?? WordTexts(segmentCount: segmentCount)
      self.texts = texts
      guard let text = texts.chunk(segment, chunk, reading: count) else {
        return UnsafePointer(source)
      }
      source = text
    }
    sources[segment].store(UInt(bitPattern: source), ordering: .releasing)
    return UnsafePointer(source)
  }

  @inline(never)
  private func read(_ segment: Int) throws(StoreError) {
    lock.lock()
    defer { lock.unlock() }
    if areRead[segment].load(ordering: .relaxed) { return }
    (chunks + segment).initialize(to: try ColumnChunk(bytes[segment], verifyingChecksum: true))
    areRead[segment].store(true, ordering: .releasing)
  }
}
