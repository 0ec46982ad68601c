#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A mutex with conditions to wait for. Unlike `Mutex` it can wait with a time limit.
final class Lock: @unchecked Sendable {
  /// What threads wait for that have the lock. Belongs to one lock.
  final class Condition: @unchecked Sendable {
    fileprivate let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    fileprivate init() { pthread_cond_init(condition, nil) }
    deinit {
      pthread_cond_destroy(condition)
      condition.deallocate()
    }

    func wakeOne() { pthread_cond_signal(condition) }
    func wakeAll() { pthread_cond_broadcast(condition) }
  }

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init() { pthread_mutex_init(mutex, nil) }
  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func lock() { pthread_mutex_lock(mutex) }
  func unlock() { pthread_mutex_unlock(mutex) }

  func makeCondition() -> Condition { Condition() }

  /// Gives the lock up until the condition is signalled, or for about `limit`; spurious ends happen.
  func wait(_ condition: Condition, atMost limit: Duration) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let parts = limit.components
    let nanoseconds = time.tv_nsec + Int(parts.attoseconds / 1_000_000_000)
    time.tv_sec += Int(min(parts.seconds, 1 << 32)) + nanoseconds / 1_000_000_000
    time.tv_nsec = nanoseconds % 1_000_000_000
    pthread_cond_timedwait(condition.condition, mutex, &time)
  }
}
