import Testing

@testable import GraphStore

@Suite struct FullTextQueryParserTests {
  private let fields = ["text", "название", "дата рождения"]

  private func show(_ query: FullTextQuery) -> String {
    func field(_ field: Int?) -> String { field.map { "\(fields[$0]):" } ?? "" }
    switch query {
    case .text(let text, let name): return field(name) + text
    case .phrase(let text, let slop, let name):
      return field(name) + "\"\(text)\"" + (slop == 0 ? "" : "~\(slop)")
    case .pattern(let elements, let name):
      return field(name) + "/"
        + elements.map {
          switch $0 {
          case .character(let scalar): String(scalar)
          case .anyCharacter: "?"
          case .anyCharacters: "*"
          }
        }.joined() + "/"
    case .fuzzy(let text, let edits, let name): return field(name) + text + "~\(edits)"
    case .all: return "all"
    case .boosted(let query, let boost): return show(query) + "^\(boost)"
    case .boolean(let clauses):
      return "("
        + clauses.map {
          switch $0.occurrence {
          case .optional: show($0.query)
          case .required: "+" + show($0.query)
          case .excluded: "-" + show($0.query)
          }
        }.joined(separator: " ") + ")"
    }
  }

  @Test func reads() throws {
    let samples = [
      ("чайник", "чайник"), ("  a  b ", "(a b)"), ("a AND b", "(+a +b)"), ("a OR b", "(a b)"),
      ("a && b || c", "(+a +b c)"), ("a AND b OR c", "(+a +b c)"), ("a OR b AND c", "(a +b +c)"),
      ("NOT a", "(-a)"), ("a NOT b", "(a -b)"), ("a AND NOT b", "(+a -b)"), ("a -b", "(a -b)"),
      ("!a +b", "(-a +b)"), ("- a", "(-a)"), ("wi-fi a+b", "(wi-fi a+b)"),
      ("\"a b\"", "\"a b\""), ("\"a b\"~3", "\"a b\"~3"), ("\"a \\\" b\"", "\"a \" b\""),
      ("отлич*", "/отлич*/"), ("*", "/*/"), ("*:*", "all"), ("т?вар*", "/т?вар*/"),
      ("a~", "a~2"), ("a~1", "a~1"), ("a~0", "a~0"), ("a^2", "a^2.0"), ("a~1^.5", "a~1^0.5"),
      ("(a b)^3", "(a b)^3.0"), ("\"a b\"~2^2", "\"a b\"~2^2.0"),
      ("название:чайник", "название:чайник"), ("text:(a -b)", "(text:a -text:b)"),
      ("text:(a название:b)", "(text:a название:b)"), ("text: a", "text:a"),
      ("text:\"a b\"", "text:\"a b\""), ("дата\\ рождения:2020", "дата рождения:2020"),
      ("a\\:b \\(c\\) \\*", "(a:b (c) *)"), ("и/или", "и/или"), ("(a (b))", "(a b)"),
      ("ANDROID ORGAN NOTE", "(ANDROID ORGAN NOTE)"), ("a AND(b)", "(+a +b)"), ("", "()"),
      ("+название:a* -text:b~1", "(+название:/a*/ -text:b~1)"), ("-*:* a", "(-all a)"),
    ]
    for (text, expected) in samples {
      #expect(show(try FullTextQueryParser.parse(text, fields: fields)) == expected, "\(text)")
    }
  }

  @Test func errorsHaveAColumn() {
    let samples = [
      ("a \"b", 3, "not closed"), ("(a", 1, "without `)`"), ("a )", 3, "without `(`"),
      ("AND a", 1, "between two words"), ("a AND", 3, "must follow"), ("a +", 3, "must follow"),
      ("a -", 3, "must follow"), ("a OR )", 3, "must follow"), ("text:", 6, "must follow `:`"),
      ("название:)", 10, "must follow `:`"), ("nazvanie:a", 1, "no property `nazvanie`"),
      ("12:30", 1, "no property `12`"), ("a~3", 3, "0, 1 or 2"), ("a~1.5", 3, "0, 1 or 2"),
      ("a* b*~1", 4, "pattern"), ("\"a b\"~1.5", 7, "whole number"), ("a^", 3, "takes a number"),
      ("a^b", 3, "takes a number"), ("a~1.2.3", 3, "not a number"), ("[a TO b]", 1, "ranges"),
      ("x {a", 3, "ranges"), ("/a.b/", 1, "regular expressions"), ("a \\", 3, "must follow `\\`"),
      ("^2", 1, "cannot stand here"), ("a ~", 3, "cannot stand here"), ("()a:", 3, "no property"),
      (String(repeating: "(", count: 200), 102, "too deeply"),
      (String(repeating: "a ", count: 1025), 2050, "more than 1024"),
    ]
    for (text, column, message) in samples {
      let error = #expect(throws: StoreError.self, "\(text)") {
        _ = try FullTextQueryParser.parse(text, fields: fields)
      }
      #expect(error?.code == .invalidArgument)
      #expect(error?.message.contains("column \(column):") == true, "\(text): \(error as Any)")
      #expect(error?.message.contains(message) == true, "\(text): \(error as Any)")
    }
    let error = #expect(throws: StoreError.self) {
      _ = try FullTextQueryParser.parse("texd:a", fields: fields)
    }
    #expect(error?.hint == "did you mean `text`?")
  }

  /// Any characters give a query or an error.
  @Test func anything() {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "a", " ", "\"", "(", ")", "+", "-", "~", "^", "2", ":", "text", "*", "?", "\\", "AND", "/",
    ]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
      _ = try? FullTextQueryParser.parse(text, fields: fields)
    }
  }
}
