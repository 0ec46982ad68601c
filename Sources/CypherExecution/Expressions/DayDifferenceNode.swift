internal import GraphColumns
internal import GraphTypes

/// `duration.inDays(from, to).days`, without making the durations: how recency is written.
final class DayDifferenceNode: ExpressionNode {
  private let from: ExpressionNode
  private let to: ExpressionNode

  init(_ from: ExpressionNode, _ to: ExpressionNode) {
    self.from = from
    self.to = to
    super.init(children: [from, to])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try from.evaluate(batch)
    let b = try to.evaluate(batch)
    let count = batch.count
    if a.isEntirelyNull || b.isEntirelyNull { return .nulls(count: count) }
    let isTyped = !(a.isConstant && b.isConstant)
    switch (a.type, b.type) {
    case (.date, .date) where isTyped:
      return difference(a, b, count) { (a: LocalDate, b: LocalDate) in b.days &- a.days }
    case (.localDateTime, .localDateTime) where isTyped:
      return difference(a, b, count) { (a: LocalDateTime, b: LocalDateTime) in
        Self.days(from: a, to: b)
      }
    case (.localDateTime, .date) where isTyped:
      return difference(a, b, count) { (a: LocalDateTime, b: LocalDate) in
        Self.days(from: a, to: LocalDateTime(b, .midnight))
      }
    case (.date, .localDateTime) where isTyped:
      return difference(a, b, count) { (a: LocalDate, b: LocalDateTime) in
        Self.days(from: LocalDateTime(a, .midnight), to: b)
      }
    default:
      return try mapRows(a, b, count) { a, b in
        try TemporalFunctions.between(a, b, in: .days).component(named: "days") ?? .null
      }
    }
  }

  /// Whole days, cut towards zero.
  @inline(__always)
  private static func days(from a: LocalDateTime, to b: LocalDateTime) -> Int64 {
    var seconds = b.seconds &- a.seconds
    // A started second does not count.
    if seconds > 0 && b.nanoseconds < a.nanoseconds { seconds &-= 1 }
    if seconds < 0 && b.nanoseconds > a.nanoseconds { seconds &+= 1 }
    return seconds / 86_400
  }

  @inline(__always)
  private func difference<A, B>(
    _ a: Vector, _ b: Vector, _ count: Int, _ body: (A, B) -> Int64
  ) -> Vector {
    let result = Vector(type: .integer, capacity: count)
    result.count = count
    zipElements(a, b, count, into: result.integers, body)
    result.adoptNulls(a, b)
    return result
  }
}
