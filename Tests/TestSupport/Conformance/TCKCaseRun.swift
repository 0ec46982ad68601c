import GraphTypes

/// One case on one engine, step by step.
package struct TCKCaseRun {
  /// Why a case fails, in words for the person who mends the engine.
  private struct Mismatch: Error { var message: String }

  /// What the last query gave, until the next one is asked.
  private struct Answer {
    var query: String
    var result: Result<EngineResult, any Error>
    /// Nil unless a later step needs it.
    var sideEffects: SideEffects?
    var isErrorExpected = false
  }

  private let engine: any ConformanceEngine
  private let render: (Value) -> String
  private let timeout: Duration
  private var parameters: [String: Value] = [:]
  private var answer: Answer?
  private var needsSideEffects: Bool

  /// - Returns: nil when the engine does all that the case says, else what it did instead.
  package static func failure(
    of testCase: TCKCase, on engine: any ConformanceEngine, render: @escaping (Value) -> String,
    timeout: Duration
  ) -> String? {
    var run = TCKCaseRun(testCase, engine: engine, render: render, timeout: timeout)
    do {
      try engine.reset()
      for step in testCase.steps { try run.perform(step) }
      try run.requireNoUnexpectedError()
      return nil
    } catch let mismatch as Mismatch {
      return mismatch.message
    } catch {
      return "the engine failed outside a query: \(error)"
    }
  }

  private init(
    _ testCase: TCKCase, engine: any ConformanceEngine, render: @escaping (Value) -> String,
    timeout: Duration
  ) {
    self.engine = engine
    self.render = render
    self.timeout = timeout
    needsSideEffects = testCase.steps.contains { step in
      switch step {
      case .sideEffects, .error: true
      default: false
      }
    }
  }

  // MARK: Steps

  private mutating func perform(_ step: TCKStep) throws {
    switch step {
    case .preparation(let query):
      do { _ = try engine.execute(query, parameters: parameters, timeout: timeout) } catch {
        throw Mismatch(message: "preparation failed\n\(query.indented)\nwith \(describe(error))")
      }
    case .parameters(let values): parameters.merge(values) { _, new in new }
    case .procedure(let procedure): try engine.register(procedure: procedure)
    case .query(let query): try ask(query, countingSideEffects: needsSideEffects)
    case .controlQuery(let query): try ask(query, countingSideEffects: false)
    case .result(let expected): try check(expected)
    case .sideEffects(let expected): try check(expected)
    case .error(let expected): try check(expected)
    }
  }

  private mutating func ask(_ query: String, countingSideEffects: Bool) throws {
    try requireNoUnexpectedError()
    let before = countingSideEffects ? try engine.graphState() : nil
    let result = Result { try engine.execute(query, parameters: parameters, timeout: timeout) }
    let sideEffects = try before.map {
      SideEffects(from: $0, to: try engine.graphState(), render: render)
    }
    answer = Answer(query: query, result: result, sideEffects: sideEffects)
  }

  private func requireNoUnexpectedError() throws {
    guard let answer, !answer.isErrorExpected, case .failure(let error) = answer.result else {
      return
    }
    throw mismatch(expected: "no error", actual: describe(error))
  }

  // MARK: Expectations

  private func check(_ expected: TCKStep.ExpectedResult) throws {
    try requireNoUnexpectedError()
    guard case .success(let result)? = answer?.result else { throw nothingAsked() }
    if let columns = expected.columns,
      columns.map({ Array($0.utf8) }) != result.columns.map({ Array($0.utf8) })
    {
      throw mismatch(expected: "columns \(columns)", actual: "columns \(result.columns)")
    }
    func text(_ row: [TCKValue]) -> String {
      let cells = row.map { $0.text(ignoringListOrder: expected.ignoresListOrder) }
      return "| " + cells.joined(separator: " | ") + " |"
    }
    var wanted = expected.rows.map(text)
    var found = result.rows.map { row in text(row.map { TCKValue($0, render: render) }) }
    if !expected.isOrdered {
      wanted.sort()
      found.sort()
    }
    // By bytes: Swift's `==` takes different spellings of one accented letter for equal.
    guard wanted.count == found.count,
      zip(wanted, found).allSatisfy({ $0.utf8.elementsEqual($1.utf8) })
    else {
      throw mismatch(
        expected: Self.table(wanted, expected.isOrdered),
        actual: Self.table(found, expected.isOrdered))
    }
  }

  private func check(_ expected: SideEffects) throws {
    try requireNoUnexpectedError()
    guard let found = answer?.sideEffects else { throw nothingAsked() }
    guard found == expected else {
      throw mismatch(expected: "\(expected)", actual: "\(found)")
    }
  }

  private mutating func check(_ expected: TCKStep.ExpectedError) throws {
    switch answer?.result {
    case nil: throw nothingAsked()
    case .success(let result):
      throw mismatch(expected: "\(expected)", actual: "\(result.rows.count) rows and no error")
    case .failure(let error):
      guard let error = error as? QueryError, expected.matches(error) else {
        throw mismatch(expected: "\(expected)", actual: describe(error))
      }
    }
    answer?.isErrorExpected = true
    try check(SideEffects())
  }

  // MARK: Words

  private func describe(_ error: any Error) -> String {
    guard let error = error as? QueryError else { return "\(type(of: error)): \(error)" }
    let phase = error.phase == .compile ? "compile time" : "runtime"
    return "\(error.kind.rawValue) at \(phase): \(error.detail) (\(error.message))"
  }

  private func nothingAsked() -> Mismatch {
    Mismatch(message: "the case expects something before it has asked anything")
  }

  private func mismatch(expected: String, actual: String) -> Mismatch {
    Mismatch(
      message: """
        query
        \((answer?.query ?? "").indented)
        expected
        \(expected.indented)
        actual
        \(actual.indented)
        """)
  }

  private static func table(_ rows: [String], _ isOrdered: Bool) -> String {
    let shownMaximum = 40
    let shown = rows.prefix(shownMaximum).joined(separator: "\n")
    let rest = rows.count > shownMaximum ? "\n... and \(rows.count - shownMaximum) more" : ""
    return "\(rows.count) rows\(isOrdered ? " in order" : ", sorted")\n\(shown)\(rest)"
  }
}

extension String {
  fileprivate var indented: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }
      .joined(separator: "\n")
  }
}
