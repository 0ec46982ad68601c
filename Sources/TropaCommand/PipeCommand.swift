import ArgumentParser
import Foundation
import Shell
import Tropa

struct PipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipe",
    abstract: "Answers JSON requests line by line, for scripts and other languages.",
    discussion: """
      Each line of standard input is one request, each line of standard output its answer.

      Examples:
        echo '{"query": "MATCH (n) RETURN count(n) AS n"}' | tropa pipe shop.tropa
        tropa pipe --memory
      """)

  @Argument(help: "The database file.")
  var database: String?
  @Flag(help: "Works on a temporary database.")
  var memory = false
  @OptionGroup var session: SessionOptions

  func validate() throws {
    if memory == (database != nil) {
      throw ValidationError("give a database file or --memory, and not both")
    }
  }

  func run() throws {
    let session = PipeSession(try open())
    while let line = readLine() {
      if line.allSatisfy(\.isWhitespace) { continue }
      try Terminal.write(session.answer(line) + "\n")
    }
  }

  private func open() throws -> Database {
    guard let database else { return try DatabaseArgument.temporary() }
    return try session.open(database, creating: true)
  }
}
