package import GraphTypes

/// Which values a property can have: scalars, temporal values, points, byte arrays, and lists of
/// one kind of these (integers and floats may mix; null may not occur).
package enum PropertyValue {
  /// - Throws: `QueryError` TypeError InvalidPropertyType.
  package static func check(_ value: Value) throws(QueryError) {
    switch value {
    case .map, .node, .relationship, .path:
      throw invalid("a property cannot hold \(value.typeNameWithArticle)")
    case .list(let elements): try check(elements: elements)
    default: break
    }
  }

  private static func check(elements: [Value]) throws(QueryError) {
    guard let first = elements.first else { return }
    for element in elements {
      switch element {
      case .null:
        throw invalid("a list with null cannot be the value of a property")
      case .list, .map, .node, .relationship, .path:
        throw invalid(
          "a list with \(element.typeNameWithArticle) in it cannot be the value of a property")
      default:
        if kind(element) != kind(first) {
          throw invalid(
            "a list with \(first.typeNameWithArticle) and \(element.typeNameWithArticle) cannot be"
              + " the value of a property")
        }
      }
    }
  }

  private static func kind(_ value: Value) -> String {
    if case .integer = value { return "Float" }
    return value.typeName
  }

  private static func invalid(_ message: String) -> QueryError {
    QueryError(
      .typeError, "InvalidPropertyType", message,
      hint: "properties hold booleans, numbers, strings, temporal values, durations, points, bytes,"
        + " and lists of one of these")
  }
}

extension Value {
  /// Not null.
  var isPresent: Bool {
    if case .null = self { return false }
    return true
  }
}
