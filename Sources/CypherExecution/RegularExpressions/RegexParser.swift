internal import GraphTypes

/// Reads the syntax of `java.util.regex.Pattern`, as far as people write it in `=~`.
///
/// Letters, digits, words and case are Unicode's throughout, as with Java's flags `U` and `u`:
/// `\w+` finds Russian words, and `(?i)` ignores the case of every alphabet.
struct RegexParser {
  private struct Flags {
    var ignoresCase = false
    var dotMatchesAll = false
    var multiline = false
    var skipsBlanks = false
  }

  private let pattern: String
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var flags = Flags()
  private var depth = 0
  private static let maximumDepth = 200

  private init(_ pattern: String) {
    self.pattern = pattern
    scalars = Array(pattern.unicodeScalars)
  }

  static func parse(_ pattern: String) throws(QueryError) -> RegexTree {
    var parser = RegexParser(pattern)
    let tree = try parser.alternatives()
    if parser.index < parser.scalars.count { throw parser.failure("there is a `)` too many") }
    return tree
  }

  private func failure(_ problem: String, hint: String? = nil) -> QueryError {
    QueryError(
      .argumentError, "InvalidArgumentValue",
      "'\(pattern)' is not a regular expression: \(problem) at character \(index + 1)",
      hint: hint ?? "in a Cypher string a backslash is written twice: '\\\\d+'")
  }

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    index += 1
    return true
  }

  private mutating func accept(text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars[index...].starts(with: wanted) else { return false }
    index += wanted.count
    return true
  }

  // MARK: - Structure

  private mutating func alternatives() throws(QueryError) -> RegexTree {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw failure("the groups are nested too deeply") }
    var branches = [try sequence()]
    while accept("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func sequence() throws(QueryError) -> RegexTree {
    var items: [RegexTree] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      if flags.skipsBlanks, skipsBlank(scalar) { continue }
      if accept(text: "\\Q") {
        var quoted: [RegexTree] = []
        while let scalar = next, !accept(text: "\\E") {
          quoted.append(single(scalar))
          index += 1
        }
        // What follows repeats the last character only.
        if let last = quoted.popLast() { items += quoted + [try repeated(last)] }
        continue
      }
      guard let item = try atom() else { continue }
      items.append(try repeated(item))
    }
    return items.count == 1 ? items[0] : items.isEmpty ? .empty : .sequence(items)
  }

  /// With flag `x`: blanks, and what follows `#` on a line.
  private mutating func skipsBlank(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isWhitespace {
      index += 1
      return true
    }
    guard scalar == "#" else { return false }
    while let scalar = next, scalar != "\n" { index += 1 }
    return true
  }

  private mutating func repeated(_ item: RegexTree) throws(QueryError) -> RegexTree {
    let least: Int
    var most: Int?
    switch next {
    case "*": (least, most) = (0, nil)
    case "+": (least, most) = (1, nil)
    case "?": (least, most) = (0, 1)
    case "{":
      index += 1
      least = try count()
      most = least
      if accept(",") { most = next == "}" ? nil : try count() }
      guard next == "}" else { throw failure("a `}` is missing") }
      if let most, most < least { throw failure("the bounds of a repetition are reversed") }
    default: return item
    }
    index += 1
    let kind: RegexTree.Repetition = accept("?") ? .lazy : accept("+") ? .possessive : .greedy
    return .repeated(item, least: least, most: most, kind)
  }

  private mutating func count() throws(QueryError) -> Int {
    var number = 0
    let start = index
    while let scalar = next, let digit = Self.digit(scalar, radix: 10) {
      number = number * 10 + digit
      index += 1
      if number > 1000 { throw failure("a repetition is of at most 1000 times") }
    }
    if index == start { throw failure("a number is missing") }
    return number
  }

  private func single(_ scalar: Unicode.Scalar) -> RegexTree { .scalars(folded(.scalar(scalar))) }

  private func folded(_ members: ScalarClass) -> ScalarClass {
    flags.ignoresCase ? .folded(members) : members
  }

  /// Nil for what is no item, such as `(?i)`.
  private mutating func atom() throws(QueryError) -> RegexTree? {
    guard let scalar = next else { return nil }
    index += 1
    switch scalar {
    case ".":
      return .scalars(flags.dotMatchesAll ? .all : .complement(.lineEnds))
    case "^": return .assertion(flags.multiline ? .lineStart : .start)
    case "$": return .assertion(flags.multiline ? .lineEnd : .finalEnd)
    case "[": return .scalars(folded(try bracketed()))
    case "(": return try group()
    case "\\": return try escaped()
    case "*", "+", "?", "{":
      index -= 1
      throw failure("there is nothing to repeat")
    default: return single(scalar)
    }
  }

  private mutating func group() throws(QueryError) -> RegexTree? {
    let outer = flags
    enum Kind { case plain, atomic, ahead, notAhead }
    var kind = Kind.plain
    if accept("?") {
      if accept(">") {
        kind = .atomic
      } else if accept("=") {
        kind = .ahead
      } else if accept("!") {
        kind = .notAhead
      } else if accept("<") {
        if next == "=" || next == "!" {
          throw failure(
            "it looks behind, which is not supported", hint: "use a second condition with =~")
        }
        while let scalar = next, scalar != ">" {
          guard ScalarProperty.isWord(scalar) else { throw failure("a group's name is wrong") }
          index += 1
        }
        guard accept(">") else { throw failure("a `>` is missing") }
      } else if try changesFlags() {
        return nil
      }
    }
    let inner = try alternatives()
    guard accept(")") else { throw failure("a `)` is missing") }
    flags = outer
    switch kind {
    case .plain: return inner
    case .atomic: return .atomic(inner)
    case .ahead: return .lookahead(inner, negated: false)
    case .notAhead: return .lookahead(inner, negated: true)
    }
  }

  /// Flags as in `(?i)` and `(?i-s:…)`, behind the question mark.
  /// - Returns: true for the first form, which holds to the end of the group around it.
  private mutating func changesFlags() throws(QueryError) -> Bool {
    var isOn = true
    while let scalar = next {
      index += 1
      switch scalar {
      case ":": return false
      case ")": return true
      case "-": isOn = false
      case "i": flags.ignoresCase = isOn
      case "s": flags.dotMatchesAll = isOn
      case "m": flags.multiline = isOn
      case "x": flags.skipsBlanks = isOn
      case "u", "U": break
      default:
        index -= 1
        throw failure("there is no flag `\(scalar)`", hint: "the flags are i, s, m, u, U and x")
      }
    }
    throw failure("a `)` is missing")
  }

  // MARK: - Escapes and classes

  private mutating func escaped() throws(QueryError) -> RegexTree {
    guard let scalar = next else { throw failure("nothing follows the last backslash") }
    switch scalar {
    case "b":
      index += 1
      return .assertion(.wordBoundary)
    case "B":
      index += 1
      return .assertion(.noWordBoundary)
    case "A":
      index += 1
      return .assertion(.start)
    case "z":
      index += 1
      return .assertion(.end)
    case "Z":
      index += 1
      return .assertion(.finalEnd)
    case "R":
      index += 1
      let pair = RegexTree.sequence([single("\r"), single("\n")])
      return .atomic(.alternatives([pair, .scalars(.union([.lineEnds, .range(0xB, 0xC)]))]))
    case "1"..."9", "k":
      throw failure(
        "it refers back to a group, which is not supported",
        hint: "such patterns cannot be matched in linear time; write the alternatives out")
    default: return .scalars(folded(try classEscape()))
    }
  }

  /// What follows a backslash, inside brackets or not.
  private mutating func classEscape() throws(QueryError) -> ScalarClass {
    guard let scalar = next else { throw failure("nothing follows the last backslash") }
    index += 1
    switch scalar {
    case "d": return .property(.digit)
    case "D": return .complement(.property(.digit))
    case "w": return .property(.word)
    case "W": return .complement(.property(.word))
    case "s": return .property(.whiteSpace)
    case "S": return .complement(.property(.whiteSpace))
    case "h": return .blanks
    case "H": return .complement(.blanks)
    case "v": return .union([.lineEnds, .range(0xB, 0xC)])
    case "V": return .complement(.union([.lineEnds, .range(0xB, 0xC)]))
    case "n": return .scalar("\n")
    case "r": return .scalar("\r")
    case "t": return .scalar("\t")
    case "f": return .scalar("\u{C}")
    case "a": return .scalar("\u{7}")
    case "e": return .scalar("\u{1B}")
    case "0": return .scalar(try hexadecimal(digits: 1...3, radix: 8))
    case "u": return .scalar(try hexadecimal(digits: 4...4, radix: 16))
    case "x":
      guard accept("{") else { return .scalar(try hexadecimal(digits: 2...2, radix: 16)) }
      let value = try hexadecimal(digits: 1...6, radix: 16)
      guard accept("}") else { throw failure("a `}` is missing") }
      return .scalar(value)
    case "p", "P":
      let property = try namedProperty()
      return scalar == "P" ? .complement(property) : property
    default:
      // Java keeps letters and digits for escapes of its own.
      if scalar.isASCII, scalar.properties.isAlphabetic || Self.digit(scalar, radix: 10) != nil {
        index -= 1
        throw failure("there is no escape `\\\(scalar)`")
      }
      return .scalar(scalar)
    }
  }

  private mutating func namedProperty() throws(QueryError) -> ScalarClass {
    var name = String.UnicodeScalarView()
    if accept("{") {
      while let scalar = next, scalar != "}" {
        name.append(scalar)
        index += 1
      }
      guard accept("}") else { throw failure("a `}` is missing") }
    } else if let scalar = next {
      name.append(scalar)
      index += 1
    }
    guard let property = ScalarProperty.named(String(name)) else {
      throw failure(
        "there is no property `\(String(name))`", hint: "known are \(ScalarProperty.names)")
    }
    return property
  }

  private mutating func hexadecimal(
    digits: ClosedRange<Int>, radix: UInt32
  ) throws(QueryError) -> Unicode.Scalar {
    var value: UInt32 = 0
    var count = 0
    while count < digits.upperBound, let scalar = next,
      let digit = Self.digit(scalar, radix: Int(radix))
    {
      value = value * radix + UInt32(digit)
      index += 1
      count += 1
    }
    guard count >= digits.lowerBound, let scalar = Unicode.Scalar(value) else {
      throw failure("the number of a character is wrong")
    }
    return scalar
  }

  private static func digit(_ scalar: Unicode.Scalar, radix: Int) -> Int? {
    guard scalar.isASCII, let value = Character(scalar).hexDigitValue, value < radix else {
      return nil
    }
    return value
  }

  /// `[…]` behind the bracket: ranges, escapes, nested classes and `&&`.
  private mutating func bracketed() throws(QueryError) -> ScalarClass {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw failure("the classes are nested too deeply") }
    let isComplement = accept("^")
    var members: [ScalarClass] = []
    var result: ScalarClass?
    var isFirst = true
    while let scalar = next {
      if scalar == "]", !isFirst {
        index += 1
        let own = ScalarClass.union(members)
        let all = result.map { members.isEmpty ? $0 : .intersection($0, own) } ?? own
        return isComplement ? .complement(all) : all
      }
      isFirst = false
      if accept(text: "&&") {
        let own = ScalarClass.union(members)
        result = result.map { .intersection($0, own) } ?? own
        members = []
        continue
      }
      members.append(try member())
    }
    throw failure("a `]` is missing")
  }

  private mutating func member() throws(QueryError) -> ScalarClass {
    if accept("[") { return try bracketed() }
    let first = try bound()
    guard case .range(let low, _) = first, next == "-", index + 1 < scalars.count,
      scalars[index + 1] != "]", scalars[index + 1] != "["
    else { return first }
    index += 1
    guard case .range(let high, _) = try bound(), high >= low else {
      throw failure("the bounds of a range are wrong")
    }
    return .range(low, high)
  }

  private mutating func bound() throws(QueryError) -> ScalarClass {
    guard let scalar = next else { throw failure("a `]` is missing") }
    index += 1
    return scalar == "\\" ? try classEscape() : .scalar(scalar)
  }
}
