internal import Cypher
internal import CypherPlanning
internal import GraphTypes
internal import TestSupport
internal import Tropa

/// Generated queries on one random graph, by the interpreter and by the engine in several ways.
package final class Differential {
  package struct Failure: CustomStringConvertible {
    /// `QueryFuzzer query SEED NUMBER` repeats it.
    package var seed: UInt64
    package var number: Int
    package var way: String
    package var query: String
    package var graph: String
    package var expected: Outcome
    package var found: Outcome
    package var description: String {
      "graph \(seed), query \(number), \(way)\n  \(graph)\n  \(query);\nexpected \(expected)\n"
        + "found \(found)\n"
    }
  }

  /// How many queries had an answer, an error in both, or were too much for the interpreter.
  package struct Counts: Sendable, CustomStringConvertible {
    package var answered = 0
    /// Of those, with rows.
    package var nonempty = 0
    package var failed = 0
    package var skipped = 0

    package init() {}

    package static func += (sum: inout Counts, other: Counts) {
      sum.answered += other.answered
      sum.nonempty += other.nonempty
      sum.failed += other.failed
      sum.skipped += other.skipped
    }

    package var description: String {
      "\(answered) answered (\(nonempty) with rows), \(failed) failed in both, \(skipped) too long"
    }
  }

  static let parameters: [String: Value] = [
    "i": .integer(2), "s": .string("a"), "l": .list([.integer(1), .null, .integer(3)]),
  ]

  private let seed: UInt64
  private let graph: RandomGraph
  private let databases: [Database]
  package private(set) var counts = Counts()
  /// Different outcomes, and queries that the engine or the interpreter refuses, which the generator
  /// should not write.
  package private(set) var failures: [Failure] = []

  package init(seed: UInt64) throws {
    self.seed = seed
    graph = RandomGraph(seed: seed)
    databases = [try Database.temporary(), try Database.temporary()]
    for text in [
      "CREATE INDEX FOR (n:A) ON (n.i)", "CREATE INDEX FOR (n:B) ON (n.s)",
      "CREATE INDEX FOR (n:A) ON (n.m, n.i)", "CREATE INDEX FOR (n:C) ON (n.m)",
      "CREATE INDEX FOR ()-[r:R]-() ON (r.i)", "CREATE INDEX FOR ()-[r:S]-() ON (r.m)",
    ] { try databases[1].query(text) }
    for (index, database) in databases.enumerated() {
      try database.connect().transaction { connection in
        let statements = graph.statements
        for (number, (text, parameters)) in statements.enumerated() {
          // The nodes of the second are on both sides of a gap, so that threads share them.
          if index == 1, number == graph.nodes.count / 2 { try Self.makeGap(connection) }
          try connection.query(text, parameters: parameters)
        }
      }
    }
  }

  /// Uses up the numbers of nodes that threads share as a whole.
  private static func makeGap(_ connection: Connection) throws {
    try connection.query("UNWIND range(1, 2048) AS x CREATE (n) DELETE n")
  }

  package func run(count: Int) throws {
    for number in 0..<count { try run(number: number) }
  }

  package func run(number: Int) throws {
    var generator = QueryGenerator(seed: seed &* 1_000_003 &+ UInt64(number))
    let query = generator.query(isUpdating: generator.chance(30))
    let expected: Outcome
    do {
      guard let outcome = try naive(query) else {
        counts.skipped += 1
        return
      }
      expected = outcome
    } catch {
      fail("by the interpreter", query, number, Outcome(rows: nil), .failed(error))
      return
    }
    if expected.rows == nil { counts.failed += 1 } else { counts.answered += 1 }
    if expected.rows?.isEmpty == false { counts.nonempty += 1 }

    // Every rewrite in its turn.
    let rewrites = PlannerOptions.Rewrite.allCases
    let rewrite = rewrites[(Int(truncatingIfNeeded: seed) &+ number) % rewrites.count]
    var printed = query
    printed.text = try Parser.parseStatement(query.text).description
    func check(
      _ way: String, _ query: QueryGenerator.GeneratedQuery, on database: Int = 1,
      without disabled: Set<PlannerOptions.Rewrite> = [], threads: Int = 1
    ) {
      let found = engine(query, databases[database], disabled, threads: threads)
      if found != expected { fail(way, query, number, expected, found) }
    }
    check("plain", query, on: 0)
    check("indexed", query)
    check("by two threads", query, threads: 2)
    check("without \(rewrite)", query, without: [rewrite])
    check("without rewrites", query, without: Set(rewrites))
    check("printed", printed)
  }

  private func fail(
    _ way: String, _ query: QueryGenerator.GeneratedQuery, _ number: Int, _ expected: Outcome,
    _ found: Outcome
  ) {
    failures.append(
      Failure(
        seed: seed, number: number, way: way, query: query.text, graph: graph.script,
        expected: expected, found: found))
  }

  /// - Returns: nil when the interpreter cannot tell.
  private func naive(_ query: QueryGenerator.GeneratedQuery) throws -> Outcome? {
    let statement = try Parser.parseStatement(query.text)
    let graph = self.graph.naive()
    let interpreter = NaiveInterpreter(graph, parameters: Self.parameters)
    do {
      let table = try interpreter.run(statement)
      var outcome = Outcome(table.rows, of: query)
      if query.isUpdating { outcome.graph = graph.outcome(isLoose: query.isLoose) }
      return outcome
    } catch let error as NaiveError where error.isUnsupported {
      throw error
    } catch NaiveError.tooLong {
      return nil
    } catch {
      return .failed(error)
    }
  }

  private func engine(
    _ query: QueryGenerator.GeneratedQuery, _ database: Database,
    _ disabled: Set<PlannerOptions.Rewrite>, threads: Int
  ) -> Outcome {
    let connection = database.connect()
    var options = QueryOptions(timeout: .seconds(20))
    options.planner = PlannerOptions(disabled: disabled)
    options.planner.orderedGroups = 0
    options.threads = threads
    options.parallelRows = 0
    do {
      if query.isUpdating { try connection.begin() }
      defer { if query.isUpdating { try? connection.rollback() } }
      let rows = try connection.query(query.text, parameters: Self.parameters, options: options)
      var outcome = Outcome(rows.columns.isEmpty ? [] : rows.rows, of: query)
      if query.isUpdating { outcome.graph = try self.outcome(connection, query.isLoose) }
      return outcome
    } catch {
      return .failed(error)
    }
  }

  private func outcome(_ connection: Connection, _ isLoose: Bool) throws -> [String] {
    let nodes = try connection.query("MATCH (n) RETURN n").rows.compactMap { row -> Node? in
      if case .node(let node)? = row.first { node } else { nil }
    }
    let relationships = try connection.query("MATCH ()-[r]->() RETURN r").rows
      .compactMap { row -> Relationship? in
        if case .relationship(let found)? = row.first { found } else { nil }
      }
    return Outcome.graph(nodes, relationships, isLoose: isLoose)
  }
}
