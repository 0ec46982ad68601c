/// In which order `ORDER BY` puts strings.
public enum TextCollation: String, Sendable, CaseIterable {
  /// By code points: capitals before small letters, `Ё` before `А`, `ё` behind `я`.
  case codePoints
  /// As a dictionary does: first by letters, then accents (`е` before `ё`), then case (small ones
  /// first). Blanks, punctuation and signs come before digits, these before Latin, Greek and
  /// Cyrillic letters.
  case unicode
}

/// Sort keys of the levels of the Unicode collation algorithm (UTS #10), with a table of our own for
/// Latin and Cyrillic: without ICU there is none on Linux. Other letters go by code points.
package enum CollationKey {
  /// A text whose order by code points is that of `text` in a dictionary. Equal only for equal texts.
  package static func key(of text: String) -> String {
    var first = String.UnicodeScalarView()
    var accents = String.UnicodeScalarView()
    var cases = String.UnicodeScalarView()
    var hasAccents = false
    var hasCapitals = false
    var scalars = text.unicodeScalars[...]
    while var scalar = scalars.popFirst() {
      if scalar.value >= 0x300, scalar.properties.generalCategory == .nonspacingMark {
        hasAccents = true
        accents.append(scalar)
        continue
      }
      // й and ё as two code points.
      switch (scalar, scalars.first?.value) {
      case ("и", 0x306): scalar = "й"
      case ("И", 0x306): scalar = "Й"
      case ("е", 0x308): scalar = "ё"
      case ("Е", 0x308): scalar = "Ё"
      default: break
      }
      if scalar == "й" || scalar == "Й" || scalar == "ё" || scalar == "Ё",
        scalars.first?.value == 0x306 || scalars.first?.value == 0x308
      {
        scalars.removeFirst()
      }
      let small = lower(scalar)
      let base = base(of: small)
      first.append(weight(of: base))
      accents.append(base == small ? plain : small)
      cases.append(small == scalar ? plain : capital)
      if base != small { hasAccents = true }
      if small != scalar { hasCapitals = true }
    }
    // Levels that decide nothing are left out: no mark is less than any.
    var key = first
    key.append(end)
    if hasAccents { key.append(contentsOf: accents) }
    key.append(end)
    if hasCapitals { key.append(contentsOf: cases) }
    key.append(end)
    key.append(contentsOf: text.unicodeScalars)
    return String(key)
  }

  /// The same for the strings of lists.
  package static func key(of value: Value) -> Value {
    switch value {
    case .string(let text): .string(key(of: text))
    case .list(let list): .list(list.map { key(of: $0) })
    default: value
    }
  }

  private static let end: Unicode.Scalar = "\u{1}"
  private static let plain: Unicode.Scalar = "\u{2}"
  private static let capital: Unicode.Scalar = "\u{3}"

  private static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x41...0x5A, 0x410...0x42F: return Unicode.Scalar(scalar.value + 0x20) ?? scalar
    case 0...0x7F, 0x430...0x45F: return scalar
    case 0x400...0x40F: return Unicode.Scalar(scalar.value + 0x50) ?? scalar
    default:
      let lower = scalar.properties.lowercaseMapping.unicodeScalars
      return lower.count == 1 ? lower.first ?? scalar : scalar
    }
  }

  /// The letter without its accent, for what a dictionary puts beside that letter.
  private static func base(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x451, 0x450: return "е"
    case 0xE0...0xFF, 0x100...0x17F:
      let base = latin[Int(scalar.value - 0xE0)]
      return base == 0x2E ? scalar : Unicode.Scalar(base)
    default: return scalar
    }
  }

  /// The base letters of U+00E0 … U+017F, a point for what is a letter of its own.
  private static let latin = Array(
    ("aaaaaa.ceeeeiiii.nooooo.ouuuuy.yaaaaaaccccccccdd.deeeeeeeeeegggggggghh.hiiiiiiii"
      + "ii..jjkk.llllll...lnnnnnn...oooooo..rrrrrrsssssssstttt.tuuuuuuuuuuuuwwyyyzzzzzzs").utf8)

  /// Cyrillic letters beyond Russian, behind the Russian letter that they follow.
  private static let follows: [Unicode.Scalar: Unicode.Scalar] = [
    "ґ": "г", "ђ": "д", "ѓ": "д", "є": "е", "ѕ": "з", "і": "и", "ї": "и", "ј": "й", "ќ": "к",
    "љ": "л", "њ": "н", "ћ": "т", "ў": "у", "џ": "ц",
  ]

  private static func weight(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    let value = scalar.value
    let weight: UInt32
    switch value {
    case 0x30...0x39: weight = 0x3000 + value
    case 0x61...0x7A, 0xDF...0xF6, 0xF8...0x17F: weight = 0x4000 + value
    case 0x370...0x3FF: weight = 0x5000 + value
    case 0x430...0x44F: weight = 0x6000 + (value - 0x430) * 8
    case 0x400...0x52F:
      if let before = follows[scalar] {
        weight = 0x6001 + (before.value - 0x430) * 8 + value % 4
      } else {
        weight = 0x6200 + value - 0x400
      }
    case 0x9...0xD, 0x20, 0xA0: weight = 0x10 + value
    default:
      weight = scalar.properties.isAlphabetic ? min(0x10000 + value, 0x10FFFF) : symbol(value)
    }
    return Unicode.Scalar(weight) ?? scalar
  }

  private static func symbol(_ value: UInt32) -> UInt32 {
    value < 0x2000
      ? 0x100 + value : value < 0x2E80 ? 0x2200 + (value - 0x2000) / 4 : 0x10000 + value
  }
}
