import TestSupport
import Testing

@testable import GraphStore

/// Patterns and edits against the textbook.
@Suite struct TermMatchingTests {
  private func word(_ random: inout SeededGenerator, _ maximum: Int) -> [Unicode.Scalar] {
    (0..<random.below(maximum + 1)).map { _ in ["a", "b", "ш", "щ"][random.below(4)] }
  }

  static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var table = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count {
      for j in 0...b.count {
        if i == 0 || j == 0 {
          table[i][j] = i + j
          continue
        }
        var best = min(table[i - 1][j], table[i][j - 1]) + 1
        best = min(best, table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          best = min(best, table[i - 2][j - 2] + 1)
        }
        table[i][j] = best
      }
    }
    return table[a.count][b.count]
  }

  @Test func edits() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<60 {
      let pattern = word(&random, 6)
      let maximum = random.below(3)
      var walk = LevenshteinWalk(pattern, maximum: maximum)
      let words = (0..<100).map { _ in word(&random, 7) }
        .sorted { String(String.UnicodeScalarView($0)) < String(String.UnicodeScalarView($1)) }
      for word in words {
        let distance = Self.distance(pattern, word)
        let bytes = Array(String(String.UnicodeScalarView(word)).utf8)
        switch bytes.withUnsafeBufferPointer({ walk.next($0) }) {
        case .distance(let found, let characters):
          #expect(found == distance && found <= maximum && characters == word.count)
        case .far: #expect(distance > maximum)
        case .hopeless(let prefix):
          #expect(distance > maximum)
          let near = words.filter {
            String(String.UnicodeScalarView($0)).utf8.starts(with: bytes.prefix(prefix))
              && Self.distance(pattern, $0) <= maximum
          }
          #expect(near.isEmpty)
        }
      }
    }
  }

  static func matches(
    _ pattern: ArraySlice<FullTextQuery.PatternElement>, _ word: ArraySlice<Unicode.Scalar>
  ) -> Bool {
    guard let first = pattern.first else { return word.isEmpty }
    switch first {
    case .anyCharacters:
      return matches(pattern.dropFirst(), word)
        || (!word.isEmpty && matches(pattern, word.dropFirst()))
    case .anyCharacter: return !word.isEmpty && matches(pattern.dropFirst(), word.dropFirst())
    case .character(let scalar):
      return word.first == scalar && matches(pattern.dropFirst(), word.dropFirst())
    }
  }

  @Test func wildcards() {
    var random = SeededGenerator(seed: 2)
    var found = 0
    for _ in 0..<5000 {
      let elements: [FullTextQuery.PatternElement] = word(&random, 5).map {
        switch random.below(4) {
        case 0: .anyCharacters
        case 1: .anyCharacter
        default: .character($0)
        }
      }
      let pattern = WildcardPattern(elements)
      let word = word(&random, 6)
      let expected = Self.matches(elements[...], word[...])
      #expect(pattern.matches(word) == expected)
      if expected {
        found += 1
        #expect(word.starts(with: pattern.prefix))
      }
    }
    #expect(found > 200)
  }
}
