import Foundation
import GraphTypes
import TestSupport
import Testing

/// The scenarios of openCypher's TCK that need no graph.
@Suite struct ExpressionTCKTests {
  @Test(.enabled(if: SharedData.url("tck/features") != nil, "needs the folder shared/tck"))
  func scenariosWithoutGraph() throws {
    let folder = try #require(SharedData.url("tck"))
    let suite = try TCKSuite(folder: folder)
    var passed = 0
    var failures: [String] = []
    for testCase in suite.cases {
      switch run(testCase) {
      case .needsGraph: break
      case .passed: passed += 1
      case .failed(let reason): failures.append("\(testCase.id): \(reason)")
      }
    }
    #expect(passed > 1000, "only \(passed) passed")
    let report = failures.prefix(40).joined(separator: "\n")
    #expect(failures.isEmpty, "\(failures.count) failed, \(passed) passed:\n\(report)")
  }

  private enum Outcome {
    case needsGraph, passed
    case failed(String)
  }

  private func run(_ testCase: TCKCase) -> Outcome {
    var parameters: [String: Value] = [:]
    var answer: Result<(columns: [String], rows: [[Value]]), any Error>?
    for step in testCase.steps {
      switch step {
      case .preparation, .procedure, .controlQuery: return .needsGraph
      case .parameters(let values): parameters = values
      case .query(let query):
        do {
          answer = .success(try RowPipeline.run(query, parameters: parameters))
        } catch is RowPipeline.NeedsGraph {
          return .needsGraph
        } catch {
          answer = .failure(error)
        }
      case .result(let expected):
        switch answer {
        case .success(let answer):
          let actual = answer.rows.map { row in
            row.map { TCKValue($0) { $0.text(.display) } }
              .map { $0.text(ignoringListOrder: expected.ignoresListOrder) }
          }
          var wanted = expected.rows.map { row in
            row.map { $0.text(ignoringListOrder: expected.ignoresListOrder) }
          }
          var sorted = actual
          if !expected.isOrdered {
            sorted.sort { $0.joined(separator: "|") < $1.joined(separator: "|") }
            wanted.sort { $0.joined(separator: "|") < $1.joined(separator: "|") }
          }
          if sorted != wanted { return .failed("expected \(wanted), got \(sorted)") }
        case .failure(let error): return .failed("\(error)")
        case nil: return .needsGraph
        }
      case .error(let expected):
        switch answer {
        case .success(let answer): return .failed("expected \(expected), got \(answer.rows)")
        case .failure(let error as QueryError):
          // What the binder finds is its own tests' matter.
          if error.phase == .compile { return .needsGraph }
          if !expected.matches(error) { return .failed("expected \(expected), got \(error)") }
        case .failure(let error): return .failed("\(error)")
        case nil: return .needsGraph
        }
      case .sideEffects: break
      }
    }
    return answer == nil ? .needsGraph : .passed
  }
}
