/// What is wrong with a model, a lexicon or training texts, for the person who named them.
package struct TextError: Error, Equatable, Sendable, CustomStringConvertible {
  package var message: String
  package var hint: String?

  package init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  package var description: String { message + (hint.map { " (\($0))" } ?? "") }
}
