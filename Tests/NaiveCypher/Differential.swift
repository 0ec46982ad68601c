internal import Cypher
internal import CypherPlanning
internal import GraphTypes
internal import TestSupport
internal import Tropa

/// Generated queries on one random graph, by the interpreter and by the engine in several ways.
package final class Differential {
  package struct Failure: CustomStringConvertible {
    package var seed: UInt64
    package var way: String
    package var query: String
    package var graph: String
    package var expected: Outcome
    package var found: Outcome
    package var description: String {
      "seed \(seed), \(way)\n  \(graph)\n  \(query);\nexpected \(expected)\nfound \(found)\n"
    }
  }

  /// How many queries had an answer, an error in both, or were too much for the interpreter.
  package struct Counts: Sendable {
    package var answered = 0
    /// Of those, with rows.
    package var nonempty = 0
    package var failed = 0
    package var skipped = 0
    /// Refused by the binder: the generator should not write such.
    package var refused: [String: Int] = [:]
  }

  static let parameters: [String: Value] = [
    "i": .integer(2), "s": .string("a"), "l": .list([.integer(1), .null, .integer(3)]),
  ]

  private let seed: UInt64
  private let graph: RandomGraph
  private let databases: [Database]
  package private(set) var counts = Counts()
  package private(set) var failures: [Failure] = []
  /// Where only one of the two has an arithmetic error: whether an expression is evaluated for rows
  /// that another condition takes away, or whose value no one reads, is open.
  package private(set) var overflows: [Failure] = []

  package init(seed: UInt64) throws {
    self.seed = seed
    graph = RandomGraph(seed: seed)
    databases = [try Database.temporary(), try Database.temporary()]
    for text in [
      "CREATE INDEX FOR (n:A) ON (n.i)", "CREATE INDEX FOR (n:B) ON (n.s)",
      "CREATE INDEX FOR (n:A) ON (n.m, n.i)", "CREATE INDEX FOR (n:C) ON (n.m)",
      "CREATE INDEX FOR ()-[r:R]-() ON (r.i)", "CREATE INDEX FOR ()-[r:S]-() ON (r.m)",
    ] { try databases[1].query(text) }
    for database in databases {
      try database.connect().transaction { connection in
        for (text, parameters) in graph.statements {
          try connection.query(text, parameters: parameters)
        }
      }
    }
  }

  package func run(count: Int) throws {
    for index in 0..<UInt64(count) { try run(query: seed &* 1_000_003 &+ index) }
  }

  private func run(query seed: UInt64) throws {
    var generator = QueryGenerator(seed: seed)
    let query = generator.query(isUpdating: generator.chance(30))
    try run(query, seed: seed)
  }

  private func run(_ query: QueryGenerator.GeneratedQuery, seed: UInt64) throws {
    let expected: Outcome
    do {
      guard let outcome = try naive(query) else {
        counts.skipped += 1
        return
      }
      expected = outcome
    } catch let error as QueryError {
      counts.refused["\(error.detail): \(error.message) \(query.text)", default: 0] += 1
      return
    }
    if expected.rows == nil { counts.failed += 1 } else { counts.answered += 1 }
    if expected.rows?.isEmpty == false { counts.nonempty += 1 }

    var random = SeededGenerator(seed: seed &+ 17)
    let rewrite = PlannerOptions.Rewrite.allCases.randomElement(using: &random) ?? .top
    let printed = try Parser.parseStatement(query.text).description
    check("plain", query, expected, on: 0, seed: seed)
    check("indexed", query, expected, on: 1, seed: seed)
    check("without \(rewrite)", query, expected, on: 1, without: [rewrite], seed: seed)
    check(
      "without rewrites", query, expected, on: 1, without: Set(PlannerOptions.Rewrite.allCases),
      seed: seed)
    var again = query
    again.text = printed
    check("printed", again, expected, on: 1, seed: seed)
  }

  private func check(
    _ way: String, _ query: QueryGenerator.GeneratedQuery, _ expected: Outcome, on database: Int,
    without disabled: Set<PlannerOptions.Rewrite> = [], seed: UInt64
  ) {
    let found = engine(query, databases[database], disabled)
    if found == expected { return }
    if found.rows == nil, found.message.contains("SyntaxError") || found.message.contains("compile")
    {
      counts.refused[found.message + " " + query.text, default: 0] += 1
      return
    }
    let failure = Failure(
      seed: seed, way: way, query: query.text, graph: graph.script, expected: expected,
      found: found)
    if expected.isArithmeticError || found.isArithmeticError {
      overflows.append(failure)
    } else {
      failures.append(failure)
    }
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
    } catch NaiveError.unsupported(let what) {
      counts.refused["unsupported by the interpreter: \(what) \(query.text)", default: 0] += 1
      return nil
    } catch NaiveError.tooLong {
      return nil
    } catch {
      return .failed(error)
    }
  }

  private func engine(
    _ query: QueryGenerator.GeneratedQuery, _ database: Database,
    _ disabled: Set<PlannerOptions.Rewrite>
  ) -> Outcome {
    let connection = database.connect()
    var options = QueryOptions(timeout: .seconds(20))
    options.planner = PlannerOptions(disabled: disabled)
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
