import Cypher
import Foundation
import GraphTypes
import NaiveCypher
import TestSupport
import Tropa

/// Texts near to queries, through lexer, parser, printer and planner, and every fourth through
/// execution too. Before each text its bytes are in the current file, so that whoever has started
/// this process knows what ended it; every second a line tells the number of texts and the resident
/// memory in KiB.
struct TextFuzzer {
  private var random: SeededGenerator
  private var generator: QueryGenerator
  private let current: FileHandle
  private let connection: Connection
  private var corpus: [[UInt8]] = []

  init(seed: UInt64, currentFile: String) throws {
    random = SeededGenerator(seed: seed)
    generator = QueryGenerator(seed: seed)
    try Data().write(to: URL(fileURLWithPath: currentFile))
    guard let file = FileHandle(forUpdatingAtPath: currentFile) else {
      throw QueryError(.storage, "CannotOpen", "cannot write \(currentFile)")
    }
    current = file
    let database = try Database.temporary()
    for text in [
      "CREATE INDEX FOR (n:A) ON (n.i)", "CREATE INDEX FOR ()-[r:R]-() ON (r.i)",
      "CREATE FULLTEXT INDEX words FOR (n:A) ON EACH [n.s]",
      """
      UNWIND range(1, 8) AS i CREATE (a:A {i: i, s: 'a' + i, m: [i]})-[:R {i: i}]->(b:B:C {s: 'b'})
      WITH collect(a) AS nodes UNWIND nodes AS a UNWIND nodes AS b CREATE (a)-[:S]->(b)
      """,
    ] { try database.query(text) }
    connection = database.connect()
  }

  /// - Parameter folder: of feature files, whose queries are in docstrings.
  mutating func run(seconds: Int, corpus folder: String?) throws {
    for _ in 0..<300 { corpus.append(generated()) }
    if let folder {
      let files = FileManager.default.enumerator(
        at: URL(fileURLWithPath: folder), includingPropertiesForKeys: nil)
      for case let file as URL in files ?? .init() where file.pathExtension == "feature" {
        let parts = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\"\"\"")
        corpus += stride(from: 1, to: parts.count, by: 2).map { Array(parts[$0].utf8) }
      }
    }
    let end = ContinuousClock.now + .seconds(seconds)
    var report = ContinuousClock.now
    var count = 0
    while ContinuousClock.now < end {
      for _ in 0..<50 {
        let text = mutated()
        try note(text)
        run(String(decoding: text, as: UTF8.self), isExecuted: count % 4 == 0)
        count += 1
      }
      if ContinuousClock.now >= report {
        tell(count)
        report += .seconds(1)
      }
    }
    tell(count)
  }

  private func tell(_ count: Int) {
    let memory = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = memory.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    FileHandle.standardOutput.write(Data("\(count) \(pages * 4)\n".utf8))
  }

  private func note(_ text: [UInt8]) throws {
    try current.seek(toOffset: 0)
    current.write(Data(text))
    try current.truncate(atOffset: UInt64(text.count))
  }

  private func run(_ text: String, isExecuted: Bool) {
    let (statements, _) = Parser.diagnose(text)
    for statement in statements {
      let printed = statement.description
      guard let again = try? Parser.parseStatement(printed), again == statement else {
        FileHandle.standardOutput.write(Data("the printer loses: \(text)\n  \(printed)\n".utf8))
        exit(1)
      }
    }
    var options = QueryOptions(timeout: .milliseconds(100))
    options.memoryLimit = 32 << 20
    _ = try? connection.query("EXPLAIN " + text, parameters: parameters, options: options)
    // Procedures may write files.
    guard isExecuted, !text.uppercased().contains("CALL DB"), !text.contains("export") else {
      return
    }
    do {
      try connection.begin()
      _ = try? connection.query(text, parameters: parameters, options: options)
      try connection.rollback()
    } catch {}
  }

  private let parameters: [String: Value] = [
    "i": .integer(2), "s": .string("a"), "l": .list([.integer(1)]), "p": .map([:]),
  ]

  // MARK: Texts

  private mutating func generated() -> [UInt8] {
    let isUpdating = Bool.random(using: &random)
    return Array(generator.query(isUpdating: isUpdating).text.utf8)
  }

  private mutating func below(_ count: Int) -> Int {
    Int.random(in: 0..<max(1, count), using: &random)
  }

  private static let inserts = [
    "(", ")", "[", "]", "{", "}", "|", "*", "..", "'", "\"", "`", "/*", "*/", "//", "\\", "$", ":",
    "&", "!", "%", "<-[", "]->", "--", " AS x", " WHERE ", " WITH ", "MATCH (n)", " UNION ",
    "9223372036854775808", "-9223372036854775808", "1e400", "0x", "\\uD800", "é", "е\u{301}",
    "\u{0}", " NOT ", "CASE ", " END", "null", "reduce(a = 0, x IN ", "EXISTS {", "CALL (*) {",
    "{1,", "}", "shortestPath(", "*1..9223372036854775807", ";", "=~ '(a+)+$'",
    "range(0, 1000000000)",
    " IS :: LIST<INTEGER>", " IS NORMALIZED", "date('2020-02-30')", "duration('P1Y')",
  ]

  private mutating func mutated() -> [UInt8] {
    if below(10) == 0 { return generated() }
    var text = corpus[below(corpus.count)]
    for _ in 0...below(4) {
      let start = below(text.count + 1)
      let part = start..<min(text.count, start + 1 + below(30))
      switch below(9) {
      case 0: text.removeSubrange(part)
      case 1: text.insert(contentsOf: text[part], at: below(text.count + 1))
      case 2: if !text.isEmpty { text[below(text.count)] = UInt8(below(256)) }
      case 3, 4:
        text.insert(
          contentsOf: Array(Self.inserts[below(Self.inserts.count)].utf8), at: below(text.count + 1)
        )
      case 5: splice(&text)
      case 6: swapWords(&text)
      case 7:
        let piece = Array(text[part].prefix(12))
        let repeated = Array(repeatElement(piece, count: below(300)).joined())
        text.insert(contentsOf: repeated, at: start)
      default: replaceWord(&text)
      }
      if text.count > 20_000 { text = Array(text.prefix(20_000)) }
    }
    return text
  }

  private mutating func splice(_ text: inout [UInt8]) {
    let other = words(corpus[below(corpus.count)])
    guard !other.isEmpty else { return }
    let start = below(other.count)
    let part = other[start..<min(other.count, start + 1 + below(8))].joined(separator: [32])
    text.insert(contentsOf: [32] + Array(part) + [32], at: below(text.count + 1))
  }

  private mutating func swapWords(_ text: inout [UInt8]) {
    var parts = words(text)
    if parts.count > 1 { parts.swapAt(below(parts.count), below(parts.count)) }
    text = Array(parts.joined(separator: [32]))
  }

  private mutating func replaceWord(_ text: inout [UInt8]) {
    var parts = words(text)
    let other = words(corpus[below(corpus.count)])
    if !parts.isEmpty, !other.isEmpty { parts[below(parts.count)] = other[below(other.count)] }
    text = Array(parts.joined(separator: [32]))
  }

  private func words(_ text: [UInt8]) -> [[UInt8]] { text.split(separator: 32).map { Array($0) } }
}
