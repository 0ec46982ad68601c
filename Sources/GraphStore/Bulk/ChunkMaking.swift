internal import Dispatch

/// Encoding of many chunks at once.
enum ChunkMaking {
  /// Chunks that are kept until they are taken.
  private static let batchSize = 256

  /// Makes chunks on all cores and hands those that are not nil over in order, on this thread.
  /// - Throws: what `make` throws for the first chunk that fails, and what `take` throws.
  static func inParallel<Chunk>(
    _ count: Int, _ make: @Sendable (Int) throws -> Chunk?, take: (Int, Chunk) throws -> Void
  ) throws {
    for first in stride(from: 0, to: count, by: batchSize) {
      let size = min(batchSize, count - first)
      var chunks = [Result<Chunk?, any Error>](repeating: .success(nil), count: size)
      chunks.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let buffer = buffer
        // Each index is written by one thread.
        DispatchQueue.concurrentPerform(iterations: size) { index in
          buffer[index] = Result { try make(first + index) }
        }
      }
      for (index, chunk) in chunks.enumerated() {
        if let made = try chunk.get() { try take(first + index, made) }
      }
    }
  }
}
