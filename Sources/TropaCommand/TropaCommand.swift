import ArgumentParser
import Foundation
import Tropa

@main
struct TropaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tropa",
    abstract: "Property-graph analytics in one file: Cypher, graph algorithms, segments.",
    discussion: """
      Examples:
        tropa generate shop-csv --clients 20000
        tropa import shop.tropa --nodes Client=shop-csv/clients.csv \\
          --nodes Product=shop-csv/products.csv \\
          --relationships PURCHASED=shop-csv/purchased.csv
        tropa query shop.tropa "MATCH (c:Client) RETURN c.city, count(*) AS n"
        tropa run shop.tropa Queries/05-segment-report.cypher
        tropa shell shop.tropa

      Exit status: 0 good, 1 the work failed, 2 the call was wrong.
      """,
    version: TropaVersion.current,
    subcommands: [
      ImportCommand.self, QueryCommand.self, RunCommand.self, ShellCommand.self, PipeCommand.self,
      GenerateCommand.self, InfoCommand.self, CheckCommand.self, BackupCommand.self,
      RestoreCommand.self, CompactCommand.self, DumpCommand.self, LoadCommand.self,
      TextCommand.self, TriggersCommand.self, ReportCommand.self, ReferenceCommand.self,
    ])

  /// As `ParsableCommand.main`, with the exit codes that the manual promises.
  static func main() {
    // A reader that goes away (`tropa query … | head`) is no error.
    signal(SIGPIPE, SIG_IGN)
    // A limit of file sizes gives an error, as a full disk does.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as CommandFailure {
      Terminal.writeError("error: \(error.message)\n")
      Foundation.exit(1)
    } catch is BrokenPipe {
      Foundation.exit(0)
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if code == .success {
        try? Terminal.write(message + (message.isEmpty ? "" : "\n"))
        Foundation.exit(0)
      }
      Terminal.writeError(message + "\n")
      Foundation.exit(code == .validationFailure ? 2 : 1)
    }
  }
}

/// Work that failed: printed as it is, exit status 1.
struct CommandFailure: Error {
  var message: String
  init(_ message: String) { self.message = message }
  init(_ error: QueryError) {
    message = error.message + (error.hint.map { "\nhint: \($0)" } ?? "")
  }

  /// Of any error; one that is no failure of the work stays as it is.
  static func of(_ error: any Error) -> any Error {
    switch error {
    case is ValidationError, is CommandFailure, is BrokenPipe: error
    case let error as QueryError: CommandFailure(error)
    default: CommandFailure("\(error)")
    }
  }
}
