import Foundation
import GraphTypes
import TestSupport
import Testing

@Suite struct TCKValueTests {
  private func text(_ value: Value) -> String {
    TCKValue(value) { "rendered \($0)" }.text()
  }

  @Test(arguments: [
    ("null", "null"), ("true", "true"), ("false", "false"), ("NaN", "NaN"),
    ("Inf", "Inf"), ("-Inf", "-Inf"),
    ("1", "1"), ("-1", "-1"), ("1.0", "1.0"), ("-0.0", "0.0"), (".5", "0.5"), ("1e308", "1e+308"),
    ("-9223372036854775808", "-9223372036854775808"), ("0.000001", "1e-06"),
    ("''", "''"), (#"'a\'b\\c\d'"#, #"'a\'b\\c\\d'"#), ("'(:A)'", "'(:A)'"), ("'🧐é'", "'🧐é'"),
    ("[]", "[]"), ("[ 1,'a' , [null]]", "[1, 'a', [null]]"),
    ("{}", "{}"), ("{b:1,a: {c: []}}", "{a: {c: []}, b: 1}"),
    ("{``: 1, `x``y z`: 2}", "{``: 1, `x``y z`: 2}"),
    ("()", "()"), ("(:B:A)", "(:A:B)"), ("({x: 1})", "({x: 1})"),
    ("(:A {prop:1})", "(:A {prop: 1})"),
    ("(:`a b`)", "(:`a b`)"), ("(:Клиент {имя: 'Я'})", "(:Клиент {имя: 'Я'})"),
    ("[:T]", "[:T]"), ("[:T {x: 1}]", "[:T {x: 1}]"), ("[[:T], [:U]]", "[[:T], [:U]]"),
    ("<(:A)>", "<(:A)>"),
    ("<(:A)-[:T {x: 1}]->(:B)<-[:U]-()>", "<(:A)-[:T {x: 1}]->(:B)<-[:U]-()>"),
  ])
  func readsAndWrites(text: String, canonical: String) throws {
    let value = try TCKValue(parsing: text)
    #expect(value.text() == canonical)
    #expect(try TCKValue(parsing: canonical).text() == canonical)
  }

  @Test(arguments: [
    "", "nul", "truefalse", "1 2", "1x", "-", "1-2", "9223372036854775808", "'", "'a", "'a'b'", "[",
    "[1", "[1,]",
    "{a}", "{a: }", "{a: 1, a: 2}", "{: 1}", "(", "(:)", "(:A", "(x)", "[:T", "[:T:U]", "<", "<()",
    "<()->()>",
    "<()-[:T]-()>", "<()<-[:T]->()>", "<()-[:T]->>", "2000-01-01",
  ])
  func rejects(text: String) {
    #expect(throws: TCKValueError.self) { try TCKValue(parsing: text) }
  }

  @Test func typesStayApart() {
    let values: [Value] = [
      .null, .boolean(true), .integer(1), .float(1), .string("1"), .string("true"),
      .list([.integer(1)]),
      .map(["a": .integer(1)]), .map([:]), .list([]), .bytes([1]),
      .point(Point(srid: 7203, x: 1, y: 1)),
    ]
    #expect(Set(values.map(text)).count == values.count)
  }

  @Test func stringsWithQuotesDoNotImitateOtherValues() {
    #expect(text(.list([.string("a', 'b")])) != text(.list([.string("a"), .string("b")])))
    #expect(text(.string(#"\"#)) == #"'\\'"#)
  }

  @Test func temporalValuesAreTheirRenderedText() throws {
    let date = Value.list([.date(LocalDate(days: 0)), .duration(CalendarDuration(days: 1))])
    let value = TCKValue(date) { if case .date = $0 { "1970-01-01" } else { "P1D" } }
    #expect(value.text() == "['1970-01-01', 'P1D']")
  }

  @Test func pathArrowsFollowTheRelationships() {
    func node(_ id: UInt64) -> Node { Node(id: NodeID(id), labels: ["N\(id)"]) }
    func relationship(_ start: UInt64, _ end: UInt64) -> Relationship {
      Relationship(
        id: RelationshipID(rawValue: start * 10 + end), start: NodeID(start), end: NodeID(end),
        type: "T")
    }
    let path = Path(
      nodes: [node(1), node(2), node(3), node(3)],
      relationships: [relationship(1, 2), relationship(3, 2), relationship(3, 3)])
    #expect(text(.path(path)) == "<(:N1)-[:T]->(:N2)<-[:T]-(:N3)-[:T]->(:N3)>")
    let broken = Path(nodes: [node(1), node(2)], relationships: [relationship(1, 3)])
    #expect(text(.path(broken)).contains("does not join"))
  }

  @Test func listOrderCanBeIgnoredAtEveryDepth() throws {
    let texts = try ["[[1, 2], {a: [3, 4]}]", "[{a: [4, 3]}, [2, 1]]"].map { text in
      try TCKValue(parsing: text).text(ignoringListOrder: true)
    }
    #expect(texts[0] == texts[1])
    #expect(
      try TCKValue(parsing: "[1, 1, 2]").text(ignoringListOrder: true)
        != TCKValue(parsing: "[1, 2, 2]").text(ignoringListOrder: true))
  }

  @Test func parametersAreThePlainValues() throws {
    let value = try TCKValue(parsing: "{a: [1, 2.5, 'x', null, true]}")
    #expect(text(try #require(value.parameterValue)) == "{a: [1, 2.5, 'x', null, true]}")
    #expect(try TCKValue(parsing: "[(:A)]").parameterValue == nil)
    #expect(try TCKValue(parsing: "{a: [:A]}").parameterValue == nil)
  }

  @Test func sideEffectsAreDifferencesOfStates() {
    func node(_ id: UInt64, _ labels: [String], _ properties: [String: Value] = [:]) -> Node {
      Node(id: NodeID(id), labels: labels, properties: properties)
    }
    func relationship(_ id: UInt64, _ properties: [String: Value]) -> Relationship {
      Relationship(
        id: RelationshipID(rawValue: id), start: NodeID(1), end: NodeID(1), type: "T",
        properties: properties)
    }
    let before = GraphState(
      nodes: [node(1, ["A", "B"], ["x": .integer(1), "y": .null]), node(2, ["A", "C"])],
      relationships: [relationship(1, ["x": .integer(1), "z": .string("a")])])
    let after = GraphState(
      nodes: [
        node(1, ["A", "D", "E"], ["x": .float(1), "y": .null]), node(3, ["E"]), node(4, []),
      ],
      relationships: [relationship(2, ["x": .integer(1)])])
    let effects = SideEffects(from: before, to: after) { "\($0)" }
    #expect(
      SideEffects.names.map { effects[$0] } == [
        2, 1,  // Nodes 3 and 4 for node 2.
        1, 1,
        2, 2,  // D and E for B and C: A is still there.
        2, 3,  // A float for an integer, and the properties of the relationships.
      ])
    #expect(SideEffects(from: after, to: after) { "\($0)" } == SideEffects())
    #expect(SideEffects().description == "no side effects")
    #expect(effects.description.hasPrefix("+nodes 2, -nodes 1, "))
  }
}
