import ArgumentParser
import Foundation
import Shell
import Tropa

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Runs Cypher statements and prints their rows.",
    discussion: """
      Examples:
        tropa query shop.tropa "MATCH (n) RETURN labels(n) AS labels, count(*) AS n"
        tropa query shop.tropa --format csv -p city="'Казань'" \\
          "MATCH (c:Client {city: $city}) RETURN c.id, c.name" > clients.csv
        tropa query shop.tropa < statements.cypher
        tropa query new.tropa --create "CREATE (:Client {id: 1, name: 'Анна'})"
      """)

  @OptionGroup var file: DatabaseArgument
  @Argument(help: "Statements, separated by semicolons; read from standard input if left out.")
  var statements: String?
  @Option(name: .shortAndLong, help: "table, csv, json or jsonl.")
  var format: ResultFormat = .table
  @OptionGroup var parameters: ParameterOptions
  @Option(help: ArgumentHelp("Seconds that a statement may run.", valueName: "seconds"))
  var timeout: Double?
  @Option(
    help: "The order of strings in ORDER BY: codePoints, or unicode for that of dictionaries.")
  var collation: TextCollation = .codePoints
  @Flag(help: "Makes the database if it is missing; otherwise that is an error.")
  var create = false
  @OptionGroup var session: SessionOptions

  func run() throws {
    let text =
      statements
      ?? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
    let bytes = Array(text.utf8)
    let ranges = QueryText.statementRanges(text)
    if ranges.isEmpty { throw ValidationError("there is no statement to run") }
    let database = try session.open(file.database, creating: create)
    let connection = database.connect()
    let values = try parameters.values(database)
    let progress = StatementProgress()
    var options = QueryOptions(timeout: try duration(timeout))
    options.collation = collation
    options.progress = { progress.update($0, share: $1) }
    for range in ranges {
      let statement = String(decoding: bytes[range], as: UTF8.self)
      do {
        defer { progress.finish() }
        let cursor = try connection.stream(statement, parameters: values, options: options)
        func tell(_ notices: some Sequence<QueryNotice>) {
          for var notice in notices {
            notice.range = notice.range.moved(by: range.lowerBound)
            Terminal.writeError(QueryText.explain(notice, in: text) + "\n")
          }
        }
        let early = cursor.notices
        tell(early)
        try Self.print(cursor, format)
        tell(cursor.notices.dropFirst(early.count))
      } catch var error as QueryError {
        error.range = error.range?.moved(by: range.lowerBound)
        Terminal.writeError(QueryText.explain(error, in: text) + "\n")
        throw ExitCode(1)
      }
    }
  }

  /// Prints rows, or for EXPLAIN and PROFILE the plan, or what was changed.
  static func print(_ cursor: ResultCursor, _ format: ResultFormat) throws {
    if let plan = cursor.plan, cursor.isExplained { return try Terminal.write(plan + "\n") }
    if cursor.columns.isEmpty {
      while try cursor.nextRow() != nil {}
    } else {
      try format.writer(width: Terminal.width, output: Terminal.write).write(cursor)
    }
    if let plan = cursor.plan { try Terminal.write(plan + "\n") }
    if format == .table {
      let changes = cursor.counters.sentences
      if !changes.isEmpty { try Terminal.write(changes.joined(separator: ", ") + "\n") }
    }
  }
}

extension TextCollation: ExpressibleByArgument {}

extension Range<Int> {
  /// From a place in a statement to one in the text around it.
  fileprivate func moved(by offset: Int) -> Self { lowerBound + offset..<upperBound + offset }
}
