import ArgumentParser
import Foundation
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
    let database = try file.openToRead()
    let info: DatabaseInfo
    do throws(QueryError) { info = try database.info() } catch { throw CommandFailure(error) }
    var text = "\(info.path): format \(info.format), \(ByteCount.text(info.fileSize))"
    text += ", \(ByteCount.text(info.freeBytes)) of it free, \(info.readers) readers\n"
    text += "\(info.nodes) nodes, \(info.relationships) relationships\n"
    func table(_ title: String, _ rows: [(String, String)]) {
      if rows.isEmpty { return }
      text += "\(title)\n"
      let width = rows.reduce(0) { max($0, $1.0.count) }
      for (name, value) in rows {
        text += "  \(name)\(String(repeating: " ", count: width - name.count))  \(value)\n"
      }
    }
    table("labels", info.labels.filter { $0.count > 0 }.map { ($0.name, "\($0.count)") })
    table(
      "relationship types",
      info.relationshipTypes.filter { $0.count > 0 }.map { ($0.name, "\($0.count)") })
    if !info.propertyKeys.isEmpty {
      text += "properties\n  \(info.propertyKeys.sorted().joined(separator: ", "))\n"
    }
    table(
      "structures",
      info.structures.map { ($0.name, "\($0.entries) entries, \(ByteCount.text($0.bytes))") })
    try Terminal.write(text)
  }
}
