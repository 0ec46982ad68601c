import ArgumentParser
import Tropa

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Makes a checked copy of a database while others use it.",
    discussion: """
      The copy is a database itself: one state, without free pages. It appears under its name when
      it is whole and has been checked.

      Examples:
        tropa backup shop.tropa backups/shop-2026-01-31.tropa
        tropa backup shop.tropa /mnt/share/shop.tropa --force
      """)

  @OptionGroup var file: DatabaseArgument
  @Argument(help: "The file to write.")
  var target: String
  @Flag(help: "Replaces a backup that is there already.")
  var force = false

  func run() throws {
    let copy = try CopyProgress.run { progress throws(QueryError) in
      try Database.copy(
        file.database, to: target, replacing: force, progress: progress,
        isCancelled: { Interrupt.hasCome })
    }
    try Terminal.write("\(target): \(ByteCount.text(copy.size)), \(copy.check.summary)\n")
  }
}

struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Puts a backup in the place of a database.",
    discussion: """
      The backup is copied and checked first; the backup itself stays. With --force it takes the
      place of a database, which nobody may have open then.

      Examples:
        tropa restore backups/shop-2026-01-31.tropa shop.tropa
        tropa restore backups/shop-2026-01-31.tropa shop.tropa --force
      """)

  @Argument(help: "The backup.")
  var backup: String
  @OptionGroup var file: DatabaseArgument
  @Flag(help: "Replaces the database that is there.")
  var force = false

  func run() throws {
    let copy = try CopyProgress.run { progress throws(QueryError) in
      try Database.copy(
        backup, to: file.database, replacing: force, progress: progress,
        isCancelled: { Interrupt.hasCome })
    }
    try Terminal.write("\(file.database): \(ByteCount.text(copy.size)), \(copy.check.summary)\n")
  }
}

struct CompactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact",
    abstract: "Writes a database anew without its free pages.",
    discussion: """
      Needs as much room beside the file as the data has. Nobody else may have the database open.

      Example:
        tropa compact shop.tropa
      """)

  @OptionGroup var file: DatabaseArgument
  @OptionGroup var writing: WritingOptions

  func run() throws {
    let copy = try CopyProgress.run { progress throws(QueryError) in
      try Database.compact(
        file.database, options: writing.databaseOptions, progress: progress,
        isCancelled: { Interrupt.hasCome })
    }
    try Terminal.write(
      "\(file.database): \(ByteCount.text(copy.sourceSize)) → \(ByteCount.text(copy.size))\n")
  }
}

private enum CopyProgress {
  static func run(
    _ body: (@escaping (CopyPhase, Double) -> Void) throws(QueryError) -> DatabaseCopy
  ) throws -> DatabaseCopy {
    let line = ProgressLine()
    defer { line.finish() }
    Interrupt.catchOnce()
    do throws(QueryError) {
      return try body { phase, share in line.update(phase.rawValue, share: share) }
    } catch {
      throw CommandFailure(error)
    }
  }
}
