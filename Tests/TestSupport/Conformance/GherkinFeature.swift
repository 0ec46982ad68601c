// A feature file as Gherkin describes it, before anything in it means something to the TCK.

package struct GherkinFeature: Sendable {
  package var name = ""
  /// Steps that run before those of each scenario.
  package var background: [GherkinStep] = []
  package var scenarios: [GherkinScenario] = []
}

/// A `Scenario`, or a `Scenario Outline` when it has `examples`.
package struct GherkinScenario: Sendable {
  package var name: String
  package var line: Int
  package var tags: [String]
  package var isOutline: Bool
  package var steps: [GherkinStep] = []
  package var examples: [GherkinTable] = []

  /// The runs that the scenario stands for: itself, or an outline's steps once for each row of each
  /// `Examples` table in file order, with every `<name>` replaced by the row's value.
  package func instances() -> [[GherkinStep]] {
    guard isOutline else { return [steps] }
    return examples.flatMap { table in
      table.rows.dropFirst().map { row in
        let values = Dictionary(zip(table.rows[0], row), uniquingKeysWith: { first, _ in first })
        return steps.map { $0.replacingPlaceholders(with: values) }
      }
    }
  }
}

package struct GherkinStep: Sendable {
  /// What follows the keyword (`Given`, `When`, ...), which carries no meaning of its own.
  package var text: String
  package var line: Int
  package var docString: String?
  package var table: GherkinTable?

  func replacingPlaceholders(with values: [String: String]) -> GherkinStep {
    GherkinStep(
      text: replacePlaceholders(in: text, with: values), line: line,
      docString: docString.map { replacePlaceholders(in: $0, with: values) },
      table: table.map { table in
        GherkinTable(
          rows: table.rows.map { $0.map { replacePlaceholders(in: $0, with: values) } },
          line: table.line)
      })
  }
}

/// Cells with their Gherkin escapes resolved; every row has as many cells as the first.
package struct GherkinTable: Sendable {
  package var rows: [[String]]
  package var line: Int
}

/// One pass from left to right, so that a value which itself looks like a placeholder, or a
/// comparison such as `a < b`, stays as it is.
private func replacePlaceholders(in text: String, with values: [String: String]) -> String {
  var result = ""
  var rest = Substring(text)
  while let open = rest.unicodeScalars.firstIndex(of: "<") {
    result += rest[..<open]
    let afterOpen = rest.unicodeScalars.index(after: open)
    if let close = rest.unicodeScalars[afterOpen...].firstIndex(of: ">"),
      let value = values[String(rest[afterOpen..<close])]
    {
      result += value
      rest = rest[rest.unicodeScalars.index(after: close)...]
    } else {
      result += "<"
      rest = rest[afterOpen...]
    }
  }
  return result + rest
}
