import Testing

@testable import TextAnalysis

@Suite struct NegationScopeTests {
  /// The words that a negation turns.
  private func negated(_ text: String) throws -> String {
    let terms = try TermReader()
    var text = text
    text.withUTF8 { terms.read($0) }
    return (0..<terms.termCount).filter { terms.terms[$0].isNegated }
      .map { terms.reader.text(of: terms.reader.token(Int(terms.terms[$0].token))) }
      .joined(separator: " ")
  }

  @Test func reachesOverItsClause() throws {
    let samples = [
      ("не понравился товар", "понравился товар"),
      ("не понравился, цвет хороший", "понравился"),
      ("не очень хороший крой и ткань", "очень хороший крой и"),
      ("совсем не то но красиво", "то"),
      ("without any problems at all", "any problems at"),
      ("I don't like it. Good", "like it"),
      ("isn’t great", "great"),
      ("не без проблем", ""),
      ("не только красивый но и удобный", ""),
      ("not only cheap", ""),
      ("хороший товар", ""),
      ("не", ""),
    ]
    for (text, expected) in samples { #expect(try negated(text) == expected, "\(text)") }
  }

  @Test func stemsAreTheLexiconsKeys() throws {
    let terms = try TermReader()
    #expect(terms.stem(of: "хорошая") == terms.stem(of: "Хорошее"))
    #expect(terms.stem(of: "всё") == terms.stem(of: "все"))
    #expect(terms.stem(of: "refunds") == terms.stem(of: "Refund"))
    #expect(terms.stem(of: "на высоте").count == 2)
  }
}
