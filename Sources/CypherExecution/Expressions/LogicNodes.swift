internal import GraphColumns
internal import GraphTypes

/// Three-valued truth, one byte a row.
struct Truths {
  static let no: UInt8 = 0
  static let yes: UInt8 = 1
  static let unknown: UInt8 = 2

  private(set) var states: [UInt8]

  init(repeating state: UInt8, count: Int) { states = Array(repeating: state, count: count) }

  /// - Parameters:
  ///   - place: named in the error for values that are not booleans.
  ///   - range: where the expression stands, if nothing above places its errors.
  init(_ vector: Vector, count: Int, place: String, range: Range<Int>? = nil) throws {
    states = Array(repeating: Self.unknown, count: count)
    if vector.type == .boolean {
      let source = vector.elements(UInt8.self)
      if vector.isConstant {
        if !vector.isNull(0) {
          let state = source[0] & 1
          for row in 0..<count { states[row] = state }
        }
      } else if vector.hasNoNulls {
        states.withUnsafeMutableBufferPointer { states in
          for row in 0..<count { states[row] = source[row] & 1 }
        }
      } else {
        for row in 0..<count where !vector.isNull(row) { states[row] = source[row] & 1 }
      }
      return
    }
    for row in 0..<count where !vector.isNull(row) {
      let value = vector.boxed(row)
      guard case .boolean(let truth) = value else {
        throw ExpressionError.notBoolean(value, place, range)
      }
      states[row] = truth ? Self.yes : Self.no
    }
  }

  subscript(row: Int) -> UInt8 {
    get { states[row] }
    set { states[row] = newValue }
  }

  func vector() -> Vector {
    let result = Vector(type: .boolean, capacity: states.count)
    result.count = states.count
    let out = result.elements(UInt8.self)
    states.withUnsafeBufferPointer { states in
      var hasUnknown = false
      for row in 0..<states.count {
        out[row] = states[row] & 1
        hasUnknown = hasUnknown || states[row] == Self.unknown
      }
      if hasUnknown {
        for row in 0..<states.count where states[row] == Self.unknown { result.setNull(row) }
      }
    }
    return result
  }
}

/// AND or OR of two or more operands. Later ones are evaluated only on the rows that are undecided.
final class JunctionNode: ExpressionNode {
  private let operands: [ExpressionNode]
  /// Of the operands, in the text.
  private let ranges: [Range<Int>?]
  /// The state that decides a row: no for AND, yes for OR.
  private let deciding: UInt8
  private var place: String { deciding == Truths.no ? "AND" : "OR" }

  init(isAnd: Bool, _ operands: [ExpressionNode], ranges: [Range<Int>?]) {
    self.operands = operands
    self.ranges = ranges
    deciding = isAnd ? Truths.no : Truths.yes
    super.init(children: operands)
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let count = batch.count
    var result = Truths(repeating: 1 - deciding, count: count)
    var open = [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
      for row in 0..<count { buffer[row] = Int32(truncatingIfNeeded: row) }
      initialized = count
    }
    for (operand, range) in zip(operands, ranges) {
      let truths = try Truths(
        try operand.evaluate(batch, rows: open), count: open.count, place: place, range: range)
      var kept = 0
      for index in 0..<open.count {
        let row = open[index]
        let state = truths[index]
        if state == deciding {
          result[Int(row)] = deciding
          continue
        }
        if state == Truths.unknown { result[Int(row)] = Truths.unknown }
        open[kept] = row
        kept += 1
      }
      open.removeSubrange(kept...)
      if open.isEmpty { break }
    }
    return result.vector()
  }
}

final class XorNode: ExpressionNode {
  private let left: ExpressionNode
  private let right: ExpressionNode
  private let ranges: (left: Range<Int>?, right: Range<Int>?)

  init(
    _ left: ExpressionNode, _ right: ExpressionNode,
    ranges: (left: Range<Int>?, right: Range<Int>?)
  ) {
    self.left = left
    self.right = right
    self.ranges = ranges
    super.init(children: [left, right])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let count = batch.count
    var a = try Truths(
      try left.evaluate(batch), count: count, place: "XOR", range: ranges.left)
    let b = try Truths(
      try right.evaluate(batch), count: count, place: "XOR", range: ranges.right)
    for row in 0..<count {
      a[row] =
        a[row] == Truths.unknown || b[row] == Truths.unknown ? Truths.unknown : a[row] ^ b[row]
    }
    return a.vector()
  }
}

final class NotNode: ExpressionNode {
  private let operand: ExpressionNode
  private let range: Range<Int>?

  init(_ operand: ExpressionNode, range: Range<Int>?) {
    self.operand = operand
    self.range = range
    super.init(children: [operand])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try operand.evaluate(batch)
    if a.isEntirelyNull { return .nulls(count: batch.count) }
    var truths = try Truths(a, count: batch.count, place: "NOT", range: range)
    for row in 0..<batch.count where truths[row] != Truths.unknown { truths[row] ^= 1 }
    return truths.vector()
  }
}

/// IS NULL and IS NOT NULL.
final class NullTestNode: ExpressionNode {
  private let operand: ExpressionNode
  private let wantsNull: Bool
  init(_ operand: ExpressionNode, wantsNull: Bool) {
    self.operand = operand
    self.wantsNull = wantsNull
    super.init(children: [operand])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try operand.evaluate(batch)
    if a.isConstant { return .constant(.boolean(a.isNull(0) == wantsNull), count: batch.count) }
    if a.hasNoNulls { return .constant(.boolean(!wantsNull), count: batch.count) }
    let result = Vector(type: .boolean, capacity: batch.count)
    result.count = batch.count
    for row in 0..<batch.count { result.booleans[row] = a.isNull(row) == wantsNull }
    return result
  }
}
