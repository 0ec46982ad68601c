/// How far an import is.
package struct ImportProgress: Sendable {
  package enum Phase: String, Sendable {
    /// `bytesDone` of `bytesTotal` count.
    case reading
    /// `fraction` counts.
    case writing
  }
  package var phase: Phase
  /// The file that is being read.
  package var file = ""
  /// Rows read so far, of all files.
  package var rows = 0
  /// Bytes on disk (packed ones, if so) of all files and passes.
  package var bytesDone = 0
  package var bytesTotal = 0
  /// Done of the writing, 0 … 1.
  package var fraction = 0.0
}

/// What an import did.
package struct ImportSummary: Sendable {
  package struct File: Sendable, Equatable {
    package var path: String
    /// Rows read, with bad ones, without the header.
    package var rows = 0
    package var rejected = 0
    /// Where its bad rows are; nil when there are none.
    package var rejectFile: String?
  }
  package var nodes = 0
  package var relationships = 0
  package var properties = 0
  /// Existing nodes that got new values.
  package var updatedNodes = 0
  package var rejected = 0
  package var seconds = 0.0
  package var files: [File] = []
  /// The first bad rows, as sentences.
  package var firstRejects: [String] = []
}
