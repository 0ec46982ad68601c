import Foundation
import TestSupport
import Testing
import Tropa

/// What transactions over several statements see of each other, and when they wait.
@Suite struct TransactionAccessTests {
  private func database(_ lockTimeout: Duration = .milliseconds(50)) throws -> (Database, URL) {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tropa-access-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var options = DatabaseOptions()
    options.lockTimeout = lockTimeout
    let database = try Database.open(folder.appendingPathComponent("graph").path, options: options)
    try database.query("CREATE (:N {x: 1})")
    return (database, folder)
  }

  private func withDatabase(_ body: (Database, String) throws -> Void) throws {
    let (database, folder) = try database()
    defer {
      database.close()
      try? FileManager.default.removeItem(at: folder)
    }
    try body(database, folder.appendingPathComponent("graph").path)
  }

  private func failure(_ body: () throws -> Void) -> QueryError? {
    do {
      try body()
      return nil
    } catch {
      return error as? QueryError
    }
  }

  private let count = "MATCH (n:N) RETURN count(n) AS n"

  @Test func readingTransactionsSeeOneStateAndStopNobody() throws {
    try withDatabase { database, _ in
      for access in [TransactionAccess.automatic, .read] {
        let (a, b) = (database.connect(), database.connect())
        try a.begin(access)
        let before = try a.query(count)[0]["n"]
        try b.query("CREATE (:N)")
        #expect(try a.query(count)[0]["n"] == before)
        #expect(try b.query(count)[0]["n"] != before)
        try a.commit()
        #expect(try a.query(count)[0]["n"] != before)
      }
    }
  }

  @Test func theFirstChangeTakesTheLock() throws {
    try withDatabase { database, _ in
      let (a, b) = (database.connect(), database.connect())
      try a.begin()
      _ = try a.query(count)
      try a.query("CREATE (:N)")
      #expect(failure { try b.query("CREATE (:N)") }?.kind == .databaseLocked)
      #expect(try a.query(count)[0]["n"] == .integer(2))
      #expect(try b.query(count)[0]["n"] == .integer(1))
      try a.commit()
      try b.query("CREATE (:N)")
      #expect(try a.query(count)[0]["n"] == .integer(3))
      // Until its first statement a transaction has read nothing that could be out of date.
      try a.begin()
      try b.query("CREATE (:N)")
      try a.query("CREATE (:N)")
      try a.commit()
      #expect(try a.query(count)[0]["n"] == .integer(5))
    }
  }

  @Test func whatWasReadMustStillBeSo() throws {
    try withDatabase { database, _ in
      let (a, b) = (database.connect(), database.connect())
      try a.begin()
      _ = try a.query("MATCH (n:N) RETURN n.x")
      try b.query("MATCH (n:N) SET n.x = 2")
      let error = failure { try a.query("MATCH (n:N) SET n.x = n.x + 1") }
      #expect(error?.kind == .transactionConflict)
      #expect(error?.statusCode == "Neo.TransientError.Transaction.Outdated")
      // Its lock is free again, and it can only be rolled back.
      try b.query("MATCH (n:N) SET n.x = 3")
      #expect(failure { try a.query(count) }?.kind == .transactionConflict)
      #expect(failure { try a.commit() } != nil)
      #expect(!a.isInTransaction)
      _ = try a.transaction { try $0.query("MATCH (n:N) SET n.x = n.x + 1") }
      #expect(try a.query("MATCH (n:N) RETURN n.x AS x")[0]["x"] == .integer(4))
    }
  }

  @Test func writingTransactionsHoldTheLockFromTheBeginning() throws {
    try withDatabase { database, _ in
      let (a, b) = (database.connect(), database.connect())
      try a.begin(.write)
      #expect(failure { try b.begin(.write) }?.kind == .databaseLocked)
      #expect(!b.isInTransaction)
      #expect(failure { try b.query("CREATE (:N)") }?.kind == .databaseLocked)
      _ = try a.query(count)
      try a.query("CREATE (:N)")
      try a.commit()
      try a.begin(.write)
      try a.rollback()
      try b.query("CREATE (:N)")
      #expect(try a.query(count)[0]["n"] == .integer(3))
    }
  }

  @Test func readingTransactionsCannotWrite() throws {
    try withDatabase { database, path in
      let a = database.connect()
      try a.begin(.read)
      let error = failure { try a.query("CREATE (:N)") }
      #expect(error?.statusCode == "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase")
      #expect(failure { try a.commit() } != nil)
      var options = DatabaseOptions()
      options.access = .readOnly
      database.close()
      let reader = try Database.open(path, options: options)
      defer { reader.close() }
      let b = reader.connect()
      #expect(failure { try b.begin(.write) }?.detail == "readOnly")
      try b.begin()
      #expect(try b.query(count)[0]["n"] == .integer(1))
      #expect(failure { try b.query("CREATE (:N)") }?.detail == "readOnly")
      try b.rollback()
    }
  }

  @Test func rowsOfATransactionThatReadsOutliveIt() throws {
    try withDatabase { database, _ in
      let (a, b) = (database.connect(), database.connect())
      try a.begin()
      let cursor = try a.stream("MATCH (n:N) RETURN n.x AS x")
      try a.query("MATCH (n:N) SET n.x = 5")
      try a.commit()
      try b.query("MATCH (n:N) DELETE n")
      #expect(try cursor.nextRow()?["x"] == .integer(1))
    }
  }
}
