internal import WordForms

/// A token with what models know it by.
struct ReviewTerm {
  /// Of the stem of a word, of the kind and length of a sign; 0 for what says nothing.
  var fingerprint: UInt64
  var kind: ReviewToken.Kind
  var roles: WordRole
  /// Stands in the scope of a negation; see `NegationScope`.
  var isNegated = false
  /// Of `ReviewReader.tokens`.
  var token: Int32
}

/// Reads reviews as sequences of terms: words by their Snowball stems (Cyrillic as Russian, Latin as
/// English), numbers, signs. Not for use by two threads at once.
final class TermReader {
  let reader = ReviewReader()
  private(set) var terms: UnsafeMutablePointer<ReviewTerm>
  private(set) var termCount = 0
  private var capacity = 1024
  private let russian: Stemmer
  private let english: Stemmer

  /// Stems that were found, at the place that the word's hash says; what comes later replaces.
  private struct Known {
    var word: UInt64 = 0
    var stem: UInt64 = 0
    var roles: WordRole = []
  }
  private static let knownCount = 1 << 14
  private let known: UnsafeMutablePointer<Known>
  private let bytes: UnsafeMutablePointer<UInt8>
  /// Longer words are not stemmed; nobody has written such a word.
  private static let stemmedBytesMaximum = 240

  init() throws(TextError) {
    do throws(Stemmer.Missing) {
      russian = try Stemmer(.russian)
      english = try Stemmer(.english)
    } catch {
      throw TextError(error.description, hint: error.hint)
    }
    terms = .allocate(capacity: capacity)
    known = .allocate(capacity: Self.knownCount)
    known.initialize(repeating: Known(), count: Self.knownCount)
    bytes = .allocate(capacity: Self.stemmedBytesMaximum + 8)
  }
  deinit {
    terms.deallocate()
    known.deallocate()
    bytes.deallocate()
  }

  /// Reads a text: `terms` are its own until the next call.
  func read(_ text: UnsafeBufferPointer<UInt8>) {
    reader.read(text)
    if reader.tokenCount > capacity {
      capacity = reader.tokenCount * 2
      terms.deallocate()
      terms = .allocate(capacity: capacity)
    }
    for index in 0..<reader.tokenCount {
      let token = reader.token(index)
      var term = ReviewTerm(
        fingerprint: 0, kind: token.kind, roles: [], token: Int32(truncatingIfNeeded: index))
      switch token.kind {
      case .word:
        let word = stem(token)
        term.fingerprint = word.stem
        term.roles = word.roles
      case .number:
        // Small numbers are marks («2 из 5»), others sizes and prices.
        term.fingerprint = Fingerprint.sign(
          .number, token.end - token.start <= 2 ? token.hash : 0)
      case .emoji: term.fingerprint = Fingerprint.sign(.emoji, token.hash)
      case .smile, .frown, .exclamation, .question:
        term.fingerprint = Fingerprint.sign(token.kind, UInt64(min(token.repetitions, 3)))
      case .ellipsis, .link: term.fingerprint = Fingerprint.sign(token.kind, 0)
      case .fullStop, .comma, .lineBreak, .other: break
      }
      terms[index] = term
    }
    termCount = reader.tokenCount
    NegationScope.mark(terms, termCount)
  }

  @inline(__always)
  private func stem(_ token: ReviewToken) -> Known {
    let place = known + Int(truncatingIfNeeded: token.hash & UInt64(Self.knownCount - 1))
    if place.pointee.word == token.hash { return place.pointee }
    let found = stemAnew(token)
    place.pointee = found
    return found
  }

  private func stemAnew(_ token: ReviewToken) -> Known {
    var roles = WordRole.words[token.hash] ?? []
    var count = 0
    for index in Int(token.start)..<Int(token.end) where count <= Self.stemmedBytesMaximum {
      bytes.append(scalar: reader.characters[index], count: &count)
    }
    let word = UnsafeBufferPointer(start: bytes, count: count)
    // don't, isn't: the apostrophe has been kept.
    if token.hasLatin, count > 3, bytes[count - 1] == UInt8(ascii: "t"),
      bytes[count - 2] == UInt8(ascii: "'"), bytes[count - 3] == UInt8(ascii: "n")
    {
      roles.insert(.negator)
    }
    guard count <= Self.stemmedBytesMaximum else {
      return Known(word: token.hash, stem: token.hash, roles: roles)
    }
    let stem =
      token.hasCyrillic ? russian.stem(word) : token.hasLatin ? english.stem(word) : word
    return Known(
      word: token.hash, stem: Fingerprint.stem(stem.isEmpty ? word : stem), roles: roles)
  }

  /// The fingerprint under which a word is found, as lexicons keep it.
  func stem(of word: String) -> [UInt64] {
    var word = word
    return word.withUTF8 { bytes in
      read(bytes)
      return (0..<termCount).filter { terms[$0].kind == .word }.map { terms[$0].fingerprint }
    }
  }
}
