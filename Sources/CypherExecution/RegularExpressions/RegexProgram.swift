internal import GraphTypes

/// A regular expression as instructions of a nondeterministic automaton (Thompson's construction).
struct RegexProgram: Sendable {
  enum Instruction: Sendable {
    /// Consumes one code point of a class.
    case scalars(Int)
    /// Consumes as many code points of a class as there are, from `least` on: possessive.
    case span(Int, least: Int, most: Int)
    /// Goes on in two places; the first is tried first.
    case split(Int, Int)
    case jump(Int)
    case assertion(RegexAssertion)
    /// Runs the instructions behind it to their `.match` and goes on at `exit`, where they ended.
    case atomic(exit: Int)
    /// Goes on at `exit`, here, if the instructions behind it match, or do not.
    case lookahead(exit: Int, negated: Bool)
    case match
  }

  private(set) var instructions: [Instruction] = []
  private var classes: [ScalarClass] = []
  /// Which of the first 128 code points are in each class.
  private var asciiMembers: [(low: UInt64, high: UInt64)] = []
  /// Nothing but classes and alternatives, so that a deterministic automaton can follow.
  private(set) var isRegular = true
  /// The text that is matched and no other.
  private(set) var literal: String?

  private static let maximumLength = 20_000

  /// - Throws: `QueryError` for what is no regular expression, or a very large one.
  init(_ pattern: String) throws(QueryError) {
    let tree = Self.withoutOuterAnchors(try RegexParser.parse(pattern))
    literal = Self.literal(of: tree)
    try emit(tree, pattern)
    instructions.append(.match)
  }

  /// The whole text is matched anyway.
  private static func withoutOuterAnchors(_ tree: RegexTree) -> RegexTree {
    guard case .sequence(var items) = tree else { return tree }
    if case .assertion(let first)? = items.first, first == .start || first == .lineStart {
      items.removeFirst()
    }
    if case .assertion(let last)? = items.last,
      last == .end || last == .finalEnd || last == .lineEnd
    {
      items.removeLast()
    }
    return .sequence(items)
  }

  private static func literal(of tree: RegexTree) -> String? {
    switch tree {
    case .empty: return ""
    case .scalars(.range(let first, let last)) where first == last:
      return Unicode.Scalar(first).map { String($0) }
    case .sequence(let items):
      var text = ""
      for item in items {
        guard let part = literal(of: item) else { return nil }
        text += part
      }
      return text
    default: return nil
    }
  }

  // MARK: - Instructions

  private mutating func append(_ instruction: Instruction, _ pattern: String) throws(QueryError) {
    guard instructions.count < Self.maximumLength else {
      throw ExpressionError.argument(
        "the regular expression '\(pattern)' is too large", hint: "use smaller repetitions {n,m}")
    }
    instructions.append(instruction)
  }

  private mutating func add(_ members: ScalarClass) -> Int {
    classes.append(members)
    var ascii: (low: UInt64, high: UInt64) = (0, 0)
    for value in UInt8(0)..<64 {
      if members.contains(Unicode.Scalar(value)) { ascii.low |= 1 << UInt64(value) }
      if members.contains(Unicode.Scalar(value + 64)) { ascii.high |= 1 << UInt64(value) }
    }
    asciiMembers.append(ascii)
    return classes.count - 1
  }

  /// Whether a code point is in the class of that number.
  @inline(__always)
  func contains(_ value: UInt32, inClass members: Int) -> Bool {
    if value < 128 {
      let ascii = asciiMembers[members]
      return (value < 64 ? ascii.low : ascii.high) >> UInt64(value & 63) & 1 == 1
    }
    return Unicode.Scalar(value).map(classes[members].contains) ?? false
  }

  private mutating func emit(_ tree: RegexTree, _ pattern: String) throws(QueryError) {
    switch tree {
    case .empty: break
    case .scalars(let members): try append(.scalars(add(members)), pattern)
    case .sequence(let items): for item in items { try emit(item, pattern) }
    case .alternatives(let branches): try emit(branches, pattern)
    case .assertion(let assertion):
      isRegular = false
      try append(.assertion(assertion), pattern)
    case .atomic(let inner):
      try enclose(inner, pattern) { .atomic(exit: $0) }
    case .lookahead(let inner, let negated):
      try enclose(inner, pattern) { .lookahead(exit: $0, negated: negated) }
    case .repeated(let inner, let least, let most, let kind):
      try emit(inner, least, most, kind, pattern)
    }
  }

  private mutating func emit(_ branches: [RegexTree], _ pattern: String) throws(QueryError) {
    var exits: [Int] = []
    for (index, branch) in branches.enumerated() {
      let isLast = index == branches.count - 1
      let split = instructions.count
      if !isLast { try append(.jump(0), pattern) }
      try emit(branch, pattern)
      if isLast { break }
      exits.append(instructions.count)
      try append(.jump(0), pattern)
      instructions[split] = .split(split + 1, instructions.count)
    }
    for exit in exits { instructions[exit] = .jump(instructions.count) }
  }

  private mutating func enclose(
    _ inner: RegexTree, _ pattern: String, _ instruction: (_ exit: Int) -> Instruction
  ) throws(QueryError) {
    isRegular = false
    let start = instructions.count
    try append(.jump(0), pattern)
    try emit(inner, pattern)
    try append(.match, pattern)
    instructions[start] = instruction(instructions.count)
  }

  private mutating func emit(
    _ inner: RegexTree, _ least: Int, _ most: Int?, _ kind: RegexTree.Repetition, _ pattern: String
  ) throws(QueryError) {
    if kind == .possessive {
      if case .scalars(let members) = inner {
        isRegular = false
        return try append(.span(add(members), least: least, most: most ?? .max), pattern)
      }
      let greedy = RegexTree.repeated(inner, least: least, most: most, .greedy)
      return try enclose(greedy, pattern) { .atomic(exit: $0) }
    }
    for _ in 0..<least { try emit(inner, pattern) }
    guard let most else {
      let split = instructions.count
      try append(.jump(0), pattern)
      try emit(inner, pattern)
      try append(.jump(split), pattern)
      instructions[split] = choice(split + 1, instructions.count, kind)
      return
    }
    var splits: [Int] = []
    for _ in least..<most {
      splits.append(instructions.count)
      try append(.jump(0), pattern)
      try emit(inner, pattern)
    }
    for split in splits { instructions[split] = choice(split + 1, instructions.count, kind) }
  }

  private func choice(_ more: Int, _ exit: Int, _ kind: RegexTree.Repetition) -> Instruction {
    kind == .lazy ? .split(exit, more) : .split(more, exit)
  }
}
