internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `=`, `<>`, `<`, `<=`, `>` and `>=`.
final class ComparisonNode: ExpressionNode {
  private let operation: ComparisonOperator
  private let left: ExpressionNode
  private let right: ExpressionNode

  init(_ operation: ComparisonOperator, _ left: ExpressionNode, _ right: ExpressionNode) {
    self.operation = operation
    self.left = left
    self.right = right
    super.init(children: [left, right])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try left.evaluate(batch)
    let b = try right.evaluate(batch)
    return Self.compare(operation, a, b, batch.count)
  }

  static func compare(_ operation: ComparisonOperator, _ a: Vector, _ b: Vector, _ count: Int)
    -> Vector
  {
    if a.isEntirelyNull || b.isEntirelyNull { return .nulls(count: count) }
    if a.isConstant && b.isConstant {
      return .constant(apply(operation, a.boxed(0), b.boxed(0)), count: count)
    }
    let isEquality = operation == .equal || operation == .notEqual
    switch (a.type, b.type) {
    case (.any, _), (_, .any): break
    case (.integer, .integer): return ordered(operation, Int64.self, a, b, count)
    case (.float, .float): return ordered(operation, Double.self, a, b, count)
    case (.integer, .float):
      return mixed(operation, a, b, count) { (a: Int64, b: Double) in
        NumericComparison.compare(a, b)
      }
    case (.float, .integer):
      return mixed(operation, a, b, count) { (a: Double, b: Int64) in
        NumericComparison.compare(b, a).map { -$0 }
      }
    case (.boolean, .boolean): return ordered(operation, UInt8.self, a, b, count)
    case (.date, .date): return ordered(operation, LocalDate.self, a, b, count)
    case (.localDateTime, .localDateTime):
      return ordered(operation, LocalDateTime.self, a, b, count)
    case (.string, .string): return strings(operation, a, b, count)
    case (.node, .node) where isEquality: return ordered(operation, NodeID.self, a, b, count)
    case (.relationship, .relationship) where isEquality:
      let result = truths(count)
      let wanted = operation == .equal
      zipElements(a, b, count, into: result.booleans) { (a: RelationshipRef, b: RelationshipRef) in
        (a.id == b.id) == wanted
      }
      result.adoptNulls(a, b)
      return result
    default:
      // Two types that do not compare: not equal, and neither less nor greater.
      if !isEquality { return .nulls(count: count) }
      let result = truths(count)
      result.booleans.update(repeating: operation == .notEqual, count: count)
      result.adoptNulls(a, b)
      return result
    }
    let result = truths(count)
    for row in 0..<count {
      if case .boolean(let truth) = apply(operation, a.boxed(row), b.boxed(row)) {
        result.booleans[row] = truth
      } else {
        result.setNull(row)
      }
    }
    return result
  }

  private static func truths(_ count: Int) -> Vector {
    let result = Vector(type: .boolean, capacity: count)
    result.count = count
    return result
  }

  @inline(__always)
  private static func ordered<T: Comparable>(
    _ operation: ComparisonOperator, _: T.Type, _ a: Vector, _ b: Vector, _ count: Int
  ) -> Vector {
    let result = truths(count)
    let out = result.booleans
    switch operation {
    case .equal: zipElements(a, b, count, into: out) { (a: T, b: T) in a == b }
    case .notEqual: zipElements(a, b, count, into: out) { (a: T, b: T) in !(a == b) }
    case .less: zipElements(a, b, count, into: out) { (a: T, b: T) in a < b }
    case .lessOrEqual: zipElements(a, b, count, into: out) { (a: T, b: T) in a <= b }
    case .greater: zipElements(a, b, count, into: out) { (a: T, b: T) in a > b }
    case .greaterOrEqual: zipElements(a, b, count, into: out) { (a: T, b: T) in a >= b }
    }
    result.adoptNulls(a, b)
    return result
  }

  /// - Parameter order: nil for NaN, which is unequal to and unordered with everything.
  @inline(__always)
  private static func mixed<A, B>(
    _ operation: ComparisonOperator, _ a: Vector, _ b: Vector, _ count: Int,
    _ order: (A, B) -> Int?
  ) -> Vector {
    let result = truths(count)
    zipElements(a, b, count, into: result.booleans) { (a: A, b: B) in
      guard let order = order(a, b) else { return operation == .notEqual }
      return holds(operation, order)
    }
    result.adoptNulls(a, b)
    return result
  }

  @inline(__always)
  private static func holds(_ operation: ComparisonOperator, _ order: Int) -> Bool {
    switch operation {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }

  private static func strings(
    _ operation: ComparisonOperator, _ a: Vector, _ b: Vector, _ count: Int
  ) -> Vector {
    let result = truths(count)
    result.adoptNulls(a, b)
    let out = result.booleans
    if operation == .equal || operation == .notEqual {
      let wanted = operation == .equal
      for row in 0..<count where !result.isNull(row) {
        let x = a.strings[a.physical(row)]
        out[row] = x.hasSameBytes(as: b.strings[b.physical(row)]) == wanted
      }
    } else {
      for row in 0..<count where !result.isNull(row) {
        let x = a.strings[a.physical(row)]
        out[row] = holds(operation, x.byteOrder(b.strings[b.physical(row)]))
      }
    }
    return result
  }

  static func apply(_ operation: ComparisonOperator, _ a: Value, _ b: Value) -> Value {
    let truth: Bool? =
      switch operation {
      case .equal: Value.equals(a, b)
      case .notEqual: Value.equals(a, b).map { !$0 }
      case .less: Value.isLess(a, b)
      case .lessOrEqual: Value.isLessOrEqual(a, b)
      case .greater: Value.isGreater(a, b)
      case .greaterOrEqual: Value.isGreaterOrEqual(a, b)
      }
    return truth.map { .boolean($0) } ?? .null
  }
}
