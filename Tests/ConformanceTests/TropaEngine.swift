import GraphTypes
import TestSupport

/// The engine that the TCK is run against, and how it writes temporal values.
enum EngineUnderTest {
  /// Nil while `Tropa.Database` cannot yet run queries.
  static let make: (@Sendable () throws -> any ConformanceEngine)? = nil

  /// The text that `toString()` gives for a temporal value or a duration.
  static let render: @Sendable (Value) -> String = { "\($0)" }

  /// To the TCK a temporal value is its text, so nothing is lost by reading it as a string.
  static let codec = LineProtocolCodec(
    renderTemporal: render, parseTemporal: { _, text in .string(text) })
}
