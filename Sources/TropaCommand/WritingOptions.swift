import ArgumentParser
import Tropa

extension DatabaseOptions.Durability: ExpressibleByArgument {}

/// How a command that writes shares the database with others.
struct WritingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long to wait for another writer before giving up.", valueName: "seconds"))
  var lockTimeout = 10.0
  @Option(
    help: ArgumentHelp(
      "full: what is committed survives a power cut. relaxed: a power cut may undo the last "
        + "commits, never harm the file.", valueName: "full|relaxed"))
  var durability: DatabaseOptions.Durability = .full

  func validate() throws {
    guard lockTimeout >= 0, lockTimeout <= 1e8 else {
      throw ValidationError("--lock-timeout must be from 0 to 100000000 seconds")
    }
  }

  /// Options for `Database.open`; who has to wait says so on standard error.
  var databaseOptions: DatabaseOptions {
    var options = DatabaseOptions()
    options.createIfMissing = false
    options.lockTimeout = .milliseconds(Int64(lockTimeout * 1000))
    options.durability = durability
    options.whileWaiting = { Terminal.writeError("\($0)\n") }
    return options
  }
}
