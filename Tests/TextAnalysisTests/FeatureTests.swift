import Foundation
import TestSupport
import Testing

@testable import TextAnalysis

@Suite struct FeatureTests {
  @Test func tableAgainstDictionary() {
    var random = SeededGenerator(seed: 3)
    var table = FingerprintTable(capacity: 4)
    var model: [UInt64: UInt32] = [:]
    for _ in 0..<5000 {
      // Few different low bits, so that places collide.
      let key = UInt64(random.below(40)) << 32 | UInt64(random.below(16)) + 1
      table.increment(key)
      model[key, default: 0] += 1
    }
    func check() {
      #expect(table.count == model.count)
      #expect(
        Dictionary(uniqueKeysWithValues: table.entries.map { ($0.fingerprint, $0.number) }) == model
      )
    }
    check()
    table.drop(below: 8)
    model = model.filter { $0.value >= 8 }
    check()
    let keys = model.keys.sorted()
    let numbers = FingerprintTable(keys)
    numbers.withReader { reader in
      for (index, key) in keys.enumerated() { #expect(reader.number(of: key) == index) }
      #expect(reader.number(of: 1 << 60) == -1)
    }
  }

  /// N-grams as strings, from the definition.
  private func naiveGrams(_ text: String) -> [String] {
    text.split(separator: " ").flatMap { word -> [String] in
      let padded = Array(" \(word) ")
      var grams: [String] = []
      for start in 0..<padded.count - 1 {
        for length in 2...5 where start + length <= padded.count {
          let endsWord = start + length == padded.count
          if length >= 3 || endsWord { grams.append(String(padded[start..<start + length])) }
        }
      }
      return grams
    }
  }

  @Test func gramsOfCharacters() throws {
    let features = ReviewFeatures(try TermReader())
    for text in ["а", "да", "очень хороший товар", "x yz! 12"] {
      var copy = text
      copy.withUTF8 { features.read($0) }
      let expected = naiveGrams(text)
      #expect(features.gramCount == expected.count, "\(text)")
      let fingerprints = (0..<features.gramCount).map { features.grams[$0] }
      #expect(Set(fingerprints).count == Set(expected).count)
    }
  }

  /// Weights by the formulas of the documentation.
  @Test func weights() throws {
    let texts = ["хороший хороший товар", "плохой товар", "товар"]
    let terms = try TermReader()
    let features = ReviewFeatures(terms)
    var counts = FeatureSpace.Counts()
    for text in texts {
      var text = text
      text.withUTF8 { features.read($0) }
      counts.add(features)
    }
    let space = FeatureSpace(counts, minimum: 1, maximum: 1000)
    let vector = ReviewVector(space, terms)
    var first = texts[0]
    first.withUTF8 { vector.read($0) }
    let stems = terms.stem(of: "хороший товар")
    var found: [UInt64: Float] = [:]
    first.withUTF8 { vector.read($0) }
    for index in 0..<vector.count {
      found[space.fingerprints[Int(vector.columns[index])]] = vector.values[index]
    }
    // Words: хорош (twice), товар, and the pairs хорош-хорош, хорош-товар.
    func idf(_ df: Double) -> Double { log(4 / (1 + df)) + 1 }
    let raw = [(1 + log(2)) * idf(1), idf(3), idf(1), idf(1)]
    let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(Double(found[stems[0]] ?? 0) - 1.5 * raw[0] / length) < 1e-6)
    #expect(abs(Double(found[stems[1]] ?? 0) - 1.5 * raw[1] / length) < 1e-6)
    let grams = found.filter { space.fingerprints.firstIndex(of: $0.key) ?? 0 >= space.wordCount }
    #expect(abs(grams.values.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    // Reading again gives the same: nothing is left of the text before.
    #expect(vector.count == found.count)
  }

  @Test func rareFeaturesGo() throws {
    let features = ReviewFeatures(try TermReader())
    var counts = FeatureSpace.Counts()
    for text in ["хороший товар", "плохой товар", "товар"] {
      var text = text
      text.withUTF8 { features.read($0) }
      counts.add(features)
    }
    let all = FeatureSpace(counts, minimum: 1, maximum: 1000)
    let frequent = FeatureSpace(counts, minimum: 2, maximum: 1000)
    #expect(frequent.wordCount == 1 && frequent.count < all.count)
    let few = FeatureSpace(counts, minimum: 1, maximum: 8)
    #expect(few.count == 8 && few.wordCount >= 2)
    #expect(few.fingerprints[0] == frequent.fingerprints[0])
  }
}
