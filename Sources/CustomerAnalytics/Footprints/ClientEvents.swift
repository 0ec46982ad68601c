import Tropa

/// Something that a client did, at a time.
protocol ClientEvent {
  /// Since 1970-01-01T00:00 on the event's own clock; `undated` where the graph does not know.
  var seconds: Int64 { get }
  /// Tells apart events of the same second, so that their order does not depend on the graph's.
  var tie: Int64 { get }
}

/// The time of events without one: before every reference date.
let undated = Int64.min

/// The events of clients, grouped: those of one client are neighbours, in order of time.
struct ClientEvents<Event: ClientEvent> {
  /// Clients with at least one event, in order of their ids.
  private(set) var nodes: [NodeID] = []
  /// Where the events of each begin, and one more: the number of events.
  private(set) var starts: [Int] = [0]
  private(set) var events: [Event] = []
  /// Whether events have a time.
  var isDated = true

  var isEmpty: Bool { events.isEmpty }

  /// Events of the client in a group that come before a time, as a range of `events`.
  ///
  /// - Complexity: O(log *n*) for *n* events of the client.
  func range(_ group: Int, before seconds: Int64) -> Range<Int> {
    let start = starts[group]
    var low = start
    var high = starts[group + 1]
    if high > low, events[high - 1].seconds < seconds { return start..<high }
    while low < high {
      let middle = (low + high) / 2
      if events[middle].seconds < seconds { low = middle + 1 } else { high = middle }
    }
    return start..<low
  }

  /// The time of the last event; nil without any that is dated.
  var lastSeconds: Int64? {
    var last = undated
    for group in nodes.indices { last = max(last, events[starts[group + 1] - 1].seconds) }
    return last == undated ? nil : last
  }

  /// The group of each of some clients, which are in order of their ids; -1 for those without
  /// events.
  func groups(of clients: [NodeID]) -> [Int] {
    var groups = [Int](repeating: -1, count: clients.count)
    var group = 0
    for (row, client) in clients.enumerated() {
      while group < nodes.count, nodes[group].rawValue < client.rawValue { group += 1 }
      if group < nodes.count, nodes[group] == client { groups[row] = group }
    }
    return groups
  }

  mutating func update(_ position: Int, _ change: (inout Event) -> Void) {
    change(&events[position])
  }

  /// Collects events in any order of clients. Where they come client by client, as the graph's lists
  /// give them, nothing is moved.
  struct Builder {
    private struct Run {
      var client: Int64
      var start: Int
    }
    private var runs: [Run] = []
    private var events: [Event] = []
    private var last = Int64.min

    @inline(__always)
    mutating func append(_ event: Event, of client: Int64) {
      if client != last {
        runs.append(Run(client: client, start: events.count))
        last = client
      }
      events.append(event)
    }

    /// The events; the builder has none afterwards.
    ///
    /// - Complexity: O(*n* log *m*) for *n* events, at most *m* of a client.
    mutating func finish() -> ClientEvents {
      var result = ClientEvents()
      result.starts.removeAll()
      let inOrder = runs.indices.dropFirst().allSatisfy { runs[$0 - 1].client < runs[$0].client }
      if inOrder {
        result.nodes = runs.map { NodeID(UInt64($0.client)) }
        result.starts = runs.map(\.start) + [events.count]
        // Moved, so that sorting does not copy them.
        swap(&result.events, &events)
      } else {
        let ends = runs.dropFirst().map(\.start) + [events.count]
        result.events.reserveCapacity(events.count)
        for run in runs.indices.sorted(by: {
          (runs[$0].client, runs[$0].start) < (runs[$1].client, runs[$1].start)
        }) {
          let node = NodeID(UInt64(runs[run].client))
          if result.nodes.last != node {
            result.nodes.append(node)
            result.starts.append(result.events.count)
          }
          result.events.append(contentsOf: events[runs[run].start..<ends[run]])
        }
        result.starts.append(result.events.count)
      }
      result.sortByTime()
      return result
    }
  }

  private mutating func sortByTime() {
    let starts = starts
    events.withUnsafeMutableBufferPointer { events in
      for group in 0..<starts.count - 1 {
        var slice = UnsafeMutableBufferPointer(rebasing: events[starts[group]..<starts[group + 1]])
        if slice.count > 24 {
          slice.sort { ($0.seconds, $0.tie) < ($1.seconds, $1.tie) }
          continue
        }
        for position in 1..<max(slice.count, 1) {
          let event = slice[position]
          let (seconds, tie) = (event.seconds, event.tie)
          var hole = position
          while hole > 0,
            slice[hole - 1].seconds > seconds
              || slice[hole - 1].seconds == seconds && slice[hole - 1].tie > tie
          {
            slice[hole] = slice[hole - 1]
            hole -= 1
          }
          slice[hole] = event
        }
      }
    }
  }
}

/// Whole days since 1970-01-01, rounded down.
func flooredDay(_ seconds: Int64) -> Int64 {
  seconds >= 0 ? seconds / 86_400 : (seconds + 1) / 86_400 - 1
}
