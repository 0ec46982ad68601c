import GraphTypes
import TestSupport
import Testing

@Suite struct TextCollationTests {
  @Test(arguments: [
    ["", " ", "-", "1", "10", "2", "a", "A", "ab", "Ab", "b", "z", "а", "я"],
    ["елка", "Елка", "ёлка", "Ёлка", "елки", "жук"],
    ["все", "всё", "Всё", "всей"], ["и", "иа", "й", "к"],
    ["г", "ґ", "д", "е", "є", "ж", "и", "і", "й"],
    ["cote", "coté", "côte", "côté", "coter"], ["naif", "naïf", "naïve"], ["я", "漢"],
  ])
  func dictionaryOrder(_ texts: [String]) {
    let shuffled = texts.reversed()
    #expect(shuffled.sorted { CollationKey.key(of: $0) < CollationKey.key(of: $1) } == texts)
  }

  @Test func lettersOfTwoCodePoints() {
    func levels(_ text: String) -> Substring.UnicodeScalarView {
      CollationKey.key(of: text).unicodeScalars.dropLast(text.unicodeScalars.count)
    }
    #expect(levels("йод").elementsEqual(levels("и\u{306}од")))
    #expect(levels("ёж").elementsEqual(levels("е\u{308}ж")))
  }

  @Test func itIsATotalOrder() {
    var random = SeededGenerator(seed: 3)
    let letters: [Unicode.Scalar] = ["е", "ё", "Е", "Ё", "a", "á", "A", "\u{301}", "1", " ", "й"]
    func text() -> String {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0..<5, using: &random) {
        scalars.append(letters.randomElement(using: &random) ?? "a")
      }
      return String(scalars)
    }
    for _ in 0..<500 {
      let (a, b) = (text(), text())
      let (x, y) = (CollationKey.key(of: a), CollationKey.key(of: b))
      #expect(x.hasSameCodePoints(as: y) == a.hasSameCodePoints(as: b))
      #expect(
        x.codePointOrder(y) == 0 || x.codePointOrder(y).signum() == -y.codePointOrder(x).signum())
    }
  }
}
