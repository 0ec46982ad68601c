import GraphTypes
import TestSupport
import Tropa

/// The engine that the TCK is run against, and how it writes temporal values.
enum EngineUnderTest {
  static let make: (@Sendable () throws -> any ConformanceEngine)? = { try TropaEngine() }

  /// The text that `toString()` gives for a temporal value or a duration.
  static let render: @Sendable (Value) -> String = { $0.text(.display) }

  /// To the TCK a temporal value is its text, so nothing is lost by reading it as a string.
  static let codec = LineProtocolCodec(
    renderTemporal: render, parseTemporal: { _, text in .string(text) })
}

/// Tropa in this process, through its public interface.
final class TropaEngine: ConformanceEngine {
  private let database: Database
  private var registered: [String] = []

  init() throws { database = try Database.temporary() }

  func reset() throws {
    for name in registered { database.unregister(name) }
    registered = []
    try database.reset()
  }

  func execute(
    _ query: String, parameters: [String: Value], timeout: Duration
  ) throws -> EngineResult {
    let result = try database.query(
      query, parameters: parameters, options: QueryOptions(timeout: timeout))
    return EngineResult(columns: result.columns, rows: result.rows)
  }

  func register(procedure: TestProcedure) throws {
    try database.register(Procedure(signature: procedure.signature, rows: procedure.rows))
    registered.append(procedure.name)
  }

  func graphState() throws -> GraphState { try queriedGraphState(timeout: .seconds(10)) }
}
