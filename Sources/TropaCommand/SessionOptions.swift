import ArgumentParser
import Tropa

/// How a command that runs statements opens the database.
struct SessionOptions: ParsableArguments {
  @Flag(help: "Opens the file for reading only: statements that would change it are errors.")
  var readOnly = false
  @Option(
    help: ArgumentHelp(
      "How many threads may work on one statement; as many as there are processors if left out.",
      valueName: "count"))
  var threads: Int?
  @OptionGroup var writing: WritingOptions

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be from 1 to 1024")
    }
  }

  /// - Parameter creating: make the file if it is missing.
  func open(_ path: String, creating: Bool = false) throws -> Database {
    var options = writing.databaseOptions
    options.createIfMissing = creating && !readOnly
    if readOnly { options.access = .readOnly }
    options.threads = threads
    return try DatabaseArgument.open(path, options)
  }
}
