#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The right to write, held by one transaction among all threads and processes.
///
/// LMDB has such a lock too, but it waits for ever and belongs to a thread. So a transaction takes
/// this one when it begins and LMDB's only while it commits. Among processes it is a record lock
/// far beyond the end of the database file: the system ends it with its process, and tells whose
/// it is.
final class WriterLock: @unchecked Sendable {
  private let path: String
  /// On LMDB's own descriptor, so that it does not depend on one that is closed at another time.
  private let record: RecordLock
  private let lock = Lock()
  private var isHeld = false
  /// How long to wait before `whileWaiting` is told.
  private static let notice = Duration.seconds(1)

  init(path: String, file: Int32) {
    self.path = path
    record = RecordLock(file: file, place: .writer)
  }

  /// - Parameter whileWaiting: called once, if that takes longer than a second.
  func acquire(
    timeout: Duration, whileWaiting: ((LockWait) -> Void)? = nil
  ) throws(StoreError) {
    let start = ContinuousClock.now
    let deadline = start.advanced(by: timeout)
    var notice = whileWaiting
    func tell(_ process: Int32?) {
      guard notice != nil, ContinuousClock.now - start >= Self.notice else { return }
      notice?(LockWait(path: path, process: process, limit: timeout))
      notice = nil
    }
    lock.lock()
    while isHeld {
      let left = ContinuousClock.now.duration(to: deadline)
      if left <= .zero {
        lock.unlock()
        throw StoreError(
          .locked, "the database \(path) is being changed by another transaction of this program",
          hint: "commit or roll that transaction back, or wait longer")
      }
      lock.wait(atMost: notice == nil ? left : min(left, Self.notice))
      tell(nil)
    }
    isHeld = true
    lock.unlock()
    do throws(StoreError) {
      try acquireFile(until: deadline, tell)
    } catch {
      releaseThreads()
      throw error
    }
  }

  func release() {
    record.release()
    releaseThreads()
  }

  private func releaseThreads() {
    lock.lock()
    isHeld = false
    lock.unlock()
    lock.signal()
  }

  private func acquireFile(
    until deadline: ContinuousClock.Instant, _ tell: (Int32?) -> Void
  ) throws(StoreError) {
    var pause: useconds_t = 200
    while true {
      let code = record.attempt(.exclusive)
      if code == 0 { return }
      guard code == EAGAIN else { throw LMDB.error(code, "lock", path) }
      let holder = record.holder(against: .exclusive)
      if ContinuousClock.now >= deadline {
        throw StoreError(
          .locked,
          "the database \(path) is being changed by "
            + (holder.map(ProcessName.text) ?? "another process"),
          hint: "wait until it has finished, or end it")
      }
      tell(holder)
      usleep(pause)
      pause = min(2 * pause, 20_000)
    }
  }
}

/// What a writer is told that has to wait for another.
package struct LockWait: Sendable {
  package var path: String
  /// Who holds the lock; nil for another transaction of this program.
  package var process: Int32?
  /// How long it waits in all.
  package var limit: Duration

  package var description: String {
    "waiting for \(process.map(ProcessName.text) ?? "another transaction of this program"), which "
      + "is changing the database \(path)"
  }
}
