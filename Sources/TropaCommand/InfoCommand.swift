import ArgumentParser
import Foundation
import Shell
import Tropa

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "What is in a database file: labels, types, sizes.",
    discussion: """
      Example:
        tropa info shop.tropa
      """)

  @OptionGroup var file: DatabaseArgument

  func run() throws {
    let database = try file.open(readOnly: true)
    do {
      try Terminal.write("\(database.path)\n")
    } catch let error as QueryError {
      throw CommandFailure(error)
    }
  }
}
