/// Finds the words within a few edits of a pattern among words in order: insertion, removal or
/// exchange of a character, or a swap of two neighbours (optimal string alignment).
///
/// Rows of the table of distances are kept for each character of the word, so that a word costs
/// only what it does not share with the one before.
struct LevenshteinWalk {
  private let pattern: [Unicode.Scalar]
  private let maximum: Int
  private var word: [Unicode.Scalar] = []
  /// A row for each prefix of the word.
  private var rows: [[Int]]

  init(_ pattern: [Unicode.Scalar], maximum: Int) {
    self.pattern = pattern
    self.maximum = maximum
    rows = [Array(0...pattern.count)]
  }

  enum Result: Equatable {
    case distance(Int)
    /// No word that begins with so many characters of this one is near enough.
    case hopeless(prefix: Int)
    case far
  }

  mutating func next(_ next: [Unicode.Scalar]) -> Result {
    var common = 0
    while common < min(word.count, next.count), common < rows.count - 1,
      word[common] == next[common]
    {
      common += 1
    }
    rows.removeLast(rows.count - 1 - common)
    word = next
    for depth in common..<next.count {
      rows.append(row(depth, next))
      let (row, previous) = (rows[depth + 1], rows[depth])
      // A swap reaches over one row.
      if row.min() ?? 0 > maximum, (previous.min() ?? 0) + 1 > maximum {
        return .hopeless(prefix: depth + 1)
      }
    }
    let distance = rows[next.count][pattern.count]
    return distance <= maximum ? .distance(distance) : .far
  }

  /// The distances of the first `depth + 1` characters to all prefixes of the pattern.
  private func row(_ depth: Int, _ word: [Unicode.Scalar]) -> [Int] {
    let above = rows[depth]
    var row = [depth + 1]
    row.reserveCapacity(pattern.count + 1)
    for column in 0..<pattern.count {
      let isSame = pattern[column] == word[depth]
      var best = min(above[column] + (isSame ? 0 : 1), above[column + 1] + 1, row[column] + 1)
      if depth > 0, column > 0, pattern[column] == word[depth - 1],
        pattern[column - 1] == word[depth]
      {
        best = min(best, rows[depth - 1][column - 1] + 1)
      }
      row.append(best)
    }
    return row
  }
}
