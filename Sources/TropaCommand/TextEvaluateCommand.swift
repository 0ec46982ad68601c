import ArgumentParser
import Foundation
import TextAnalysis

struct TextEvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measures a sentiment model on reviews with stars.",
    discussion: """
      With --model (or --lexicon-only) all texts are measured, which should be texts that the model
      has not seen. Otherwise a model is trained on a part of them and measured on the rest, with
      copies of a text on one side.

      Examples:
        tropa text evaluate reviews.csv --text text --stars rating
        tropa text evaluate later.csv --text text --stars rating \\
          --model reviews.model --errors 20
        tropa text evaluate reviews.csv --text text --stars rating \\
          --lexicon-only
      """)

  @OptionGroup var input: TextInput
  @OptionGroup var training: TrainingOptions
  @OptionGroup var models: ModelOptions
  @Flag(help: "Measures the lexicon instead of a model.")
  var lexiconOnly = false
  @Option(help: ArgumentHelp("The part that is measured when training.", valueName: "0…1"))
  var share = 0.2
  @Option(help: ArgumentHelp("How many wrong texts are printed, the surest first."))
  var errors = 10

  func validate() throws {
    guard share > 0, share < 1 else { throw ValidationError("--share must be between 0 and 1") }
    guard errors >= 0 else { throw ValidationError("--errors must not be negative") }
    if lexiconOnly, models.model != nil {
      throw ValidationError("give --model or --lexicon-only, but not both")
    }
  }

  func run() throws {
    Interrupt.catchOnce()
    let line = ProgressLine()
    do {
      let (texts, marks) = try input.marked(stars: training.stars)
      let scale = try training.starScale(marks)
      var rows = Array(texts.indices)
      let evaluation: SentimentEvaluation
      if lexiconOnly {
        let model = LexiconSentimentModel(try models.sentimentLexicon())
        evaluation = try evaluate(model, texts, marks, rows, scale)
      } else if let model = try models.linear() {
        try Terminal.write("\(model.version), trained on \(model.information.texts) texts\n")
        evaluation = try evaluate(model, texts, marks, rows, scale)
      } else {
        let (training, test) = SentimentEvaluation.split(
          texts, share: share, seed: self.training.seed)
        rows = test
        let model = try self.training.train(
          training.map { texts[$0] }, training.map { marks[$0] }, scale, line)
        line.finish()
        try Terminal.write("trained on \(model.summary)")
        evaluation = try evaluate(model, texts, marks, rows, scale)
      }
      try Terminal.write(Self.report(evaluation))
      for mistake in evaluation.mistakes.prefix(errors) {
        let row = rows[mistake.row]
        let certainty = mistake.score.probability(mistake.score.label)
        try Terminal.write(
          "\(LinearSentimentModel.rounded(marks[row])) stars, read as "
            + "\(mistake.score.label.name) (\(LinearSentimentModel.rounded(Double(certainty)))): "
            + Self.oneLine(texts[row]) + "\n")
      }
    } catch {
      line.finish()
      throw CommandFailure.of(error)
    }
  }

  private func evaluate(
    _ model: some SentimentModel, _ texts: [String], _ marks: [Double], _ rows: [Int],
    _ scale: StarScale
  ) throws -> SentimentEvaluation {
    try SentimentEvaluation(
      model, texts: rows.map { texts[$0] }, marks: rows.map { marks[$0] }, scale: scale,
      concurrency: training.threads
    ) { try TextInput.checkInterrupt() }
  }

  private static func oneLine(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 160 ? line.prefix(159) + "…" : line
  }

  /// The confusion matrix and what follows from it.
  private static func report(_ evaluation: SentimentEvaluation) -> String {
    let matrix = evaluation.matrix
    func rounded(_ value: Double) -> String { LinearSentimentModel.rounded(value) }
    var rows = [["stars say", "texts"] + matrix.classes.map { "read as \($0.name)" }]
    rows[0] += ["precision", "recall", "F1"]
    for (index, sentiment) in matrix.classes.enumerated() {
      rows.append(
        [sentiment.name, "\(matrix.counts[index].reduce(0, +))"]
          + matrix.counts[index].map { "\($0)" }
          + [matrix.precision(index), matrix.recall(index), matrix.f1(index)].map(rounded))
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for row in rows {
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }
      text += cells.joined(separator: "  ") + "\n"
    }
    return text
      + "measured on \(matrix.total) texts: accuracy \(rounded(matrix.accuracy)), macro F1 "
      + "\(rounded(matrix.macroF1)), log loss \(rounded(evaluation.logarithmicLoss))\n"
  }
}
