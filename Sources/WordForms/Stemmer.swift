internal import CStemmer

/// A Snowball stemmer. Not for use by two threads at once.
package final class Stemmer {
  package enum Language: String, Sendable { case russian, english }

  /// That the system's library is without a language.
  package struct Missing: Error, Equatable, CustomStringConvertible {
    package var language: Language
    package var description: String {
      "the library libstemmer has no stemmer for \(language.rawValue)"
    }
    package var hint: String { "install the one of the system (Debian: libstemmer0d)" }
  }

  private let handle: OpaquePointer

  package init(_ language: Language) throws(Missing) {
    guard let handle = sb_stemmer_new(language.rawValue, "UTF_8") else {
      throw Missing(language: language)
    }
    self.handle = handle
  }
  deinit { sb_stemmer_delete(handle) }

  /// The stem of a folded word; valid until the next call. Without memory, the word.
  package func stem(_ word: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    guard let stem = sb_stemmer_stem(handle, word.baseAddress, Int32(word.count)) else {
      return word
    }
    return UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(handle)))
  }
}
