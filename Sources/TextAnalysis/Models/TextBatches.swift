internal import Segmentation
import Synchronization

/// Works on many texts by several threads, each with readers of its own.
enum TextBatches {
  /// What a thread takes at once.
  private static let batchSize = 256
  /// Between two checkpoints: some hundredths of a second.
  private static let windowBytes = 1 << 20

  /// - Parameters:
  ///   - make: the state of one thread.
  ///   - body: the work on one text; its result has the text's place.
  static func map<State, Result: Sendable>(
    _ texts: [String], concurrency: Int, checkpoint: () throws -> Void,
    make: (TermReader) -> State, placeholder: Result,
    body: @Sendable (State, UnsafeBufferPointer<UInt8>) -> Result
  ) throws -> [Result] {
    let threads = max(1, min(concurrency, (texts.count + batchSize - 1) / batchSize))
    var states: [State] = []
    for _ in 0..<threads { states.append(make(try TermReader())) }
    let results = UnsafeMutableBufferPointer<Result>.allocate(capacity: texts.count)
    results.initialize(repeating: placeholder)
    defer {
      results.deinitialize()
      results.deallocate()
    }
    // SAFETY: each row is one thread's, a state is one thread's while it is out of the pool, and
    // parallelFor returns after the last of them.
    nonisolated(unsafe) let output = results
    nonisolated(unsafe) let lent = states
    let free = Mutex(Array(0..<threads))
    var start = 0
    while start < texts.count {
      try checkpoint()
      var end = start
      var bytes = 0
      while end < texts.count, bytes < windowBytes {
        bytes += texts[end].utf8.count
        end += 1
      }
      let window = start..<end
      let batches = (window.count + batchSize - 1) / batchSize
      parallelFor(batches, concurrency: threads) { batch in
        guard let state = free.withLock({ $0.popLast() }) else { return }
        let first = window.lowerBound + batch * batchSize
        for row in first..<min(first + batchSize, window.upperBound) {
          var text = texts[row]
          output[row] = text.withUTF8 { body(lent[state], $0) }
        }
        free.withLock { $0.append(state) }
      }
      start = end
    }
    return Array(results)
  }
}
