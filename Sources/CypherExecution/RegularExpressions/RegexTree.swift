/// A parsed regular expression.
indirect enum RegexTree: Sendable {
  case empty
  case scalars(ScalarClass)
  case sequence([RegexTree])
  case alternatives([RegexTree])
  case repeated(RegexTree, least: Int, most: Int?, Repetition)
  case assertion(RegexAssertion)
  /// `(?>…)`: once matched, never tried in another way.
  case atomic(RegexTree)
  /// `(?=…)`, `(?!…)`.
  case lookahead(RegexTree, negated: Bool)

  enum Repetition: Sendable { case greedy, lazy, possessive }
}

/// A condition on a position.
enum RegexAssertion: Sendable {
  case start, end
  /// At the end, or before a line end that is the last.
  case finalEnd
  case lineStart, lineEnd
  case wordBoundary, noWordBoundary
}
