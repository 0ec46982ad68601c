/// What went wrong with the file, as a sentence for its owner: which file or structure, what is
/// wrong with it, and what to do.
package struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case notFound, alreadyExists, notADatabase, newerFormat, olderFormat, foreignPageSize, damaged
    case networkFileSystem
    case readOnly, diskFull, mapFull, locked, readersFull, inUse, system, limit, invalidArgument
    /// The caller has given it up.
    case cancelled
    /// A constraint does not allow the data.
    case constraint
    /// An index or constraint of that name, or for the same, is there already; or there is none.
    case schemaConflict, schemaNotFound
  }
  package var code: Code
  package var message: String
  package var hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
  package var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
