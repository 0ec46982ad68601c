/// A setting or input that a method cannot work with: which, and what would be right.
package struct SegmentationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The setting, as in the configuration, or the input.
  package var subject: String
  package var description: String

  package init(_ subject: String, _ description: String) {
    self.subject = subject
    self.description = description
  }

  /// The caller asked to stop.
  package static let cancelled = SegmentationError("", "cancelled")
}

func require(
  _ condition: Bool, _ subject: String, _ description: @autoclosure () -> String
) throws(SegmentationError) {
  if !condition { throw SegmentationError(subject, description()) }
}
