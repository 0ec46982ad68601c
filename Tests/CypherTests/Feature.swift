import Foundation

/// The queries of the openCypher TCK's feature files, read just well enough to parse them:
/// scenarios, their docstrings, and outlines filled in from their examples.
struct FeatureQuery: Sendable {
  var text: String
  /// Where it comes from, for messages.
  var scenario: String
  /// The detail of the SyntaxError that the scenario expects of this query at compile time.
  var expectedError: String?
}

enum FeatureFiles {
  /// `../shared/tck/features` beside the package or one of the folders around it.
  static var folder: URL? {
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let features = folder.appendingPathComponent("shared/tck/features")
      if FileManager.default.fileExists(atPath: features.path) { return features }
    }
    return nil
  }

  static func queries() throws -> [FeatureQuery] {
    guard let folder else { return [] }
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var queries: [FeatureQuery] = []
    for case let file as URL in files ?? .init() where file.pathExtension == "feature" {
      let text = try String(contentsOf: file, encoding: .utf8)
      queries += FeatureReader(file: file.lastPathComponent).queries(in: text)
    }
    return queries
  }
}

private struct FeatureReader {
  let file: String
  private var queries: [FeatureQuery] = []
  private var scenario = ""
  private var docstrings: [(text: String, isUnderTest: Bool)] = []
  private var expectedError: String?
  private var examples: [[String]] = []

  init(file: String) { self.file = file }

  func queries(in text: String) -> [FeatureQuery] {
    var reader = self
    var docstring: [Substring]?
    var isUnderTest = false
    var inExamples = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let trimmed = line.trimmingCharacters(in: .whitespaces)
      if trimmed == "\"\"\"" {
        if let lines = docstring {
          reader.docstrings.append((lines.joined(separator: "\n"), isUnderTest))
          docstring = nil
        } else {
          docstring = []
        }
      } else if docstring != nil {
        docstring?.append(line)
      } else if trimmed.hasPrefix("#") {
        continue
      } else if trimmed.hasPrefix("Scenario") || trimmed.hasPrefix("Background") {
        reader.finishScenario()
        reader.scenario = "\(file): \(trimmed)"
        inExamples = false
      } else if trimmed.hasPrefix("Examples") {
        // Each table of examples has its own header.
        reader.finishExamples()
        inExamples = true
      } else if inExamples, trimmed.hasPrefix("|") {
        reader.examples.append(Self.cells(trimmed))
      } else if trimmed.hasSuffix("executing query:") || trimmed.hasSuffix("control query:") {
        isUnderTest = trimmed.hasSuffix("executing query:")
      } else if trimmed.hasSuffix("having executed:") {
        isUnderTest = false
      } else if let range = trimmed.range(of: "SyntaxError should be raised at compile time: ") {
        reader.expectedError = String(trimmed[range.upperBound...])
      }
    }
    reader.finishScenario()
    return reader.queries
  }

  private mutating func finishScenario() {
    if examples.isEmpty { add { $0 } } else { finishExamples() }
    docstrings = []
    expectedError = nil
  }

  private mutating func finishExamples() {
    guard let header = examples.first else { return }
    for row in examples.dropFirst() {
      add { text in
        zip(header, row).reduce(text) { text, cell in
          text.replacingOccurrences(of: "<\(cell.0)>", with: cell.1)
        }
      }
    }
    examples = []
  }

  private mutating func add(_ fillIn: (String) -> String) {
    for docstring in docstrings {
      queries.append(
        FeatureQuery(
          text: fillIn(docstring.text), scenario: scenario,
          expectedError: docstring.isUnderTest ? expectedError.map(fillIn) : nil))
    }
  }

  /// The cells of a table row, with Gherkin's escapes.
  private static func cells(_ line: String) -> [String] {
    var cells: [String] = []
    var cell = ""
    var characters = line.dropFirst().makeIterator()
    while let character = characters.next() {
      switch character {
      case "|":
        cells.append(cell.trimmingCharacters(in: .whitespaces))
        cell = ""
      case "\\":
        switch characters.next() {
        case "n": cell += "\n"
        case "|": cell += "|"
        case "\\": cell += "\\"
        case let other?: cell += "\\\(other)"
        case nil: cell += "\\"
        }
      default: cell.append(character)
      }
    }
    return cells
  }
}
