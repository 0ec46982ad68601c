import ArgumentParser
import Foundation
import QuerySchedule
import Shell
import Tropa

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs stored query files.",
    discussion: """
      A stored query is a .cypher file with a heading that names its parameters and defaults.
      Several files run in the order given; the first that fails ends the run.

      Examples:
        tropa run shop.tropa Queries/02-rfm.cypher
        tropa run shop.tropa Queries/06-at-risk-clients.cypher -p limit=50 --format csv
        tropa run shop.tropa Queries/*.cypher --output reports
      """)

  @OptionGroup var file: DatabaseArgument
  @Argument(help: "Query files.")
  var queries: [String]
  @Option(name: .shortAndLong, help: "table, csv, json or jsonl.")
  var format: ResultFormat = .table
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Also writes each result as a CSV file into this folder.", valueName: "folder"))
  var output: String?
  @OptionGroup var parameters: ParameterOptions
  @Option(
    help: ArgumentHelp("Rows that are printed of each table; files have all.", valueName: "rows"))
  var limit: Int?
  @OptionGroup var session: SessionOptions

  func run() throws {
    if queries.isEmpty { throw ValidationError("no query file is given") }
    let files = try queries.map { path -> QueryFile in
      guard let data = FileManager.default.contents(atPath: path) else {
        throw ValidationError("there is no file \(path)")
      }
      guard let text = String(data: data, encoding: .utf8) else {
        throw CommandFailure("\(path) is not UTF-8")
      }
      do { return try QueryFile(path: path, text: text) } catch {
        throw CommandFailure("\(error)")
      }
    }
    if let output {
      do {
        try FileManager.default.createDirectory(
          atPath: output, withIntermediateDirectories: true)
      } catch {
        throw CommandFailure("cannot make the folder \(output): \(error.localizedDescription)")
      }
    }
    let database = try session.open(file.database)
    let values = try parameters.values(database)
    let known = files.flatMap { $0.parameters.map(\.name) }
    if let unknown = values.keys.sorted().first(where: { !known.contains($0) }) {
      let hint = NameSuggestion.nearest(to: unknown, among: known).map { "; did you mean `\($0)`?" }
      throw CommandFailure("none of the queries has a parameter `\(unknown)`\(hint ?? "")")
    }
    for query in files { try run(query, database, values) }
  }

  private func run(_ query: QueryFile, _ database: Database, _ values: [String: Value]) throws {
    // With several files a parameter goes to those that have it.
    let names = Set(query.parameters.map(\.name))
    let given = queries.count > 1 ? values.filter { names.contains($0.key) } : values
    var run = QueryRun(query, database: database, parameters: given)
    let progress = StatementProgress()
    run.progress = { progress.update($0, share: $1) }
    do {
      var report: Report?
      try run.run { cursor in report = try deliver(cursor, query) }
      // Only now is the file's transaction committed, and its result true.
      try report?.file?.publish()
      if let report, format == .table { try Terminal.write(report.summary) }
    } catch let error as QueryFileError {
      throw CommandFailure("\(error)")
    } catch let error as QueryError {
      throw CommandFailure(error)
    }
  }

  /// A result that has been printed: the file that is to appear, and what to say of it.
  private struct Report {
    var file: AtomicFile?
    var summary: String
  }

  private func deliver(_ cursor: ResultCursor, _ query: QueryFile) throws -> Report? {
    if format == .table {
      try Terminal.write(
        query.name + (query.description.isEmpty ? "" : ": \(query.description)") + "\n")
    }
    let printed = format.writer(width: Terminal.width, output: Terminal.write)
    if cursor.columns.isEmpty {
      try QueryCommand.print(cursor, format)
      return nil
    }
    let file = try output.map { try AtomicFile("\($0)/\(query.name).csv") }
    let saved = file.map { file in
      ResultFormat.csv.writer(width: nil) { try file.write($0) }
    }
    try printed.begin(columns: cursor.columns)
    try saved?.begin(columns: cursor.columns)
    var count = 0
    while let row = try cursor.nextRow() {
      count += 1
      if count <= limit ?? .max { try printed.row(row.values) }
      try saved?.row(row.values)
    }
    try printed.end()
    try saved?.end()
    let shown = min(count, limit ?? .max)
    return Report(
      file: file,
      summary: (shown < count
        ? "\(shown) of \(count) rows" : "\(count) row\(count == 1 ? "" : "s")")
        + (file.map { " → \($0.path)" } ?? "") + "\n\n")
  }
}

/// A file that appears under its name when it is whole.
final class AtomicFile {
  let path: String
  private let temporary: String
  private let handle: FileHandle

  init(_ path: String) throws {
    self.path = path
    temporary = path + ".part"
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let handle = FileHandle(forWritingAtPath: temporary)
    else { throw CommandFailure("cannot write \(path)") }
    self.handle = handle
  }

  deinit { try? FileManager.default.removeItem(atPath: temporary) }

  func write(_ text: String) throws { try handle.write(contentsOf: Data(text.utf8)) }

  func publish() throws {
    try handle.close()
    guard rename(temporary, path) == 0 else {
      throw CommandFailure("cannot write \(path): \(String(cString: strerror(errno)))")
    }
  }
}
