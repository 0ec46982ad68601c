import Foundation
import TestSupport
import Testing

@testable import TextAnalysis

@Suite struct LexiconTests {
  private static let lexicons = SharedData.url("data/ru_lexicons")

  private func polarity(_ text: String, _ lexicon: SentimentLexicon? = nil) throws -> Float {
    let lexicon = try lexicon ?? SentimentLexicon.builtIn()
    return try LexiconSentimentModel(lexicon).scores(of: [text])[0].polarity
  }
  private func label(_ text: String) throws -> String {
    try LexiconSentimentModel(SentimentLexicon.builtIn()).scores(of: [text])[0].label.name
  }

  @Test func sentences() throws {
    let positive = [
      "Отличный товар, всем рекомендую", "Все супер)))", "Быстрая доставка, спасибо продавцу!",
      "Без проблем, подошло идеально", "не пожалела", "👍👍", "ооочень понравилось",
      "Love this dress, fits perfectly", "No complaints, works great",
    ]
    for text in positive { #expect(try label(text) == "positive", "\(text)") }
    let negative = [
      "Ужасное качество, деньги на ветер", "Не понравилось", "не рекомендую!", "Пришёл брак((",
      "Совсем не удобный и не качественный", "Обман, верните деньги", "😡",
      "Terrible, fell apart after a week", "Not good, do not buy", "I am disappointed",
    ]
    for text in negative { #expect(try label(text) == "negative", "\(text)") }
    for text in ["", "Купила вчера в магазине", "The dress arrived on Monday", "42"] {
      #expect(try label(text) == "neutral", "\(text)")
    }
  }

  @Test func degrees() throws {
    #expect(try polarity("очень хороший") > polarity("хороший"))
    #expect(try polarity("немного плохой") > polarity("плохой"))
    #expect(try polarity("не хороший") < 0)
    #expect(try polarity("не плохой") > 0)
    #expect(try polarity("было бы хорошо") < polarity("хорошо"))
    #expect(try polarity("хороший") > 0 && polarity("хорошиий") > 0)
  }

  @Test func formats() throws {
    var lexicon = SentimentLexicon()
    try lexicon.add(
      text: """
        !remark
        брюзга, Noun, брюзга, negative, opinion
        золотые горы, Noun, золотая гора, positive, feeling
        абажур, Noun, абажур, neutral, fact
        вещь, Noun, вещь, positive/negative, fact
        """, name: "r")
    #expect(lexicon.entryCount == 2)
    #expect(try polarity("какой брюзга", lexicon) < 0)
    #expect(try polarity("обещали золотые горы", lexicon) > 0)
    var second = SentimentLexicon()
    try second.add(
      text: "term;tag;value;pstv\nабажур;NEUT;0.08;0\nбеда;NGTV;-1;0\nласка;PSTV;0.9;1\n", name: "k"
    )
    #expect(second.entryCount == 2)
    #expect(try polarity("беда", second) < 0 && polarity("ласка", second) > 0)
    var own = try SentimentLexicon.builtIn()
    try own.add(text: "word;strength\nпупырка;2\nхороший;-1,5\n\"лох\";-2\nсупер;0\n", name: "o")
    #expect(try polarity("пупырка", own) > 0 && polarity("лох", own) < 0)
    // One's own list has the last word.
    #expect(try polarity("хороший", own) < 0 && polarity("супер", own) == 0)
    let wrong = #expect(throws: TextError.self) {
      try own.add(text: "слово;2\nещё слово\n", name: "список.txt")
    }
    #expect(wrong?.message.contains("список.txt:2") == true)
    #expect(throws: TextError.self) { try own.add(text: "", name: "пусто") }
  }

  /// General lexicons do not overrule the built-in one.
  @Test func builtInWordsStay() throws {
    var lexicon = try SentimentLexicon.builtIn()
    let before = try polarity("отличный", lexicon)
    try lexicon.add(text: "отличный, Adj, отличный, negative, opinion\n", name: "r")
    #expect(try polarity("отличный", lexicon) == before)
  }

  @Test(.enabled(if: lexicons != nil, .init(rawValue: SharedData.missing("data/ru_lexicons"))))
  func publishedLexicons() throws {
    let folder = try #require(Self.lexicons)
    for (name, minimum) in [("rusentilex_2017.txt.gz", 10_000), ("kartaslovsent.csv.gz", 14_000)] {
      let text = String(decoding: try gunzip(folder.appendingPathComponent(name)), as: UTF8.self)
      var lexicon = SentimentLexicon()
      try lexicon.add(text: text, name: name)
      #expect(lexicon.entryCount > minimum)
      #expect(try polarity("негодяй и мошенник", lexicon) < 0)
      #expect(try polarity("талантливый и честный", lexicon) > 0)
    }
  }

  @Test func packedFilesAreExplained() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("a.gz")
      try Data([0x1F, 0x8B, 8]).write(to: file)
      var lexicon = SentimentLexicon()
      let error = #expect(throws: TextError.self) { try lexicon.add(file: file.path) }
      #expect(error?.hint?.contains("gunzip") == true)
    }
  }
}
