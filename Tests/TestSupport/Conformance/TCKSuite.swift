import Foundation
import GraphTypes

/// The cases of a folder that holds `features/` and `graphs/`, as `shared/tck` does.
package struct TCKSuite: Sendable {
  package var cases: [TCKCase]

  package init(cases: [TCKCase]) { self.cases = cases }

  /// Reads every feature file, in the order of their paths. A file, table or step that is not
  /// understood throws with its place, so no case is left out silently.
  package init(folder: URL) throws {
    cases = []
    let features = folder.appendingPathComponent("features")
    for path in try Self.featurePaths(under: features) {
      let text = try String(
        contentsOf: features.appendingPathComponent(path + ".feature"), encoding: .utf8)
      cases += try Self.cases(of: text, path: path) { name in
        try String(
          contentsOf: folder.appendingPathComponent("graphs/\(name)/\(name).cypher"),
          encoding: .utf8)
      }
    }
    let clashes = Dictionary(grouping: cases, by: \.id).filter { $0.value.count > 1 }.keys.sorted()
    guard clashes.isEmpty else {
      throw FeatureFileError(
        file: "features", line: 0, message: "same identifier twice: \(clashes)")
    }
  }

  /// Paths below `folder` without the extension.
  private static func featurePaths(under folder: URL) throws -> [String] {
    let suffix = ".feature"
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
  }

  /// - Parameters:
  ///   - path: of the feature file below `features/`, without extension.
  ///   - graph: the script that builds the graph of a given name.
  package static func cases(
    of text: String, path: String, graph: @escaping (String) throws -> String
  ) throws -> [TCKCase] {
    let feature = try GherkinReader.read(text, file: path + ".feature")
    let category = path.split(separator: "/").dropLast().joined(separator: "/")
    return try feature.scenarios.flatMap { scenario in
      try scenario.instances().enumerated().map { index, steps in
        let example = scenario.isOutline ? " (example \(index + 1))" : ""
        return TCKCase(
          id: "\(path) \(scenario.name)\(example)", category: category, line: scenario.line,
          steps: try (feature.background + steps).compactMap {
            try StepReader(step: $0, file: path + ".feature", graph: graph).read()
          })
      }
    }
  }
}

/// Gives meaning to one step.
private struct StepReader {
  var step: GherkinStep
  var file: String
  var graph: (String) throws -> String

  func failure(_ message: String) -> FeatureFileError {
    FeatureFileError(file: file, line: step.line, message: message)
  }

  /// Nil for a step that asks for nothing.
  func read() throws -> TCKStep? {
    switch step.text {
    case "an empty graph", "any graph": return nil
    case "having executed:": return .preparation(query: try docString())
    case "executing query:": return .query(try docString())
    case "executing control query:": return .controlQuery(try docString())
    case "parameters are:": return .parameters(try parameters())
    case "no side effects": return .sideEffects(SideEffects())
    case "the side effects should be:": return .sideEffects(try sideEffects())
    case "the result should be empty":
      return .result(.init(columns: nil, rows: []))
    case "the result should be, in any order:": return try result()
    case "the result should be, in order:": return try result(isOrdered: true)
    case "the result should be (ignoring element order for lists):":
      return try result(ignoresListOrder: true)
    case "the result should be, in order (ignoring element order for lists):":
      return try result(isOrdered: true, ignoresListOrder: true)
    case let text where text.hasPrefix("there exists a procedure "):
      return .procedure(try procedure())
    case let text where text.hasPrefix("the ") && text.hasSuffix(" graph"):
      return .preparation(query: try graph(String(text.dropFirst(4).dropLast(6))))
    default:
      if let error = try expectedError() { return .error(error) }
      throw failure("unknown step: \(step.text)")
    }
  }

  // MARK: Arguments

  private func docString() throws -> String {
    guard let docString = step.docString else { throw failure("step without its doc string") }
    return docString
  }

  private func table() throws -> [[String]] {
    guard let table = step.table else { throw failure("step without its table") }
    return table.rows
  }

  private func value(_ text: String) throws -> TCKValue {
    do { return try TCKValue(parsing: text) } catch { throw failure("\(error)") }
  }

  private func parameterValue(_ text: String) throws -> Value {
    guard let value = try value(text).parameterValue else {
      throw failure("a graph element cannot be given to a query: \(text)")
    }
    return value
  }

  /// A table of names and something, without a header.
  private func pairs() throws -> [(String, String)] {
    try table().map { row in
      guard row.count == 2 else { throw failure("rows of this table have two cells: \(row)") }
      return (row[0], row[1])
    }
  }

  private func parameters() throws -> [String: Value] {
    try Dictionary(pairs().map { ($0, try parameterValue($1)) }) { _, _ in
      throw failure("a parameter is given twice")
    }
  }

  // MARK: Expectations

  private func result(isOrdered: Bool = false, ignoresListOrder: Bool = false) throws -> TCKStep {
    let table = try table()
    return .result(
      .init(
        columns: table[0], rows: try table.dropFirst().map { try $0.map(value) },
        isOrdered: isOrdered, ignoresListOrder: ignoresListOrder))
  }

  private func sideEffects() throws -> SideEffects {
    var sideEffects = SideEffects()
    for (name, text) in try pairs() {
      guard SideEffects.names.contains(name), let count = Int(text) else {
        throw failure("not a side effect: \(name) \(text)")
      }
      sideEffects[name] = count
    }
    return sideEffects
  }

  private func expectedError() throws -> TCKStep.ExpectedError? {
    guard let match = step.text.wholeMatch(of: #/an? (\w+) should be raised at (.+): (\S+)/#)
    else { return nil }
    let (_, kind, time, detail) = match.output
    let phase: QueryError.Phase? =
      switch time {
      case "compile time": .compile
      case "runtime": .runtime
      case "any time": nil
      default: throw failure("not a phase: \(time)")
      }
    guard QueryError.Kind(rawValue: String(kind)) != nil else {
      throw failure("no such kind of error: \(kind)")
    }
    return .init(kind: String(kind), phase: phase, detail: detail == "*" ? nil : String(detail))
  }

  // MARK: Procedures

  private func procedure() throws -> TestProcedure {
    let signature = #/there exists a procedure ([\w.]+)\((.*?)\) :: \((.*?)\)\s*:/#
    guard let match = step.text.wholeMatch(of: signature) else {
      throw failure("not a signature: \(step.text)")
    }
    var procedure = TestProcedure(
      name: String(match.output.1), inputs: try fields(match.output.2),
      outputs: try fields(match.output.3), rows: [])
    let names = (procedure.inputs + procedure.outputs).map(\.name)
    let table = try table()
    guard table[0].sorted() == names.sorted() else {
      throw failure("columns \(table[0]) of the table are not those of the signature")
    }
    let order = names.compactMap { table[0].firstIndex(of: $0) }
    procedure.rows = try table.dropFirst().map { row in
      try order.map { try parameterValue(row[$0]) }
    }
    return procedure
  }

  private func fields(_ list: Substring) throws -> [TestProcedure.Field] {
    try list.split(separator: ",").map { field in
      guard let match = field.wholeMatch(of: #/\s*(\w+)\s*::\s*(\w+\??)\s*/#) else {
        throw failure("not a field of a signature: \(field)")
      }
      return .init(name: String(match.output.1), type: String(match.output.2))
    }
  }
}
