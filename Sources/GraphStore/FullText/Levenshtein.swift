internal import WordForms

/// Finds the words within a few edits of a pattern among words in order: insertion, removal or
/// exchange of a character, or a swap of two neighbours (optimal string alignment).
///
/// Rows of the table of distances are kept for each character of the word, so that a word costs
/// only what it does not share with the one before. After the longest word nothing is allocated.
struct LevenshteinWalk {
  private let pattern: [UInt32]
  private let maximum: Int
  /// Characters that have rows: a beginning of the last word.
  private var word: [UInt32] = []
  /// For each beginning of `word`, from the empty one on: its distances to all beginnings of the
  /// pattern.
  private var table: [Int]

  init(_ pattern: [Unicode.Scalar], maximum: Int) {
    self.pattern = pattern.map(\.value)
    self.maximum = maximum
    table = Array(0...pattern.count)
  }

  enum Result: Equatable {
    case distance(Int, characters: Int)
    /// No word that begins with so many bytes of this one is near enough.
    case hopeless(prefix: Int)
    case far
  }

  /// - Parameter bytes: the next word, in UTF-8.
  mutating func next(_ bytes: UnsafeBufferPointer<UInt8>) -> Result {
    var position = 0
    var depth = 0
    while position < bytes.count {
      let character = bytes.scalar(at: &position)
      if depth == word.count || word[depth] != character {
        word.removeLast(word.count - depth)
        table.removeLast(table.count - (depth + 1) * width)
        word.append(character)
        appendRow()
        // A swap reaches over one row.
        if least(depth + 1) > maximum, least(depth) + 1 > maximum {
          return .hopeless(prefix: position)
        }
      }
      depth += 1
    }
    let distance = table[depth * width + pattern.count]
    return distance <= maximum ? .distance(distance, characters: depth) : .far
  }

  private var width: Int { pattern.count + 1 }

  private func least(_ row: Int) -> Int {
    table[(row * width)..<((row + 1) * width)].min() ?? 0
  }

  /// The row of the whole word.
  private mutating func appendRow() {
    let depth = word.count
    let above = (depth - 1) * width
    table.append(depth)
    for column in 0..<pattern.count {
      let isSame = pattern[column] == word[depth - 1]
      var best = min(
        table[above + column] + (isSame ? 0 : 1), table[above + column + 1] + 1,
        table[above + width + column] + 1)
      if depth > 1, column > 0, pattern[column] == word[depth - 2],
        pattern[column - 1] == word[depth - 1]
      {
        best = min(best, table[above - width + column - 1] + 1)
      }
      table.append(best)
    }
  }
}
