import Testing
import Tropa

/// Errors of common slips: what they advise, and that those at run time show where.
@Suite struct TeachingErrorTests {
  private static func error(_ text: String) throws -> QueryError {
    let database = try Database.temporary()
    try database.query("CREATE (:P {n: 'x', v: 1})-[:K {w: 1}]->(:P {n: 'y', v: 2})")
    return try #require(throws: QueryError.self, "\(text)") { try database.query(text) }
  }

  // MARK: Advice

  @Test(arguments: [
    ("MATCH (p) WHERE p.v = 1 WHERE p.n = 'x' RETURN p", "join conditions by AND"),
    ("MATCH (p) WHERE p.n STARTS 'x' RETURN p", "write STARTS WITH"),
    ("MATCH (p) AND p.v = 1 RETURN p", "conditions start with WHERE"),
    ("EXPLAIN EXPLAIN RETURN 1", "stands once"),
    ("SHOW INDEXES RETURN name", "YIELD name RETURN name"),
    ("RETURN date('2026-01-01').yaer", "did you mean `year`?"),
    ("UNWIND [localdatetime('2026-01-01T00:00')] AS d RETURN d.huor", "did you mean `hour`?"),
    ("RETURN duration('P1D').day", "did you mean `days`?"),
    ("RETURN point({x: 1, y: 2}).latitude", "it has x, y, z, crs, srid"),
    ("MATCH (p) RETURN p.v WHERE p.v > 1", "WITH … WHERE … RETURN"),
    ("MATCH (p) ORDER BY p.v RETURN p", "stand behind RETURN or WITH"),
    ("RETURN 5 MOD 2", "x % y"), ("RETURN 1 OVER 2", "no window functions"),
    ("RETURN 1 AS x ORDER BY x NULLS LAST", "null comes last"),
    ("MATCH (n) RETURN UNIQUE n", "RETURN DISTINCT"),
    ("CREATE (n:P) IF NOT EXISTS", "MERGE creates only"),
    ("WITH 1 AS x RETURN x NOT IN [1]", "NOT x IN list"),
    ("MATCH (p) WHERE p.n NOT CONTAINS 'x' RETURN p", "NOT x CONTAINS"),
    ("MATCH (p) WHERE p.n NOT LIKE 'x' RETURN p", "NOT x CONTAINS"),
    ("MATCH (p) WHERE p.n LIKE 'x' RETURN p", "STARTS WITH"),
    ("RETURN 1 IN (1, 2)", "in brackets: [1, 2]"),
    ("RETURN 1 => 2", "write >="), ("RETURN 1 =< 2", "write <="),
    ("MATCH (p) WHERE p.n IS 'Ann' RETURN p", "compared with ="),
    ("MATCH (p) WHERE p.n IS NOT 1 RETURN p", "compared with <>"),
    ("MATCH (p) RETURN p.*", "properties(n)"), ("MATCH (p) SET p.v += 1", "n.key = n.key + 1"),
    ("RETURN 'it''s'", "\\' for a quote"), ("RETURN 1 AS 'имя'", "in backticks"),
    ("RETURN date() - date()", "duration.between"), ("RETURN date() + 1", "duration({days: 1})"),
    ("MATCH (p) RETURN size({(p)-->()})", "COUNT { … }"), ("RETURN length('abc')", "size()"),
    ("MATCH (a)-[r:K*]->(b) RETURN r.w", "[x IN r | x.w]"),
    ("RETURN len('a')", "`size`"), ("RETURN substr('a', 1)", "`substring("),
    ("RETURN pow(1, 2)", "x ^ y"), ("RETURN now()", "`datetime()`"),
    ("RETURN concat('a', 'b')", "a + b"), ("MATCH p = ()-->() RETURN rels(p)", "`relationships`"),
    ("RETURN toInt('1')", "`toInteger`"), ("RETURN if(true, 1, 2)", "CASE WHEN"),
    ("CALL db.indexes()", "SHOW INDEXES"), ("CALL dbms.procedures()", "SHOW PROCEDURES"),
    ("BEGIN", ":begin"), ("МАТСН (c) RETURN c", "another alphabet"),
    ("MATCH (c:P) RETURN с.n", "another alphabet"),
    ("MATCH (a)-->{2,1}(b) RETURN a", "write {1,2}"),
    ("RETURN 1 name", "AS name"),
  ])
  func adviseOnSlips(_ text: String, advice: String) throws {
    let error = try Self.error(text)
    #expect(error.hint?.contains(advice) == true, "\(text): \(error.hint ?? "no hint")")
    #expect(error.range != nil, "\(text)")
  }

  @Test(arguments: [
    ("MATCH (p) WHERE p.v = 1 foo RETURN p", "an operator or the next clause"),
    ("MATCH (p) foo RETURN p", "`,`, WHERE or the next clause"),
    ("MATCH (p) WHERE p.v IS NOT 1 RETURN p", "NULL, :: and a type, or NORMALIZED"),
    ("MATCH (a)-->{2,1}(b) RETURN a", "the lower bound 2 exceeds the upper bound 1"),
  ])
  func sayWhatCanFollow(_ text: String, message: String) throws {
    let error = try Self.error(text)
    #expect(error.message.contains(message), "\(error.message)")
  }

  // MARK: Places

  @Test(arguments: [
    ("RETURN 'abc' =~ '('", "'abc' =~ '('"), ("WITH 'abc' AS x RETURN 'a' IN x", "'a' IN x"),
    ("MATCH (p) WHERE p.v RETURN p", "p.v"),
    ("MATCH (p) RETURN [x IN p.n | x]", "[x IN p.n | x]"),
    ("MATCH (p) RETURN any(x IN p.n WHERE true)", "any(x IN p.n WHERE true)"),
    ("MATCH (p) RETURN reduce(s = 0, x IN p.n | s)", "reduce(s = 0, x IN p.n | s)"),
    ("MATCH (p) RETURN p.n.x", "p.n.x"), ("MATCH (p) RETURN p.n[1..2]", "p.n[1..2]"),
    ("MATCH (p) RETURN sum(p.n)", "sum(p.n)"), ("MATCH (p) RETURN avg(p.n) AS a", "avg(p.n)"),
    ("MATCH (p) RETURN p.n, sum(p.n)", "sum(p.n)"),
    ("MATCH (p) RETURN percentileCont(p.v, 1.5)", "percentileCont(p.v, 1.5)"),
    ("MATCH (p) DETACH DELETE p RETURN p.v", "p.v"), ("MATCH (p) DELETE p", "p"),
    ("MERGE (n:N {a: 1, v: null})", "null"), ("CREATE (n:N {a: 1, m: {a: 1}})", "{a: 1}"),
    ("MATCH (n:$(null)) RETURN n", "$(null)"),
    ("MATCH (p) RETURN true AND p.v", "p.v"), ("MATCH (p) RETURN p.v OR p.n", "p.v"),
    ("MATCH (p) RETURN NOT p.n", "p.n"), ("MATCH (p) RETURN p.b XOR p.n", "p.n"),
    ("MATCH (p) SET p.v = 1, p.m = {a: p.v}", "{a: p.v}"),
    ("UNWIND [{a: 1}] AS m CREATE (n {x: [m]})", "[m]"),
    ("UNWIND [{a: 1}] AS m MATCH (p) SET p.v = m", "m"),
    ("WITH date('2026-01-01') AS d RETURN d.yaer", "d.yaer"),
    ("RETURN toInteger('9223372036854775808')", "toInteger('9223372036854775808')"),
    ("RETURN format(date('2026-01-01'), 'HH')", "format(date('2026-01-01'), 'HH')"),
    // Written twice: each has its own place.
    ("MATCH (p) RETURN abs(p.v), abs(p.n)", "abs(p.n)"),
    ("UNWIND [0] AS x RETURN 1 / 2 + 2 / x", "2 / x"),
  ])
  func showWhere(_ text: String, place: String) throws {
    let range = try #require(try Self.error(text).range, "\(text)")
    #expect(String(decoding: Array(text.utf8)[range], as: UTF8.self) == place)
  }

  // MARK: Old forms

  @Test(arguments: [
    ("RETURN charLength('a')", "char_length"),
    ("RETURN distance(point({x: 0, y: 0}), point({x: 1, y: 0}))", "point.distance"),
  ])
  func oldFunctionsAreWarnedOf(_ text: String, replacement: String) throws {
    let database = try Database.temporary()
    for _ in 1...2 {
      let notices = try database.query(text).notices
      #expect(notices.map(\.code).allSatisfy { $0.hasSuffix("FeatureDeprecationWarning") })
      #expect(notices.count == 1 && notices[0].hint?.contains(replacement) == true)
    }
  }
}
