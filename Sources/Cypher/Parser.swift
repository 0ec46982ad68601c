import GraphTypes

/// Turns query text into trees: recursive descent over the tokens of the whole text, with operator
/// precedence for expressions. One file per part of the grammar extends this type.
///
/// The grammar is openCypher 9 with Neo4j 5's additions (subquery expressions, label expressions,
/// inline predicates, quantified paths, schema commands). What can be told from the syntax alone is
/// checked here, with openCypher's name for the error; names and types are the binder's.
///
/// - Complexity: linear in the length of the text; nesting costs stack up to `maximumDepth`.
package struct Parser {
  /// How deep expressions, subqueries, and parenthesised patterns and labels may nest, and how deep
  /// a tree can be. Rows of operators, items, clauses or UNION parts do not nest, whatever their
  /// number.
  package static let maximumDepth = 200
  /// Clauses and parts of UNION in a statement, those of its subqueries too. A plan has levels for
  /// each, and plans are walked recursively.
  package static let maximumClauses = 2000
  /// Paths and relationships that a statement looks for, for the same reason.
  package static let maximumPatternParts = 2000
  /// Relationships that one pattern looks for: planning takes time by the cube of their number, since
  /// each is tried as the next and has to differ from all others.
  package static let maximumPatternLength = 200

  let source: SourceText
  let bytes: [UInt8]
  let tokens: [Token]
  /// The token at hand, and its place in `tokens`.
  private(set) var token: Token
  private(set) var index = 0
  /// Where the token before ended.
  private(set) var previousEnd = 0

  /// How many nested constructs the parser is in.
  private var depth = 0
  /// The height of the trees parsed since the innermost `enter`, never less than the truth.
  private var height = 0
  /// Of the statement at hand, so far.
  private var clauseCount = 0
  private var patternPartCount = 0

  /// Whether `|` ends the expression at hand, as in `[x IN xs WHERE x:A | x.name]`, rather than
  /// joining labels. Parentheses and brackets lift it.
  var barEndsExpression = false
  /// The innermost `EXISTS`, `COUNT` or `COLLECT` around the clause at hand: nothing is written in it.
  var enclosingSubquery: SubqueryExpression.Kind?

  private init(_ text: String) throws(SyntaxFailure) {
    source = SourceText(text)
    bytes = Array(text.utf8)
    guard bytes.count < Int(Int32.max) else {
      throw SyntaxFailure("TextTooLong", "the text is longer than 2 GiB", range: 0..<0)
    }
    tokens = Lexer.tokens(bytes)
    token = tokens[0]
  }

  // MARK: - Entry points

  /// Parses all statements of a text; semicolons separate them, and empty ones are left out.
  ///
  /// - Throws: the first error, with kind `.syntaxError`, phase `.compile` and a range in `text`.
  package static func parse(_ text: String) throws(QueryError) -> [Statement] {
    do throws(SyntaxFailure) {
      var parser = try Parser(text)
      return try parser.statements()
    } catch {
      throw error.error
    }
  }

  /// Parses a text that is exactly one statement, with or without a semicolon behind it.
  package static func parseStatement(_ text: String) throws(QueryError) -> Statement {
    do throws(SyntaxFailure) {
      var parser = try Parser(text)
      return try parser.onlyStatement()
    } catch {
      throw error.error
    }
  }

  /// Parses a text that is one expression.
  package static func parseExpression(_ text: String) throws(QueryError) -> Expression {
    do throws(SyntaxFailure) {
      var parser = try Parser(text)
      let expression = try parser.expression()
      if !parser.at(.endOfInput) {
        throw parser.unexpected("an operator or the end of the expression")
      }
      return expression
    } catch {
      throw error.error
    }
  }

  /// Parses all statements, and goes on behind the next semicolon after an error, so that one
  /// mistake does not hide the next.
  ///
  /// - Returns: the statements that could be read, and the first error of each that could not.
  package static func diagnose(_ text: String) -> (statements: [Statement], errors: [QueryError]) {
    var statements: [Statement] = []
    var errors: [QueryError] = []
    do throws(SyntaxFailure) {
      var parser = try Parser(text)
      while true {
        do throws(SyntaxFailure) {
          guard let statement = try parser.nextStatement() else { break }
          statements.append(statement)
        } catch {
          errors.append(error.error)
          parser.recover()
        }
      }
    } catch {
      errors.append(error.error)
    }
    return (statements, errors)
  }

  // MARK: - Tokens

  /// The token `offset` places ahead, or the end of the input.
  func peek(_ offset: Int) -> Token { tokens[min(index + offset, tokens.count - 1)] }

  mutating func advance() {
    previousEnd = Int(token.end)
    if index + 1 < tokens.count {
      index += 1
      token = tokens[index]
    }
  }

  func at(_ kind: TokenKind) -> Bool { token.kind == kind }
  func at(_ keyword: Keyword) -> Bool { token.keyword == keyword }

  mutating func accept(_ kind: TokenKind) -> Bool {
    if token.kind != kind { return false }
    advance()
    return true
  }

  mutating func accept(_ keyword: Keyword) -> Bool {
    if token.keyword != keyword { return false }
    advance()
    return true
  }

  /// - Parameter purpose: how the message goes on behind the token: "to close the list".
  mutating func expect(_ kind: TokenKind, _ purpose: String) throws(SyntaxFailure) {
    if token.kind != kind {
      throw unexpected("`\(kind.spelling ?? "\(kind)")` \(purpose)")
    }
    advance()
  }

  mutating func expect(_ keyword: Keyword, _ purpose: String) throws(SyntaxFailure) {
    if token.keyword != keyword {
      throw unexpected("\(keyword.spelling) \(purpose)", candidates: [keyword])
    }
    advance()
  }

  /// The range from `start` to the end of the last token taken.
  func range(from start: Int) -> SourceRange { SourceRange(start..<max(start, previousEnd)) }

  var start: Int { Int(token.start) }

  /// The token in which a statement ends after an error.
  private mutating func recover() {
    depth = 0
    height = 0
    barEndsExpression = false
    enclosingSubquery = nil
    while !at(.semicolon), !at(.endOfInput) { advance() }
  }

  // MARK: - Depth

  /// Enters a nested construct; pair it with `leave`.
  /// - Returns: what to give to `leave`.
  mutating func enter() throws(SyntaxFailure) -> Int {
    depth += 1
    if depth > Self.maximumDepth { throw tooDeep() }
    let outer = height
    height = 0
    return outer
  }

  mutating func leave(_ outer: Int) {
    depth -= 1
    height = max(outer, height)
  }

  /// Records that a node is put on top of the trees parsed since the innermost `enter`.
  mutating func deepen() throws(SyntaxFailure) {
    height += 1
    if depth + height > Self.maximumDepth { throw tooDeep() }
  }

  /// A statement begins.
  mutating func startCounting() {
    clauseCount = 0
    patternPartCount = 0
  }

  /// A clause or a part of UNION begins.
  mutating func countClause() throws(SyntaxFailure) {
    clauseCount += 1
    if clauseCount <= Self.maximumClauses { return }
    throw SyntaxFailure(
      "NestingTooDeep", "the statement has more than \(Self.maximumClauses) clauses",
      range: token.range.bounds,
      hint: "split it into several statements, or pass the data as a list and UNWIND it")
  }

  /// A path or a relationship begins.
  mutating func countPatternPart(_ place: PatternPlace) throws(SyntaxFailure) {
    if place == .create { return }
    patternPartCount += 1
    if patternPartCount <= Self.maximumPatternParts { return }
    throw SyntaxFailure(
      "NestingTooDeep",
      "the statement looks for more than \(Self.maximumPatternParts) paths and relationships",
      range: token.range.bounds, hint: "split it into several statements, or write `-[:TYPE]->{n}`")
  }

  func checkLength(_ patterns: [PathPattern], _ place: PatternPlace) throws(SyntaxFailure) {
    if place == .create { return }
    var count = 0
    for pattern in patterns {
      count += pattern.relationshipCount
      if count <= Self.maximumPatternLength { continue }
      throw SyntaxFailure(
        "NestingTooDeep",
        "the pattern has more than \(Self.maximumPatternLength) relationships",
        range: pattern.range.bounds, hint: "split it with WITH, or write `-[:TYPE]->{n}`")
    }
  }

  private func tooDeep() -> SyntaxFailure {
    SyntaxFailure(
      "NestingTooDeep", "the query is nested more than \(Self.maximumDepth) levels deep",
      range: token.range.bounds, hint: "split it with WITH, or pass nested data as a parameter")
  }
}

/// How parsing fails. A reference, so that the error path costs the parser's many frames one word.
final class SyntaxFailure: Error {
  let error: QueryError

  init(_ detail: String, _ message: String, range: Range<Int>, hint: String? = nil) {
    error = QueryError(
      .syntaxError, detail, message, phase: .compile, range: range, hint: hint)
  }
}
