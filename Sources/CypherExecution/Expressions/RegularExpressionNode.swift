internal import GraphColumns
internal import GraphTypes

/// `text =~ pattern`: the whole text matches the regular expression. Null unless both are strings.
final class RegularExpressionNode: ExpressionNode {
  private let text: ExpressionNode
  private let pattern: ExpressionNode
  private let control: ExecutionControl
  /// Few, since a pattern is nearly always a constant.
  private var matchers: [String: RegexMatcher] = [:]

  init(_ text: ExpressionNode, _ pattern: ExpressionNode, _ evaluation: Evaluation) {
    self.text = text
    self.pattern = pattern
    control = evaluation.context.control
    super.init(children: [text, pattern])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    let a = try text.evaluate(batch)
    let b = try pattern.evaluate(batch)
    let count = batch.count
    if a.isEntirelyNull || b.isEntirelyNull { return .nulls(count: count) }
    if a.type == .string, !a.isConstant, b.isConstant, case .string(let pattern) = b.boxed(0) {
      let matcher = try matcher(pattern)
      return try FunctionLoop.map(a, StringRef.self, to: .boolean, Bool.self, count) {
        try matcher.matches($0)
      }
    }
    return try mapRows(a, b, count) { text, pattern in
      guard case .string(var text) = text, case .string(let pattern) = pattern else {
        return .null
      }
      let matcher = try matcher(pattern)
      return .boolean(
        try text.withUTF8 { try matcher.matches(StringRef(base: $0.baseAddress, count: $0.count)) })
    }
  }

  private func matcher(_ pattern: String) throws -> RegexMatcher {
    if let matcher = matchers[pattern] { return matcher }
    let matcher = try RegexMatcher(pattern, control)
    if matchers.count >= 16 { matchers.removeAll() }
    matchers[pattern] = matcher
    return matcher
  }
}

/// A pattern, matched in the fastest way that it allows.
private final class RegexMatcher {
  private enum Way {
    case literal(String)
    case automaton(RegexAutomaton)
    case search(RegexSearch)
  }

  private let way: Way
  private let control: ExecutionControl
  private var work = 0

  init(_ pattern: String, _ control: ExecutionControl) throws(QueryError) {
    let program = try RegexProgram(pattern)
    if let literal = program.literal {
      way = .literal(literal)
    } else if program.isRegular {
      way = .automaton(RegexAutomaton(program))
    } else {
      way = .search(RegexSearch(program, control))
    }
    self.control = control
  }

  func matches(_ text: StringRef) throws(QueryError) -> Bool {
    switch way {
    case .literal(let literal): text.bytes.elementsEqual(literal.utf8)
    case .automaton(let automaton): try automaton.matches(text, work: &work, control)
    case .search(let search): try search.matches(text)
    }
  }
}
