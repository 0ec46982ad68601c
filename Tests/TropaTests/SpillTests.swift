import Foundation
import TestSupport
import Testing
import Tropa

/// Statements with little memory give what they give with much, in the same order.
@Suite struct SpillTests {
  /// Nodes `:N {i, k, s}` enough for several threads, and `:M {k}`.
  private static let shared = Result<Database, any Error> {
    let database = try Database.temporary()
    try database.query(
      """
      UNWIND range(0, 41999) AS i
      CREATE (:N {i: i, k: (i * 7919) % 30011, s: 'name ' + toString((i * 31) % 1009)})
      """)
    try database.query(
      "UNWIND range(0, 4999) AS i CREATE (:M {k: (i * 13) % 7507, t: 'text ' + toString(i)})")
    return database
  }

  /// A hub has more groups than memory; the nodes around it have few.
  @Test(arguments: [1, 2]) func groupsOfOneLeaderGoToFiles(threads: Int) throws {
    let database = try Database.temporary()
    try database.query(
      """
      UNWIND range(0, 4999) AS i CREATE (a:L {i: i})
      FOREACH (x IN range(1, CASE i WHEN 2500 THEN 20000 ELSE 3 END) | CREATE (a)-[:R {x: x}]->(a))
      """)
    var options = QueryOptions(timeout: .seconds(100))
    options.planner.orderedGroups = 0
    options.parallelRows = 0
    options.threads = threads
    let text = """
      PROFILE MATCH (a:L)-[r:R]->(b) \
      RETURN a.i AS i, 'key ' + toString(r.x) AS x, count(*) AS n, collect(r.x) AS all
      """
    let connection = database.connect()
    var results: [[[Value]]] = []
    for (limit, isOrdered) in [(nil, false), (nil, true), (1 << 19, true)] {
      options.memoryLimit = limit
      options.planner.disabled = isOrdered ? [] : [.orderedAggregate]
      let cursor = try connection.stream(text, options: options)
      var rows: [[Value]] = []
      while let row = try cursor.nextRow() { rows.append(row.values) }
      results.append(rows)
      #expect(cursor.plan?.contains("OrderedAggregation") == isOrdered)
      #expect(cursor.plan?.contains("Spilled") == (limit != nil))
    }
    #expect(results[0].count == 3 * 4999 + 20_000)
    #expect(results[1] == results[0] && results[2] == results[0])
  }

  /// All rows, which the limit does not count while they are streamed.
  private func rows(
    _ text: String, limit: Int? = nil, spilling: Spilling = .automatic, threads: Int = 1
  ) throws -> (rows: [[Value]], plan: String?) {
    var options = QueryOptions(timeout: .seconds(100))
    options.memoryLimit = limit
    options.spilling = spilling
    options.threads = threads
    let cursor = try Self.shared.get().connect().stream(text, options: options)
    var rows: [[Value]] = []
    while let row = try cursor.nextRow() { rows.append(row.values) }
    return (rows, cursor.plan)
  }

  private static let limit = 128 << 10
  static let many = "UNWIND range(0, 7999) AS i WITH i, (i * 7919) % 6007 AS k "
  static let statements = [
    ("Sort", many + "RETURN i, k, toString(i % 977) AS s ORDER BY k % 5000, s DESC"),
    ("Sort", many + "RETURN i, 'some longer text ' + toString(k) AS s ORDER BY s"),
    (
      "Sort",
      many
        + """
        RETURN i, CASE k % 6 WHEN 0 THEN k WHEN 1 THEN k / 3.0 WHEN 2 THEN toString(k) \
        WHEN 3 THEN null WHEN 4 THEN [k, {a: date('2024-01-01')}] ELSE k % 2 = 0 END AS v \
        ORDER BY v DESC, i % 10
        """
    ),
    ("Top", many + "RETURN i, k ORDER BY k % 100, i DESC SKIP 17 LIMIT 4000"),
    ("Distinct", many + "RETURN DISTINCT k % 5003 AS k, toString(k % 3) AS s"),
    (
      "EagerAggregation",
      many
        + """
        RETURN k % 4001 AS k, count(*) AS n, sum(i) AS a, sum(i * 0.5) AS b, avg(i) AS c, \
        min(toString(i)) AS d, max(i) AS e, count(DISTINCT i % 7) AS f
        """
    ),
    (
      "EagerAggregation",
      many
        + """
        RETURN toString(k % 1501) AS k, collect(i) AS a, collect(DISTINCT i % 11) AS b, \
        percentileDisc(i, 0.5) AS c, round(stDev(i), 4) AS d, avg(duration({days: i})) AS e, \
        percentileCont(DISTINCT i, 0.25) AS f, sum(DISTINCT i % 100) AS g
        """
    ),
    (
      "EagerAggregation",
      many + "RETURN count(DISTINCT i * 3) AS a, sum(DISTINCT k) AS b, count(DISTINCT [i]) AS c"
    ),
    (
      "HashJoin",
      "MATCH (n:N), (m:M) WHERE n.k = m.k RETURN n.i AS i, m.t AS t, n.s AS s"
    ),
    ("CartesianProduct", "MATCH (a:N), (b:N) RETURN a.i AS i, b.i AS j LIMIT 45000"),
    ("Sort", "MATCH (n:N) RETURN n.s AS s, n.i AS i ORDER BY s, n.k DESC"),
    ("OrderedAggregation", "MATCH (n:N) RETURN n.k AS k, collect(n.i) AS a, max(n.s) AS s"),
  ]

  @Test(arguments: statements, [1, 2])
  func littleMemoryGivesTheSame(_ statement: (name: String, text: String), threads: Int) throws {
    let expected = try rows(statement.text)
    let found = try rows("PROFILE " + statement.text, limit: Self.limit, threads: threads)
    #expect(found.rows.count == expected.rows.count)
    #expect(found.rows == expected.rows)
    let plan = try #require(found.plan)
    let line = try #require(plan.split(separator: "\n").first { $0.contains(statement.name) })
    #expect(plan.contains("Spilled"), "\(plan)")
    #expect(line.hasSuffix("KB") || line.hasSuffix("MB"), "\(plan)")
  }

  /// Its groups are given out as they are complete; only several threads keep them.
  @Test(arguments: [1, 2]) func groupsInOrderNeedLittle(threads: Int) throws {
    let text = "MATCH (n:N) RETURN n.i AS i, collect(n.s) AS a, sum(n.k) AS k"
    let expected = try rows(text)
    #expect(expected.rows.count == 42_000)
    let found = try rows("PROFILE " + text, limit: 1 << 20, threads: threads)
    #expect(found.rows == expected.rows)
    #expect(found.plan?.contains("OrderedAggregation") == true)
    #expect(found.plan?.contains("Spilled") == (threads > 1))
  }

  /// Few groups stay in memory, and only their sets do not.
  @Test(arguments: [1, 2]) func setsOfFewGroups(threads: Int) throws {
    let text = """
      MATCH (n:N) RETURN n.i % 3 AS r, count(DISTINCT n.k) AS a, avg(DISTINCT n.k * 0.5) AS b, \
      count(DISTINCT n.s) AS c, max(n.i) AS m
      """
    let found = try rows("PROFILE " + text, limit: 1 << 20, threads: threads)
    #expect(try rows(text).rows == found.rows)
    #expect(found.plan?.contains("Spilled") == true)
  }

  /// Nothing is left in the directory, however a statement ends, and nothing is to be seen meanwhile.
  @Test func temporaryFilesHaveNoNames() throws {
    try withTemporaryDirectory { directory in
      let options = { (timeout: Duration?) in
        var options = QueryOptions(timeout: timeout)
        options.memoryLimit = 1 << 20
        options.spilling = .directory(directory.path)
        return options
      }
      let connection = try Self.shared.get().connect()
      let text = "UNWIND range(1, 60000) AS i RETURN i ORDER BY i % 1000"
      let cursor = try connection.stream(text, options: options(nil))
      #expect(try cursor.nextRow() != nil)
      func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path)
      }
      #expect(try files().isEmpty)
      let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
        let target = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/fd/" + $0)
        return target?.hasPrefix(directory.path + "/tropa-spill-") == true
      }
      #expect(!open.isEmpty)
      #expect(throws: QueryError.self) {
        try connection.query(
          "UNWIND range(1, 60000) AS i WITH i ORDER BY i % 1000 RETURN 1 / (i - 59000)",
          options: options(nil))
      }
      #expect(throws: QueryError.self) {
        try connection.query(
          "UNWIND range(1, 60000000) AS i WITH i ORDER BY i % 1000 RETURN count(*)",
          options: options(.milliseconds(400)))
      }
      #expect(try files().isEmpty)
    }
  }

  @Test func aMissingDirectoryIsAnError() throws {
    let error = #expect(throws: QueryError.self) {
      try rows(
        "UNWIND range(1, 60000) AS i RETURN i ORDER BY i % 1000", limit: Self.limit,
        spilling: .directory("/nowhere"))
    }
    #expect(error?.kind == .storage)
    #expect(
      error?.message
        == "Sort does not fit into the memory limit and could not make a temporary file in /nowhere: "
        + "No such file or directory")
  }

  /// Rows that are kept for a clause that writes, and what MERGE and DELETE go through.
  @Test func clausesThatWrite() throws {
    let database = try Database.temporary()
    var options = QueryOptions()
    options.memoryLimit = 4 << 20
    let created = try database.query(
      "UNWIND range(1, 20000) AS i CREATE (:W {i: i, s: 'text ' + toString(i)})", options: options)
    #expect(created.counters.nodesCreated == 20_000)
    let merged = try database.query(
      """
      UNWIND range(1, 30000) AS i WITH i, 'x' + toString(i) AS s MERGE (w:W {i: i % 25000}) \
      SET w.t = s RETURN count(*) AS n, max(w.i) AS m
      """, options: options)
    #expect(merged.rows == [[.integer(30_000), .integer(24_999)]])
    let deleted = try database.query(
      "MATCH (w:W) WITH w, w.s AS s ORDER BY w.i DETACH DELETE w RETURN count(s) AS n",
      options: options)
    #expect(deleted.rows == [[.integer(20_000)]])
  }

  @Test func resultsCount() throws {
    let database = try Self.shared.get()
    var options = QueryOptions()
    options.memoryLimit = 300_000
    let result = #expect(throws: QueryError.self) {
      try database.query("MATCH (n:N) RETURN n.s AS s, n.i AS i", options: options)
    }
    #expect(result?.message.hasPrefix("the result needs ") == true)
  }

  @Test(arguments: statements.filter { $0.0 != "OrderedAggregation" })
  func withoutSpillingItIsAnError(_ statement: (name: String, text: String)) throws {
    let error = #expect(throws: QueryError.self) {
      try rows(statement.text, limit: Self.limit, spilling: .off)
    }
    #expect(error?.kind == .memoryLimit)
    #expect(error?.message.contains("\(statement.name) needs ") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains(" bytes (") == true)
    #expect(error?.message.contains("of the 128 KB that it may hold") == true)
    #expect(error?.hint?.contains("--memory-limit") == true)
  }
}
