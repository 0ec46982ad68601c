import Testing
import Tropa

@testable import Reports

@Suite struct WritingTests {
  @Test func textAndAttributesAreEscaped() {
    var page = Markup()
    page.element("p", ["title": "\"a\" & 'b'"], "1 < 2 && \"x\" > 'y'")
    #expect(
      page.text == "<p title=\"&quot;a&quot; &amp; &#39;b&#39;\">"
        + "1 &lt; 2 &amp;&amp; &quot;x&quot; &gt; &#39;y&#39;</p>")
  }

  @Test func whatXMLDoesNotAllowIsReplaced() {
    #expect(Markup.escaped("a\u{0}b\u{1B}c\u{FFFF}\n\té🙂") == "a\u{FFFD}b\u{FFFD}c\u{FFFD}\n\té🙂")
    // A combining mark after a special character does not hide it.
    #expect(Markup.escaped("<\u{301}&\u{301}") == "&lt;\u{301}&amp;\u{301}")
  }

  @Test func numbersByLanguage() {
    #expect(ReportLanguage.ru.number(1234.5, digits: 1) == "1\u{A0}234,5")
    #expect(ReportLanguage.en.number(1234.5, digits: 1) == "1,234.5")
    #expect(ReportLanguage.en.number(-1_234_567) == "−1,234,567")
    #expect(ReportLanguage.en.number(999.96, digits: 1) == "1,000.0")
    #expect(ReportLanguage.en.number(-0.04, digits: 1) == "0.0")
    #expect(ReportLanguage.en.number(-0.4, digits: 1) == "−0.4")
    #expect(ReportLanguage.ru.number(2.05, digits: 2) == "2,05")
    #expect(ReportLanguage.en.number(.nan, digits: 1) == "—")
    #expect(ReportLanguage.en.number(1e300, digits: 1) == "—")
    #expect(ReportLanguage.ru.percent(0.1234) == "12,3\u{A0}%")
    #expect(ReportLanguage.en.percent(0.1234) == "12.3%")
    #expect(ReportLanguage.en.signed(5) == "+5")
    #expect(ReportLanguage.en.signed(-5) == "−5")
    #expect(ReportLanguage.en.signed(0) == "0")
  }

  @Test func moneyInShort() {
    #expect(ReportLanguage.ru.compact(1_234_567) == "1,2\u{A0}млн")
    #expect(ReportLanguage.en.compact(999_960) == "1.0\u{A0}M")
    #expect(ReportLanguage.en.compact(123_456) == "123\u{A0}k")
    #expect(ReportLanguage.en.compact(-2e9) == "−2\u{A0}bn")
    #expect(ReportLanguage.en.compact(7) == "7")
    #expect(ReportLanguage.en.compact(0.5) == "0.5")
  }

  @Test func datesByLanguage() throws {
    let date = try LocalDate(year: 2026, month: 3, day: 5)
    #expect(ReportLanguage.ru.date(date) == "05.03.2026")
    #expect(ReportLanguage.en.date(date) == "5 Mar 2026")
    #expect(ReportLanguage.ru.month(date) == "03.2026")
  }

  @Test func axesHaveRoundTicksAroundAllValues() {
    for values in [
      [0.03, 0.07], [1_234_567, 10], [-0.4, 3], [5, 5], [0], [], [.nan, 2], [1e-9],
    ] {
      let axis = Axis(values, start: 10, length: 100)
      #expect(axis.low < axis.high)
      #expect(axis.ticks.count >= 2 && axis.ticks.count <= 12)
      for value in values where value.isFinite {
        #expect((9.999...110.001).contains(axis.place(value)))
      }
    }
  }

  @Test func layoutIsRepeatableAndInside() {
    let radii = (0..<20).map { 10 + Double($0) }
    let edges = (0..<12).map { ForceLayout.Edge(a: $0, b: 12 + $0 % 8, weight: 0.5) }
    let layout = ForceLayout(radii: radii, edges: edges)
    let places = layout.places(width: 860, height: 620, margin: 20)
    let again = layout.places(width: 860, height: 620, margin: 20)
    for (node, (a, b)) in zip(places, again).enumerated() {
      #expect(a == b)
      #expect(a.x >= radii[node] && a.x <= 860 - radii[node])
      #expect(a.y >= radii[node] && a.y <= 620 - radii[node])
      for other in places.indices where other > node {
        let (dx, dy) = (a.x - places[other].x, a.y - places[other].y)
        #expect((dx * dx + dy * dy).squareRoot() > radii[node] + radii[other] - 4)
      }
    }
    #expect(ForceLayout(radii: [], edges: []).places(width: 9, height: 9, margin: 1).isEmpty)
  }
}
