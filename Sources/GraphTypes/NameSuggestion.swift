/// Finds the name that a mistyped one was probably meant to be, for "did you mean" hints.
public enum NameSuggestion {
  /// The name with the fewest typing errors (a letter missing, extra, wrong, or swapped with its
  /// neighbour; upper and lower case are the same), the first of several. Nil if none is near: an
  /// error is granted per three letters, but at least one, and never all of them.
  ///
  /// - Complexity: O(*n* · *l*²) for *n* candidates of length *l*; for error messages only.
  public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    if wanted.isEmpty { return nil }
    var best: String?
    var limit = min(max(1, wanted.count / 3), wanted.count - 1)
    for candidate in candidates {
      let letters = Array(candidate.lowercased().unicodeScalars)
      if abs(letters.count - wanted.count) > limit { continue }
      let errors = distance(wanted, letters)
      if errors < letters.count && (errors < limit || (errors == limit && best == nil)) {
        best = candidate
        limit = errors
      }
    }
    return best
  }

  /// Damerau–Levenshtein distance in its "optimal string alignment" form: no part of the text is
  /// edited twice.
  static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in 0..<b.count {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
