internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Fills `out` with `body` of the elements of two vectors, of which at most one is constant.
@inline(__always)
func zipElements<A, B, R>(
  _ a: Vector, _ b: Vector, _ count: Int, into out: UnsafeMutablePointer<R>, _ body: (A, B) -> R
) {
  let left: UnsafeMutablePointer<A> = a.elements()
  let right: UnsafeMutablePointer<B> = b.elements()
  if a.isConstant {
    let x = left[0]
    for i in 0..<count { out[i] = body(x, right[i]) }
  } else if b.isConstant {
    let y = right[0]
    for i in 0..<count { out[i] = body(left[i], y) }
  } else {
    for i in 0..<count { out[i] = body(left[i], right[i]) }
  }
}

/// `a + b` and its kin.
final class ArithmeticNode: ExpressionNode {
  private let operation: ArithmeticOperator
  private let left: ExpressionNode
  private let right: ExpressionNode
  private let evaluation: Evaluation

  init(
    _ operation: ArithmeticOperator, _ left: ExpressionNode, _ right: ExpressionNode,
    _ evaluation: Evaluation
  ) {
    self.operation = operation
    self.left = left
    self.right = right
    self.evaluation = evaluation
    super.init(children: [left, right])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try left.evaluate(batch)
    let b = try right.evaluate(batch)
    let count = batch.count
    if a.isEntirelyNull || b.isEntirelyNull { return .nulls(count: count) }
    if a.isConstant && b.isConstant {
      return .constant(try apply(a.boxed(0), b.boxed(0)), count: count)
    }
    let operation = operation
    switch (a.type, b.type) {
    case (.string, .string) where operation == .add || operation == .concatenate:
      return try concatenation(a, b, count)
    case _ where operation == .concatenate: break
    case (.integer, .integer): return try integers(a, b, count)
    case (.float, .float): return floats(a, b, count) { (a: Double, b: Double) in (a, b) }
    case (.integer, .float): return floats(a, b, count) { (a: Int64, b: Double) in (Double(a), b) }
    case (.float, .integer): return floats(a, b, count) { (a: Double, b: Int64) in (a, Double(b)) }
    default: break
    }
    return try mapRows(a, b, count) { try apply($0, $1) }
  }

  private func integers(_ a: Vector, _ b: Vector, _ count: Int) throws -> Vector {
    if operation == .power {
      return floats(a, b, count) { (a: Int64, b: Int64) in (Double(a), Double(b)) }
    }
    let result = Vector(type: .integer, capacity: count)
    result.count = count
    let out = result.integers
    // Set by rows that have no result; null rows may set it too.
    var failures: UInt8 = 0
    switch operation {
    case .add:
      zipElements(a, b, count, into: out) { (a: Int64, b: Int64) in
        let (value, overflow) = a.addingReportingOverflow(b)
        failures |= overflow ? 1 : 0
        return value
      }
    case .subtract:
      zipElements(a, b, count, into: out) { (a: Int64, b: Int64) in
        let (value, overflow) = a.subtractingReportingOverflow(b)
        failures |= overflow ? 1 : 0
        return value
      }
    case .multiply:
      zipElements(a, b, count, into: out) { (a: Int64, b: Int64) in
        let (value, overflow) = a.multipliedReportingOverflow(by: b)
        failures |= overflow ? 1 : 0
        return value
      }
    case .divide:
      zipElements(a, b, count, into: out) { (a: Int64, b: Int64) in
        let (value, overflow) = a.dividedReportingOverflow(by: b)
        failures |= overflow ? 1 : 0
        return value
      }
    case .modulo:
      zipElements(a, b, count, into: out) { (a: Int64, b: Int64) in
        if b == 0 {
          failures |= 1
          return 0
        }
        return b == -1 ? 0 : a % b
      }
    case .power, .concatenate: break  // Not with integers.
    }
    result.adoptNulls(a, b)
    if failures != 0 {
      for row in 0..<count where !result.isNull(row) {
        _ = try Self.apply(operation, a.boxed(row), b.boxed(row))
      }
    }
    return result
  }

  @inline(__always)
  private func floats<A, B>(
    _ a: Vector, _ b: Vector, _ count: Int, _ convert: (A, B) -> (Double, Double)
  ) -> Vector {
    let result = Vector(type: .float, capacity: count)
    result.count = count
    let out = result.floats
    switch operation {
    case .add:
      zipElements(a, b, count, into: out) { (x: A, y: B) in
        let (x, y) = convert(x, y)
        return x + y
      }
    case .subtract:
      zipElements(a, b, count, into: out) { (x: A, y: B) in
        let (x, y) = convert(x, y)
        return x - y
      }
    case .multiply:
      zipElements(a, b, count, into: out) { (x: A, y: B) in
        let (x, y) = convert(x, y)
        return x * y
      }
    case .divide:
      zipElements(a, b, count, into: out) { (x: A, y: B) in
        let (x, y) = convert(x, y)
        return x / y
      }
    case .modulo:
      zipElements(a, b, count, into: out) { (x: A, y: B) in
        let (x, y) = convert(x, y)
        return fmod(x, y)
      }
    case .power, .concatenate:
      zipElements(a, b, count, into: out) { (x: A, y: B) in
        let (x, y) = convert(x, y)
        return pow(x, y)
      }
    }
    result.adoptNulls(a, b)
    return result
  }

  private func concatenation(_ a: Vector, _ b: Vector, _ count: Int) throws -> Vector {
    let result = Vector(type: .string, capacity: count)
    result.count = count
    result.adoptNulls(a, b)
    let arena = evaluation.arena()
    result.owners = [arena]
    for row in 0..<count where !result.isNull(row) {
      let x = a.strings[a.physical(row)]
      let y = b.strings[b.physical(row)]
      try Value.checkSize(x.count, y.count, "string", maximum: Value.stringBytesMaximum)
      let start = arena.reserve(x.count + y.count)
      if let base = x.base { start.update(from: base, count: x.count) }
      if let base = y.base { (start + x.count).update(from: base, count: y.count) }
      result.strings[row] = StringRef(base: UnsafePointer(start), count: x.count + y.count)
    }
    return result
  }

  private func apply(_ a: Value, _ b: Value) throws -> Value {
    if case .list(let a) = a, case .list(let b) = b, a.count + b.count > Self.longList {
      // A list that is joined to itself in a loop doubles each time.
      let control = evaluation.context.control
      let bytes = (a.count + b.count) * MemoryLayout<Value>.stride
      try control.reserve(bytes, for: "joining lists")
      control.release(bytes)
      try control.check()
    }
    return try Self.apply(operation, a, b)
  }

  /// Elements of a list that is worth a look at memory and time.
  private static let longList = 65_536

  static func apply(_ operation: ArithmeticOperator, _ a: Value, _ b: Value) throws -> Value {
    switch operation {
    case .add: try Value.add(a, b)
    case .subtract: try Value.subtract(a, b)
    case .multiply: try Value.multiply(a, b)
    case .divide: try Value.divide(a, b)
    case .modulo: try Value.modulo(a, b)
    case .power: try Value.power(a, b)
    case .concatenate:
      switch (a, b) {
      case (.null, _), (_, .null): .null
      case (.string, .string), (.list, .list): try Value.add(a, b)
      default:
        throw ExpressionError.type(
          "`||` joins two strings or two lists, not \(a.typeNameWithArticle) and "
            + b.typeNameWithArticle,
          hint: "toString() makes a string of a number")
      }
    }
  }
}

final class NegateNode: ExpressionNode {
  private let operand: ExpressionNode
  init(_ operand: ExpressionNode) {
    self.operand = operand
    super.init(children: [operand])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try operand.evaluate(batch)
    let count = batch.count
    if a.type == .float && !a.isConstant {
      let result = Vector(type: .float, capacity: count)
      result.count = count
      for i in 0..<count { result.floats[i] = -a.floats[i] }
      result.adoptNulls(a)
      return result
    }
    return try mapRows(a, count) { try Value.negate($0) }
  }
}
