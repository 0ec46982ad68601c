import CustomerAnalytics
import Foundation
import TestSupport
import Testing
import TextAnalysis
import Tropa

@Suite struct SentimentProcedureTests {
  /// Five reviews, one of them without a text.
  private func shop() throws -> Database {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query(
      """
      UNWIND [
        {id: 1, text: 'Отличный товар, рекомендую! Доставка быстрая'},
        {id: 2, text: 'Ужасное качество, сломался сразу'},
        {id: 3, text: 'Купила вчера'},
        {id: 4, text: 'Great price, rude staff'},
        {id: 5, text: null}
      ] AS r CREATE (:Review {id: r.id, text: r.text, comment: 'плохо'})
      """)
    return database
  }

  @Test func streams() throws {
    let result = try shop().query(
      """
      CALL crm.text.sentiment.stream() YIELD nodeId, sentiment, score, negative, neutral, positive,
        aspects, modelVersion
      MATCH (r:Review) WHERE id(r) = nodeId
      RETURN r.id AS id, sentiment, score, negative + neutral + positive AS sum, aspects,
        modelVersion ORDER BY id
      """)
    #expect(try result.integers("id") == [1, 2, 3, 4])
    #expect(try result.strings("sentiment").prefix(3) == ["positive", "negative", "neutral"])
    #expect(try result.floats("sum").allSatisfy { abs($0 - 1) < 1e-5 })
    #expect(try result.strings("modelVersion").allSatisfy { $0.hasPrefix("lexicon-") })
    guard case .map(let first) = result[0]["aspects"], case .map(let last) = result[3]["aspects"]
    else {
      Issue.record("no aspects")
      return
    }
    #expect(first.keys.sorted() == ["delivery"])
    #expect(last.keys.sorted() == ["price", "service"])
    guard case .float(let price) = last["price"], case .float(let service) = last["service"] else {
      Issue.record("no numbers")
      return
    }
    #expect(price > 0 && service < 0)
  }

  @Test func counts() throws {
    let result = try shop().query(
      """
      CALL crm.text.sentiment.stats() YIELD aspect, reviews, negative, neutral, positive
      RETURN aspect, reviews, negative, neutral, positive
      """)
    #expect(
      try result.strings("aspect") == ["all", "delivery", "price", "quality", "service"])
    #expect(try result.integers("reviews") == [4, 1, 1, 1, 1])
    #expect(try result.integers("negative") == [1, 0, 0, 1, 1])
    let all = try shop().query(
      "CALL crm.text.sentiment.stats({aspects: false}) YIELD aspect RETURN aspect")
    #expect(try all.strings("aspect") == ["all"])
  }

  /// A second run writes only what has changed since.
  @Test func writesWhatChanged() throws {
    let database = try shop()
    func run(_ configuration: String = "{}") throws -> [Int64] {
      let row = try #require(
        try database.query("CALL crm.text.sentiment.write(\(configuration))").first)
      return ["reviews", "scored", "unchanged"].map {
        if case .integer(let value) = row[$0] { value } else { -1 }
      }
    }
    #expect(try run() == [4, 4, 0])
    #expect(try run() == [4, 0, 4])
    let written = try database.query(
      """
      MATCH (r:Review {id: 2}) RETURN r.sentiment AS score, r.sentimentClass AS class,
        r.sentimentNegative AS negative, r.sentimentQuality AS quality, r.sentimentPrice AS price
      """)
    #expect(written[0]["class"] == .string("negative") && written[0]["price"] == .null)
    #expect(try written.floats("score")[0] < 0 && written.floats("quality")[0] < 0)
    try database.query("MATCH (r:Review {id: 2}) SET r.text = 'Исправили, цена супер'")
    try database.query("CREATE (:Review {id: 6, text: 'новый'})")
    #expect(try run() == [5, 2, 3])
    let changed = try database.query(
      """
      MATCH (r:Review {id: 2}) RETURN r.sentimentClass AS class, r.sentimentQuality AS quality,
        r.sentimentPrice AS price
      """)
    #expect(changed[0]["class"] == .string("positive") && changed[0]["quality"] == .null)
    #expect(changed[0]["price"] != .null)
    // Another model and another prefix are other scores.
    #expect(try run("{aspects: false}") == [5, 5, 0])
    #expect(try run("{writePrefix: 'mood'}") == [5, 5, 0])
    // The score is the number that features look for.
    #expect(try database.query("MATCH (r:Review) WHERE r.mood > 0.1 RETURN r").count == 3)
  }

  @Test func modelsFromFiles() throws {
    try withTemporaryDirectory { folder in
      let (texts, marks) = ReviewSamples.reviews(300)
      let model = try SentimentTrainer(
        texts: texts, marks: marks, scale: StarScale(from: 1, to: 5), .init()
      ).train()
      let path = folder.appendingPathComponent("m.model").path
      try Data(model.encoded).write(to: URL(fileURLWithPath: path))
      let database = try shop()
      let row = try #require(
        try database.query(
          "CALL crm.text.sentiment.write({model: $model})", parameters: ["model": .string(path)]
        ).first)
      guard case .string(let version) = row["modelVersion"] else {
        Issue.record("no version")
        return
      }
      #expect(version.hasPrefix(model.version))
      try Data(model.encoded.prefix(500)).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: QueryError.self) {
        try database.query(
          "CALL crm.text.sentiment.stats({model: $model})", parameters: ["model": .string(path)])
      }
      #expect(error?.message.contains("m.model is damaged") == true)
      let lexicon = folder.appendingPathComponent("own.csv").path
      try Data("вчера;-3\n".utf8).write(to: URL(fileURLWithPath: lexicon))
      let stats = try database.query(
        """
        CALL crm.text.sentiment.stats({lexicons: [$file], aspects: false})
        YIELD negative RETURN negative
        """, parameters: ["file": .string(lexicon)])
      #expect(try stats.integers("negative") == [2])
    }
  }

  @Test func errorsNameTheKey() throws {
    let database = try shop()
    func failure(_ configuration: String) -> QueryError? {
      #expect(throws: QueryError.self) {
        try database.query("CALL crm.text.sentiment.stats(\(configuration))")
      }
    }
    #expect(failure("{reviewLabel: 'Reviw'}")?.hint?.contains("Review") == true)
    #expect(failure("{textProperty: 'txt'}")?.hint?.contains("textProperty: 'text'") == true)
    #expect(failure("{textProperty: 'id'}")?.message.contains("is no text") == true)
    #expect(failure("{model: '/nowhere/x.model'}")?.message.contains("cannot be opened") == true)
    #expect(failure("{modell: 'x'}")?.hint?.contains("model") == true)
    let other = try database.query(
      "CALL crm.text.sentiment.stats({textProperty: 'comment'}) YIELD negative RETURN negative")
    #expect(try other.integers("negative")[0] == 5)
  }
}

/// Short texts whose words agree with their stars.
enum ReviewSamples {
  static func reviews(_ count: Int) -> (texts: [String], marks: [Double]) {
    let words = ["ужасный брак", "плохой", "так себе", "хороший", "отличный супер"]
    return (
      (0..<count).map { "товар \(words[$0 % 5]) номер \($0 / 5)" },
      (0..<count).map { Double($0 % 5 + 1) }
    )
  }
}
