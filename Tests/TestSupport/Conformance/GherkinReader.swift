/// A place in a feature file that is not Gherkin, or not a step that the TCK knows.
package struct FeatureFileError: Error, CustomStringConvertible {
  package var file: String
  package var line: Int
  package var message: String
  package var description: String { "\(file):\(line): \(message)" }
}

/// Reads the part of Gherkin that the TCK uses (https://cucumber.io/docs/gherkin/reference):
/// features, backgrounds, scenarios, outlines with any number of example tables, tags, comments,
/// doc strings and tables. Lines may end in LF or CRLF. Anything else is an error with its line,
/// so that a file which is only half understood cannot pass for a smaller one.
package struct GherkinReader {
  /// What the lines being read belong to. Free text is a description only up to the first step.
  private enum Section { case start, feature, background, scenario, examples }

  private struct OpenDocString {
    var delimiter: String
    var indentation: Int
    var lines: [String] = []
    var line: Int
  }

  private let file: String
  private var feature = GherkinFeature()
  private var section = Section.start
  private var tags: [String] = []
  private var docString: OpenDocString?
  private var lineNumber = 0

  private init(file: String) { self.file = file }

  /// - Parameter file: how errors name the file.
  package static func read(_ text: String, file: String) throws -> GherkinFeature {
    var reader = GherkinReader(file: file)
    // By bytes: to Swift's `Character`, CR LF is one character and not equal to LF.
    for bytes in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      reader.lineNumber += 1
      try reader.take(
        String(Substring(bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes)))
    }
    if let open = reader.docString {
      throw FeatureFileError(file: file, line: open.line, message: "doc string is never closed")
    }
    try reader.requireExamples()
    return reader.feature
  }

  private func failure(_ message: String) -> FeatureFileError {
    FeatureFileError(file: file, line: lineNumber, message: message)
  }

  private mutating func take(_ line: String) throws {
    if docString != nil { return try takeDocStringLine(line) }
    let content = line.trimmingBlanks()
    switch content.utf8.first {
    case nil, UInt8(ascii: "#"): return
    case UInt8(ascii: "@"):
      tags += content.split(separator: " ").prefix { !$0.hasPrefix("#") }.map(String.init)
    case UInt8(ascii: "|"): try addRow(content)
    default:
      if content.hasPrefix("\"\"\"") || content.hasPrefix("```") {
        let indentation = line.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
        docString = OpenDocString(
          delimiter: String(content.prefix(3)), indentation: indentation, line: lineNumber)
      } else if try !beginSection(content) && !addStep(content) {
        try acceptDescription(content)
      }
    }
  }

  // MARK: Sections and steps

  private static let sections: [(keyword: String, section: Section, isOutline: Bool)] = [
    ("Feature:", .feature, false), ("Background:", .background, false),
    ("Scenario Outline:", .scenario, true), ("Scenario Template:", .scenario, true),
    ("Scenario:", .scenario, false), ("Example:", .scenario, false),
    ("Examples:", .examples, false), ("Scenarios:", .examples, false),
  ]

  private mutating func beginSection(_ content: String) throws -> Bool {
    guard
      let (keyword, next, isOutline) = Self.sections.first(where: { content.hasPrefix($0.keyword) })
    else { return false }
    let name = String(content.dropFirst(keyword.count)).trimmingBlanks()
    switch next {
    case .start: break
    case .feature:
      guard section == .start else { throw failure("a second feature in one file") }
      feature.name = name
    case .background:
      guard section == .feature else { throw failure("a background must come first") }
    case .scenario:
      guard section != .start else { throw failure("a scenario before its feature") }
      try requireExamples()
      feature.scenarios.append(
        GherkinScenario(name: name, line: lineNumber, tags: tags, isOutline: isOutline))
    case .examples:
      guard let scenario = feature.scenarios.last, scenario.isOutline else {
        throw failure("examples without an outline")
      }
      feature.scenarios[feature.scenarios.count - 1].examples.append(
        GherkinTable(rows: [], line: lineNumber))
    }
    section = next
    tags = []
    return true
  }

  /// Called where an outline ends, which would otherwise stand for no cases at all.
  private func requireExamples() throws {
    guard let last = feature.scenarios.last, last.isOutline else { return }
    if last.examples.isEmpty { throw failure("outline without examples: \(last.name)") }
    if last.examples.contains(where: \.rows.isEmpty) {
      throw failure("examples without a header: \(last.name)")
    }
  }

  private static let stepKeywords = ["Given ", "When ", "Then ", "And ", "But ", "* "]

  private mutating func addStep(_ content: String) throws -> Bool {
    guard let keyword = Self.stepKeywords.first(where: content.hasPrefix) else { return false }
    let text = String(content.dropFirst(keyword.count)).trimmingBlanks()
    let step = GherkinStep(text: text, line: lineNumber)
    switch section {
    case .background: feature.background.append(step)
    case .scenario: feature.scenarios[feature.scenarios.count - 1].steps.append(step)
    case .start, .feature, .examples: throw failure("step outside a scenario: \(text)")
    }
    return true
  }

  private func acceptDescription(_ content: String) throws {
    let isDescription =
      switch section {
      case .start: false
      case .feature: true
      case .background: feature.background.isEmpty
      case .scenario: feature.scenarios.last?.steps.isEmpty ?? true
      case .examples: feature.scenarios.last?.examples.last?.rows.isEmpty ?? true
      }
    guard isDescription else { throw failure("not a step, table or section: \(content)") }
  }

  // MARK: Tables and doc strings

  private mutating func changeLastStep(_ change: (inout GherkinStep) -> Void) throws {
    switch section {
    case .background where !feature.background.isEmpty:
      change(&feature.background[feature.background.count - 1])
    case .scenario where feature.scenarios.last?.steps.isEmpty == false:
      let scenario = feature.scenarios.count - 1
      change(&feature.scenarios[scenario].steps[feature.scenarios[scenario].steps.count - 1])
    default: throw failure("table or doc string without a step")
    }
  }

  private mutating func addRow(_ content: String) throws {
    let cells = try tableCells(content)
    var width = cells.count
    if section == .examples {
      let scenario = feature.scenarios.count - 1
      let table = feature.scenarios[scenario].examples.count - 1
      feature.scenarios[scenario].examples[table].rows.append(cells)
      width = feature.scenarios[scenario].examples[table].rows[0].count
    } else {
      let line = lineNumber
      try changeLastStep { step in
        var table = step.table ?? GherkinTable(rows: [], line: line)
        table.rows.append(cells)
        width = table.rows[0].count
        step.table = table
      }
    }
    guard width == cells.count else {
      throw failure("row has \(cells.count) cells, the first of its table \(width)")
    }
  }

  /// Splits `| a | b |` at unescaped bars. In a cell `\|`, `\\` and `\n` are escapes; a backslash
  /// before anything else stands for itself.
  private func tableCells(_ content: String) throws -> [String] {
    var cells: [String] = []
    var cell: [UInt8] = []
    var isEscaped = false
    for byte in content.utf8.dropFirst() {
      if isEscaped {
        switch byte {
        case UInt8(ascii: "n"): cell.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "|"), UInt8(ascii: "\\"): cell.append(byte)
        default: cell += [UInt8(ascii: "\\"), byte]
        }
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "|") {
        cells.append(String(decoding: cell, as: UTF8.self).trimmingBlanks())
        cell = []
      } else {
        cell.append(byte)
      }
    }
    guard !isEscaped, String(decoding: cell, as: UTF8.self).trimmingBlanks().isEmpty else {
      throw failure("row does not end in a bar: \(content)")
    }
    return cells
  }

  private mutating func takeDocStringLine(_ line: String) throws {
    guard var open = docString else { return }
    guard line.trimmingBlanks() != open.delimiter else {
      docString = nil
      let text = open.lines.joined(separator: "\n")
      var isSecond = false
      try changeLastStep { step in
        isSecond = step.docString != nil
        step.docString = text
      }
      if isSecond { throw failure("a second doc string for one step") }
      return
    }
    let blanks = line.utf8.prefix(open.indentation).prefix { $0 == 0x20 || $0 == 0x09 }.count
    open.lines.append(String(line.dropFirst(blanks)))
    docString = open
  }
}

extension String {
  /// Without spaces and tabs at both ends.
  func trimmingBlanks() -> String {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let tail = utf8.drop(while: isBlank)
    guard let last = tail.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(Substring(tail[...last]))
  }
}
