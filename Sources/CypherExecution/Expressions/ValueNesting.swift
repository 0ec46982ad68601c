internal import GraphTypes

/// How deep lists and maps may lie in each other. Values are walked and released recursively, so that
/// a chain of a hundred thousand lists, which `reduce` can make, would overflow the stack.
enum ValueNesting {
  static let maximum = 1000

  /// Checks the elements of a new list or map.
  /// - Complexity: O(elements) where none is a list or map; otherwise down to the deepest.
  static func check(_ element: Value) throws {
    if exceeds(element, maximum - 1) {
      throw QueryError(
        .argumentError, "NestingTooDeep",
        "lists and maps are nested more than \(maximum) levels deep")
    }
  }

  private static func exceeds(_ value: Value, _ left: Int) -> Bool {
    switch value {
    case .list(let elements):
      if left == 0 { return true }
      for element in elements where exceeds(element, left - 1) { return true }
      return false
    case .map(let map):
      if left == 0 { return true }
      for element in map.values where exceeds(element, left - 1) { return true }
      return false
    default: return false
    }
  }
}
