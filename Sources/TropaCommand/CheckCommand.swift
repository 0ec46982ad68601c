import ArgumentParser
import Tropa

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compares all structures of a database with each other.",
    discussion: """
      Looks at every page, checksum, list, value and count, in the state that the database has now;
      others may go on reading and writing. All that is wrong is printed; then the exit status is 1.

      Example:
        tropa check shop.tropa
      """)

  @OptionGroup var file: DatabaseArgument

  func run() throws {
    let progress = ProgressLine()
    let check: DatabaseCheck
    do throws(QueryError) {
      check = try Database.check(file.database) { progress.update("checking", share: $0) }
    } catch {
      progress.finish()
      throw CommandFailure(error)
    }
    progress.finish()
    for finding in check.findings { try Terminal.write("\(finding)\n") }
    if !check.isWhole {
      let count = check.findingCount
      throw CommandFailure(
        "\(file.database) is damaged: \(count) finding\(count == 1 ? "" : "s")"
          + "\nhint: restore it from a backup")
    }
    try Terminal.write("\(file.database): no damage found\n\(check.summary)\n")
  }
}

extension DatabaseCheck {
  /// What was looked at, on one line.
  var summary: String {
    "looked at " + examined.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
  }
}
