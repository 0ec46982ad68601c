import Foundation
import TestSupport
import Testing

@testable import TextAnalysis

@Suite struct LinearModelTests {
  /// Texts whose words agree with their stars, mostly.
  static func reviews(_ count: Int, seed: UInt64 = 1) -> (texts: [String], marks: [Double]) {
    var random = SeededGenerator(seed: seed)
    let words = [
      ["ужасный", "сломался", "не рекомендую", "awful"],
      ["плохой", "разочарована", "не понравился", "poor"],
      ["средний", "нормальный", "так себе", "average"],
      ["хороший", "понравился", "удобный", "nice"],
      ["отличный", "рекомендую", "супер!!!", "love it"],
    ]
    let filler = ["товар", "пришёл", "цвет", "размер", "купила", "the dress", "вчера"]
    var texts: [String] = []
    var marks: [Double] = []
    for index in 0..<count {
      let star = random.below(5)
      let near = random.below(5) == 0 ? min(star + 1, 4) : star
      var parts = (0..<3).map { _ in filler[random.below(filler.count)] }
      parts.insert(words[near][random.below(4)], at: random.below(4))
      texts.append(parts.joined(separator: " ") + " \(index)")
      marks.append(Double(star + 1))
    }
    return (texts, marks)
  }

  static func model(
    _ count: Int = 400, _ change: (inout SentimentTrainer.Configuration) -> Void = { _ in }
  ) throws -> LinearSentimentModel {
    let (texts, marks) = reviews(count)
    var configuration = SentimentTrainer.Configuration()
    change(&configuration)
    return try SentimentTrainer(
      texts: texts, marks: marks, scale: StarScale(from: 1, to: 5), configuration
    ).train()
  }

  @Test func learns() throws {
    let model = try Self.model()
    let (texts, marks) = Self.reviews(300, seed: 2)
    let evaluation = try SentimentEvaluation(
      model, texts: texts, marks: marks, scale: StarScale(from: 1, to: 5), concurrency: 2)
    #expect(evaluation.matrix.macroF1 > 0.8, "\(evaluation.matrix)")
    #expect(model.information.macroF1 > 0.75 && model.information.texts == 400)
    #expect(evaluation.mistakes.count == 300 - Int((evaluation.matrix.accuracy * 300).rounded()))
    let sure = evaluation.mistakes.map { $0.score.probability($0.score.label) }
    #expect(sure == sure.sorted(by: >))
    let scores = try model.scores(of: ["ужасный товар, сломался", "супер!!! рекомендую", ""])
    #expect(scores[0].label == .negative && scores[1].label == .positive)
    #expect(scores[0].polarity < -0.5 && scores[1].polarity > 0.5)
    #expect(scores.allSatisfy { abs($0.negative + $0.neutral + $0.positive - 1) < 1e-5 })
  }

  @Test func twoClasses() throws {
    let model = try Self.model { $0.classCount = 2 }
    #expect(model.classes == [.negative, .positive] && model.information.marks == [1, 2, 4, 5])
    let scores = try model.scores(of: ["ужасный", "супер", "товар"])
    #expect(scores.allSatisfy { $0.neutral == 0 && $0.label != .neutral })
  }

  /// Threads of training and of scoring change nothing.
  @Test func sameForAnyThreads() throws {
    let one = try Self.model { $0.concurrency = 1 }
    let three = try Self.model { $0.concurrency = 3 }
    #expect(one.encoded == three.encoded && one.version == three.version)
    #expect(try Self.model { $0.seed = 7 }.version != one.version)
    let texts = Self.reviews(1500, seed: 5).texts + [String(repeating: "не плохо ", count: 2000)]
    let scores = try one.scores(of: texts, concurrency: 1)
    #expect(try one.scores(of: texts, concurrency: 4) == scores)
    #expect(try one.scores(of: [], concurrency: 4).isEmpty)
    #expect(try one.scores(of: Array(texts.suffix(2))) == scores.suffix(2))
  }

  @Test func endsWhenAsked() throws {
    struct Stop: Error {}
    let (texts, marks) = Self.reviews(300)
    let trainer = try SentimentTrainer(
      texts: texts, marks: marks, scale: StarScale(from: 1, to: 5), .init())
    #expect(throws: Stop.self) { try trainer.train { if $0 > 0.5 { throw Stop() } } }
    let model = try Self.model()
    #expect(throws: Stop.self) {
      try model.scores(of: texts, concurrency: 2) { throw Stop() }
    }
  }

  @Test func tooLittleToLearn() {
    func failure(_ texts: [String], _ marks: [Double]) -> String {
      let error = #expect(throws: TextError.self) {
        try SentimentTrainer(
          texts: texts, marks: marks, scale: StarScale(from: 1, to: 5), .init())
      }
      return error?.message ?? ""
    }
    #expect(failure(["а", "б"], [1, 5]).contains("at least 10"))
    #expect(failure(["а", "б"], [5, 5]).contains("no two different marks"))
    #expect(
      failure(.init(repeating: "а", count: 40), (0..<40).map { 4 + Double($0 % 2) })
        .contains("nothing to tell apart"))
    #expect(
      failure(.init(repeating: "а", count: 40), (0..<40).map { Double($0) })
        .contains("40 different marks"))
  }

  @Test func splitsByText() {
    let (texts, _) = Self.reviews(1000)
    let (training, test) = SentimentEvaluation.split(texts + texts, share: 0.3, seed: 1)
    #expect(training.count + test.count == 2000 && abs(test.count - 600) < 100)
    let learnt = Set(training.map { (texts + texts)[$0] })
    #expect(test.allSatisfy { !learnt.contains((texts + texts)[$0]) })
  }

  // MARK: File

  @Test func fileKeepsTheModel() throws {
    let model = try Self.model()
    let bytes = model.encoded
    let read = try LinearSentimentModel(bytes: bytes, name: "m")
    #expect(read.encoded == bytes && read.version == model.version)
    #expect(read.information == model.information)
    let texts = Self.reviews(50, seed: 3).texts
    #expect(try read.scores(of: texts) == model.scores(of: texts))
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("m.model").path
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      #expect(try LinearSentimentModel(file: path).version == model.version)
      let missing = #expect(throws: TextError.self) {
        try LinearSentimentModel(file: path + "x")
      }
      #expect(missing?.message.contains("m.modelx cannot be opened") == true)
    }
  }

  @Test func fileFromElsewhere() throws {
    func message(_ bytes: [UInt8]) -> String {
      let error = #expect(throws: TextError.self) {
        try LinearSentimentModel(bytes: bytes, name: "m")
      }
      return "\(error?.description ?? "")"
    }
    let bytes = try Self.model().encoded
    #expect(message([]).contains("m is no sentiment model"))
    #expect(message(Array("id,text".utf8)).contains("tropa text train"))
    var newer = bytes
    newer[8] = 9
    #expect(message(newer).contains("format 9") && message(newer).contains("newer version"))
    #expect(message(bytes.dropLast(1)).contains("damaged"))
    #expect(message(bytes + [0]).contains("damaged"))
    #expect(message(Array(bytes.prefix(10))).contains("damaged"))
  }

  /// A file with a flipped byte is refused, never believed.
  @Test func damagedFile() throws {
    let bytes = try Self.model(200).encoded
    var random = Fuzzing.generator(seed: 11)
    for _ in Fuzzing.rounds(60) {
      var damaged = bytes
      damaged[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
      #expect(throws: TextError.self) { try LinearSentimentModel(bytes: damaged, name: "m") }
      let cut = Array(bytes.prefix(random.below(bytes.count)))
      #expect(throws: TextError.self) { try LinearSentimentModel(bytes: cut, name: "m") }
    }
  }

  @Test func anyBytesHaveAScore() throws {
    let model = try Self.model(200)
    var random = Fuzzing.generator(seed: 12)
    let scorer = LinearSentimentModel.Scorer(model, try TermReader())
    let lexicon = LexiconSentimentModel(try SentimentLexicon.builtIn())
    for _ in Fuzzing.rounds(200) {
      let bytes = (0..<random.below(300)).map { _ in UInt8(random.below(256)) }
      let score = bytes.withUnsafeBufferPointer { scorer.score($0) }
      #expect(score.polarity.isFinite && abs(score.polarity) <= 1)
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(try lexicon.scores(of: [text])[0].polarity.isFinite)
    }
  }
}
