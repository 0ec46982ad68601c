import Testing
import Tropa

/// What generated queries have found, by hand.
@Suite struct FoundByGenerationTests {
  /// A walk that begins at none of the row's nodes reads the row in its conditions.
  @Test func walksReadTheRowBesideThem() throws {
    let database = try Database.temporary()
    try database.query("CREATE (:A)-[:R {i: 2}]->(:B)-[:R {i: 2}]->(:C)-[:R {i: 3}]->(:D)")
    for (pattern, count) in [
      ("(a)-[:R*1..3 {i: q}]->(b)", 3), ("(a)-[:R*0..3 {i: q}]->(b)", 7),
      ("(x:A), (a)-[r:R*2 {i: q}]->(b:C)", 1),
    ] {
      let text = "UNWIND [2, null, 5] AS q MATCH \(pattern) RETURN count(*) AS n"
      let expected = pattern.contains("*0") ? count + 8 : count
      #expect(try database.query(text).integers("n") == [Int64(expected)], "\(text)")
    }
  }

  /// Subqueries in what an aggregation groups by and aggregates are no work for several threads.
  @Test func aggregationOfSubqueriesByTwoThreads() throws {
    let database = try Database.temporary()
    try database.query("UNWIND range(1, 9000) AS i CREATE (a:A {i: i % 3})-[:R]->(:B)")
    var options = QueryOptions()
    options.threads = 2
    options.parallelRows = 0
    let grouped = "MATCH (n:A) RETURN COUNT { (n)-->() } AS k, count(*) AS n"
    #expect(try database.query(grouped, options: options).integers("n") == [9000])
    let summed = "MATCH (n:A) RETURN sum(COUNT { (n)-->() }) AS n"
    #expect(try database.query(summed, options: options).integers("n") == [9000])
  }
}
