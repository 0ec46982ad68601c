import Foundation
import Tropa

// A process that is there to be killed: threads commit numbered transactions to the database named
// first, and each writes "thread number" to standard output when its commit has returned. What a
// transaction leaves behind is told in CrashTests, which check it.

/// Transaction `number` of a thread: creations, updates, deletions in nodes, relationships and
/// indexes; by turns one statement, several, and many rows.
func transaction(_ connection: Connection, thread: Int64, number: Int64) throws {
  func run(_ text: String) throws {
    _ = try connection.query(
      text, parameters: ["thread": .integer(thread), "n": .integer(number)])
  }
  let create = """
    MERGE (h:Hub {thread: $thread}) SET h.last = $n
    WITH h UNWIND range(1, 3) AS part
    CREATE (s:Step {key: $thread * 100000000 + $n * 10 + part, thread: $thread, n: $n, part: part,
      text: 'клиент ' + $thread + ' купил товар' + $n})-[:OF {n: $n}]->(h)
    """
  if number % 3 == 0 {
    try run(
      create + """

        WITH count(*) AS made
        MATCH (old:Step {n: $n - 20}) WHERE old.thread = $thread DETACH DELETE old
        WITH count(*) AS gone
        MATCH (s:Step {n: $n - 5}) WHERE s.thread = $thread SET s.seen = $n, s:Seen
        """)
    return
  }
  try connection.transaction { _ in
    try run(create)
    try run("MATCH (s:Step {n: $n - 20}) WHERE s.thread = $thread DETACH DELETE s")
    try run("MATCH (s:Step {n: $n - 5}) WHERE s.thread = $thread SET s.seen = $n, s:Seen")
    if number % 10 == 0 {
      try run("MATCH (b:Bulk) WHERE b.thread = $thread DETACH DELETE b")
      try run(
        """
        MATCH (h:Hub {thread: $thread}) UNWIND range(1, 1500) AS part
        CREATE (:Bulk {thread: $thread, n: $n, part: part})-[:OF {n: -$n}]->(h)
        """)
    }
  }
}

func run() throws {
  guard CommandLine.arguments.count == 3, let threads = Int64(CommandLine.arguments[2]) else {
    throw QueryError(.semanticError, "Usage", "usage: CrashWriter DATABASE THREADS")
  }
  var options = DatabaseOptions()
  options.lockTimeout = .seconds(60)
  let database = try Database.open(CommandLine.arguments[1], options: options)
  for statement in [
    "CREATE CONSTRAINT hub IF NOT EXISTS FOR (h:Hub) REQUIRE h.thread IS UNIQUE",
    "CREATE CONSTRAINT step_key IF NOT EXISTS FOR (s:Step) REQUIRE s.key IS UNIQUE",
    "CREATE INDEX step_n IF NOT EXISTS FOR (s:Step) ON (s.n)",
    "CREATE INDEX of_n IF NOT EXISTS FOR ()-[r:OF]-() ON (r.n)",
    "CREATE FULLTEXT INDEX step_text IF NOT EXISTS FOR (s:Step) ON EACH [s.text]",
  ] { _ = try database.query(statement) }
  DispatchQueue.concurrentPerform(iterations: Int(threads)) { thread in
    let connection = database.connect()
    do {
      let last = try connection.query(
        "MATCH (h:Hub {thread: $thread}) RETURN h.last",
        parameters: ["thread": .integer(Int64(thread))])
      var number: Int64 = 0
      if case .integer(let stored)? = last.rows.first?.first { number = stored }
      while true {
        number += 1
        try transaction(connection, thread: Int64(thread), number: number)
        // One write of a short line is never torn.
        FileHandle.standardOutput.write(Data("\(thread) \(number)\n".utf8))
      }
    } catch {
      FileHandle.standardOutput.write(Data("failed: \(error)\n".utf8))
    }
  }
}

do { try run() } catch {
  FileHandle.standardOutput.write(Data("failed: \(error)\n".utf8))
  exit(1)
}
