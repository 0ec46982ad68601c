internal import GraphTypes

/// Reads the query language of Lucene's classic parser: words, "phrases", field:word, prefix*,
/// wild?card*, fuzzy~1, "near words"~3, boost^2, +required, -excluded, AND, OR, NOT, && || !, groups.
///
/// As there, words without an operator are optional, `a AND b OR c` reads as `+a +b c`, and `\`
/// makes any character an ordinary one.
struct FullTextQueryParser {
  private let text: [Unicode.Scalar]
  private let fields: [String]
  private var position = 0
  private var clauseCount = 0

  private static let depthMaximum = 100
  private static let clausesMaximum = 1024

  /// - Parameter fields: names of the properties of the index, in its order.
  /// - Throws: `invalidArgument`, with the column.
  static func parse(_ text: String, fields: [String]) throws(StoreError) -> FullTextQuery {
    var parser = FullTextQueryParser(text: Array(text.unicodeScalars), fields: fields)
    let query = try parser.query(field: nil, depth: 0)
    if parser.peek() == ")" {
      throw parser.error("`)` without `(`", hint: "write `\\)` to search for the character")
    }
    return query
  }

  private init(text: [Unicode.Scalar], fields: [String]) {
    self.text = text
    self.fields = fields
  }

  // MARK: Characters

  private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
    position + offset < text.count ? text[position + offset] : nil
  }
  private mutating func skipSpace() {
    while let next = peek(), next.properties.isWhitespace { position += 1 }
  }
  private mutating func take(_ word: String) -> Bool {
    let scalars = Array(word.unicodeScalars)
    guard text[position...].starts(with: scalars) else { return false }
    position += scalars.count
    return true
  }
  /// An operator in letters ends where a word would.
  private mutating func takeWord(_ word: String) -> Bool {
    let start = position
    guard take(word) else { return false }
    if let next = peek(), !next.properties.isWhitespace, !"()\"+-!".unicodeScalars.contains(next) {
      position = start
      return false
    }
    return true
  }

  private func error(_ message: String, at place: Int? = nil, hint: String? = nil) -> StoreError {
    StoreError(
      .invalidArgument,
      "the full-text query cannot be read at column \((place ?? position) + 1): \(message)",
      hint: hint)
  }

  // MARK: Clauses

  private enum Conjunction { case none, and, or }

  private mutating func conjunction() -> Conjunction {
    if takeWord("AND") || take("&&") { return .and }
    if takeWord("OR") || take("||") { return .or }
    return .none
  }

  /// Up to the end or a closing parenthesis.
  private mutating func query(field: Int?, depth: Int) throws(StoreError) -> FullTextQuery {
    if depth > Self.depthMaximum { throw error("groups are nested too deeply") }
    var clauses: [FullTextQuery.Clause] = []
    skipSpace()
    while let next = peek(), next != ")" {
      let operatorStart = position
      let conjunction = conjunction()
      if conjunction != .none, clauses.isEmpty {
        throw error(
          "an operator must stand between two words", at: operatorStart,
          hint: "write it in quotes or lower case to search for the word")
      }
      skipSpace()
      var occurrence = FullTextQuery.Occurrence.optional
      let modifierStart = position
      if take("+") {
        occurrence = .required
      } else if take("-") || takeWord("NOT") || take("!") {
        occurrence = .excluded
      }
      skipSpace()
      guard let next = peek(), next != ")" else {
        throw error(
          "something must follow the operator",
          at: modifierStart < position ? modifierStart : operatorStart)
      }
      let clause = try clause(field: field, depth: depth)
      clauseCount += 1
      if clauseCount > Self.clausesMaximum {
        throw error("there are more than \(Self.clausesMaximum) words")
      }
      if conjunction == .and {
        if occurrence == .optional { occurrence = .required }
        if let last = clauses.last, last.occurrence == .optional {
          clauses[clauses.count - 1].occurrence = .required
        }
      }
      clauses.append(.init(occurrence: occurrence, query: clause))
      skipSpace()
    }
    if clauses.count == 1, clauses[0].occurrence != .excluded { return clauses[0].query }
    return .boolean(clauses)
  }

  private mutating func clause(field: Int?, depth: Int) throws(StoreError) -> FullTextQuery {
    let (field, isAll) = try self.field(field)
    var query: FullTextQuery
    switch peek() {
    case _ where isAll: query = .all
    case "(":
      let start = position
      position += 1
      query = try self.query(field: field, depth: depth + 1)
      guard take(")") else { throw error("`(` without `)`", at: start) }
    case "\"": query = try phrase(field)
    case let next?:
      if let next = Unicode.Scalar(next.value), "[{".unicodeScalars.contains(next) {
        throw error(
          "ranges are not possible in full-text queries",
          hint: "compare the property in WHERE; write `\\\(next)` to search for the character")
      }
      if next == "/" {
        throw error(
          "regular expressions are not possible in full-text queries",
          hint: "use * and ?; write `\\/` to search for the character")
      }
      query = try word(field)
    case nil: throw error("something must follow")
    }
    if let boost = try boost() { query = .boosted(query, by: boost) }
    return query
  }

  /// `name:`, if that is what comes.
  private mutating func field(
    _ outer: Int?
  ) throws(StoreError) -> (field: Int?, isAll: Bool) {
    let start = position
    if take("*:*") { return (outer, true) }
    guard let elements = try? wordElements(), peek() == ":" else {
      position = start
      return (outer, false)
    }
    let name = Self.text(elements)
    position += 1
    guard let field = fields.firstIndex(where: { $0.hasSameCodePoints(as: name) }) else {
      let nearest = NameSuggestion.nearest(to: name, among: fields)
      throw error(
        "the index has no property `\(name)`", at: start,
        hint: nearest.map { "did you mean `\($0)`?" }
          ?? "it has \(fields.joined(separator: ", ")); a colon in a word is written `\\:`")
    }
    skipSpace()
    guard let next = peek(), next != ")" else { throw error("something must follow `:`") }
    return (field, false)
  }

  // MARK: Words

  private enum Element {
    case character(Unicode.Scalar)
    case wildcard(FullTextQuery.PatternElement)
  }

  private static let special = Set("()[]{}\"^~:".unicodeScalars)

  private mutating func wordElements() throws(StoreError) -> [Element] {
    var elements: [Element] = []
    while let next = peek(), !next.properties.isWhitespace, !Self.special.contains(next) {
      position += 1
      switch next {
      case "\\":
        guard let escaped = peek() else {
          throw error("a character must follow `\\`", at: position - 1)
        }
        position += 1
        elements.append(.character(escaped))
      case "*": elements.append(.wildcard(.anyCharacters))
      case "?": elements.append(.wildcard(.anyCharacter))
      default: elements.append(.character(next))
      }
    }
    return elements
  }

  private static func text(_ elements: [Element]) -> String {
    var text = String.UnicodeScalarView()
    for element in elements {
      switch element {
      case .character(let scalar): text.append(scalar)
      case .wildcard(.anyCharacter): text.append("?")
      case .wildcard: text.append("*")
      }
    }
    return String(text)
  }

  private mutating func word(_ field: Int?) throws(StoreError) -> FullTextQuery {
    let start = position
    let elements = try wordElements()
    guard !elements.isEmpty else {
      let found = peek().map { String($0) } ?? ""
      throw error("`\(found)` cannot stand here", hint: "write `\\\(found)` to search for it")
    }
    let pattern: [FullTextQuery.PatternElement] = elements.map {
      switch $0 {
      case .character(let scalar): .character(scalar)
      case .wildcard(let element): element
      }
    }
    let isPattern = elements.contains { if case .wildcard = $0 { true } else { false } }
    let edits = try number(after: "~")
    if let edits {
      if isPattern { throw error("`~` cannot follow a pattern with * or ?", at: start) }
      let count = edits.value ?? 2
      guard count == 0 || count == 1 || count == 2 else {
        throw error("`~` takes 0, 1 or 2 edits", at: edits.place)
      }
      return .fuzzy(Self.text(elements), edits: Int(count), field: field)
    }
    return isPattern ? .pattern(pattern, field: field) : .text(Self.text(elements), field: field)
  }

  private mutating func phrase(_ field: Int?) throws(StoreError) -> FullTextQuery {
    let start = position
    position += 1
    var phrase = String.UnicodeScalarView()
    while let next = peek(), next != "\"" {
      position += 1
      if next == "\\", let escaped = peek() {
        position += 1
        phrase.append(escaped)
      } else {
        phrase.append(next)
      }
    }
    guard take("\"") else {
      throw error(
        "the quotation mark is not closed", at: start,
        hint: "write `\\\"` to search for the character")
    }
    var slop = 0
    if let number = try number(after: "~") {
      guard let value = number.value, value == value.rounded(), value <= 1_000_000 else {
        throw error("`~` behind a phrase takes a whole number of moves", at: number.place)
      }
      slop = Int(value)
    }
    return .phrase(String(phrase), slop: slop, field: field)
  }

  private mutating func boost() throws(StoreError) -> Double? {
    guard let number = try number(after: "^") else { return nil }
    guard let value = number.value else {
      throw error("`^` takes a number", at: number.place)
    }
    return value
  }

  /// `~`, `~2`, `^1.5`; the value is nil where no number follows.
  private mutating func number(
    after sign: Unicode.Scalar
  ) throws(StoreError) -> (place: Int, value: Double?)? {
    guard peek() == sign else { return nil }
    position += 1
    let start = position
    while let next = peek(), next == "." || ("0"..."9").contains(next) { position += 1 }
    if start == position { return (start, nil) }
    var digits = String.UnicodeScalarView()
    digits.append(contentsOf: text[start..<position])
    guard let value = Double(String(digits)), value.isFinite else {
      throw error("`\(String(digits))` is not a number", at: start)
    }
    return (start, value)
  }
}
