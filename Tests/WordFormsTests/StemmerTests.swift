import Foundation
import TestSupport
import Testing

@testable import WordForms

@Suite struct StemmerTests {
  private static let vocabulary = SharedData.url("data/ru_stemmer")

  /// The stem of a word as it is, without folding.
  private func stem(_ word: String, _ stemmer: Stemmer) -> String {
    var word = word
    return word.withUTF8 { String(decoding: stemmer.stem($0), as: UTF8.self) }
  }

  @Test func english() throws {
    let stemmer = try Stemmer(.english)
    #expect(stem("consistency", stemmer) == "consist")
    #expect(stem("delivered", stemmer) == "deliv")
    #expect(stem("", stemmer) == "")
  }

  /// Snowball's own vocabulary with its stems.
  @Test(.enabled(if: vocabulary != nil, .init(rawValue: SharedData.missing("data/ru_stemmer"))))
  func russianVocabulary() throws {
    let folder = try #require(Self.vocabulary)
    func lines(_ name: String) throws -> [String] {
      String(decoding: try gunzip(folder.appendingPathComponent(name)), as: UTF8.self)
        .split(separator: "\n").map(String.init)
    }
    let words = try lines("voc.txt.gz")
    let stems = try lines("output.txt.gz")
    #expect(words.count == 49_785 && stems.count == words.count)
    let stemmer = try Stemmer(.russian)
    let wrong = words.indices.filter { stem(words[$0], stemmer) != stems[$0] }
    #expect(wrong.isEmpty, "\(wrong.prefix(5).map { words[$0] })")
  }
}
