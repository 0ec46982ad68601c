import Foundation
import GraphTypes
import TestSupport

/// An engine behind the line protocol: a child process such as `tropa pipe --memory`.
///
/// A child that dies, hangs or talks nonsense fails the case at hand; the next `reset` starts
/// another. `reset` counts on the child to forget its registered procedures too, since a later case
/// calls one of them as unknown.
final class PipeEngine: ConformanceEngine {
  /// How long after a query's own timeout its answer may come.
  private static let grace = Duration.seconds(5)

  private let command: String
  private let arguments: [String]
  private let codec: LineProtocolCodec
  private var child: LineProcess?

  init(command: String, arguments: [String], codec: LineProtocolCodec) {
    self.command = command
    self.arguments = arguments
    self.codec = codec
  }

  // MARK: ConformanceEngine

  func reset() throws {
    if child?.isRunning != true {
      child = try LineProcess(command, arguments)
      try requireCapabilities()
    }
    try requireOK(["reset": .boolean(true)])
  }

  func execute(
    _ query: String, parameters: [String: Value], timeout: Duration
  ) throws -> EngineResult {
    let answer = try ask(
      [
        "query": .string(query), "params": codec.encode(members: parameters),
        "timeoutMillis": .integer(Int64(timeout.inSeconds * 1000)),
      ], timeout: timeout + Self.grace)
    guard case .array(let columns)? = answer["columns"], case .array(let rows)? = answer["rows"],
      case .object? = answer["stats"], answer["millis"] != nil
    else { throw LineProtocolError(message: "not an answer to a query: \(answer.text)") }
    let names = try columns.map { column in
      guard case .string(let name) = column else {
        throw LineProtocolError(message: "not a column name: \(column.text)")
      }
      return name
    }
    return EngineResult(
      columns: names,
      rows: try rows.map { row in
        guard case .array(let values) = row, values.count == names.count else {
          throw LineProtocolError(message: "not a row of \(names.count) columns: \(row.text)")
        }
        return try values.map(codec.decode)
      })
  }

  func register(procedure: TestProcedure) throws {
    let columns = (procedure.inputs + procedure.outputs).map { LineProtocolJSON.string($0.name) }
    try requireOK([
      "register": .object([
        "signature": .string(procedure.signature), "columns": .array(columns),
        "rows": .array(procedure.rows.map { .array($0.map(codec.encode)) }),
      ])
    ])
  }

  func graphState() throws -> GraphState { try queriedGraphState(timeout: .seconds(10)) }

  // MARK: Requests

  private func requireCapabilities() throws {
    let answer = try ask(["hello": .boolean(true)], timeout: Self.grace)
    guard case .array(let capabilities)? = answer["capabilities"],
      capabilities.contains(.string("register"))
    else { throw LineProtocolError(message: "the engine cannot register: \(answer.text)") }
  }

  private func requireOK(_ request: [String: LineProtocolJSON]) throws {
    let answer = try ask(request, timeout: Self.grace)
    guard answer == .object(["ok": .boolean(true)]) else {
      throw LineProtocolError(message: "not `ok`: \(answer.text)")
    }
  }

  /// One line out, one line in. After any failure but an error that the engine reports itself, the
  /// conversation may be out of step, so the child is given up.
  private func ask(
    _ request: [String: LineProtocolJSON], timeout: Duration
  ) throws -> LineProtocolJSON {
    guard let child else { throw LineProtocolError(message: "the engine is gone") }
    let answer: LineProtocolJSON
    do {
      try child.send(LineProtocolJSON.object(request).text, timeout: timeout)
      answer = try LineProtocolJSON(parsing: child.receive(timeout: timeout))
    } catch {
      child.kill()
      self.child = nil
      throw error
    }
    if let error = answer["error"] { throw try queryError(error) }
    return answer
  }

  private func queryError(_ json: LineProtocolJSON) throws -> QueryError {
    func text(_ key: String) throws -> String {
      guard case .string(let text)? = json[key] else {
        throw LineProtocolError(message: "error without `\(key)`: \(json.text)")
      }
      return text
    }
    guard let kind = QueryError.Kind(rawValue: try text("type")),
      let phase = QueryError.Phase(rawValue: try text("phase"))
    else { throw LineProtocolError(message: "unknown type or phase of error: \(json.text)") }
    return QueryError(
      kind, try text("detail"), "\(try text("code")): \(try text("message"))", phase: phase)
  }
}
