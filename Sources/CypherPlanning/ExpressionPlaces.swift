/// Where in the text expressions stand, so that their errors have a place. Plans move and change
/// expressions, so that these carry none: they are found by what they are.
package struct ExpressionPlaces: Sendable {
  private struct Place {
    var expression: BoundExpression
    var range: Range<Int>
  }
  private var places: [String: [Place]] = [:]
  /// More of one name are not told apart: that takes a comparison with each.
  private static let maximumOfName = 16

  package init() {}

  mutating func note(_ expression: BoundExpression, as name: String, at range: Range<Int>) {
    guard places[name, default: []].count < Self.maximumOfName else { return }
    places[name, default: []].append(Place(expression: expression, range: range))
  }

  /// UTF-8 byte offsets into the query text, for a function or an operator; also if it has been
  /// changed since, where there is only one of its name.
  package func place(of expression: BoundExpression) -> Range<Int>? {
    guard let name = expression.placeName, let known = places[name] else { return nil }
    return known.count == 1 ? known[0].range : place(of: expression, as: name)
  }

  /// For an expression in a role of a clause: `WHERE`.
  package func place(of expression: BoundExpression, as role: String) -> Range<Int>? {
    places[role]?.first { $0.expression == expression }?.range
  }
}

extension BoundExpression {
  /// The name under which the expression's place is kept.
  package var placeName: String? {
    switch self {
    case .function(let name, _): name
    case .arithmetic(let operation, _, _): operation.rawValue
    case .negate: "negate"
    case .property(_, let key): "." + key
    case .index: "[]"
    case .slice: "[..]"
    case .stringPredicate(let operation, _, _): operation.rawValue
    case .isIn: "IN"
    case .listComprehension: "[|]"
    case .quantifier(let quantifier, _, in: _, where: _): "\(quantifier.rawValue)(|)"
    case .reduce: "reduce(|)"
    default: nil
    }
  }
}
