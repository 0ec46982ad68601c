import ArgumentParser
import Foundation
import Shell
import Tropa

struct ShellCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shell",
    abstract: "Reads statements and prints their results.",
    discussion: """
      A statement may take several lines and ends with a semicolon; :help lists the commands.

      Examples:
        tropa shell shop.tropa
        tropa shell shop.tropa -c "MATCH (n) RETURN count(n)"
        tropa shell shop.tropa < statements.cypher
      """)

  @OptionGroup var file: DatabaseArgument
  @Option(
    name: [.customShort("c"), .customLong("command")], parsing: .singleValue,
    help: ArgumentHelp("Runs the statements and leaves.", valueName: "statements"))
  var commands: [String] = []
  @Option(name: .shortAndLong, help: "table, csv, json or jsonl.")
  var format: ResultFormat = .table
  @OptionGroup var session: SessionOptions

  func run() throws {
    let database = try session.open(file.database, creating: true)
    let isInteractive = commands.isEmpty && Terminal.inputIsTerminal
    let progress = StatementProgress()
    let loop = ReadPrintLoop(
      database,
      terminal: .init(
        readLine: { prompt in
          if isInteractive { try? Terminal.write(prompt) }
          return Swift.readLine()
        },
        write: Terminal.write, writeError: Terminal.writeError, width: { Terminal.width },
        progress: { progress.update($0, share: $1) }),
      format: format, showsTime: isInteractive)
    if isInteractive {
      try Terminal.write(
        "Tropa \(TropaVersion.current), \(database.path). :help for help, :quit to leave.\n")
    }
    for text in commands {
      let (statements, rest) = QueryText.split(text)
      for statement in statements + (rest.map { [$0] } ?? []) { try loop.execute(statement) }
    }
    // Ctrl-C ends the statement that is running, not the shell and its transaction.
    let connection = loop.connection
    let interrupts = isInteractive ? Interrupt.handle { connection.cancel() } : nil
    defer { interrupts?.cancel() }
    if commands.isEmpty { try loop.run() }
    if isInteractive { try Terminal.write("\n") }
    if loop.hasFailed && !isInteractive { throw ExitCode(1) }
  }
}
