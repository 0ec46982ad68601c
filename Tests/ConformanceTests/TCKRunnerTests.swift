import Foundation
import GraphTypes
import TestSupport
import Testing

/// The runner against engines that are right, wrong in one place, stuck or crashing.
@Suite struct TCKRunnerTests {
  private static func render(_ value: Value) -> String { "\(value)" }

  private static func failure(of testCase: TCKCase, on engine: any ConformanceEngine) -> String? {
    TCKCaseRun.failure(of: testCase, on: engine, render: render, timeout: .seconds(1))
  }

  private static let someCases: [TCKCase] = {
    let cases = try? TCKSuite.cases(of: sampleFeature, path: "clauses/sample/Sample1") { _ in
      "CREATE ()"
    }
    return cases ?? []
  }()

  private static let realCases = Result {
    try SharedData.url("tck").map { try TCKSuite(folder: $0).cases } ?? []
  }

  @Test func sampleCasesAreThere() {
    #expect(Self.someCases.count == 7)
  }

  @Test(.enabled(if: SharedData.url("tck") != nil, "\(SharedData.missing("tck"))"))
  func visibleSetHasAllItsCases() throws {
    let cases = try Self.realCases.get()
    #expect(cases.count == 2910)
    #expect(Set(cases.map(\.id)).count == 2910)
    #expect(Set(cases.map(\.category)).count == 37)
    for testCase in cases {
      let queries = testCase.steps.count { if case .query = $0 { true } else { false } }
      let expectations = testCase.steps.count { step in
        switch step {
        case .result, .error: true
        default: false
        }
      }
      #expect(queries == 1 && expectations >= 1, "\(testCase.id)")
    }
  }

  @Test func rightAnswersPass() throws {
    for testCase in try Self.someCases + Self.realCases.get() {
      let failure = Self.failure(of: testCase, on: OracleEngine(for: testCase))
      #expect(failure == nil, "\(testCase.id)")
    }
  }

  @Test(arguments: Mutation.allCases)
  func wrongAnswersFail(mutation: Mutation) throws {
    var generator = SeededGenerator(seed: 1)
    var mutantCount = 0
    let realCases = try Self.realCases.get()
    let everyFourth = stride(from: 0, to: realCases.count, by: 4).map { realCases[$0] }
    for testCase in Self.someCases + everyFourth {
      let engine = OracleEngine(for: testCase)
      for (index, answer) in engine.answers.enumerated() {
        guard let mutant = mutation.apply(to: answer, using: &generator) else { continue }
        engine.answers[index] = mutant
        mutantCount += 1
        #expect(Self.failure(of: testCase, on: engine) != nil, "\(testCase.id): \(mutation)")
        engine.answers[index] = answer
      }
    }
    #expect(mutantCount > 0)
  }

  @Test func rowOrderMattersOnlyWhereTheCaseSaysSo() throws {
    for testCase in try Self.someCases + Self.realCases.get() {
      let engine = OracleEngine(for: testCase)
      var isOrdered = false
      for index in engine.answers.indices {
        guard case .success(var result) = engine.answers[index].outcome else { continue }
        isOrdered = isOrdered || engine.answers[index].expectedResult?.isOrdered == true
        result.rows.reverse()
        engine.answers[index].outcome = .success(result)
      }
      if !isOrdered { #expect(Self.failure(of: testCase, on: engine) == nil, "\(testCase.id)") }
    }
  }

  @Test func listOrderMattersUnlessTheCaseSaysOtherwise() throws {
    for (id, isIgnored) in [("[3] lists as bags", true), ("[4] lists as lists", false)] {
      let testCase = try #require(Self.someCases.first { $0.id.hasSuffix(id) })
      let engine = OracleEngine(for: testCase)
      engine.answers[0].outcome = .success(
        EngineResult(
          columns: ["x"], rows: [[.list([.list([.integer(3), .integer(2)]), .integer(1)])]]))
      #expect((Self.failure(of: testCase, on: engine) == nil) == isIgnored)
    }
  }

  @Test func procedureTableFollowsTheSignature() throws {
    let testCase = try #require(Self.someCases.first { $0.id.hasSuffix("[5] procedure") })
    let engine = OracleEngine(for: testCase)
    #expect(Self.failure(of: testCase, on: engine) == nil)
    let procedure = try #require(engine.registered.first)
    #expect(procedure.signature == "test.my.proc(in :: INTEGER?) :: (a :: STRING?, b :: FLOAT?)")
    let rows = procedure.rows.map { $0.map { TCKValue($0, render: Self.render).text() } }
    #expect(rows == [["1", "'x'", "0.5"], ["null", "'y'", "null"]])
  }

  // MARK: Engines that do not come back

  /// Does something extraordinary in the case whose query is `trigger`.
  private final class TroubledEngine: ConformanceEngine {
    let trigger: String
    let trouble: () -> Void
    init(trigger: String, trouble: @escaping () -> Void) {
      self.trigger = trigger
      self.trouble = trouble
    }
    func reset() {}
    func register(procedure: TestProcedure) {}
    func graphState() -> GraphState { GraphState() }
    func execute(
      _ query: String, parameters: [String: Value], timeout: Duration
    ) -> EngineResult {
      if query == trigger { trouble() }
      return EngineResult(columns: [], rows: [])
    }
  }

  private static func emptyResultCase(_ name: String) -> TCKCase {
    TCKCase(
      id: "some/Feature \(name)", category: "some", line: 1,
      steps: [.query(name), .result(.init(columns: nil, rows: []))])
  }

  @Test func hungCaseDoesNotStopTheRun() async {
    var runner = TCKRunner(
      makeEngine: {
        TroubledEngine(trigger: "b") { DispatchSemaphore(value: 0).wait() }
      }, render: Self.render)
    runner.caseLimit = .milliseconds(200)
    let report = await runner.runInBackground(["a", "b", "c"].map(Self.emptyResultCase))
    #expect(report.outcomes.map { $0.failure == nil } == [true, false, true])
    #expect(report.failures.first?.failure?.hasPrefix("hung") == true)
  }

  @Test func runGivesUpAfterSeveralHungCases() async {
    var runner = TCKRunner(
      makeEngine: {
        TroubledEngine(trigger: "b") { DispatchSemaphore(value: 0).wait() }
      }, render: Self.render)
    runner.caseLimit = .milliseconds(50)
    runner.hungMaximum = 2
    let report = await runner.runInBackground(["b", "b", "a"].map(Self.emptyResultCase))
    #expect(report.failures.count == 3)
    #expect(report.failures.last?.failure?.hasPrefix("not run") == true)
  }

  @Test func engineThatCannotBeMadeFailsEveryCase() async {
    struct NoEngine: Error {}
    let runner = TCKRunner(makeEngine: { throw NoEngine() }, render: Self.render)
    let report = await runner.runInBackground(["a", "b"].map(Self.emptyResultCase))
    #expect(report.failures.count == 2)
  }

  @Test func crashNamesTheCase() async throws {
    let result = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let runner = TCKRunner(
          makeEngine: {
            TroubledEngine(trigger: "b") { fatalError("on purpose") }
          }, render: { "\($0)" })
        _ = await runner.runInBackground(["a", "b"].map(TCKRunnerTests.emptyResultCase))
      })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("crashed in TCK case: some/Feature b\n"))
  }

  @Test func stackOverflowNamesTheCase() async throws {
    let result = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        // Work after the call keeps an optimizer from making a loop of it.
        @Sendable func descend(_ trail: inout [Int]) {
          trail.append(trail.count)
          if trail.count > 0 { descend(&trail) }
          trail.removeLast()
        }
        let runner = TCKRunner(
          makeEngine: {
            TroubledEngine(trigger: "b") {
              var trail: [Int] = []
              descend(&trail)
            }
          }, render: { "\($0)" })
        _ = await runner.runInBackground(["a", "b"].map(TCKRunnerTests.emptyResultCase))
      })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("crashed in TCK case: some/Feature b\n"))
  }

  // MARK: Reports

  @Test func reportCountsByCategory() async {
    let runner = TCKRunner(
      makeEngine: { OracleEngine(for: Self.someCases[0]) }, render: Self.render)
    let report = await runner.runInBackground(
      [Self.someCases[0], Self.emptyResultCase("a"), Self.someCases[0]])
    let lines = report.table().split(separator: "\n").map { $0.split(separator: " ").prefix(3) }
    #expect(lines[0] == ["category", "passed", "failed"])
    #expect(lines[1] == ["clauses/sample", "2", "0"])
    #expect(lines[2] == ["some", "0", "1"])
    #expect(lines[3] == ["total", "2", "1"])
  }

  @Test func knownFailuresSplitIntoThreeKinds() async {
    let cases = ["a", "b", "c"].map(Self.emptyResultCase)
    let runner = TCKRunner(makeEngine: { OracleEngine(for: cases[0]) }, render: Self.render)
    let report = await runner.runInBackground(cases)
    let known = KnownFailures(ids: ["some/Feature a", "some/Feature b", "some/Feature gone"])
    let verdict = known.verdict(on: report, of: cases)
    #expect(verdict.regressions.map(\.id) == ["some/Feature c"])
    #expect(verdict.mended == ["some/Feature a"])
    #expect(verdict.unknown == ["some/Feature gone"])
  }

  @Test func optionsSelectCases() throws {
    let cases = ["one", "two", "three"].map(Self.emptyResultCase)
    func select(_ filter: String) throws -> [String] {
      try TCKOptions(environment: ["TROPA_TCK_FILTER": filter]).select(from: cases).map(\.id)
    }
    #expect(try select("") == cases.map(\.id))
    #expect(try select("two;thr") == ["some/Feature two", "some/Feature three"])
    #expect(try select("nothing").isEmpty)
    let list = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: list) }
    try "# comment\nsome/Feature two\n".write(to: list, atomically: true, encoding: .utf8)
    #expect(try select("@\(list.path)") == ["some/Feature two"])
  }
}

private let sampleFeature = #"""
  Feature: Sample1 - one scenario of each kind

    Scenario: [1] rows and side effects
      Given an empty graph
      When executing query:
        """
        CREATE (n:A {x: 1}) RETURN n, n.x AS x
        """
      Then the result should be, in any order:
        | n           | x |
        | (:A {x: 1}) | 1 |
      And the side effects should be:
        | +nodes      | 1 |
        | +labels     | 1 |
        | +properties | 1 |

    Scenario: [2] rows in order, then a control query
      Given the binary-tree-1 graph
      When executing query:
        """
        UNWIND [2, 1] AS x CREATE () RETURN x
        """
      Then the result should be, in order:
        | x |
        | 2 |
        | 1 |
      And the side effects should be:
        | +nodes | 2 |
      When executing control query:
        """
        MATCH (n) RETURN count(n) AS n
        """
      Then the result should be, in any order:
        | n  |
        | 15 |

    Scenario: [3] lists as bags
      When executing query:
        """
        RETURN [1, [2, 3]] AS x
        """
      Then the result should be (ignoring element order for lists):
        | x           |
        | [1, [2, 3]] |

    Scenario: [4] lists as lists
      When executing query:
        """
        RETURN [1, [2, 3]] AS x
        """
      Then the result should be, in any order:
        | x           |
        | [1, [2, 3]] |

    Scenario: [5] procedure
      Given there exists a procedure test.my.proc(in :: INTEGER?) :: (a :: STRING?, b :: FLOAT?) :
        | b    | in   | a   |
        | 0.5  | 1    | 'x' |
        | null | null | 'y' |
      When executing query:
        """
        CALL test.my.proc(1)
        """
      Then the result should be, in any order:
        | a   | b   |
        | 'x' | 0.5 |
      And no side effects

    Scenario Outline: [6] errors
      Given any graph
      And parameters are:
        | p | <value> |
      When executing query:
        """
        RETURN x<value>
        """
      Then a SyntaxError should be raised at compile time: UndefinedVariable

      Examples:
        | value |
        | 1     |

      Examples:
        | value      |
        | {a: ['b']} |

  """#
