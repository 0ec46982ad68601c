import ArgumentParser
import CustomerAnalytics
import Foundation
import Shell
import Tropa

extension ResultFormat: ExpressibleByArgument {}

/// `-p name=value`, as several commands take it.
struct ParameterOptions: ParsableArguments {
  @Option(
    name: [.customShort("p"), .customLong("param")], parsing: .singleValue,
    help: ArgumentHelp(
      "A parameter, as often as there are any. The value is a Cypher expression (7, 'Казань', "
        + "date('2026-01-31'), [1, 2]); what is none is taken as a string.",
      valueName: "name=value"))
  var parameters: [String] = []

  /// The values by name.
  func values(_ database: Database) throws -> [String: Value] {
    var values: [String: Value] = [:]
    for text in parameters {
      guard let separator = text.firstIndex(of: "="), separator != text.startIndex else {
        throw ValidationError("`-p \(text)` is not `-p name=value`")
      }
      let name = String(text[..<separator].trimmingPrefix("$"))
      let expression = String(text[text.index(after: separator)...])
      values[name] = Self.value(expression, database)
    }
    return values
  }

  private static func value(_ expression: String, _ database: Database) -> Value {
    // Only an expression: other text could end it and go on with clauses that change the graph.
    guard QueryText.isExpression(expression) else { return .string(expression) }
    // 2024-11-30 is meant as a date, not as 1983.
    if expression.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil { return .string(expression) }
    do {
      return try database.query("RETURN \(expression) AS value").first?["value"] ?? .null
    } catch {
      return .string(expression)
    }
  }
}

/// Where a database is.
struct DatabaseArgument: ParsableArguments {
  @Argument(help: "The database file.")
  var database: String

  func openToRead() throws -> Database { try Self.openToRead(database) }

  static func openToRead(_ path: String) throws -> Database {
    var options = DatabaseOptions()
    options.access = .readOnly
    return try open(path, options)
  }

  /// Opens a database and makes the procedures of all modules callable in it.
  static func open(_ path: String, _ options: DatabaseOptions) throws -> Database {
    do throws(QueryError) {
      return try complete(Database.open(path, options: options))
    } catch {
      throw CommandFailure(error)
    }
  }

  static func temporary() throws -> Database {
    do throws(QueryError) {
      return try complete(Database.temporary())
    } catch {
      throw CommandFailure(error)
    }
  }

  private static func complete(_ database: Database) throws(QueryError) -> Database {
    try CustomerProcedures.register(in: database)
    return database
  }
}

/// Seconds of a `--timeout` as a duration.
func duration(_ seconds: Double?) throws -> Duration? {
  guard let seconds else { return nil }
  guard seconds > 0, seconds <= 1e8 else {
    throw ValidationError("--timeout must be above 0 and at most 100000000 seconds")
  }
  return .milliseconds(Int64(seconds * 1000))
}
