import ArgumentParser
import Connectors
import Foundation
import Tropa

struct DumpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump",
    abstract: "Writes a database as text that every version reads.",
    discussion: """
      A line of JSON for each node and relationship, then the statements of indexes and constraints;
      see the manual's page on operations. One state is written, while others may read and write. A
      name that ends with .gz gives a packed file.

      Examples:
        tropa dump shop.tropa shop.jsonl.gz
        tropa dump shop.tropa | grep '"type":"FOLLOWS"' | wc -l
      """)

  @OptionGroup var file: DatabaseArgument
  @Argument(help: "The file to write; standard output if left out.")
  var target: String?
  @Flag(help: "Replaces a file that is there already.")
  var force = false

  func run() throws {
    let database = try file.openToRead()
    let line = ProgressLine()
    defer { line.finish() }
    do {
      let (reader, schema) = try database.snapshot()
      let job = DumpJob(reader, schema: schema)
      let total = reader.nodeCount + reader.relationshipCount
      let progress = { (rows: Int) in line.update("dumping", done: rows, of: total, "rows") }
      guard let target else {
        _ = try job.run(progress: progress) { try Terminal.write($0) }
        return
      }
      let output = try OutputFile(target, replacing: force)
      Interrupt.catchOnce()
      let summary = try job.run(progress: progress) { bytes in
        if Interrupt.hasCome {
          throw CommandFailure("the dump \(target) was given up; nothing is left of it")
        }
        try output.write(bytes)
      }
      try output.publish()
      line.finish()
      try Terminal.write(
        "\(target): \(summary.nodes) nodes, \(summary.relationships) relationships, "
          + "\(ByteCount.text(output.byteCount))\n")
    } catch {
      throw CommandFailure.of(error)
    }
  }
}

struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Makes a database from a dump.",
    discussion: """
      The database must be new, and appears when it is whole. Numbers of nodes are given anew.

      Examples:
        tropa load shop.jsonl.gz shop.tropa
      """)

  @Argument(help: "The dump; gzip is recognised.")
  var dump: String
  @OptionGroup var file: DatabaseArgument

  func run() throws {
    let line = ProgressLine()
    defer { line.finish() }
    Interrupt.catchOnce()
    var job = LoadJob(file: dump)
    job.progress = { phase, share in line.update(phase.rawValue, share: share) }
    job.isCancelled = { Interrupt.hasCome }
    do {
      let summary = try job.run(creating: file.database)
      line.finish()
      try Terminal.write(
        "\(file.database): \(summary.nodes) nodes, \(summary.relationships) relationships, "
          + "\(summary.properties) properties, \(summary.schema) indexes and constraints\n")
    } catch {
      throw CommandFailure.of(error)
    }
  }
}
