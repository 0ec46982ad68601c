import GraphTypes

@testable import GraphStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A full-text index as one would write it on paper: all documents with their words.
struct NaiveFullText {
  var fieldCount: Int
  /// By document: the values of the fields.
  var documents: [UInt64: [Value]] = [:]

  /// Words with positions, by document, of one field.
  private struct Field {
    var words: [UInt64: [(word: String, position: Int)]] = [:]

    var documentCount: Int { words.count }
    var meanLength: Double {
      Double(words.values.reduce(0) { $0 + $1.count }) / Double(max(words.count, 1))
    }
    func documentCount(_ word: String) -> Int {
      words.values.filter { $0.contains { $0.word == word } }.count
    }
    func positions(_ word: String, _ document: UInt64) -> [Int] {
      (words[document] ?? []).filter { $0.word == word }.map(\.position)
    }
    func idf(_ word: String) -> Double {
      let found = Double(documentCount(word))
      return log(1 + (Double(documentCount) - found + 0.5) / (found + 0.5))
    }
    func score(_ frequency: Double, idf: Double, _ document: UInt64) -> Double {
      let length = Double(
        FieldLength.length(FieldLength.code(words[document]?.count ?? 0)))
      let norm = 1.2 * (1 - 0.75 + 0.75 * length / meanLength)
      return idf * frequency / (frequency + norm)
    }
    var dictionary: Set<String> { Set(words.values.flatMap { $0.map(\.word) }) }
  }

  static func words(_ value: Value, _ analysis: TermAnalysis) -> [(word: String, position: Int)] {
    var tokens: [Token] = []
    analysis.analyze(value, appendingTo: &tokens)
    return tokens.map {
      (String(decoding: analysis.terms.term(Int($0.term)), as: UTF8.self), Int($0.position))
    }
  }

  func search(_ query: FullTextQuery, _ analysis: TermAnalysis) -> [UInt64: Double] {
    let fields = (0..<fieldCount).map { field in
      var words = documents.mapValues { Self.words($0[field], analysis) }
      words = words.filter { !$0.value.isEmpty }
      return Field(words: words)
    }
    return evaluate(query, fields, analysis)
  }

  private func evaluate(
    _ query: FullTextQuery, _ fields: [Field], _ analysis: TermAnalysis
  ) -> [UInt64: Double] {
    func sum(_ parts: [[UInt64: Double]]) -> [UInt64: Double] {
      parts.reduce(into: [:]) { $0.merge($1) { $0 + $1 } }
    }
    func each(_ field: Int?, _ body: (Field) -> [UInt64: Double]) -> [UInt64: Double] {
      sum((field.map { [$0] } ?? Array(0..<fieldCount)).map { body(fields[$0]) })
    }
    switch query {
    case .all:
      return each(nil) { $0.words.mapValues { _ in 1 } }.mapValues { _ in 1 }
    case .boosted(let query, let boost):
      return evaluate(query, fields, analysis).mapValues { $0 * boost }
    case .text(let text, let field):
      return evaluate(.phrase(text, slop: 0, field: field), fields, analysis)
    case .phrase(let text, let slop, let field):
      let words = Self.words(.string(text), analysis)
      return each(field) { phrase(words, slop, $0) }
    case .pattern(let elements, let field):
      return each(field) { field in
        let words = field.dictionary.filter {
          TermMatchingTests.matches(elements[...], Array($0.unicodeScalars)[...])
        }
        return field.words.filter { $0.value.contains { words.contains($0.word) } }
          .mapValues { _ in 1 }
      }
    case .fuzzy(let text, let edits, let field):
      let word = Self.words(.string(text), analysis).first?.word ?? text
      return each(field) { field in
        let near = field.dictionary.map { other in
          (
            other,
            TermMatchingTests.distance(Array(word.unicodeScalars), Array(other.unicodeScalars))
          )
        }.filter { $0.1 <= edits && $0.1 < min(word.count, $0.0.count) }
        let idf = near.map { field.idf($0.0) }.min() ?? 0
        return sum(
          near.map { other, distance in
            let boost = 1 - Double(distance) / Double(min(word.count, other.count))
            return field.words.filter { $0.value.contains { $0.word == other } }.reduce(into: [:]) {
              let frequency = Double(field.positions(other, $1.key).count)
              $0[$1.key] = boost * field.score(frequency, idf: idf, $1.key)
            }
          })
      }
    case .boolean(let clauses):
      func parts(_ occurrence: FullTextQuery.Occurrence) -> [[UInt64: Double]] {
        clauses.filter { $0.occurrence == occurrence }.map { evaluate($0.query, fields, analysis) }
      }
      let required = parts(.required)
      var found = sum(required + parts(.optional))
      for part in required { found = found.filter { part[$0.key] != nil } }
      for part in parts(.excluded) { found = found.filter { part[$0.key] == nil } }
      return found
    }
  }

  private func phrase(
    _ words: [(word: String, position: Int)], _ slop: Int, _ field: Field
  ) -> [UInt64: Double] {
    guard let first = words.first else { return [:] }
    let idf = words.reduce(0) { $0 + field.idf($1.word) }
    var found: [UInt64: Double] = [:]
    for document in field.words.keys {
      var frequency = 0.0
      if slop == 0 {
        for start in field.positions(first.word, document)
        where words.allSatisfy({
          field.positions($0.word, document).contains(start + $0.position - first.position)
        }) { frequency += 1 }
      } else if words.count == 1 {
        frequency = Double(field.positions(first.word, document).count)
      } else {
        // Only whether there is an occurrence: its place in the order is tested by itself.
        var places: [[Int]] = [[]]
        for word in words {
          places = places.flatMap { chosen in
            field.positions(word.word, document).filter { !chosen.contains($0) }
              .map { chosen + [$0] }
          }
        }
        for place in places {
          let apart = zip(place, words).map { $0 - ($1.position - first.position) }
          if (apart.max() ?? 0) - (apart.min() ?? 0) <= slop { frequency = 1 }
        }
      }
      if frequency > 0 { found[document] = field.score(frequency, idf: idf, document) }
    }
    return found
  }
}
