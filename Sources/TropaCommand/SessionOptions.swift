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
  @Option(
    help: ArgumentHelp(
      "Memory that one statement may take, such as 512MB or 16GB; beyond, sorts, groups and joins "
        + "go on in temporary files.", valueName: "size"))
  var memoryLimit = ByteSize(count: DatabaseOptions().memoryLimit)
  @Flag(help: "Statements that come to the memory limit end with an error at once.")
  var noSpill = false
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
    options.memoryLimit = memoryLimit.count
    if noSpill { options.spilling = .off }
    return try DatabaseArgument.open(path, options)
  }
}

/// A number of bytes with a unit of 1,024: `1048576`, `512MB`, `16 GB`.
struct ByteSize: ExpressibleByArgument, CustomStringConvertible {
  var count: Int

  init(count: Int) { self.count = count }

  init?(argument: String) {
    let text = argument.uppercased().filter { $0 != " " }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let shifts = ["": 0, "B": 0, "KB": 10, "MB": 20, "GB": 30, "TB": 40]
    guard let number = Int(digits), let shift = shifts[String(text.dropFirst(digits.count))],
      number > 0, number <= Int.max >> (shift + 1)
    else { return nil }
    count = number << shift
  }

  var description: String {
    count.isMultiple(of: 1 << 30) ? "\(count >> 30)GB" : "\(count)"
  }
}
