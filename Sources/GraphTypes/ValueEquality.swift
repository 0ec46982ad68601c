extension Value {
  /// Cypher's `=`: nil (null) when it cannot be known.
  ///
  /// Values of different types are not equal, integers and floats go by their exact numeric value,
  /// NaN equals nothing. Lists of different lengths and maps with different keys are not equal;
  /// otherwise one unequal part makes them unequal, and else one unknown part makes it unknown:
  /// `[1, null] = [1, 2]` is null, `[1, null] = [2, null]` is false.
  package static func equals(_ a: Value, _ b: Value) -> Bool? {
    switch (a, b) {
    case (.null, _), (_, .null):
      return nil
    case (.float(let a), .float(let b)):
      return a == b
    case (.list(let a), .list(let b)):
      if a.count != b.count { return false }
      var result: Bool? = true
      for index in a.indices {
        switch equals(a[index], b[index]) {
        case false: return false
        case nil: result = nil
        case true: break
        }
      }
      return result
    case (.map(let a), .map(let b)):
      if a.count != b.count { return false }
      var result: Bool? = true
      for (key, value) in a {
        // All keys are looked at before an unknown value decides.
        guard let other = b[key] else { return false }
        switch equals(value, other) {
        case false: return false
        case nil: result = nil
        case true: break
        }
      }
      return result
    case (.point(let a), .point(let b)):
      return a == b
    default:
      // Nothing else contains null or NaN, so equality and equivalence agree.
      return a == b
    }
  }

  /// Cypher's `value IN list`: true if an element equals it, else null if one might.
  package static func contains(_ list: [Value], _ value: Value) -> Bool? {
    var result: Bool? = false
    for element in list {
      switch equals(element, value) {
      case true: return true
      case nil: result = nil
      case false: break
      }
    }
    return result
  }
}
