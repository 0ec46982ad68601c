import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import CypherExecution

@Suite struct RegularExpressionTests {
  /// Pattern, texts that match, texts that do not.
  static let cases: [(String, [String], [String])] = [
    ("", [""], ["a"]), ("abc", ["abc"], ["ab", "abcd", "ABC"]), ("a.c", ["abc", "aёc"], ["a\nc"]),
    ("(?s)a.c", ["a\nc"], ["ac"]), ("a|bc|", ["a", "bc", ""], ["ab", "c"]),
    ("(a|b)*c", ["c", "abac"], ["ab"]), ("(a*)*", ["", "aaa"], ["b"]),
    ("(a*)+b", ["b", "aab"], ["a"]),
    ("a{2}", ["aa"], ["a", "aaa"]), ("a{2,}", ["aa", "aaaa"], ["a"]),
    ("a{1,3}?", ["a", "aaa"], ["", "aaaa"]), ("a+?b*?", ["a", "aab"], ["b"]),
    ("[a-c]+", ["abc"], ["d", ""]), ("[^a-c]", ["d", "ё"], ["a", "dd"]),
    ("[]a]", ["]", "a"], ["b"]), ("[a-z&&[^b]]+", ["ac"], ["abc"]), ("[a-c[x-z]]+", ["ax"], ["d"]),
    ("[-a]+", ["-a"], ["b"]), ("[\\d\\s]+", ["1 2"], ["a"]), ("[а-яё]+", ["ёж"], ["ЁЖ"]),
    ("(?i)привет", ["ПРИВЕТ", "Привет"], ["приве"]), ("(?i)[а-я]+", ["ЖУК"], ["BUG"]),
    ("(?i:a)b", ["Ab"], ["AB"]), ("(?i)a(?-i)b", ["Ab"], ["AB"]), ("(?iu)ё", ["Ё"], ["е"]),
    ("\\d+\\w\\s\\S", ["12a b"], ["a1 b"]), ("\\w+", ["при_вет1"], ["а-б"]),
    ("\\p{L}\\p{N}", ["ё1"], ["11"]), ("\\p{IsCyrillic}+", ["Ёлка"], ["elka"]),
    ("\\pL+", ["aё"], ["1"]), ("\\P{Lu}", ["a"], ["A"]), ("\\p{Alpha}+", ["ab"], ["a1"]),
    ("\\Qa.b\\E+", ["a.b", "a.bb"], ["axb"]), ("\\x41\\u0042\\x{43}", ["ABC"], ["abc"]),
    ("a\\.b\\\\", ["a.b\\"], ["axb\\"]), ("(?<year>\\d{4})-(?:\\d\\d)", ["2026-01"], ["26-01"]),
    ("(?x) a b # c", ["ab"], ["a b"]), ("\\R", ["\r\n", "\n"], ["\n\n"]),
    // Anchors and boundaries.
    ("^abc$", ["abc"], ["abcd"]), (".*\\bfoo\\b.*", ["a foo b", "foo"], ["afoo b", "foob"]),
    (".*\\Bо\\B.*", ["кот"], ["от", "то"]), ("(?sm).*^b$.*", ["a\nb\nc", "b"], ["a\nbc"]),
    ("(^a|b)c", ["ac", "bc"], ["c"]), ("a$\\n", ["a\n"], ["a"]),
    // What only a backtracking matcher follows.
    ("a++b", ["aab"], ["b"]), ("a*+a", [], ["aaa"]), ("(?>a|ab)c", ["ac"], ["abc"]),
    ("(?:ab|a)++b", ["aabb"], ["ab", "aab"]), ("foo(?=bar).*", ["foobar"], ["foobaz"]),
    ("(?!.*admin).*", ["user"], ["an admin"]), ("a?+a", ["aa"], ["a"]),
    ("😀.", ["😀😀", "😀a"], ["😀"]),
  ]

  @Test(arguments: cases)
  func matches(_ pattern: String, _ good: [String], _ bad: [String]) throws {
    func answers(_ texts: [String]) throws -> [Bool] {
      try texts.map { text in
        // As a constant, and over rows.
        let row = try RowPipeline.run(
          "UNWIND \(Value.list([.string(text), .string(text)]).text(.literal)) AS t "
            + "RETURN t =~ \(Value.string(pattern).text(.literal)) AS m, "
            + "\(Value.string(text).text(.literal)) =~ \(Value.string(pattern).text(.literal)) AS c"
        )
        #expect(row.rows[0][0] == row.rows[0][1], "\(pattern) \(text)")
        return row.rows[1][0] == .boolean(true)
      }
    }
    #expect(try answers(good).allSatisfy { $0 }, "\(pattern)")
    #expect(try answers(bad).allSatisfy { !$0 }, "\(pattern)")
  }

  @Test(arguments: [
    "(", ")", "[", "a{", "a{2,1}", "*a", "a**", "\\", "\\y", "\\p{Foo}", "(a)\\1", "(?<=a)b",
    "(?q)a",
    "a{1001}", "(((a{1000}){1000}){1000})", "[b-a]", "\\x{110000}", "[]", "(?",
  ])
  func refuses(_ pattern: String) {
    let error = #expect(throws: QueryError.self) {
      try RowPipeline.run("RETURN 'a' =~ \(Value.string(pattern).text(.literal)) AS x")
    }
    #expect(error?.detail == "InvalidArgumentValue")
  }

  @Test func pathologicalPatternsAreLinear() throws {
    let text = String(repeating: "a", count: 20_000)
    for pattern in ["(a*)*b", "(a|a)*b", "(a|aa)+b", "(.*a){12}b", "\\b(a*)*b", "(a?){50}a{50}b"] {
      let row = try RowPipeline.run(
        "RETURN '\(text)' =~ \(Value.string(pattern).text(.literal)) AS x")
      #expect(row.rows[0][0] == .boolean(false), "\(pattern)")
    }
  }

  /// The two ways of matching against each other and a third, on random patterns.
  @Test func bothMatchersAgree() throws {
    var random = SeededGenerator(seed: 7)
    func pattern(_ depth: Int) -> String {
      switch Int.random(in: 0..<(depth > 3 ? 3 : 8), using: &random) {
      case 0: return "a"
      case 1: return "[ab]"
      case 2: return "."
      case 3: return pattern(depth + 1) + pattern(depth + 1)
      case 4: return "(?:\(pattern(depth + 1))|\(pattern(depth + 1)))"
      case 5: return "(?:\(pattern(depth + 1)))*"
      case 6: return "(?:\(pattern(depth + 1))){0,2}?"
      default: return "(?:\(pattern(depth + 1)))+"
      }
    }
    let control = ExecutionControl()
    for _ in 0..<300 {
      let pattern = pattern(0)
      let program = try RegexProgram(pattern)
      let automaton = RegexAutomaton(program)
      let search = RegexSearch(program, control)
      let reference = try Regex(pattern)
      for _ in 0..<8 {
        let text = String(
          (0..<Int.random(in: 0..<7, using: &random)).map { _ in
            "abc".randomElement(using: &random) ?? "a"
          })
        let expected = try reference.wholeMatch(in: text) != nil
        var copy = text
        let answers = try copy.withUTF8 { bytes in
          let reference = StringRef(base: bytes.baseAddress, count: bytes.count)
          var work = 0
          return [
            try automaton.matches(reference, work: &work, control), try search.matches(reference),
          ]
        }
        #expect(answers == [expected, expected], "\(pattern) \(text)")
      }
    }
  }

  @Test func aLongMatchIsInterrupted() throws {
    let control = ExecutionControl(timeout: .milliseconds(20))
    let program = try RegexProgram("(?:a(?=.*b)|a)*c")
    var text = String(repeating: "a", count: 60_000)
    #expect(throws: QueryError.self) {
      try text.withUTF8 { bytes in
        try RegexSearch(program, control).matches(
          StringRef(base: bytes.baseAddress, count: bytes.count))
      }
    }
  }
}
