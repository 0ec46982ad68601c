import Tropa

/// Other footprints of the clients of a purchase timeline, by day: views, reviews.
struct EventTimeline {
  /// Entries of client *i* are `starts[i] ..< starts[i + 1]`, in order of day.
  private(set) var starts: [Int]
  private(set) var days: [Int] = []
  private(set) var counts: [Double] = []
  /// Of each entry the mean of a value, such as stars; NaN where there is none.
  private(set) var values: [Double] = []

  /// - Parameters:
  ///   - pattern: Cypher that binds the client as `c` and, if any, the event as `e`.
  ///   - date: the expression of its date.
  ///   - value: an expression, such as a review's stars.
  /// - Returns: nil if there is no event with a date.
  init?(
    pattern: String, date: String, value: String = "null", of timeline: PurchaseTimeline,
    call: ProcedureInvocation
  ) throws {
    let result = try call.query(
      """
      MATCH \(pattern) WHERE \(date) IS NOT NULL
      RETURN id(c) AS node, date(\(date)) AS day, count(*) AS count, avg(\(value)) AS value
      ORDER BY node, day
      """)
    if result.isEmpty { return nil }
    let ids = try result.integers("node")
    let counts = try result.floats("count")
    let values = try result.values("value")
    let days = try result.values("day")
    starts = [0]
    var entry = 0
    for node in timeline.nodes {
      while entry < ids.count && UInt64(ids[entry]) < node.rawValue { entry += 1 }
      while entry < ids.count && UInt64(ids[entry]) == node.rawValue {
        if case .date(let day) = days[entry] {
          self.days.append(Int(day.days))
          self.counts.append(counts[entry])
          switch values[entry] {
          case .float(let value): self.values.append(value)
          case .integer(let value): self.values.append(Double(value))
          default: self.values.append(.nan)
          }
        }
        entry += 1
      }
      starts.append(self.days.count)
    }
  }

  /// The entries of a client in `from ..< to`.
  func entries(of client: Int, from: Int = .min, before to: Int) -> Range<Int> {
    let all = starts[client]..<starts[client + 1]
    let first = days.firstEntry(in: all, notBelow: from)
    return first..<max(first, days.firstEntry(in: all, notBelow: to))
  }
}
