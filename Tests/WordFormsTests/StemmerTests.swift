import Foundation
import TestSupport
import Testing

@testable import WordForms

@Suite struct StemmerTests {
  /// The stem of a word as it is, without folding.
  private func stem(_ word: String, _ stemmer: Stemmer) -> String {
    var word = word
    return word.withUTF8 { String(decoding: stemmer.stem($0), as: UTF8.self) }
  }

  @Test func english() throws {
    let stemmer = try Stemmer(.english)
    #expect(stem("consistency", stemmer) == "consist")
    #expect(stem("delivered", stemmer) == "deliv")
  }
}
