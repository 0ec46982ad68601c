/// The history and future of one region's offset from UTC. Immutable; shared between threads.
public final class ZoneRules: Sendable {
  public let name: String
  /// Offset before the first transition: local mean time, as a rule.
  let initialOffset: Int32
  /// Instants at which the offset changes, ascending.
  let instants: [Int64]
  /// `offsets[i]` holds from `instants[i]` on.
  let offsets: [Int32]
  /// What happens after the last transition; nil when the last offset stays.
  let future: PosixZoneRule?

  /// Transitions of `future` are listed up to this year, so that the years people ask about take
  /// one binary search.
  private static let lastListedYear: Int64 = 2100

  /// Keeps only real changes of `transitions`, which ascend.
  init(
    name: String, initialOffset: Int32, transitions: [ZoneTransition], future: PosixZoneRule?
  ) {
    var listed = transitions
    if let future, let first = future.firstYear(after: listed.last?.instant) {
      for year in stride(from: first, through: Self.lastListedYear, by: 1) {
        for next in future.transitions(inYear: year) {
          // Of two changes at the same instant (daylight saving all year) the later rule counts.
          if let last = listed.last, last.instant == next.instant { listed.removeLast() }
          if next.instant > listed.last?.instant ?? .min { listed.append(next) }
        }
      }
    }
    var instants: [Int64] = []
    var offsets: [Int32] = []
    for transition in listed where transition.offset != offsets.last ?? initialOffset {
      instants.append(transition.instant)
      offsets.append(transition.offset)
    }
    self.name = name
    self.initialOffset = initialOffset
    self.instants = instants
    self.offsets = offsets
    self.future = future
  }

  /// The same rules under another name.
  init(_ rules: ZoneRules, named name: String) {
    self.name = name
    initialOffset = rules.initialOffset
    instants = rules.instants
    offsets = rules.offsets
    future = rules.future
  }

  /// Offset from UTC in seconds that holds at an instant. O(log transitions).
  public func offset(at seconds: Int64) -> Int32 {
    let index = countOfTransitions(through: seconds)
    if index == instants.count, let future, seconds > instants.last ?? .min {
      return future.offset(at: seconds) ?? offsets.last ?? initialOffset
    }
    return index == 0 ? initialOffset : offsets[index - 1]
  }

  private func countOfTransitions(through seconds: Int64) -> Int {
    var low = 0
    var high = instants.count
    while low < high {
      let middle = (low + high) / 2
      if instants[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The first change of offset after an instant.
  func transition(after seconds: Int64) -> ZoneTransition? {
    let index = countOfTransitions(through: seconds)
    if index < instants.count {
      return ZoneTransition(instant: instants[index], offset: offsets[index])
    }
    return future?.transition(after: seconds)
  }

  /// The instant and offset at which a clock here shows `localSeconds` (seconds since
  /// 1970-01-01T00:00 on that clock). In a gap the clock moves forward by its length; in an
  /// overlap `preferred` wins if it is one of the two offsets, else the earlier offset.
  func resolve(localSeconds: Int64, preferring preferred: Int32?) -> (seconds: Int64, offset: Int32)
  {
    // No offset exceeds 26 hours, so only transitions this close can move the answer.
    let reach: Int64 = 26 * 3600
    var offset = self.offset(at: localSeconds - reach)
    var position = localSeconds - reach
    while let next = transition(after: position), next.instant <= localSeconds + reach {
      let before = next.instant + Int64(offset)  // What the clock shows as it is changed ...
      let after = next.instant + Int64(next.offset)  // ... and right afterwards.
      if localSeconds < min(before, after) { break }
      if localSeconds < before {
        // Overlap: the clock was set back and shows this time twice.
        if preferred == next.offset { offset = next.offset }
        break
      }
      if localSeconds < after {
        // Gap: as many seconds after the change as the time lies in the gap.
        return (localSeconds - Int64(offset), next.offset)
      }
      offset = next.offset
      position = next.instant
    }
    return (localSeconds - Int64(offset), offset)
  }
}

/// From `instant` on (seconds since 1970-01-01T00:00Z) the offset is `offset` seconds.
struct ZoneTransition: Equatable, Sendable {
  var instant: Int64
  var offset: Int32
}
