import TestSupport
import Testing

@testable import TextAnalysis

@Suite struct ReviewReaderTests {
  /// Tokens as `kind:text`, words as their text.
  private func tokens(_ text: String) -> String {
    let reader = ReviewReader()
    var text = text
    text.withUTF8 { reader.read($0) }
    return (0..<reader.tokenCount).map { index in
      let token = reader.token(index)
      let text = reader.text(of: token)
      switch token.kind {
      case .word: return text
      case .smile, .frown, .exclamation, .question: return "\(token.kind)×\(token.repetitions)"
      case .number, .emoji: return "\(token.kind):\(text)"
      default: return "\(token.kind)"
      }
    }.joined(separator: " ")
  }
  private func folded(_ text: String) -> String {
    let reader = ReviewReader()
    var text = text
    text.withUTF8 { reader.read($0) }
    var scalars = String.UnicodeScalarView()
    for index in 0..<reader.characterCount {
      scalars.append(Unicode.Scalar(reader.characters[index]) ?? "?")
    }
    return String(scalars)
  }

  @Test func wordsAndSigns() {
    let samples = [
      ("Ёлка, ЁЖ!", "елка comma еж exclamation×1"),
      ("Хорошо.Но дорого!!!", "хорошо fullStop но дорого exclamation×3"),
      ("Супер))) а это (в скобках) нет(", "супер smile×3 а это other в скобках other нет frown×1"),
      (
        "ок :) ;-) =( :( :D размер:XL", "ок smile×1 smile×1 frown×1 frown×1 smile×1 размер comma xl"
      ),
      ("оооочень плоооохо, sooo coool", "очень плохо comma soo cool"),
      ("длиннее класс", "длиннее класс"),
      ("5 из 10, 1 299,50 руб", "number:5 из number:10 comma number:1 number:299.50 руб"),
      ("mp3 9ка 50см", "mp3 number:9 ка number:50 см"),
      ("см. https://site.ru/a?b=1 www.x.com!", "см fullStop link link"),
      ("👍🏻❤️ да", "emoji:👍 emoji:❤ да"),
      ("по-моему - нет", "по моему comma нет"),
      ("don’t isn't", "don't isn't"),
      ("первая\n\n\nвторая", "первая lineBreak вторая"),
      ("ну... что… а?", "ну ellipsis что ellipsis а question×1"),
      ("", ""), (" \n\t ", ""), ("——", "comma comma"), ("й и\u{306}", "й й"),
    ]
    for (text, expected) in samples { #expect(tokens(text) == expected, "\(text)") }
  }

  @Test func shoutingAndStretching() {
    let reader = ReviewReader()
    var text = "УЖАС плоооохо ОТ а"
    text.withUTF8 { reader.read($0) }
    #expect((0..<4).map { reader.token($0).isShouted } == [true, false, false, false])
    #expect((0..<4).map { reader.token($0).isElongated } == [false, true, false, false])
  }

  @Test func characters() {
    #expect(folded("  Ёж\t\n и!!!!! 1") == " еж и!!! 1 ")
    #expect(folded("") == " ")
    #expect(folded("см https://a.b") == " см \u{FFFC} ")
  }

  /// Sources of tokens lie in the text and in order.
  @Test(arguments: 0..<20) func anyBytes(seed: UInt64) throws {
    var random = Fuzzing.generator(seed: seed)
    let features = ReviewFeatures(try TermReader())
    let pieces: [[UInt8]] = [
      Array("не ".utf8), Array("ооо".utf8), Array(":)".utf8), Array("((".utf8),
      Array("http://".utf8), Array("👍🏻".utf8), [0xD0], [0xFF, 0xFE], [0], Array("1,5".utf8),
      Array("и\u{306}".utf8), Array("\r\n".utf8), Array("a'b".utf8), [0xF0, 0x9F], Array(")".utf8),
    ]
    for _ in Fuzzing.rounds(100) {
      var bytes: [UInt8] = []
      for _ in 0..<random.below(60) {
        if random.below(3) == 0 {
          bytes.append(UInt8(random.below(256)))
        } else {
          bytes += pieces[random.below(pieces.count)]
        }
      }
      bytes.withUnsafeBufferPointer { features.read($0) }
      let reader = features.terms.reader
      var last: Int32 = 0
      for index in 0..<reader.tokenCount {
        let token = reader.token(index)
        #expect(token.sourceStart >= last && token.sourceEnd >= token.sourceStart)
        #expect(token.sourceEnd <= bytes.count && token.start <= token.end)
        #expect(token.end <= reader.characterCount)
        last = token.sourceStart
      }
      #expect(reader.characterCount <= bytes.count + 2)
    }
  }

  @Test func giantTexts() throws {
    let features = ReviewFeatures(try TermReader())
    for piece in ["a", "щ", "))", "не ", "👍", ".", "\n", "x-"] {
      let bytes = Array(String(repeating: piece, count: 400_000).utf8)
      bytes.withUnsafeBufferPointer { features.read($0) }
      #expect(features.terms.reader.characterCount <= ReviewReader.byteLimit + 2)
    }
  }
}
