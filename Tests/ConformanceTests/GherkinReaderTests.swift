import TestSupport
import Testing

@Suite struct GherkinReaderTests {
  private func read(_ text: String) throws -> GherkinFeature {
    try GherkinReader.read(text, file: "x.feature")
  }

  @Test func readsSectionsStepsTagsAndComments() throws {
    let feature = try read(
      """
      #encoding: utf-8
      @aTag
      Feature: F - name

        Free text about the feature.

        Background:
          Given an empty graph
        # a comment
        @one @two # not a tag
        Scenario: [1] first #not a comment
          More free text
          When executing query:
          Then the result should be empty
        Scenario Outline: second
          * a <step>
        Examples: named
          | step |
          | s1   |
      """)
    #expect(feature.name == "F - name")
    #expect(feature.background.map(\.text) == ["an empty graph"])
    #expect(feature.scenarios.map(\.name) == ["[1] first #not a comment", "second"])
    #expect(feature.scenarios[0].tags == ["@one", "@two"])
    #expect(
      feature.scenarios[0].steps.map(\.text) == ["executing query:", "the result should be empty"])
    #expect(feature.scenarios[0].steps.map(\.line) == [13, 14])
    #expect(feature.scenarios[1].instances().map { $0.map(\.text) } == [["a s1"]])
  }

  @Test func docStringLosesTheIndentationOfItsQuotes() throws {
    let feature = try read(
      "Feature: F\nScenario: S\nWhen q:\n"
        + "    \"\"\"\n    a\n      b\n\n  c\n    # d\n    | e |\n    \"\"\""
    )
    #expect(feature.scenarios[0].steps[0].docString == "a\n  b\n\nc\n# d\n| e |")
  }

  @Test func linesMayEndInCarriageReturns() throws {
    let feature = try read(
      "Feature: F\r\nScenario: S\r\nWhen q:\r\n"
        + "  \"\"\"\r\n  a\r\n  b\r\n  \"\"\"\r\nThen t\r\n| x |\r\n"
    )
    #expect(feature.scenarios[0].steps.map(\.docString) == ["a\nb", nil])
    #expect(feature.scenarios[0].steps[1].table?.rows == [["x"]])
  }

  @Test(arguments: [
    (#"| a |  b c  ||"#, ["a", "b c", ""]),
    (#"|"#, []),
    (#"| a\|b | \\ | \n | \' | \\\\ |"#, ["a|b", #"\"#, "\n", #"\'"#, #"\\"#]),
    (#"| é | 🧐|"#, ["é", "🧐"]),
  ])
  func splitsRows(row: String, cells: [String]) throws {
    let feature = try read("Feature: F\nScenario: S\nThen t\n\(row)")
    #expect(feature.scenarios[0].steps[0].table?.rows == [cells])
  }

  @Test func outlineFillsTextTablesAndDocStrings() throws {
    let feature = try read(
      #"""
      Feature: F
      Scenario Outline: S <a>
        Given text <a> < <b>>
          """
          <a> <unknown> <b>
          """
        Then table
          | <a> | x<b>y |

        Examples:
          | a   | b |
          | <b> | 1 |
          | p\|q | 2 |

        Examples:
          | b | a |
          | 3 | z |
      """#)
    let instances = feature.scenarios[0].instances()
    #expect(instances.map { $0[0].text } == ["text <b> < 1>", "text p|q < 2>", "text z < 3>"])
    #expect(
      instances.map { $0[0].docString }
        == ["<b> <unknown> 1", "p|q <unknown> 2", "z <unknown> 3"])
    #expect(
      instances.map { $0[1].table?.rows } == [
        [["<b>", "x1y"]], [["p|q", "x2y"]], [["z", "x3y"]],
      ])
  }

  @Test(arguments: [
    ("Feature: F\nScenario: S\nWhen q\n\"\"\"\nRETURN 1", 4, "never closed"),
    ("Feature: F\nScenario: S\nGiven g\nnonsense", 4, "not a step"),
    ("Feature: F\nScenario: S\nThen t\n| a | b |\n| a |", 5, "row has 1 cells"),
    ("Feature: F\nScenario: S\nThen t\n| a | b", 4, "does not end in a bar"),
    ("Feature: F\n| a |", 2, "without a step"),
    ("Feature: F\nGiven g", 2, "outside a scenario"),
    ("Scenario: S", 1, "before its feature"),
    ("Feature: F\nScenario: S\nExamples:", 3, "without an outline"),
    ("Feature: F\nScenario Outline: S\nGiven g\nScenario: T", 4, "without examples"),
    ("Feature: F\nScenario Outline: S\nGiven g", 3, "without examples"),
    ("Feature: F\nScenario Outline: S\nGiven g\nExamples:\nScenario: T", 5, "without a header"),
    ("Feature: F\nFeature: G", 2, "second feature"),
    ("Feature: F\nScenario: S\nWhen q\n\"\"\"\n\"\"\"\n\"\"\"\n\"\"\"", 7, "second doc string"),
  ])
  func mistakesAreErrorsWithALine(text: String, line: Int, message: String) throws {
    let error = try #require(throws: FeatureFileError.self) { try read(text) }
    #expect(error.line == line)
    #expect(error.message.contains(message))
  }

  @Test(arguments: [
    "there is some graph", "a FunnyError should be raised at runtime: *",
    "a TypeError should be raised at breakfast: *", "there exists a procedure no(signature):",
    "the side effects should be:", "executing query:", "parameters are:",
  ])
  func stepsThatMeanNothingAreErrors(text: String) throws {
    let feature = "Feature: F\nScenario: S\nGiven \(text)"
    let error = try #require(throws: FeatureFileError.self) {
      try TCKSuite.cases(of: feature, path: "a/B") { _ in "" }
    }
    #expect(error.line == 3)
    #expect(error.file == "a/B.feature")
  }
}
