import Foundation
import Logging
import Synchronization
import TestSupport
import Testing
import Tropa

@Suite struct LoggingTests {
  /// Keeps what is logged.
  private final class Memory: LogHandler, @unchecked Sendable {
    let lines = Mutex<[String]>([])
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
      let text = event.metadata?["text"].map { "\($0)" } ?? ""
      lines.withLock { $0.append("\(event.level) \(event.message): \(text)") }
    }
  }

  @Test func statementsAndFailuresAreLogged() throws {
    try withTemporaryDirectory { folder in
      let memory = Memory()
      var options = DatabaseOptions()
      options.logger = Logger(label: "test") { _ in memory }
      let database = try Database.open(
        folder.appendingPathComponent("x.tropa").path, options: options)
      try database.query("CREATE (:A {secret: $s})", parameters: ["s": .string("hidden")])
      try database.query("MATCH (a:A) RETURN a.secret")
      #expect(throws: QueryError.self) { try database.query("RETURN 1 / 0") }
      let lines = memory.lines.withLock { $0 }
      #expect(
        lines == [
          "debug statement: CREATE (:A {secret: $s})",
          "debug statement: MATCH (a:A) RETURN a.secret", "notice statement failed: RETURN 1 / 0",
        ])
    }
  }
}
