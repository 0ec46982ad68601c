internal import GraphColumns
internal import GraphTypes

/// Rows in a temporary file, read back in the order in which they were written.
///
/// Encoded batches are put together to blocks, each of which is written at once; so several runs can
/// grow in one file.
final class SpillRun {
  private let file: SpillFile
  private let blockBytes: Int
  private var blocks: [SpillFile.Extent] = []
  private var buffer = ByteBuffer()
  private(set) var rowCount = 0
  /// Bytes written.
  private(set) var byteCount = 0

  init(_ file: SpillFile, blockBytes: Int) {
    self.file = file
    self.blockBytes = blockBytes
  }

  /// Bytes in memory.
  var heldBytes: Int { buffer.capacity }

  func append(_ batch: Batch) throws {
    if batch.count == 0 { return }
    rowCount += batch.count
    for part in batch.split() {
      BatchCodec.append(part, to: &buffer)
      if buffer.count >= blockBytes { try flush() }
    }
  }

  /// Writes what is still in memory. To be called before the run is read.
  func finish() throws {
    if buffer.count > 0 { try flush() }
    buffer = ByteBuffer(capacity: 16)
  }

  private func flush() throws {
    blocks.append(try file.append(buffer.bytes))
    byteCount += buffer.count
    if buffer.capacity > 2 * blockBytes {
      buffer = ByteBuffer()
    } else {
      buffer.removeAll()
    }
  }

  func reader() -> Reader { Reader(self) }

  /// Reads a run once, from its first row to its last.
  struct Reader {
    private let run: SpillRun
    private var block = 0
    private var cursor = ByteCursor(UnsafeRawBufferPointer(start: nil, count: 0))
    private var arena: StringArena?

    fileprivate init(_ run: SpillRun) { self.run = run }

    mutating func next() throws -> Batch? {
      while true {
        if let arena, cursor.count > 0 {
          guard let batch = BatchCodec.batch(&cursor, owner: arena) else { throw damaged }
          return batch
        }
        if block == run.blocks.count { return nil }
        let extent = run.blocks[block]
        block += 1
        // The strings of the batches refer to it.
        let arena = StringArena(blockSize: extent.count)
        let bytes = arena.reserve(extent.count)
        try run.file.read(extent, into: bytes)
        self.arena = arena
        cursor = ByteCursor(UnsafeRawBufferPointer(start: bytes, count: extent.count))
      }
    }

    private var damaged: QueryError {
      QueryError(
        .storage, "SpillFailed", "a temporary file gave back other bytes than were written",
        hint: "check the disk and the memory of the machine")
    }
  }
}

/// How an operator divides what it writes, by the memory limit.
struct SpillSizes {
  /// Parts into which rows are divided by their hashes.
  static let partitionBits = 5
  static let partitionCount = 1 << partitionBits
  /// Runs that are merged at once.
  static let fanIn = 32
  /// What is written at once. Parts or runs have such a block each in memory.
  let blockBytes: Int

  init(_ control: ExecutionControl) {
    blockBytes = min(256 << 10, max(1 << 10, control.memoryLimit / (32 * Self.partitionCount)))
  }
}
