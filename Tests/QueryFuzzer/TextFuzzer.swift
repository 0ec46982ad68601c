import Cypher
import Foundation
import GraphTypes
import NaiveCypher
import Synchronization
import TestSupport
import Tropa

/// Texts near to queries, through lexer, parser, printer and planner, and every fourth through
/// execution too. While a text is worked on it is in the current file, so that whoever has started
/// this process knows what ended it.
struct TextFuzzer {
  private var random: SeededGenerator
  private var generator: QueryGenerator
  private let current: CurrentText
  private let connection: Connection
  private var corpus: [[UInt8]] = []

  init(seed: UInt64, currentFile: String) throws {
    random = SeededGenerator(seed: seed)
    generator = QueryGenerator(seed: seed)
    current = try CurrentText(path: currentFile)
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
    current.watch(limit: .seconds(20))
    let start = ContinuousClock.now
    var report = start + .seconds(1)
    var sizes: [Int] = []
    var count = 0
    while ContinuousClock.now < start + .seconds(seconds) {
      for _ in 0..<50 {
        let text = mutated()
        current.set(text)
        run(String(decoding: text, as: UTF8.self), isExecuted: count % 4 == 0)
        count += 1
      }
      if ContinuousClock.now >= report {
        sizes.append(residentSize())
        report += .seconds(1)
        if sizes.count % 60 == 0 { say("\(count) texts, \(sizes.last ?? 0) KiB") }
      }
    }
    say("\(count) texts, resident KiB after each second: \(sizes)")
    let warm = sizes.prefix(max(1, sizes.count / 3)).max() ?? 0
    if let last = sizes.last, last > warm + Self.growthMaximum {
      say("memory has grown")
      exit(1)
    }
  }

  /// KiB that the process may grow after it has warmed up.
  private static let growthMaximum = 64 << 10

  /// In KiB.
  private func residentSize() -> Int {
    let memory = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (memory.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
      * Int(getpagesize()) / 1024
  }

  private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  private func run(_ text: String, isExecuted: Bool) {
    let (statements, _) = Parser.diagnose(text)
    for statement in statements {
      let printed = statement.description
      do throws(QueryError) {
        if try Parser.parseStatement(printed) == statement { continue }
      } catch {
        // It writes more parentheses than needed.
        if error.detail == "NestingTooDeep" { continue }
      }
      say("the printer loses: \(text)\n  \(printed)")
      exit(1)
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
      switch below(10) {
      case 0: text.removeSubrange(part)
      case 1: text.insert(contentsOf: text[part], at: below(text.count + 1))
      case 2: if !text.isEmpty { text[below(text.count)] = UInt8(below(256)) }
      case 3, 4:
        text.insert(
          contentsOf: Array(Self.inserts[below(Self.inserts.count)].utf8), at: below(text.count + 1)
        )
      case 5: splice(&text)
      case 8:
        let word = Keyword.allCases[below(Keyword.allCases.count)].spelling
        text.insert(contentsOf: Array(" \(word) ".utf8), at: start)
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

/// The text at hand, in a file that is mapped into memory: the file has it even if the process is
/// ended by a signal. Zeros follow it.
private final class CurrentText: @unchecked Sendable {
  private static let capacity = 32 << 10
  private let bytes: UnsafeMutableRawBufferPointer
  private var count = 0
  private let texts = Atomic<Int>(0)

  init(path: String) throws {
    try Data(count: Self.capacity).write(to: URL(fileURLWithPath: path))
    let file = open(path, O_RDWR)
    let base = mmap(nil, Self.capacity, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
    close(file)
    guard let base, base != MAP_FAILED else { throw CocoaError(.fileWriteUnknown) }
    bytes = UnsafeMutableRawBufferPointer(start: base, count: Self.capacity)
  }

  func set(_ text: [UInt8]) {
    let text = text.prefix(Self.capacity)
    bytes.copyBytes(from: text)
    if text.count < count {
      UnsafeMutableRawBufferPointer(rebasing: bytes[text.count..<count])
        .initializeMemory(as: UInt8.self, repeating: 0)
    }
    count = text.count
    texts.add(1, ordering: .relaxed)
  }

  /// Ends the process when one text takes longer.
  func watch(limit: Duration) {
    Thread.detachNewThread {
      var known = 0
      while true {
        Thread.sleep(forTimeInterval: limit.inSeconds)
        let now = self.texts.load(ordering: .relaxed)
        if now == known {
          FileHandle.standardOutput.write(Data("a text takes longer than \(limit)\n".utf8))
          _exit(1)
        }
        known = now
      }
    }
  }
}
