import Testing

@testable import TextAnalysis

@Suite struct AspectTests {
  /// `delivery+ quality-`: what is named, and the sign.
  private func aspects(_ text: String, _ model: LinearSentimentModel? = nil) throws -> String {
    let reader = try AspectReader(SentimentLexicon.builtIn(), model: model)
    let polarities = try reader.polarities(of: [text], concurrency: 1)[0]
    return Aspect.allCases.filter { !polarities[$0.rawValue].isNaN }.map { aspect in
      let polarity = polarities[aspect.rawValue]
      return aspect.name + (polarity > 0 ? "+" : polarity < 0 ? "-" : "0")
    }.joined(separator: " ")
  }

  @Test func clauses() throws {
    let samples = [
      ("Доставка быстрая, но качество плохое", "delivery+ quality-"),
      ("Качество отличное, цена завышена, продавец хамил", "price- quality+ service-"),
      ("Привезли вовремя. Ткань ужасная!", "delivery+ quality-"),
      ("Курьер очень вежливый, спасибо", "delivery+ service+"),
      ("Great quality but shipping was slow", "delivery- quality+"),
      ("Rude staff", "service-"),
      ("Посылка шла две недели", "delivery0"),
      ("Хороший", ""), ("", ""), ("!!!", ""),
      ("Цена хорошая.\nЦена хорошая.", "price+"),
    ]
    for (text, expected) in samples { #expect(try aspects(text) == expected, "\(text)") }
  }

  /// Where the lexicon knows nothing, the model is asked.
  @Test func modelFillsIn() throws {
    let model = try LinearModelTests.model(200)
    #expect(try aspects("Посылка сломался", model).hasPrefix("delivery-"))
    let reader = try AspectReader(SentimentLexicon.builtIn(), model: model)
    let texts = (0..<700).map { "Доставка \($0) дней, качество так себе, но цена супер" }
    let one = try reader.polarities(of: texts, concurrency: 1)
    let four = try reader.polarities(of: texts, concurrency: 4)
    #expect(one.map { "\($0)" } == four.map { "\($0)" })
  }
}
