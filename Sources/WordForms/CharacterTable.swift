/// What a character is to the division of texts into words, after Unicode Standard Annex 29 (word
/// boundaries), with these differences: a full stop or a colon between letters divides (people
/// write «хорошо.Но»), and so do hyphens, as there.
package enum CharacterClass: UInt32 {
  case separator, latinLetter, cyrillicLetter, otherLetter, digit, mark
  /// Part of a word between letters.
  case apostrophe
  /// Full stop and comma: part of a number between digits.
  case decimalSeparator
  /// `_`: part of a word.
  case connector
  /// Soft hyphens and characters without width: as if they were not there.
  case ignorable
  /// A word by itself: Chinese characters and hiragana.
  case ideograph

  @inlinable @inline(__always) package var isLetter: Bool {
    self == .latinLetter || self == .cyrillicLetter || self == .otherLetter
  }
}

/// A character as words have it: its class, and the character that stands for it and its kin:
/// lower case, `е` for `ё`, `'` for `’`, digits of ASCII.
package struct FoldedCharacter {
  @usableFromInline var bits: UInt32

  @inlinable package init(_ kind: CharacterClass, _ scalar: UInt32) {
    bits = kind.rawValue << 24 | scalar
  }

  @inlinable @inline(__always) package var scalar: UInt32 { bits & 0xFF_FFFF }
  @inlinable @inline(__always) package var kind: CharacterClass {
    CharacterClass(rawValue: bits >> 24).unsafelyUnwrapped
  }

  package init(_ scalar: Unicode.Scalar) {
    func itself(_ kind: CharacterClass) -> FoldedCharacter { .init(kind, scalar.value) }
    switch scalar {
    case "'", "\u{2019}", "\u{2BC}", "\u{FF07}": self = .init(.apostrophe, 0x27)
    case ".", ",": self = itself(.decimalSeparator)
    case "_": self = itself(.connector)
    case "\u{AD}", "\u{200B}"..."\u{200D}", "\u{2060}", "\u{FEFF}": self = itself(.ignorable)
    case "\u{3041}"..."\u{309F}", "\u{3400}"..."\u{4DBF}", "\u{4E00}"..."\u{9FFF}",
      "\u{F900}"..."\u{FAFF}", "\u{20000}"..."\u{3FFFD}":
      self = itself(.ideograph)
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .spacingMark: self = itself(.mark)
      case .decimalNumber:
        let digit = scalar.properties.numericValue ?? 0
        self = .init(.digit, 0x30 + UInt32(digit))
      default:
        self = scalar.properties.isAlphabetic ? Self.letter(scalar) : itself(.separator)
      }
    }
  }

  private static func letter(_ scalar: Unicode.Scalar) -> FoldedCharacter {
    let lower = scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? scalar.value
    switch lower {
    case 0x451: return .init(.cyrillicLetter, 0x435)
    case 0x400...0x52F, 0x1C80...0x1C8F, 0xA640...0xA69F: return .init(.cyrillicLetter, lower)
    case 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF: return .init(.latinLetter, lower)
    // Full width.
    case 0xFF41...0xFF5A: return .init(.latinLetter, lower - 0xFEE0)
    // σ at the end of words.
    case 0x3C2: return .init(.otherLetter, 0x3C3)
    default: return .init(.otherLetter, lower)
    }
  }
}

/// The folded characters of the alphabets that are most used, ready.
package enum CharacterTable {
  @usableFromInline static var count: UInt32 { 0x600 }
  package static let entries: [FoldedCharacter] = (0..<count).map { value in
    Unicode.Scalar(value).map { FoldedCharacter($0) } ?? FoldedCharacter(.separator, value)
  }

  @inlinable @inline(__always)
  package static func entry(
    _ scalar: UInt32, in entries: UnsafeBufferPointer<FoldedCharacter>
  ) -> FoldedCharacter {
    if scalar < count { return entries[Int(scalar)] }
    return Unicode.Scalar(scalar).map { FoldedCharacter($0) } ?? FoldedCharacter(.separator, scalar)
  }

  /// The character of a letter and a combining mark, as NFC has it; nil where there is none.
  package static func composed(_ base: Unicode.Scalar, _ mark: Unicode.Scalar) -> Unicode.Scalar? {
    var text = String(base)
    text.unicodeScalars.append(mark)
    guard text.count == 1, let character = text.first else { return nil }
    return compositions[character]
  }

  /// Swift's characters are equal where they are canonically equivalent.
  private static let compositions: [Character: Unicode.Scalar] = {
    var found: [Character: Unicode.Scalar] = [:]
    for range in [0xC0...0x24F, 0x370...0x52F, 0x1E00...0x1FFF] as [ClosedRange<UInt32>] {
      for scalar in range.compactMap({ Unicode.Scalar($0) }) where scalar.properties.isAlphabetic {
        found[Character(scalar)] = scalar
      }
    }
    return found
  }()
}
