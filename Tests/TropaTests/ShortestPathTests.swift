import Foundation
import TestSupport
import Testing
import Tropa

/// `SHORTEST` and the function form where they differ, and lengths that must be reached.
@Suite struct ShortestPathTests {
  /// a→b→c→a, c→d and a→c by K, each with a weight; a→a by L. A ring 1→2→3→4→1 of R.
  private func database() throws -> Database {
    let database = try Database.temporary()
    try database.query(
      """
      CREATE (a:P {n: 'a'})-[:K {w: 1}]->(b:P {n: 'b'})-[:K {w: 2}]->(c:P {n: 'c'}),
        (c)-[:K {w: 3}]->(a), (c)-[:K {w: 4}]->(:P {n: 'd'}), (a)-[:L]->(a), (a)-[:K {w: 9}]->(c),
        (r1:Q {n: '1'})-[:R]->(:Q {n: '2'})-[:R]->(:Q {n: '3'})-[:R]->(:Q {n: '4'})-[:R]->(r1)
      """)
    return database
  }

  @Test(arguments: [
    ("ANY SHORTEST (a:P {n: 'a'})-[:K]->{2,}(b:P {n: 'c'})", ["abc"]),
    ("ANY SHORTEST (a:P {n: 'a'})-[:K]->{3,}(b:P {n: 'c'})", ["acabc"]),
    ("ALL SHORTEST (a:P {n: 'a'})-[:K]->{1,}(b:P {n: 'd'})", ["acd"]),
    ("ALL SHORTEST (a:P {n: 'a'})-[:K]->{4,5}(b:P {n: 'd'})", ["abcacd", "acabcd"]),
    ("ANY SHORTEST (a:Q {n: '1'})-[:R]->{5,}(b:Q {n: '2'})", []),
    ("ANY SHORTEST (a:P {n: 'a'})-[:K|L]->+(a)", ["aa"]),
    ("ANY SHORTEST (a:P {n: 'a'})-[:K]->+(a)", ["aca"]),
    ("ALL SHORTEST (a:Q)-[:R]->+(a)", ["12341", "23412", "34123", "41234"]),
    ("ANY SHORTEST (a:Q {n: '1'})-[:R]->*(a)", ["1"]),
    ("ANY SHORTEST (a:Q {n: '1'})-[:R]-+(b:Q {n: '2'})", ["12"]),
    ("ANY SHORTEST (a:Q {n: '1'})-[:R]-+(a)", ["12341", "14321"]),
    // The path is chosen first, then looked at.
    ("ANY SHORTEST (a:P {n: 'a'})-[r:K]->+(b:P {n: 'c'}) WHERE all(x IN r WHERE x.w < 9)", []),
    // The function looks for a path that satisfies the condition.
    (
      "shortestPath((a:P {n: 'a'})-[r:K*]->(b:P {n: 'c'})) WHERE all(x IN r WHERE x.w < 9)", ["abc"]
    ),
    ("shortestPath((a:P {n: 'a'})-[:K*]->(a))", []),
  ])
  func finds(_ pattern: String, _ expected: [String]) throws {
    var text = pattern
    var condition = ""
    if let place = pattern.range(of: " WHERE") {
      text = String(pattern[..<place.lowerBound])
      condition = String(pattern[place.lowerBound...])
    }
    let result = try database().query(
      "MATCH p = \(text)\(condition) RETURN reduce(s = '', n IN nodes(p) | s + n.n) AS x ORDER BY x"
    )
    let found = result.rows.map { row -> String in
      if case .string(let text)? = row.first { text } else { "?" }
    }
    // Of several that are as short, any may come.
    #expect(
      found == expected || found.count == 1 && text.hasPrefix("ANY") && expected.contains(found[0]))
  }

  @Test func theFunctionHasNoMinimum() throws {
    let error = #expect(throws: QueryError.self) {
      try database().query("MATCH p = shortestPath((a)-[:K*2..]->(b)) RETURN p")
    }
    #expect(error?.message.contains("0 or 1 relationships") == true)
  }

  @Test(arguments: [
    "MATCH (n:P) WHERE n.n IN ('a') RETURN n", "MATCH (n:P) WHERE id(n) IN 0 RETURN n",
    "MATCH (n:P) WHERE n.unknown IN 'a' RETURN n", "RETURN 1 IN 1",
  ])
  func membershipNeedsAList(_ text: String) throws {
    #expect(throws: QueryError.self) { try database().query(text) }
    #expect(try database().query("MATCH (n:P) WHERE n.n IN null RETURN n").isEmpty)
  }
}
