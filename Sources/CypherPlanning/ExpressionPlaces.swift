/// Where in the text functions and operators stand, by name: an error of one that is used once in a
/// statement then has a place. Plans move and change expressions, so that these carry none.
package struct ExpressionPlaces: Sendable {
  /// nil for a name that stands in several places.
  private var places: [String: Range<Int>?] = [:]

  package init() {}

  mutating func note(_ name: String, at range: Range<Int>) {
    if places.updateValue(range, forKey: name) != nil { places.updateValue(nil, forKey: name) }
  }

  /// UTF-8 byte offsets into the query text.
  package subscript(name: String) -> Range<Int>? { places[name] ?? nil }
}

extension BoundExpression {
  /// The name under which the expression's place is kept.
  package var placeName: String? {
    switch self {
    case .function(let name, _): name
    case .arithmetic(let operation, _, _): operation.rawValue
    case .negate: "negate"
    case .index: "[]"
    case .slice: "[..]"
    case .stringPredicate(.matches, _, _): "=~"
    default: nil
    }
  }
}
