import GraphTypes
import Testing

@testable import GraphStore

@Suite struct TermAnalysisTests {
  /// The terms of a text, those of stop words left out, with their positions.
  private func terms(_ text: String, _ analyzer: String) throws -> [String] {
    let analysis = try TermAnalysis(.named(analyzer))
    var tokens: [Token] = []
    analysis.analyze(.string(text), appendingTo: &tokens)
    return tokens.map {
      "\(String(decoding: analysis.terms.term(Int($0.term)), as: UTF8.self)) \($0.position)"
    }
  }
  private func words(_ text: String, _ analyzer: String = "standard-no-stop-words") throws -> String
  {
    try terms(text, analyzer).map { $0.split(separator: " ")[0] }.joined(separator: " ")
  }

  /// From the pages of Snowball's Russian and English stemmers.
  @Test func stemsLikeSnowball() throws {
    let russian = [
      "вавиловка": "вавиловк", "вагнера": "вагнер", "вагон": "вагон", "вагона": "вагон",
      "вагонов": "вагон", "вагоном": "вагон", "вагоны": "вагон", "важная": "важн",
      "важнее": "важн", "важнейшие": "важн", "важничал": "важнича", "важного": "важн",
      "важности": "важност", "важностию": "важност", "важность": "важност", "важную": "важн",
      "важных": "важн", "вазах": "ваз", "вакса": "вакс", "валандался": "валанда",
      "валентина": "валентин", "валерию": "валер", "валетами": "валет", "павлиний": "павлин",
      "павильонам": "павильон",
    ]
    for (word, stem) in russian {
      #expect(try words(word, "russian") == stem)
      #expect(try words(word, "russian-english") == stem)
      #expect(try words(word, "english") == word)
    }
    let english = [
      "consigned": "consign", "consignment": "consign", "consistency": "consist",
      "consisting": "consist", "consolation": "consol", "conspiracy": "conspiraci",
      "conspiring": "conspir", "knackeries": "knackeri", "knavish": "knavish", "kneeling": "kneel",
      "knightly": "knight", "knots": "knot",
    ]
    for (word, stem) in english {
      #expect(try words(word, "english") == stem)
      #expect(try words(word, "russian-english") == stem)
      #expect(try words(word, "russian") == word)
    }
  }

  @Test func dividesWords() throws {
    let samples = [
      ("Хорошо.Но дорого!", "хорошо но дорого"),
      ("Интернет-магазин, Wi-Fi 6E", "интернет магазин wi fi 6e"),
      ("don’t O'Brien 'quoted' rock'n'roll", "don't o'brien quoted rock'n'roll"),
      ("цена 1,299.50 руб. и 10-20 шт.", "цена 1,299.50 руб и 10 20 шт"),
      ("snake_case _x_ e.g. a:b", "snake_case x e g a b"),
      ("ЁЛКА Ёж всё", "елка еж все"),
      ("东京 ラーメン すし", "东 京 ラーメン す し"),
      ("５０ Ｗｏｒｄｓ ٣", "50 words 3"),
      ("ΟΔΟΣ οδος", "οδοσ οδοσ"),
      ("", ""), (" \n\t…—«»", ""), ("🙂 ok👍", "ok"), ("a\0b", "a b"),
      ("перенос\u{AD}ится ноль\u{200B}ширина", "переносится нольширина"),
    ]
    for (text, expected) in samples { #expect(try words(text) == expected) }
  }

  /// Letters with marks are the same however they are coded; marks of stress go.
  @Test func composesCharacters() throws {
    #expect(
      try words("мои\u{306} Е\u{308}ж за\u{301}мок cafe\u{301} CAFÉ") == "мой еж замок café café")
    #expect(try words("\u{301}a x\u{325}") == "a x\u{325}")
  }

  @Test func countsStopWordsAsPlaces() throws {
    #expect(try terms("Не подошёл и размер", "russian") == ["подошел 1", "размер 3"])
    #expect(try terms("the size of it", "russian-english") == ["size 1"])
    #expect(try terms("the size и", "standard") == ["size 1", "и 2"])
  }

  @Test func otherAnalyzers() throws {
    #expect(try words("Wi-Fi 6E don't", "simple") == "wi fi e don t")
    #expect(try words("The Fox", "stop") == "fox")
    #expect(try words("Wi-Fi\u{2003}Ёж, x", "whitespace") == "Wi-Fi Ёж, x")
    #expect(try terms("Санкт Петербург", "keyword") == ["Санкт Петербург 0"])
    let error = #expect(throws: StoreError.self) { try TextAnalyzer.named("rusian") }
    #expect(error?.code == .invalidArgument && error?.hint?.contains("russian-english") == true)
    #expect(Set(TextAnalyzer.all.map(\.name)).count == TextAnalyzer.all.count)
  }

  @Test func listsOfTexts() throws {
    let analysis = try TermAnalysis(.named("simple"))
    var tokens: [Token] = []
    analysis.analyze(
      .list([.string("a b"), .integer(1), .string("a")]), appendingTo: &tokens)
    #expect(tokens.map(\.position) == [0, 1, 102])
    #expect(tokens.map(\.term) == [0, 1, 0])
    analysis.analyze(.integer(5), appendingTo: &tokens)
    analysis.analyze(.null, appendingTo: &tokens)
    #expect(tokens.count == 3)
  }

  @Test func longWordsAreCut() throws {
    for letter in ["x", "щ", "東x", "😀y"] {
      for analyzer in ["standard", "keyword", "russian-english"] {
        let analysis = try TermAnalysis(.named(analyzer))
        var tokens: [Token] = []
        analysis.analyze(
          .string(String(repeating: letter, count: 10_000)), appendingTo: &tokens)
        for token in tokens {
          let term = analysis.terms.term(Int(token.term))
          #expect(term.count <= TermAnalysis.termBytesMaximum)
          #expect(Array(String(decoding: term, as: UTF8.self).utf8) == term)
        }
      }
    }
  }

  /// Any bytes are read to their end.
  @Test func malformedText() throws {
    let analysis = try TermAnalysis(.named("russian-english"))
    var tokens: [Token] = []
    for first in UInt8.min...UInt8.max {
      for bytes in [
        [first], [0x61, first, 0x61], [first, 0x80], [0xD0, first], [0xF0, 0x9F, first],
      ] {
        bytes.withUnsafeBufferPointer {
          var position: UInt32 = 0
          analysis.analyze($0, from: &position, appendingTo: &tokens)
        }
      }
    }
    for number in 0..<analysis.terms.count {
      let term = analysis.terms.term(number)
      #expect(Array(String(decoding: term, as: UTF8.self).utf8) == term)
    }
  }
}
