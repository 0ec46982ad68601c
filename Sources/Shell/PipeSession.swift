import Tropa

/// `tropa pipe`: one JSON object a line in, one out. Holds one connection; knows no streams.
package final class PipeSession {
  private let database: Database
  private let connection: Connection
  private var registered: [String] = []

  package init(_ database: Database) {
    self.database = database
    connection = database.connect()
  }

  /// The answer to one request, without a line break.
  package func answer(_ line: String) -> String {
    var text = ""
    do {
      let request = try JSON(parsing: line)
      if case .string(let query)? = request["query"] { text = query }
      return try answer(request).text
    } catch let error as QueryError {
      return Self.report(error, in: text).text
    } catch {
      return Self.report(
        QueryError(
          .argumentError, "InvalidRequest", "\(error)", phase: .compile,
          hint: "a request is one JSON object on one line"), in: text
      ).text
    }
  }

  private static let ok = JSON.object([.init("ok", .boolean(true))])

  private func answer(_ request: JSON) throws -> JSON {
    guard case .object(let members) = request else {
      throw QueryError(
        .argumentError, "InvalidRequest", "a request is a JSON object", phase: .compile)
    }
    if try asked("hello", request) {
      return .object([
        .init("name", .string("Tropa")), .init("version", .string(TropaVersion.current)),
        .init("capabilities", .array([.string("register"), .string("transactions")])),
      ])
    }
    if let query = request["query"] {
      guard case .string(let text) = query else {
        throw QueryError(
          .argumentError, "InvalidRequest", "`query` must be a string", phase: .compile)
      }
      return try run(text, request)
    }
    if let access = request["begin"] {
      try connection.begin(try Self.access(access))
      return Self.ok
    }
    if try asked("commit", request) {
      try connection.commit()
      return Self.ok
    }
    if try asked("rollback", request) {
      try connection.rollback()
      return Self.ok
    }
    if try asked("reset", request) {
      if connection.isInTransaction { try connection.rollback() }
      for name in registered { database.unregister(name) }
      registered.removeAll()
      try database.reset()
      return Self.ok
    }
    if let registration = request["register"] {
      try register(registration)
      return Self.ok
    }
    let known = ["hello", "query", "begin", "commit", "rollback", "reset", "register"]
    let name = members.first?.name ?? ""
    throw QueryError(
      .argumentError, "InvalidRequest", "unknown request `\(name)`", phase: .compile,
      hint: NameSuggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
        ?? "requests are \(known.joined(separator: ", "))")
  }

  /// Whether a request has the member, which may only be `true`.
  private func asked(_ name: String, _ request: JSON) throws -> Bool {
    guard let value = request[name] else { return false }
    if value == .boolean(true) { return true }
    throw QueryError(
      .argumentError, "InvalidRequest", "`\(name)` must be true", phase: .compile)
  }

  /// `true`, `"read"` or `"write"`.
  private static func access(_ value: JSON) throws -> TransactionAccess {
    switch value {
    case .boolean(true): return .automatic
    case .string("read"): return .read
    case .string("write"): return .write
    default:
      throw QueryError(
        .argumentError, "InvalidRequest", "`begin` must be true, \"read\" or \"write\"",
        phase: .compile)
    }
  }

  /// In milliseconds, up to about three years.
  private static let timeouts: ClosedRange<Int64> = 0...100_000_000_000

  private func run(_ query: String, _ request: JSON) throws -> JSON {
    var options = QueryOptions()
    switch request["timeoutMillis"] {
    case .integer(let millis)? where Self.timeouts.contains(millis):
      options.timeout = .milliseconds(millis)
    case .float(let millis)? where millis >= 0 && millis <= Double(Self.timeouts.upperBound):
      options.timeout = .milliseconds(Int64(millis))
    case nil, .null?: break
    default:
      throw QueryError(
        .argumentError, "InvalidRequest",
        "timeoutMillis must be a number in 0 … \(Self.timeouts.upperBound)", phase: .compile)
    }
    if let collation = request["collation"] {
      guard case .string(let name) = collation, let order = TextCollation(rawValue: name) else {
        throw QueryError(
          .argumentError, "InvalidRequest", "collation must be \"codePoints\" or \"unicode\"",
          phase: .compile)
      }
      options.collation = order
    }
    let parameters = try request["params"]?.values() ?? [:]
    let result = try connection.query(query, parameters: parameters, options: options)
    let milliseconds = result.elapsed / .milliseconds(1)
    var members: [JSON.Member] = [
      .init("columns", .array(result.columns.map { .string($0) })),
      .init("rows", .array(result.map { .array($0.values.map { JSON($0) }) })),
      .init(
        "stats",
        .object(result.counters.named.map { .init($0.name, .integer(Int64($0.count))) })),
      .init("millis", .float((milliseconds * 1000).rounded() / 1000)),
    ]
    if let plan = result.plan { members.append(.init("plan", .string(plan))) }
    if !result.notices.isEmpty {
      members.append(.init("notices", .array(result.notices.map { Self.json($0, in: query) })))
    }
    return .object(members)
  }

  private func register(_ json: JSON) throws {
    guard case .string(let signature)? = json["signature"], case .array(let list)? = json["rows"]
    else {
      throw QueryError(
        .argumentError, "InvalidRequest", "register needs `signature` and `rows`", phase: .compile)
    }
    let rows = try list.map { row -> [Value] in
      guard case .list(let values) = try row.value() else {
        throw QueryError(
          .argumentError, "InvalidRequest", "a row is a JSON array, not \(row.text)",
          phase: .compile)
      }
      return values
    }
    let procedure = try Procedure(signature: signature, rows: rows)
    if registered.contains(procedure.name) { database.unregister(procedure.name) }
    try database.register(procedure)
    registered.append(procedure.name)
  }

  private static func json(_ notice: QueryNotice, in text: String) -> JSON {
    var members: [JSON.Member] = [
      .init("code", .string(notice.code)), .init("message", .string(notice.message)),
    ]
    if let hint = notice.hint { members.append(.init("hint", .string(hint))) }
    let place = QueryText.position(of: notice, in: text)
    members.append(.init("line", .integer(Int64(place.line))))
    members.append(.init("column", .integer(Int64(place.column))))
    return .object(members)
  }

  private static func report(_ error: QueryError, in text: String) -> JSON {
    var members: [JSON.Member] = [
      .init("code", .string(error.statusCode)), .init("type", .string(error.kind.rawValue)),
      .init("phase", .string(error.phase.rawValue)), .init("detail", .string(error.detail)),
      .init("message", .string(error.message)),
    ]
    if let hint = error.hint { members.append(.init("hint", .string(hint))) }
    if let position = QueryText.position(of: error, in: text) {
      members.append(.init("line", .integer(Int64(position.line))))
      members.append(.init("column", .integer(Int64(position.column))))
    }
    return .object([.init("error", .object(members))])
  }
}
