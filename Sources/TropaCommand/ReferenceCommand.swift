import ArgumentParser
import Foundation
import Tropa

/// `make reference`: the generated articles of the manual.
struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Writes the manual's articles about functions and procedures.", shouldDisplay: false)

  @Argument(help: "The folder of the articles.")
  var folder: String

  func run() throws {
    let folder = URL(fileURLWithPath: folder, isDirectory: true)
    let database = try DatabaseArgument.temporary()
    do {
      try LanguageReference.functions(of: database).write(
        to: folder.appendingPathComponent("Functions.md"), atomically: true, encoding: .utf8)
      try LanguageReference.procedures(of: database).write(
        to: folder.appendingPathComponent("Procedures.md"), atomically: true, encoding: .utf8)
    } catch {
      throw CommandFailure("the articles cannot be written to \(folder.path): \(error)")
    }
  }
}
