import Cypher
import CypherPlanning
import GraphTypes
import TestSupport
import Testing

/// The openCypher TCK as far as it concerns binding: every compile-time error is raised with its
/// kind and detail, every other query binds, and its columns have the names that it expects.
@Suite(.enabled(if: SharedData.url("tck") != nil, "\(SharedData.missing("tck"))"))
struct BinderFeatureTests {
  @Test func bindsTheQueriesOfTheTCK() throws {
    let suite = try TCKSuite(folder: try #require(SharedData.url("tck")))
    var failures: [String] = []
    var errors = 0
    for testCase in suite.cases {
      let outcome = BinderCase(testCase).failures()
      failures += outcome.map { "\(testCase.id)\n  \($0)" }
      if testCase.steps.contains(where: { if case .error = $0 { true } else { false } }) {
        errors += 1
      }
    }
    for failure in failures.prefix(60) { Issue.record("\(failure)") }
    #expect(failures.isEmpty, "\(failures.count) of \(suite.cases.count) cases")
    #expect(errors > 500)
  }

  /// Queries put together from pieces of others bind or fail with a `QueryError` that says where.
  @Test func survivesNonsense() throws {
    let suite = try TCKSuite(folder: try #require(SharedData.url("tck")))
    var clauses: [String] = []
    for testCase in suite.cases {
      for case .query(let text) in testCase.steps {
        clauses += text.split(separator: "\n").map(String.init)
      }
    }
    var generator = SeededGenerator(seed: 7)
    var bound = 0
    for _ in 0..<6_000 {
      let lines = (0..<Int.random(in: 2...4, using: &generator)).compactMap { _ in
        clauses.randomElement(using: &generator)
      }
      let text = lines.joined(separator: "\n")
      guard let statement = try? Parser.parseStatement(text) else { continue }
      do {
        _ = try BinderCase.bind(statement, text, BinderCatalogue(), nil)
        bound += 1
      } catch {
        let error = try #require(error as? QueryError)
        #expect(error.phase == .compile && error.range != nil, "\(text)")
      }
    }
    #expect(bound > 100)
  }
}

private struct BinderCase {
  var steps: [TCKStep]
  var catalogue = BinderCatalogue()
  var parameterNames: Set<String> = []

  init(_ testCase: TCKCase) { steps = testCase.steps }

  func failures() -> [String] {
    var current = self
    var failures: [String] = []
    var pending: (text: String, result: Result<BoundStatement, any Error>)?
    func settle() {
      if case .failure(let error)? = pending?.result {
        failures.append("\(pending?.text ?? "")\n  unexpected: \(Self.describe(error))")
      }
      pending = nil
    }
    for step in steps {
      switch step {
      case .parameters(let values): current.parameterNames = Set(values.keys)
      case .procedure(let procedure): current.catalogue.add(procedure)
      case .preparation(let text):
        settle()
        // Scripts of several statements.
        do {
          for statement in try Parser.parse(text) { _ = try current.bind(statement, text) }
        } catch { failures.append("\(text)\n  unexpected: \(Self.describe(error))") }
      case .query(let text), .controlQuery(let text):
        settle()
        pending = (text, Result { try current.bind(try Parser.parseStatement(text), text) })
      case .sideEffects: break
      case .result(let expected):
        guard let query = pending, case .success(let statement) = query.result else { break }
        if let columns = expected.columns, columns != statement.columns {
          failures.append("\(query.text)\n  columns: \(statement.columns), not \(columns)")
        }
      case .error(let expected):
        guard let query = pending else { break }
        pending = nil
        switch query.result {
        case .success:
          if expected.phase == .compile {
            failures.append("\(query.text)\n  binds, but expected is \(expected)")
          }
        case .failure(let error):
          if let error = error as? QueryError, expected.matches(error), error.range != nil {
            break
          }
          failures.append(
            "\(query.text)\n  raises \(Self.describe(error)), but expected is \(expected)")
        }
      }
    }
    settle()
    return failures
  }

  private func bind(_ statement: Statement, _ text: String) throws -> BoundStatement {
    try Self.bind(statement, text, catalogue, parameterNames)
  }

  static func bind(
    _ statement: Statement, _ text: String, _ catalogue: BinderCatalogue,
    _ parameterNames: Set<String>?
  ) throws -> BoundStatement {
    try Binder.bind(
      statement, source: SourceText(text), catalogue: catalogue, parameterNames: parameterNames
    ) { _, imports, _ in Plan(.argument, outputs: imports, estimatedRows: 1) }
  }

  private static func describe(_ error: any Error) -> String {
    guard let error = error as? QueryError else { return "\(error)" }
    return "\(error.kind.rawValue) \(error.detail): \(error.message)"
  }
}
