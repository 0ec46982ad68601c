import Synchronization
import Testing
import Tropa

/// What is told of algorithms while they run.
@Suite struct ProgressTests {
  private func ring(_ count: Int) throws -> Database {
    let database = try Database.temporary()
    try database.query("UNWIND range(0, \(count - 1)) AS i CREATE (:N {i: i})")
    try database.query(
      "MATCH (a:N), (b:N) WHERE b.i = (a.i + 1) % \(count) CREATE (a)-[:R]->(b)")
    return database
  }

  @Test func nothingRuns() throws {
    let database = try ring(3)
    #expect(try database.query("CALL gds.listProgress()").isEmpty)
    let error = #expect(throws: QueryError.self) {
      try database.query("CALL gds.listProgress('no such job')")
    }
    #expect(error?.message == "No task with job id `no such job` was found.")
  }

  /// The observer of one statement asks on another connection, in the midst of the algorithm.
  @Test func anotherConnectionSeesIt() throws {
    let database = try ring(50)
    let seen = Mutex<[QueryResult]>([])
    let told = Mutex<[(String, Double)]>([])
    var options = QueryOptions()
    options.progress = { task, share in
      told.withLock { $0.append((task, share)) }
      guard share == 0.4, let rows = try? database.query("CALL gds.listProgress('job 7')") else {
        return
      }
      seen.withLock { $0.append(rows) }
    }
    try database.connect().query(
      "CALL gds.pageRank.stats('*', {jobId: 'job 7', maxIterations: 5, tolerance: 0})",
      options: options)
    let rows = try #require(seen.withLock { $0.first })
    #expect(
      rows.columns == [
        "username", "jobId", "taskName", "progress", "progressBar", "status", "timeStarted",
        "elapsedTime",
      ])
    #expect(rows.count == 2)
    #expect(rows[0]["taskName"] == .string("|-- gds.pageRank"))
    #expect(rows[0]["jobId"] == .string("job 7"))
    #expect(rows[0]["progress"] == .string("40.00%"))
    #expect(rows[0]["progressBar"] == .string("[####~~~~~~]"))
    #expect(rows[0]["status"] == .string("RUNNING"))
    #expect(rows[1]["taskName"] == .string("    |-- iteration 2 of at most 5"))
    let shares = told.withLock { $0 }
    #expect(shares.last?.1 == 1)
    #expect(zip(shares, shares.dropFirst()).allSatisfy { $0.1 <= $1.1 })

    // Afterwards only those who ask for it see it.
    #expect(try database.query("CALL gds.listProgress()").isEmpty)
    let ended = try database.query("CALL gds.listProgress('', true)")
    #expect(ended.first?["status"] == .string("FINISHED"))
    #expect(ended.first?["taskName"] == .string("gds.pageRank"))
    #expect(try database.query("CALL gds.listProgress('job 7')").count == 2)
  }

  @Test func failuresAndSilence() throws {
    let database = try ring(4)
    let told = Mutex(0)
    var options = QueryOptions()
    options.progress = { _, _ in told.withLock { $0 += 1 } }
    try database.query("CALL gds.pageRank.stats('*', {logProgress: false})", options: options)
    #expect(told.withLock { $0 } == 0)
    options.memoryLimit = 100
    #expect(throws: QueryError.self) {
      try database.query("CALL gds.louvain.stats('*', {jobId: 'x'})", options: options)
    }
    let row = try database.query("CALL gds.listProgress('x')").first
    #expect(row?["status"] == .string("FAILED"))
    #expect(row?["progress"] == .string("0.00%"))
  }
}
