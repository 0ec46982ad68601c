import GraphTypes
import TestSupport

/// The engine that the TCK is run against, and how it writes temporal values.
enum EngineUnderTest {
  /// Nil while `Tropa.Database` cannot yet run queries.
  static let make: (@Sendable () throws -> any ConformanceEngine)? = nil

  /// The text that `toString()` gives for a temporal value or a duration.
  static let render: @Sendable (Value) -> String = { "\($0)" }
}
