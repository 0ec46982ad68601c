package import GraphTypes
import Synchronization

/// Cancellation, deadline and memory account of one statement; shared by its threads and by whoever
/// may cancel it. Long loops call `check()` at least every few thousand rows.
package final class ExecutionControl: Sendable {
  private let isCancelled = Atomic<Bool>(false)
  private let reservedBytes = Atomic<Int>(0)
  /// Of those, what is about to be written to temporary files where there is too much of it.
  private let writableBytes = Atomic<Int>(0)
  package let deadline: ContinuousClock.Instant?
  package let timeout: Duration?
  /// Bytes that all operators together may hold.
  package let memoryLimit: Int
  /// Where operators write what does not fit; nil: that is an error.
  package let spillDirectory: String?

  package init(
    timeout: Duration? = nil, memoryLimit: Int = 4 << 30, spillDirectory: String? = nil
  ) {
    self.timeout = timeout
    deadline = timeout.map { ContinuousClock.now + $0 }
    self.memoryLimit = memoryLimit
    self.spillDirectory = spillDirectory
  }

  package func cancel() { isCancelled.store(true, ordering: .relaxed) }

  package func check() throws(QueryError) {
    if isCancelled.load(ordering: .relaxed) {
      throw QueryError(.cancelled, "Cancelled", "the query was cancelled")
    }
    if let deadline, let timeout, ContinuousClock.now >= deadline {
      throw QueryError(
        .timeout, "Timeout", "the query ran longer than its limit of \(timeout)",
        hint: "raise the timeout, or narrow the query")
    }
  }

  /// Accounts for memory that an operator is about to hold; give it back with `release`.
  package func reserve(_ bytes: Int, for purpose: @autoclosure () -> String) throws(QueryError) {
    let total = reservedBytes.add(bytes, ordering: .relaxed).newValue
    // Other threads may hold more than their half until they have written it.
    let excess = max(0, writableBytes.load(ordering: .relaxed) - memoryLimit / 2)
    if total - excess > memoryLimit {
      reservedBytes.subtract(bytes, ordering: .relaxed)
      throw QueryError(
        .memoryLimit, "MemoryLimitExceeded",
        "\(purpose()) needs \(bytes) bytes (\(ByteCount.text(bytes))) more, but the query holds "
          + "\(ByteCount.text(total - bytes)) of the \(ByteCount.text(memoryLimit)) that it may hold",
        hint: "raise the memory limit (--memory-limit, QueryOptions.memoryLimit), "
          + (spillDirectory == nil ? "allow writing to temporary files, " : "")
          + "or narrow the query")
    }
  }

  /// Accounts for memory that an operator holds already and could write to a temporary file.
  /// - Returns: whether it should.
  func reserveOrSpill(_ bytes: Int, holding held: Int) -> Bool {
    let total = reservedBytes.add(bytes, ordering: .relaxed).newValue
    writableBytes.add(bytes, ordering: .relaxed)
    // Half is left for those that cannot. What is little helps nobody when it is written.
    return total > memoryLimit / 2 && held > memoryLimit / 64
  }

  /// Bytes that operators hold at the moment.
  var reserved: Int { reservedBytes.load(ordering: .relaxed) }

  package func release(_ bytes: Int) { reservedBytes.subtract(bytes, ordering: .relaxed) }

  /// Gives back what `reserveOrSpill` accounted for.
  func releaseWritable(_ bytes: Int) {
    release(bytes)
    writableBytes.subtract(bytes, ordering: .relaxed)
  }
}
