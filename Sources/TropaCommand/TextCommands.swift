import ArgumentParser

struct TextCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "text",
    abstract: "Sentiment of reviews: train a model on starred reviews, score texts, evaluate.",
    discussion: """
      Input is a database or a CSV file (gzip is recognised). Models are files of a few MB; the
      procedures crm.text.sentiment.* read them.

      Examples:
        tropa text train shop.tropa --text text --stars rating \\
          --out reviews.model
        tropa text evaluate reviews.csv --text text --stars rating
        tropa text score new.csv --text text --model reviews.model \\
          > scores.csv
      """,
    subcommands: [TextTrainCommand.self, TextScoreCommand.self, TextEvaluateCommand.self])
}
