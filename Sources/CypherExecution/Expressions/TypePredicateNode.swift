internal import Cypher
internal import GraphColumns
internal import GraphTypes

/// `x IS :: TYPE` and `x IS NOT :: TYPE`.
final class TypePredicateNode: ExpressionNode {
  private let operand: ExpressionNode
  private let type: TypeExpression
  private let isNegated: Bool

  /// - Parameter typeName: as written in Cypher.
  init(_ operand: ExpressionNode, typeName: String, isNegated: Bool) throws {
    self.operand = operand
    self.isNegated = isNegated
    guard case .isTyped(_, let type, _) = try Parser.parseExpression("null IS :: \(typeName)").kind
    else { throw ExpressionError.type("`\(typeName)` is not a type") }
    self.type = type
    super.init(children: [operand])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try operand.evaluate(batch)
    return try mapRows(a, batch.count) { .boolean(Self.holds(type, $0) != isNegated) }
  }

  static func holds(_ type: TypeExpression, _ value: Value) -> Bool {
    if case .null = value {
      if type.excludesNull { return false }
      switch type.kind {
      case .nothing: return false
      case .union(let parts): return parts.contains { holds($0, value) }
      default: return true
      }
    }
    switch (type.kind, value) {
    case (.nothing, _), (.null, _): return false
    case (.any, _): return true
    case (.boolean, .boolean), (.string, .string), (.integer, .integer), (.float, .float),
      (.date, .date), (.localTime, .localTime), (.zonedTime, .time),
      (.localDateTime, .localDateTime), (.zonedDateTime, .dateTime), (.duration, .duration),
      (.point, .point), (.node, .node), (.relationship, .relationship), (.map, .map),
      (.path, .path):
      return true
    case (.list(let element), .list(let values)): return values.allSatisfy { holds(element, $0) }
    case (.union(let parts), _): return parts.contains { holds($0, value) }
    case (.propertyValue, .list(let values)):
      guard let first = values.first else { return true }
      return values.allSatisfy { isScalarProperty($0) && $0.typeName == first.typeName }
    case (.propertyValue, _): return isScalarProperty(value)
    default: return false
    }
  }

  private static func isScalarProperty(_ value: Value) -> Bool {
    switch value {
    case .boolean, .integer, .float, .string, .bytes, .date, .localTime, .time, .localDateTime,
      .dateTime, .duration, .point:
      true
    default: false
    }
  }
}
