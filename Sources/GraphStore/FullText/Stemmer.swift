internal import CStemmer

/// A Snowball stemmer. Not for use by two threads at once.
final class Stemmer {
  enum Language: String, Sendable { case russian, english }

  private let handle: OpaquePointer

  /// - Throws: `system` when the library lacks the language.
  init(_ language: Language) throws(StoreError) {
    guard let handle = sb_stemmer_new(language.rawValue, "UTF_8") else {
      throw StoreError(
        .system, "the library libstemmer has no stemmer for \(language.rawValue)",
        hint: "install the one of the system (Debian: libstemmer0d)")
    }
    self.handle = handle
  }
  deinit { sb_stemmer_delete(handle) }

  /// The stem of a folded word; valid until the next call. Without memory, the word.
  func stem(_ word: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    guard let stem = sb_stemmer_stem(handle, word.baseAddress, Int32(word.count)) else {
      return word
    }
    return UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(handle)))
  }
}
