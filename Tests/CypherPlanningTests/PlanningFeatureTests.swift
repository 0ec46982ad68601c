import Cypher
import CypherPlanning
import GraphTypes
import TestSupport
import Testing

/// Every query of the openCypher TCK that binds gives a plan that keeps the contract, with all
/// rewrites, with none, and without each of them.
@Suite(.enabled(if: SharedData.url("tck") != nil, "\(SharedData.missing("tck"))"))
struct PlanningFeatureTests {
  static let optionSets: [PlannerOptions] =
    [PlannerOptions(), PlannerOptions(disabled: Set(PlannerOptions.Rewrite.allCases))]
    + PlannerOptions.Rewrite.allCases.map { PlannerOptions(disabled: [$0]) }

  @Test func plansTheQueriesOfTheTCK() throws {
    let suite = try TCKSuite(folder: try #require(SharedData.url("tck")))
    var failures: [String] = []
    var planned = 0
    for (i, testCase) in suite.cases.enumerated() {
      var catalogue = BinderCatalogue()
      // All option sets over the whole TCK take long; each query meets all within a few cases.
      let options = [
        Self.optionSets[0], Self.optionSets[1],
        Self.optionSets[2 + i % (Self.optionSets.count - 2)],
      ]
      for step in testCase.steps {
        switch step {
        case .procedure(let procedure): catalogue.add(procedure)
        case .preparation(let text), .query(let text), .controlQuery(let text):
          guard let statements = try? Parser.parse(text) else { continue }
          for statement in statements {
            for options in options {
              guard
                let result = try? Planner.plan(
                  statement, source: SourceText(text), catalogue: catalogue, parameterNames: nil,
                  options: options)
              else { continue }
              planned += 1
              let errors = PlanValidator.errors(of: result.plan)
              let description = PlanDescription(result)
              for line in description.text().split(separator: "\n") where line.count > 130 {
                failures.append("\(testCase.id): too wide: \(line)")
              }
              guard !errors.isEmpty else { continue }
              failures.append(
                "\(testCase.id)\n\(text)\n\(errors.joined(separator: "\n"))\n\(description.text())\n\(options.disabled)"
              )
            }
          }
        default: break
        }
      }
    }
    for failure in failures.prefix(20) { Issue.record("\(failure)") }
    #expect(failures.isEmpty)
    #expect(planned > 9_000)
  }
}
