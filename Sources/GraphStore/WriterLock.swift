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
  /// LMDB's own descriptor: the system ends a process's record locks when it closes any descriptor
  /// of the file, so this lock must not depend on one that is closed at another time.
  private let file: Int32
  private let lock = Lock()
  private var isHeld = false
  private static let place: off_t = 1 << 62

  init(path: String, file: Int32) {
    self.path = path
    self.file = file
  }

  func acquire(timeout: Duration) throws(StoreError) {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: timeout)
    lock.lock()
    while isHeld {
      let left = clock.now.duration(to: deadline)
      if left <= .zero {
        lock.unlock()
        throw StoreError(
          .locked, "the database \(path) is being changed by another transaction of this program",
          hint: "commit or roll that transaction back, or wait longer")
      }
      lock.wait(atMost: left)
    }
    isHeld = true
    lock.unlock()
    do throws(StoreError) {
      try acquireFile(until: deadline)
    } catch {
      releaseThreads()
      throw error
    }
  }

  func release() {
    var request = request(F_UNLCK)
    _ = fcntl(file, F_SETLK, &request)
    releaseThreads()
  }

  private func releaseThreads() {
    lock.lock()
    isHeld = false
    lock.unlock()
    lock.signal()
  }

  private func request(_ kind: Int) -> flock {
    var request = flock()
    request.l_type = Int16(kind)
    request.l_whence = Int16(SEEK_SET)
    request.l_start = Self.place
    request.l_len = 1
    return request
  }
  private func request(_ kind: Int32) -> flock { request(Int(kind)) }

  private func acquireFile(until deadline: ContinuousClock.Instant) throws(StoreError) {
    var pause: useconds_t = 200
    while true {
      var attempt = request(F_WRLCK)
      if fcntl(file, F_SETLK, &attempt) == 0 { return }
      let code = errno
      guard code == EACCES || code == EAGAIN || code == EINTR else {
        throw LMDB.error(code, "lock", path)
      }
      if ContinuousClock.now >= deadline {
        var holder = request(F_WRLCK)
        let isKnown =
          fcntl(file, F_GETLK, &holder) == 0 && holder.l_type != Int16(F_UNLCK) && holder.l_pid > 0
        throw StoreError(
          .locked,
          "the database \(path) is being changed by "
            + (isKnown ? "process \(holder.l_pid)" : "another process"),
          hint: "wait until it has finished, or end it")
      }
      usleep(pause)
      pause = min(2 * pause, 20_000)
    }
  }
}
