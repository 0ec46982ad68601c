import ArgumentParser
import Connectors
import CustomerAnalytics
import Foundation
import TextAnalysis
import Tropa

/// Where the texts of `tropa text` come from.
struct TextInput: ParsableArguments {
  @Argument(help: "A database, or a CSV file with a header.")
  var input: String
  @Option(
    name: .long,
    help: ArgumentHelp("The property or column with the text.", valueName: "property"))
  var text: String
  @Option(help: ArgumentHelp("Of a database: the label of the reviews.", valueName: "label"))
  var label = "Review"
  @Option(help: "Of a CSV file: character, tab or auto.")
  var delimiter: String?
  @Option(help: "Of a CSV file: auto, utf-8, utf-16 or windows-1251.")
  var encoding: String?

  func validate() throws {
    if let delimiter, TextFormat.Delimiter(delimiter) == nil {
      throw ValidationError("--delimiter '\(delimiter)' is not one ASCII character, tab or auto")
    }
    if let encoding, TextEncoding(encoding) == nil {
      throw ValidationError(
        "--encoding \(encoding) is not known; it is auto, utf-8, utf-16 or windows-1251")
    }
  }

  private var format: TextFormat {
    var format = TextFormat()
    if let delimiter, let value = TextFormat.Delimiter(delimiter) { format.delimiter = value }
    if let encoding, let value = TextEncoding(encoding) { format.encoding = value }
    return format
  }

  var isDatabase: Bool { TextColumns.isDatabase(input) }

  /// Texts that have stars, and these.
  func marked(stars: String) throws -> (texts: [String], marks: [Double]) {
    if isDatabase {
      let database = try DatabaseArgument.openToRead(input)
      return try ReviewTexts.marked(database, label: label, text: text, stars: stars)
    }
    let table = try TextColumns(input, names: [text, stars], format: format) {
      try Self.checkInterrupt()
    }
    var texts: [String] = []
    var marks: [Double] = []
    for row in 0..<table.count {
      guard let text = table.columns[0][row], let stars = table.columns[1][row] else { continue }
      guard let mark = Double(stars.replacingOccurrences(of: ",", with: ".")) else {
        throw CommandFailure(
          "\(input), row \(row + 1): the stars are '\(stars.prefix(40))', which is no number")
      }
      texts.append(text)
      marks.append(mark)
    }
    return (texts, marks)
  }

  /// All texts, with the row (from 1) or node id of each.
  func all() throws -> (ids: [Int], texts: [String]) {
    if isDatabase {
      let database = try DatabaseArgument.openToRead(input)
      let reviews = try ReviewTexts.all(database, label: label, text: text)
      return (reviews.nodes.map { Int($0.rawValue) }, reviews.texts)
    }
    let table = try TextColumns(input, names: [text], format: format) {
      try Self.checkInterrupt()
    }
    return ((0..<table.count).map { $0 + 1 }, table.columns[0].map { $0 ?? "" })
  }

  static func checkInterrupt() throws {
    if Interrupt.hasCome { throw CommandFailure("interrupted; nothing was written") }
  }
}

/// How stars become classes, and how a model is fitted.
struct TrainingOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("The property or column with the stars.", valueName: "property"))
  var stars: String
  @Option(help: ArgumentHelp("2: negative, positive. 3: neutral too.", valueName: "2|3"))
  var classes = 3
  @Option(help: ArgumentHelp("The scale of the stars, such as 1-5 or 0-10.", valueName: "a-b"))
  var scale: String?
  @Option(help: ArgumentHelp("Beyond so many texts an even choice is used.", valueName: "texts"))
  var rows = 200_000
  @Option(help: ArgumentHelp("How many threads.", valueName: "threads"))
  var threads = 2
  @Option(help: ArgumentHelp("Of folds and splits.", valueName: "number"))
  var seed: UInt64 = 42

  func validate() throws {
    guard classes == 2 || classes == 3 else { throw ValidationError("--classes is 2 or 3") }
    guard rows >= 100 else { throw ValidationError("--rows must be at least 100") }
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    if scale != nil, range == nil {
      throw ValidationError("--scale is two numbers with a dash between them, such as 1-5")
    }
  }

  private var range: (Double, Double)? {
    guard let parts = scale?.split(separator: "-"), parts.count == 2, let low = Double(parts[0]),
      let high = Double(parts[1]), low < high
    else { return nil }
    return (low, high)
  }

  func starScale(_ marks: [Double]) throws -> StarScale {
    if let (low, high) = range { return StarScale(from: low, to: high) }
    return try StarScale(marks)
  }

  func train(
    _ texts: [String], _ marks: [Double], _ scale: StarScale, _ line: ProgressLine
  ) throws -> LinearSentimentModel {
    var configuration = SentimentTrainer.Configuration()
    configuration.classCount = classes
    configuration.rowsMaximum = rows
    configuration.concurrency = threads
    configuration.seed = seed
    let trainer = try SentimentTrainer(texts: texts, marks: marks, scale: scale, configuration)
    return try trainer.train { share in
      try TextInput.checkInterrupt()
      line.update("training", share: share)
    }
  }
}

extension LinearSentimentModel {
  /// What it was made of and how good it seems, for people.
  var summary: String {
    let marks = zip(information.marks, information.markCounts)
      .map { "\(Self.short($0)) (\($1))" }.joined(separator: ", ")
    return """
      \(information.texts) texts with stars \(marks)
      classes: \(classes.map(\.name).joined(separator: ", ")); \(featureCount) features
      on texts it had not seen (cross-validation): accuracy \(Self.rounded(information.accuracy)), \
      macro F1 \(Self.rounded(information.macroF1))

      """
  }

  private static func short(_ mark: Double) -> String {
    mark == mark.rounded() ? "\(Int(mark))" : "\(mark)"
  }
  static func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
