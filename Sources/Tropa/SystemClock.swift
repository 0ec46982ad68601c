#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The machine's clock in UTC.
package enum SystemClock {
  package static var now: ZonedDateTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return ZonedDateTime(
      seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec), offset: 0)
  }
}
