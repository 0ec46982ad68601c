import ArgumentParser
import Foundation
import TextAnalysis

/// Which model reads texts: a file, or the lexicon.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A model of `tropa text train`; without it the built-in lexicon is used.",
      valueName: "file"))
  var model: String?
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A lexicon to add to the built-in one: RuSentiLex, KartaSlovSent, or word;strength.",
      valueName: "file"))
  var lexicon: [String] = []

  func sentimentLexicon() throws -> SentimentLexicon {
    var lexicon = try SentimentLexicon.builtIn()
    for path in self.lexicon { try lexicon.add(file: path) }
    return lexicon
  }

  func linear() throws -> LinearSentimentModel? {
    try model.map { try LinearSentimentModel(file: $0) }
  }
}

struct TextScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Prints the sentiment of texts as CSV.",
    discussion: """
      One line a text: its node id or row, class, score from -1 to 1, probabilities, and the score
      of each aspect that it names.

      Examples:
        tropa text score shop.tropa --text text --model reviews.model
        tropa text score complaints.csv --text message > scores.csv
      """)

  @OptionGroup var input: TextInput
  @OptionGroup var models: ModelOptions
  @Option(help: ArgumentHelp("How many threads.", valueName: "threads"))
  var threads = 2

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
  }

  func run() throws {
    Interrupt.catchOnce()
    do {
      let lexicon = try models.sentimentLexicon()
      let linear = try models.linear()
      let (ids, texts) = try input.all()
      let model: any SentimentModel = linear ?? LexiconSentimentModel(lexicon)
      let scores = try model.scores(of: texts, concurrency: threads) {
        try TextInput.checkInterrupt()
      }
      let aspects = try AspectReader(lexicon, model: linear)
        .polarities(of: texts, concurrency: threads) { try TextInput.checkInterrupt() }
      var output =
        "id,sentiment,score,negative,neutral,positive,"
        + Aspect.allCases.map(\.name).joined(separator: ",") + "\n"
      for (row, score) in scores.enumerated() {
        let numbers =
          [score.polarity, score.negative, score.neutral, score.positive]
          + Aspect.allCases.map { aspects[row][$0.rawValue] }
        output +=
          "\(ids[row]),\(score.label.name),"
          + numbers.map(Self.number).joined(separator: ",") + "\n"
        if output.utf8.count > 1 << 16 {
          try Terminal.write(output)
          output = ""
        }
      }
      try Terminal.write(output)
    } catch {
      throw CommandFailure.of(error)
    }
  }

  /// Three digits; nothing for what is not there.
  private static func number(_ value: Float) -> String {
    value.isNaN ? "" : "\((Double(value) * 1000).rounded() / 1000)"
  }
}
