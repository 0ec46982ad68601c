import Tropa

/// One run of a query file.
package struct QueryRun {
  package let file: QueryFile
  package let database: Database
  /// Given by the caller; they win over the file's defaults.
  package let given: [String: Value]
  /// As `QueryOptions.progress`.
  package var progress: (@Sendable (_ task: String, _ share: Double) -> Void)?

  package init(_ file: QueryFile, database: Database, parameters: [String: Value] = [:]) {
    self.file = file
    self.database = database
    given = parameters
  }

  /// The given parameters and the defaults of the others.
  ///
  /// - Throws: `QueryFileError` for one that is unknown or missing, or a default that cannot be
  ///   evaluated.
  package func parameters() throws -> [String: Value] {
    let names = file.parameters.map(\.name)
    if let unknown = given.keys.sorted().first(where: { !names.contains($0) }) {
      let hint = NameSuggestion.nearest(to: unknown, among: names).map { "did you mean `\($0)`?" }
      throw QueryFileError(
        path: file.path, line: nil,
        message: "the query has no parameter `\(unknown)`; "
          + (hint ?? (names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))")))
    }
    var values = given
    for parameter in file.parameters where values[parameter.name] == nil {
      guard let expression = parameter.defaultExpression else {
        throw QueryFileError(
          path: file.path, line: nil,
          message: "the parameter `\(parameter.name)` must be given: -p \(parameter.name)=…")
      }
      guard QueryText.isExpression(expression) else {
        throw QueryFileError(
          path: file.path, line: nil,
          message: "the default of `\(parameter.name)`, \(expression), is not one expression")
      }
      do {
        // Earlier parameters may be used in the defaults of later ones.
        let result = try database.query("RETURN \(expression) AS value", parameters: values)
        values[parameter.name] = result.first?["value"] ?? .null
      } catch {
        throw QueryFileError(
          path: file.path, line: nil,
          message: "the default of `\(parameter.name)`, \(expression), is wrong: \(error.message)")
      }
    }
    return values
  }

  /// Runs all statements; the rows of the last one go to `deliver`. Several statements that change
  /// the graph are one transaction.
  ///
  /// - Throws: `QueryFileError`, with the line in the file for errors of a statement.
  package func run(deliver: (ResultCursor) throws -> Void) throws {
    let parameters = try parameters()
    let (complete, rest) = QueryText.split(file.text)
    let statements = complete + (rest.map { [$0] } ?? [])
    guard !statements.isEmpty else {
      throw QueryFileError(path: file.path, line: nil, message: "there is no statement in the file")
    }
    let connection = database.connect()
    var options = QueryOptions()
    options.isReadOnly = !file.writes
    options.progress = progress
    let isTransaction = file.writes && statements.count > 1
    if isTransaction { try connection.begin(.write) }
    do {
      for (index, statement) in statements.enumerated() {
        let cursor = try located(statement) {
          try connection.stream(statement, parameters: parameters, options: options)
        }
        if index == statements.count - 1 {
          try located(statement) { try deliver(cursor) }
        } else {
          while try located(statement, { try cursor.nextRow() }) != nil {}
        }
      }
      if isTransaction { try connection.commit() }
    } catch {
      if connection.isInTransaction { try connection.rollback() }
      throw error
    }
  }

  /// Errors of a statement with their place in the file.
  private func located<T>(_ statement: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as QueryError {
      var moved = error
      if error.detail == "ReadOnlyStatement" {
        moved.hint = "add `// write: true` to the heading of the file if it may"
      }
      if let range = error.range, let start = file.text.range(of: statement)?.lowerBound {
        let offset = file.text.utf8.distance(from: file.text.startIndex, to: start)
        moved.range = range.lowerBound + offset..<range.upperBound + offset
        throw QueryFileError(
          path: file.path, line: nil,
          message: String(
            QueryText.explain(moved, in: file.text, name: file.path).trimmingPrefix("error: ")),
          isRendered: true)
      }
      throw QueryFileError(
        path: file.path, line: nil, message: moved.message + (moved.hint.map { " (\($0))" } ?? ""))
    }
  }
}

extension String {
  /// The first occurrence, code unit by code unit.
  fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
