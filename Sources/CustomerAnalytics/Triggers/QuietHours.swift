/// Hours of the day at which nothing is sent; what falls into them is sent at their end.
struct QuietHours: Equatable {
  /// Seconds of the day: `start` is quiet, `end` is not any more. They may span midnight.
  var start: Int64
  var end: Int64

  /// - Parameter text: `21:00-09:00`.
  init?(_ text: String) {
    let parts = text.split(whereSeparator: { "-–—".contains($0) }).map {
      $0.split(separator: ":", omittingEmptySubsequences: false).map {
        Int64($0.filter { !$0.isWhitespace })
      }
    }
    guard parts.count == 2 else { return nil }
    var times: [Int64] = []
    for part in parts {
      guard part.count == 2, let hour = part[0], let minute = part[1], (0...24).contains(hour),
        (0..<60).contains(minute), hour < 24 || minute == 0
      else { return nil }
      times.append((hour * 60 + minute) * 60)
    }
    start = times[0] % 86_400
    end = times[1] % 86_400
  }

  /// The first time from `seconds` on that is not quiet. Quiet hours that start when they end are
  /// none.
  ///
  /// - Parameter seconds: of the local clock, since 1970-01-01T00:00.
  func next(from seconds: Int64) -> Int64 {
    let time = ((seconds % 86_400) + 86_400) % 86_400
    let midnight = seconds - time
    if start <= end { return time >= start && time < end ? midnight + end : seconds }
    if time >= start { return midnight + 86_400 + end }
    return time < end ? midnight + end : seconds
  }
}
