import Foundation

/// Several threads work on the items of a sequence while the calling thread takes the results in the
/// order of the items. What is produced or worked on never runs ahead by more than `window` items.
final class OrderedPipeline<Input: Sendable, Output: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private let sourceLock = NSLock()
  private let window: Int
  private let source: () throws -> Input?
  private let work: @Sendable (Input) throws -> Output

  // Under `condition`.
  private var results: [Int: Result<Output?, any Error>] = [:]
  private var consumed = 0
  private var isStopped = false
  private var running = 0
  // Under `sourceLock`.
  private var produced = 0
  private var isExhausted = false

  /// - Parameters:
  ///   - source: called by one thread at a time; nil ends the sequence.
  ///   - work: called by several threads at once.
  init(
    window: Int, source: @escaping () throws -> Input?,
    work: @escaping @Sendable (Input) throws -> Output
  ) {
    self.window = window
    self.source = source
    self.work = work
  }

  /// Runs to the end, or until `body`, `source` or `work` throws; then the first error in the order
  /// of the items is thrown, after all threads have ended.
  func run(threads: Int, _ body: (Output) throws -> Void) throws {
    running = threads
    for index in 0..<threads {
      let thread = Thread { self.workLoop() }
      thread.name = "import-\(index)"
      thread.stackSize = 1 << 20
      thread.start()
    }
    defer { waitForThreads() }
    while true {
      condition.lock()
      while results[consumed] == nil { condition.wait() }
      let result = results.removeValue(forKey: consumed)
      condition.unlock()
      guard let output = try result?.get() else { return }
      try body(output)
      condition.lock()
      consumed += 1
      condition.broadcast()
      condition.unlock()
    }
  }

  private func waitForThreads() {
    condition.lock()
    isStopped = true
    condition.broadcast()
    while running > 0 { condition.wait() }
    results = [:]
    condition.unlock()
  }

  private func workLoop() {
    while true {
      sourceLock.lock()
      let number = produced
      // The end of the sequence is one more result, so that the consumer learns of it.
      if isExhausted || !waitForRoom(number) {
        sourceLock.unlock()
        break
      }
      produced += 1
      let input = Result { try source() }
      if case .success(.some) = input {} else { isExhausted = true }
      sourceLock.unlock()
      publish(number, Result { try input.get().map { try work($0) } })
    }
    condition.lock()
    running -= 1
    condition.broadcast()
    condition.unlock()
  }

  /// - Returns: false when the work is to stop.
  private func waitForRoom(_ number: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while number >= consumed + window && !isStopped { condition.wait() }
    return !isStopped
  }

  private func publish(_ number: Int, _ result: Result<Output?, any Error>) {
    condition.lock()
    results[number] = result
    condition.broadcast()
    condition.unlock()
  }
}
