#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A mutex with a condition to wait for. Unlike `Mutex` it can wait with a time limit.
final class Lock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }
  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func lock() { pthread_mutex_lock(mutex) }
  func unlock() { pthread_mutex_unlock(mutex) }

  /// Gives the lock up until it is signalled, or for about `limit`; spurious ends happen.
  func wait(atMost limit: Duration) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let parts = limit.components
    let nanoseconds = time.tv_nsec + Int(parts.attoseconds / 1_000_000_000)
    time.tv_sec += Int(min(parts.seconds, 1 << 32)) + nanoseconds / 1_000_000_000
    time.tv_nsec = nanoseconds % 1_000_000_000
    pthread_cond_timedwait(condition, mutex, &time)
  }
  func signal() { pthread_cond_signal(condition) }
}
