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

/// The chunks of a column. A chunk's header is read when it is first asked for: building the table
/// touches no page of the values.
final class ColumnTable: @unchecked Sendable {
  let segmentCount: Int
  private let bytes: UnsafeMutablePointer<UnsafeRawBufferPointer>
  private let chunks: UnsafeMutablePointer<ColumnChunk>
  /// 0: header not read, 1: being read, 2: chunk is there.
  private let states: UnsafeMutablePointer<Atomic<UInt8>>
  /// Chunks of words that have been put together, by segment; made when there are any.
  private let texts = Atomic<UInt>(0)
  private let textsLock = Lock()

  init(segmentCount: Int) {
    self.segmentCount = segmentCount
    bytes = .allocate(capacity: max(segmentCount, 1))
    bytes.initialize(repeating: UnsafeRawBufferPointer(start: nil, count: 0), count: segmentCount)
    chunks = .allocate(capacity: max(segmentCount, 1))
    states = .allocate(capacity: max(segmentCount, 1))
    for segment in 0..<segmentCount { (states + segment).initialize(to: Atomic(0)) }
  }
  deinit {
    for segment in 0..<segmentCount where states[segment].load(ordering: .relaxed) == 2 {
      (chunks + segment).deinitialize(count: 1)
    }
    bytes.deallocate()
    chunks.deallocate()
    states.deallocate()
    if let address = UnsafeRawPointer(bitPattern: texts.load(ordering: .relaxed)) {
      Unmanaged<WordTexts>.fromOpaque(address).release()
    }
  }

  func set(_ segment: Int, _ value: UnsafeRawBufferPointer) { bytes[segment] = value }

  /// Nil for segments without values or beyond the end.
  @inline(__always)
  func chunk(_ segment: Int) throws(StoreError) -> ColumnChunk? {
    guard segment >= 0, segment < segmentCount else { return nil }
    if states[segment].load(ordering: .acquiring) == 2 { return chunks[segment] }
    return try read(segment)
  }

  /// The same for reading values of `count` rows: where the texts of a chunk of words have been put
  /// together, or it is worth to do so now, a chunk with these.
  @inline(__always)
  func chunk(_ segment: Int, reading count: Int) throws(StoreError) -> ColumnChunk? {
    guard let chunk = try chunk(segment) else { return nil }
    if chunk.encoding != .words { return chunk }
    return wordTexts.chunk(segment, chunk, reading: count)
  }

  private var wordTexts: WordTexts {
    if let address = UnsafeRawPointer(bitPattern: texts.load(ordering: .acquiring)) {
      return Unmanaged.fromOpaque(address).takeUnretainedValue()
    }
    textsLock.lock()
    defer { textsLock.unlock() }
    if let address = UnsafeRawPointer(bitPattern: texts.load(ordering: .acquiring)) {
      return Unmanaged.fromOpaque(address).takeUnretainedValue()
    }
    let made = WordTexts(segmentCount: segmentCount)
    texts.store(
      UInt(bitPattern: Unmanaged.passRetained(made).toOpaque()), ordering: .releasing)
    return made
  }

  @inline(never)
  private func read(_ segment: Int) throws(StoreError) -> ColumnChunk? {
    if bytes[segment].baseAddress == nil { return nil }
    let chunk = try ColumnChunk(bytes[segment])
    let mine = states[segment].compareExchange(
      expected: 0, desired: 1, ordering: .acquiringAndReleasing)
    if mine.exchanged {
      (chunks + segment).initialize(to: chunk)
      states[segment].store(2, ordering: .releasing)
    }
    return chunk
  }
}
