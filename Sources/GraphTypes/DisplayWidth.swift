/// How many columns a terminal gives to a character: 2 for wide East Asian characters and emoji,
/// 0 for what is only combining or invisible, otherwise 1 (Unicode Standard Annex 11, with
/// ambiguous characters as narrow).
package func displayWidth(of character: Character) -> Int {
  var scalars = character.unicodeScalars.makeIterator()
  guard let first = scalars.next() else { return 0 }
  if first.isASCII { return first.value >= 0x20 && first.value != 0x7F ? 1 : 0 }
  // A flag, or a character that a variation selector makes an emoji.
  if character.unicodeScalars.contains(where: { $0.value == 0xFE0F }) { return 2 }
  switch first.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format, .control: return 0
  default: return isWide(first) ? 2 : 1
  }
}

/// The columns of a text without tabs and line breaks.
package func displayWidth(of text: some StringProtocol) -> Int {
  // Most texts have one column for each scalar.
  var columns = 0
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0xAC, 0xAE...0x2FF, 0x370...0x482, 0x48A...0x52F: columns += 1
    default: return text.reduce(0) { $0 + displayWidth(of: $1) }
    }
  }
  return columns
}

private func isWide(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.properties.isEmojiPresentation { return true }
  return switch scalar.value {
  case 0x1100...0x115F,  // Hangul initial consonants
    0x2E80...0x303E,  // CJK radicals and punctuation
    0x3041...0x33FF,  // Kana, compatibility
    0x3400...0x4DBF, 0x4E00...0x9FFF,  // CJK ideographs
    0xA000...0xA4CF,  // Yi
    0xA960...0xA97F, 0xAC00...0xD7A3,  // Hangul
    0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,  // CJK compatibility
    0xFF01...0xFF60, 0xFFE0...0xFFE6,  // Fullwidth forms
    0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF,  // Tangut, Kana supplements
    0x1F200...0x1F2FF, 0x20000...0x3FFFD:
    true
  default: false
  }
}
