/// A pattern of characters, `?` and `*`.
struct WildcardPattern {
  private let elements: [FullTextQuery.PatternElement]
  /// What every match begins with.
  let prefix: [Unicode.Scalar]

  init(_ elements: [FullTextQuery.PatternElement]) {
    self.elements = elements
    var prefix: [Unicode.Scalar] = []
    for element in elements {
      guard case .character(let scalar) = element else { break }
      prefix.append(scalar)
    }
    self.prefix = prefix
  }

  /// Matches everything.
  var isAll: Bool { elements.allSatisfy { $0 == .anyCharacters } }

  /// - Complexity: O(word × pattern).
  func matches(_ word: [Unicode.Scalar]) -> Bool {
    var place = 0
    var element = 0
    // Where to go on after a mismatch: behind the last `*`, one more character under it.
    var star: (element: Int, place: Int)?
    while place < word.count {
      if element < elements.count {
        switch elements[element] {
        case .anyCharacters:
          star = (element, place)
          element += 1
          continue
        case .anyCharacter:
          (element, place) = (element + 1, place + 1)
          continue
        case .character(let scalar) where scalar == word[place]:
          (element, place) = (element + 1, place + 1)
          continue
        case .character: break
        }
      }
      guard let last = star else { return false }
      star = (last.element, last.place + 1)
      (element, place) = (last.element + 1, last.place + 1)
    }
    return elements[element...].allSatisfy { $0 == .anyCharacters }
  }
}
