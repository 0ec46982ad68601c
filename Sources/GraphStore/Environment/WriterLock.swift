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
///
/// Threads of this process may pass the right on while what they have done waits to be stored (see
/// `CommitQueue`); the process keeps its lock until then.
final class WriterLock: @unchecked Sendable {
  private let path: String
  /// On LMDB's own descriptor, so that it does not depend on one that is closed at another time.
  private let record: RecordLock
  private let lock = Lock()
  /// For those who wait for the right, and for those who wait for their group to be stored.
  private let turn: Lock.Condition
  private let storing: Lock.Condition
  private var isHeld = false
  /// Transactions wait to be stored; the file's lock is kept for them.
  private var isGroupOpen = false
  private var holdsFile = false
  /// Waiting for the right, those who join a group and those who do not.
  private var joiningCount = 0
  private var otherCount = 0
  /// The group has been open for long enough: nobody joins it any more.
  private var isGroupClosing = false
  /// How long a group is open, lest those who wait for it are kept by ever more who join.
  private static let groupTime = Duration.milliseconds(10)
  /// How long to wait before `whileWaiting` is told.
  private static let notice = Duration.seconds(1)

  init(path: String, file: Int32) {
    self.path = path
    record = RecordLock(file: file, place: .writer)
    turn = lock.makeCondition()
    storing = lock.makeCondition()
  }

  /// - Parameters:
  ///   - joining: for transactions that are short: others may wait with them to be stored.
  ///   - whileWaiting: called once, if it takes longer than a second.
  func acquire(
    timeout: Duration, joining: Bool, whileWaiting: ((LockWait) -> Void)? = nil
  ) throws(StoreError) {
    let start = ContinuousClock.now
    let deadline = start.advanced(by: timeout)
    var notice = whileWaiting
    func tell(_ process: Int32?) {
      guard let isTold = notice, ContinuousClock.now - start >= Self.notice else { return }
      notice = nil
      isTold(LockWait(path: path, process: process, limit: timeout))
    }
    lock.lock()
    if joining { joiningCount += 1 } else { otherCount += 1 }
    var isLate = false
    while isHeld || (isGroupOpen && (!joining || isGroupClosing)) {
      let left = ContinuousClock.now.duration(to: deadline)
      if left <= .zero {
        isLate = true
        break
      }
      lock.wait(turn, atMost: notice == nil ? left : min(left, Self.notice))
      // The host's code may take its time, or write itself.
      if notice != nil {
        lock.unlock()
        tell(nil)
        lock.lock()
      }
    }
    if joining { joiningCount -= 1 } else { otherCount -= 1 }
    if isLate {
      // The right may have been passed on to this.
      passOn()
      lock.unlock()
      throw StoreError(
        .locked, "the database \(path) is being changed by another transaction of this program",
        hint: "commit or roll that transaction back, or wait longer")
    }
    isHeld = true
    let mustLockFile = !holdsFile
    lock.unlock()
    guard mustLockFile else { return }
    do throws(StoreError) {
      try acquireFile(until: deadline, tell)
    } catch {
      lock.lock()
      isHeld = false
      passOn()
      lock.unlock()
      throw error
    }
    holdsFile = true
  }

  func release() {
    lock.lock()
    if !isGroupOpen, holdsFile {
      record.release()
      holdsFile = false
    }
    isHeld = false
    passOn()
    lock.unlock()
  }

  /// Wakes who may go on, if the right is free. Caller holds the inner lock.
  private func passOn() {
    if isHeld { return }
    if otherCount > 0 {
      // Which of those who wait may go on, they see themselves.
      turn.wakeAll()
    } else if joiningCount > 0 {
      turn.wakeOne()
    }
    if isGroupOpen, joiningCount == 0 || isGroupClosing { storing.wakeAll() }
  }

  // MARK: Groups

  /// For the holder of the right, whose work is in the group: lets others go first, if any wait, and
  /// waits until the group is stored.
  /// - Returns: true when the caller has the right again, or still, and is to store the group.
  func awaitOthers(_ group: CommitGroup) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    if joiningCount == 0 || isGroupClosing { return true }
    isGroupOpen = true
    isHeld = false
    passOn()
    let deadline = ContinuousClock.now + Self.groupTime
    while !group.isFinished {
      if !isHeld, joiningCount == 0 || isGroupClosing {
        isHeld = true
        return true
      }
      let left = ContinuousClock.now.duration(to: deadline)
      if left <= .zero { isGroupClosing = true }
      lock.wait(storing, atMost: isGroupClosing ? .seconds(1) : left)
    }
    return false
  }

  /// For the holder of the right: lets those of the group go on. The right is still held.
  func finish(_ group: CommitGroup, _ failure: StoreError?) {
    lock.lock()
    group.failure = failure
    group.isFinished = true
    isGroupOpen = false
    isGroupClosing = false
    storing.wakeAll()
    lock.unlock()
  }

  // MARK: Processes

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
