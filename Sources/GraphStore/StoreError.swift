/// What went wrong with the file, as a sentence for its owner: which file or structure, what is
/// wrong with it, and what to do.
package struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case notFound, alreadyExists, notADatabase, newerFormat, foreignPageSize, damaged, readOnly
    case diskFull, mapFull, locked, readersFull, inUse, system, limit, invalidArgument
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
