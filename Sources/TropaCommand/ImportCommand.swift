import ArgumentParser
import Connectors
import Foundation
import Tropa

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Imports CSV files into a new database or adds them to an existing one.",
    discussion: """
      Files have neo4j-admin headers (id:ID(Client), name, price:double, :START_ID(Client),
      :END_ID(Product), :LABEL, :TYPE), or are plain tables that a YAML mapping describes. Gzip is
      recognised. Nothing is visible until the whole import is done.

      Examples:
        tropa import shop.tropa --nodes Client=clients.csv \\
          --nodes Product=products.csv --relationships PURCHASED=purchases.csv
        tropa import shop.tropa --nodes Client=clients.csv \\
          --unique Client.id --index Client.city
        tropa import shop.tropa --mapping crm.yaml
        tropa import shop.tropa --add --nodes Client=new.csv \\
          --encoding windows-1251 --delimiter ';' --decimal-comma \\
          --date-format 'dd.MM.yyyy'
        tropa import shop.tropa --mapping crm.yaml --on-error skip \\
          --rejects rejected
      """)

  @Argument(help: "The database file.")
  var database: String
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A node table: label and files (a.csv,b.csv or part-*.csv), the first with the header.",
      valueName: "Label=files"))
  var nodes: [String] = []
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("A relationship table: type and files.", valueName: "TYPE=files"))
  var relationships: [String] = []
  @Option(
    help: ArgumentHelp("A YAML file that maps plain tables to the graph.", valueName: "file"))
  var mapping: String?
  @Option(
    help: ArgumentHelp("Where relative paths of input files begin.", valueName: "folder"))
  var input: String?
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A property that no two nodes with a label share (or relationships of a type): makes a "
        + "unique constraint and its index.",
      valueName: "Label.property"))
  var unique: [String] = []
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A property to make an index of, or several (Client.lastName,city).",
      valueName: "Label.property"))
  var index: [String] = []
  @Flag(help: "Adds to the database; without it the database must be new.")
  var add = false
  @Option(help: "Character, tab, blanks or auto.")
  var delimiter: String?
  @Option(help: "The quote character, or none.")
  var quote: String?
  @Option(help: "auto, utf-8, utf-16 or windows-1251.")
  var encoding: String?
  @Flag(help: "Numbers are written 1234,50.")
  var decimalComma = false
  @Flag(help: "Numbers may be grouped by spaces: 1 234.")
  var thousandsSpaces = false
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A date format such as dd.MM.yyyy or dd.MM.yyyy HH:mm, beside the ISO forms.",
      valueName: "pattern"))
  var dateFormat: [String] = []
  @Option(help: ArgumentHelp("The separator inside of array columns.", valueName: "character"))
  var arrayDelimiter: String?
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("A text that means null, beside the empty field.", valueName: "text"))
  var nullText: [String] = []
  @Option(help: "stop at the first bad row, or skip bad rows.")
  var onError: OnErrorOption = .stop
  @Option(
    help: ArgumentHelp(
      "Where skipped rows go, with reasons; the database's folder if left out.",
      valueName: "folder"))
  var rejects: String?
  @OptionGroup var writing: WritingOptions

  enum OnErrorOption: String, ExpressibleByArgument, CaseIterable { case stop, skip }

  func validate() throws {
    if mapping != nil, !nodes.isEmpty || !relationships.isEmpty {
      throw ValidationError("give --mapping, or --nodes and --relationships, but not both")
    }
    if mapping == nil, nodes.isEmpty, relationships.isEmpty {
      throw ValidationError(
        "there is nothing to import: give --nodes and --relationships, or --mapping")
    }
    _ = try schema()
    if let delimiter, TextFormat.Delimiter(delimiter) == nil {
      throw ValidationError(
        "--delimiter '\(delimiter)' is not one ASCII character, tab, blanks or auto")
    }
    if let encoding, TextEncoding(encoding) == nil {
      throw ValidationError(
        "--encoding \(encoding) is not known; it is auto, utf-8, utf-16 or windows-1251")
    }
  }

  private func schema() throws -> [SchemaArgument] {
    func arguments(_ texts: [String], _ option: String, isUnique: Bool) throws -> [SchemaArgument] {
      try texts.map { text in
        if let argument = SchemaArgument(text, isUnique: isUnique) { return argument }
        throw ValidationError(
          "\(option) '\(text)' is not of the form Label.property or Label.property,property")
      }
    }
    return try arguments(unique, "--unique", isUnique: true)
      + arguments(index, "--index", isUnique: false)
  }

  private func byte(_ text: String?, _ option: String) throws -> UInt8? {
    guard let text else { return nil }
    let bytes = Array(text.utf8)
    guard bytes.count == 1, bytes[0] < 128 else {
      throw ValidationError("\(option) '\(text)' is not one ASCII character")
    }
    return bytes[0]
  }

  private func options() throws -> ImportJob.Options {
    var options = ImportJob.Options()
    options.nodes = nodes.map { .init(argument: $0) }
    options.relationships = relationships.map { .init(argument: $0) }
    options.mapping = mapping
    options.inputFolder = input
    options.schema = try schema()
    options.onError = onError == .skip ? .skip : .stop
    if let delimiter, let value = TextFormat.Delimiter(delimiter) {
      options.format.delimiter = value
    }
    if quote == "none" {
      options.format.quote = nil
    } else if let byte = try byte(quote, "--quote") {
      options.format.quote = byte
    }
    if let encoding, let value = TextEncoding(encoding) { options.format.encoding = value }
    if decimalComma { options.format.decimalPoint = UInt8(ascii: ",") }
    options.format.allowsThousandsSpaces = thousandsSpaces
    options.format.nullTexts = nullText
    if let byte = try byte(arrayDelimiter, "--array-delimiter") {
      options.format.arrayDelimiter = byte
    }
    do {
      options.format.datePatterns = try dateFormat.map { try DatePattern($0) }
    } catch {
      throw ValidationError("\(error)")
    }
    if onError == .skip {
      options.rejectFolder =
        rejects ?? URL(fileURLWithPath: database).deletingLastPathComponent().path
    }
    return options
  }

  func run() throws {
    var options = try options()
    let line = ImportProgressLine()
    options.progress = { line.update($0) }
    Interrupt.catchOnce()
    options.isCancelled = { Interrupt.hasCome }
    do {
      let job = ImportJob(options)
      let summary: ImportSummary
      if add {
        let database = try DatabaseArgument.open(database, writing.databaseOptions)
        summary = try job.run(addingTo: database.store)
      } else {
        summary = try job.run(creating: database)
      }
      line.finish()
      try report(summary)
    } catch {
      line.finish()
      throw CommandFailure.of(error)
    }
  }

  private func report(_ summary: ImportSummary) throws {
    for file in summary.files {
      var line = "\(file.path): \(file.rows) rows"
      if file.rejected > 0 {
        line += ", \(file.rejected) rejected"
        if let rejects = file.rejectFile { line += " → \(rejects)" }
      }
      try Terminal.write(line + "\n")
    }
    for reject in summary.firstRejects.prefix(5) { Terminal.writeError("skipped: \(reject)\n") }
    let rows = summary.files.reduce(0) { $0 + $1.rows }
    let rate = Double(rows) / max(summary.seconds, 1e-9)
    let pace =
      rate >= 1e5 ? "\((rate / 1e4).rounded() / 100) million" : "\(Int(rate.rounded()))"
    let seconds = (summary.seconds * 100).rounded() / 100
    try Terminal.write(
      "\(summary.nodes) nodes, \(summary.relationships) relationships, "
        + "\(summary.properties) properties in \(seconds) s "
        + "(\(pace) rows a second)\n")
  }
}

/// Progress of an import.
private final class ImportProgressLine {
  private let line = ProgressLine()

  func update(_ progress: ImportProgress) {
    if progress.phase == .writing { return line.update("writing", share: progress.fraction) }
    line.update { elapsed in
      let share = Double(progress.bytesDone) / Double(max(progress.bytesTotal, 1))
      let rate = Double(progress.rows) / elapsed
      return "reading \(progress.file): \(Int(share * 100)) %, "
        + "\((rate / 1e4).rounded() / 100) M rows/s" + ProgressLine.left(share, elapsed)
    }
  }

  func finish() { line.finish() }
}
