internal import GraphTypes

/// The integers of `range(start, end, step)`, one after the other.
struct IntegerRange {
  private(set) var next: Int64
  /// Steps after `next`; nil when there are no more integers.
  private(set) var steps: UInt64?
  private let step: Int64

  /// - Parameter arguments: start, end and perhaps the step.
  init(_ arguments: [Value]) throws {
    let start = try Self.integer(arguments[0])
    let end = try Self.integer(arguments[1])
    step = arguments.count > 2 ? try Self.integer(arguments[2]) : 1
    if step == 0 { throw ExpressionError.outOfRange("the step of range() must not be 0") }
    next = start
    if step > 0 ? start <= end : start >= end {
      let distance = step > 0 ? end &- start : start &- end
      steps = UInt64(bitPattern: distance) / step.magnitude
    }
  }

  private static func integer(_ value: Value) throws -> Int64 {
    guard case .integer(let number) = value else {
      throw QueryError(
        .argumentError, "InvalidArgumentType",
        "range() takes integers, not \(value.typeNameWithArticle)")
    }
    return number
  }

  mutating func removeFirst() {
    guard let steps, steps > 0 else {
      self.steps = nil
      return
    }
    self.steps = steps - 1
    next &+= step
  }
}
