import ArgumentParser
import Foundation
import Reports
import Tropa

extension ReportLanguage: ExpressibleByArgument {}

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes a page on the clients: segments, risk, triggers and their effect.",
    discussion: """
      One HTML file without scripts, which needs no network and prints. Parts for which the database
      has no data say what to run.

      Examples:
        tropa report shop.tropa --out report.html
        tropa report shop.tropa --out отчёт.html --language ru --title "Магазин на Лесной"
        tropa report shop.tropa --out report.html --config "{clientLabel: 'Household'}"
        tropa report shop.tropa --out report.html --config shop.yaml --until 2026-04-01 \\
          --since 2026-01-01
      """)

  @OptionGroup var file: DatabaseArgument
  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var out: String
  @Option(help: "en or ru: of words, numbers and dates.")
  var language: ReportLanguage = .en
  @Option(help: "The name of the shop; that of the database file if left out.")
  var title: String?
  @Option(
    help: ArgumentHelp(
      "What things are called in the graph, as crm.schema.set takes it: a YAML file or a map.",
      valueName: "file|map"))
  var config: String?
  @Option(
    help: ArgumentHelp(
      "The first day that does not count; the day after the last purchase if left out.",
      valueName: "date"))
  var until: String?
  @Option(
    help: ArgumentHelp(
      "The day with which segments are compared and from which effect is measured; 90 days before "
        + "--until if left out.", valueName: "date"))
  var since: String?
  @Option(
    help: ArgumentHelp(
      "How many threads may work on one statement; as many as there are processors if left out.",
      valueName: "count"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be from 1 to 1024")
    }
  }

  func run() throws {
    var options = DatabaseOptions()
    options.access = .readOnly
    options.threads = threads
    let database = try DatabaseArgument.open(file.database, options)
    var settings = ReportSettings()
    settings.language = language
    settings.title =
      title ?? URL(fileURLWithPath: file.database).deletingPathExtension().lastPathComponent
    if let config { settings.schema = try mapping(config, database) }
    settings.until = try until.map { try date($0, "--until", database) }
    settings.since = try since.map { try date($0, "--since", database) }
    if let since = settings.since, let until = settings.until, since >= until {
      throw ValidationError("--since must be before --until")
    }
    do {
      let page = try Report.html(of: database, settings)
      let output = try AtomicFile(out)
      try output.write(page)
      try output.publish()
    } catch {
      throw CommandFailure.of(error)
    }
  }

  /// A map that is written in Cypher; other text is the path of a file.
  private func mapping(_ text: String, _ database: Database) throws -> Value {
    guard text.drop(while: \.isWhitespace).hasPrefix("{") else { return .string(text) }
    guard QueryText.isExpression(text),
      let value = try? database.query("RETURN \(text) AS value").first?["value"]
    else {
      throw ValidationError("--config is not a map: write \"{clientLabel: 'Household'}\"")
    }
    return value
  }

  private func date(_ text: String, _ option: String, _ database: Database) throws -> LocalDate {
    let result = try? database.query(
      "RETURN date($text) AS day", parameters: ["text": .string(text)])
    guard case .date(let date)? = result?.first?["day"] else {
      throw ValidationError("\(option) is not a date: write it as 2026-01-31")
    }
    return date
  }
}
