import ArgumentParser
import Shell
import Tropa

struct TriggersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "triggers", abstract: "Assigns triggers to clients.",
    subcommands: [TriggersRunCommand.self])
}

struct TriggersRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Assigns the triggers of a file to clients, and remembers it in the database.",
    discussion: """
      Prints what is to be sent; the control group is remembered and not printed.

      Examples:
        tropa triggers run shop.tropa --rules triggers.yaml --format csv > today.csv
        tropa triggers run shop.tropa --rules triggers.yaml --dry-run --counts
      """)

  @OptionGroup var file: DatabaseArgument
  @Option(help: "A YAML file with the triggers.")
  var rules: String
  @Option(help: "The time of the run, as 2026-11-25T10:00; now if left out.")
  var now: String?
  @Flag(help: "Remembers nothing.")
  var dryRun = false
  @Flag(help: "With --dry-run: how many clients each trigger is for, instead of the rows.")
  var counts = false
  @Option(name: .shortAndLong, help: "table, csv, json or jsonl.")
  var format: ResultFormat = .table
  @OptionGroup var session: SessionOptions

  func validate() throws {
    if counts && !dryRun { throw ValidationError("--counts needs --dry-run") }
  }

  func run() throws {
    let procedure = counts ? "stats" : dryRun ? "stream" : "run"
    var configuration: [String: Value] = ["file": .string(rules)]
    if let now { configuration["now"] = .string(now) }
    let database = try session.open(file.database)
    do {
      let cursor = try database.connect().stream(
        "CALL crm.triggers.\(procedure)($configuration)",
        parameters: ["configuration": .map(configuration)])
      try QueryCommand.print(cursor, format)
    } catch {
      throw CommandFailure.of(error)
    }
  }
}
