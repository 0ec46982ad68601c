import ArgumentParser
import Shell
import Tropa

struct InfoCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "What is in a database file: labels, types, sizes, readers.",
    discussion: """
      Examples:
        tropa info shop.tropa
        tropa info shop.tropa --format json
      """)

  @OptionGroup var file: DatabaseArgument
  @Option(name: .shortAndLong, help: "text or json.")
  var format: Format = .text

  func run() throws {
    let database = try file.openToRead()
    let info: DatabaseInfo
    do throws(QueryError) { info = try database.info() } catch { throw CommandFailure(error) }
    try Terminal.write(format == .text ? Self.text(info) : Self.json(info).text + "\n")
  }

  private static func text(_ info: DatabaseInfo) -> String {
    var text = "\(info.path): format \(info.format), \(ByteCount.text(info.fileSize))"
    text += ", \(ByteCount.text(info.freeBytes)) of it free, pages of \(info.pageSize) bytes, "
    text += "\(info.commits) commits\n"
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
      info.relationshipTypes.filter { $0.count > 0 }.map { type in
        let bytes = info.lists.first { $0.name == type.name }?.bytes ?? 0
        return (type.name, "\(type.count), lists of \(ByteCount.text(bytes))")
      })
    table(
      "properties",
      info.properties.sorted { ($0.name, $0.type ?? "") < ($1.name, $1.type ?? "") }.map { size in
        (
          size.type.map { "\(size.name) (\($0))" } ?? size.name,
          ByteCount.text(size.bytes)
        )
      })
    if !info.schema.isEmpty {
      text += "indexes and constraints\n"
      for statement in info.schema { text += "  \(statement)\n" }
    }
    table(
      "structures",
      info.structures.map { ($0.name, "\($0.entries) entries, \(ByteCount.text($0.bytes))") })
    table(
      "open in",
      info.readers.map { reader in
        (
          reader.name,
          reader.lag.map { $0 == 0 ? "reads the newest state" : "reads a state \($0) commits old" }
            ?? "does not read just now"
        )
      })
    return text
  }

  private static func json(_ info: DatabaseInfo) -> JSON {
    func integer(_ number: Int) -> JSON { .integer(Int64(number)) }
    func counts(_ counts: [DatabaseInfo.Count]) -> JSON {
      .object(counts.map { .init($0.name, integer($0.count)) })
    }
    func sizes(_ sizes: [DatabaseInfo.Size]) -> JSON {
      .array(
        sizes.map { size in
          .object(
            [.init("name", .string(size.name))]
              + (size.type.map { [.init("type", .string($0))] } ?? [])
              + [.init("bytes", integer(size.bytes))])
        })
    }
    return .object([
      .init("path", .string(info.path)), .init("format", integer(info.format)),
      .init("fileSize", integer(info.fileSize)), .init("freeBytes", integer(info.freeBytes)),
      .init("pageSize", integer(info.pageSize)), .init("commits", integer(info.commits)),
      .init("nodes", integer(info.nodes)), .init("relationships", integer(info.relationships)),
      .init("labels", counts(info.labels)),
      .init("relationshipTypes", counts(info.relationshipTypes)),
      .init("properties", sizes(info.properties)), .init("lists", sizes(info.lists)),
      .init("schema", .array(info.schema.map { .string($0) })),
      .init(
        "structures",
        .array(
          info.structures.map {
            .object([
              .init("name", .string($0.name)), .init("entries", integer($0.entries)),
              .init("bytes", integer($0.bytes)),
            ])
          })),
      .init(
        "readers",
        .array(
          info.readers.map {
            .object([
              .init("process", integer($0.process)), .init("name", .string($0.name)),
              .init("lag", $0.lag.map(integer) ?? .null),
            ])
          })),
    ])
  }
}
