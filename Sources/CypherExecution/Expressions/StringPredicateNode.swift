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

extension StringRef {
  func starts(with part: StringRef) -> Bool {
    guard count >= part.count else { return false }
    guard part.count > 0, let base, let other = part.base else { return true }
    return memcmp(base, other, part.count) == 0
  }

  func ends(with part: StringRef) -> Bool {
    guard count >= part.count else { return false }
    guard part.count > 0, let base, let other = part.base else { return true }
    return memcmp(base + (count - part.count), other, part.count) == 0
  }

  /// Looks for the part's last byte: in Cyrillic text the first one is the same for half the letters.
  func contains(_ part: StringRef) -> Bool {
    guard count >= part.count else { return false }
    guard part.count > 0, let base, let other = part.base else { return true }
    let before = part.count - 1
    let last = Int32(other[before])
    var position = before
    while position < count, let match = memchr(base + position, last, count - position) {
      let end = UnsafeRawPointer(match) - UnsafeRawPointer(base)
      if memcmp(base + (end - before), other, before) == 0 { return true }
      position = end + 1
    }
    return false
  }
}

/// STARTS WITH, ENDS WITH and CONTAINS. Null unless both sides are strings.
final class StringPredicateNode: ExpressionNode {
  private let operation: StringOperator
  private let left: ExpressionNode
  private let right: ExpressionNode

  init(_ operation: StringOperator, _ left: ExpressionNode, _ right: ExpressionNode) {
    self.operation = operation
    self.left = left
    self.right = right
    super.init(children: [left, right])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try left.evaluate(batch)
    let b = try right.evaluate(batch)
    let count = batch.count
    if a.type == .string && b.type == .string && !(a.isConstant && b.isConstant) {
      if a.isEntirelyNull || b.isEntirelyNull { return .nulls(count: count) }
      switch operation {
      case .startsWith: return Self.test(a, b, count) { $0.starts(with: $1) }
      case .endsWith: return Self.test(a, b, count) { $0.ends(with: $1) }
      case .contains, .matches: return Self.test(a, b, count) { $0.contains($1) }
      }
    }
    if a.isEntirelyNull || b.isEntirelyNull { return .nulls(count: count) }
    let operation = operation
    return try mapRows(a, b, count) { a, b in
      guard case .string(let text) = a, case .string(let part) = b else { return .null }
      return switch operation {
      case .startsWith: .boolean(CypherText.starts(text, with: part))
      case .endsWith: .boolean(CypherText.ends(text, with: part))
      case .contains, .matches: .boolean(CypherText.contains(text, part))
      }
    }
  }

  @inline(__always)
  private static func test(
    _ a: Vector, _ b: Vector, _ count: Int, _ body: (StringRef, StringRef) -> Bool
  ) -> Vector {
    let result = Vector(type: .boolean, capacity: count)
    result.count = count
    result.adoptNulls(a, b)
    for row in 0..<count where !result.isNull(row) {
      result.booleans[row] = body(a.strings[a.physical(row)], b.strings[b.physical(row)])
    }
    return result
  }
}
