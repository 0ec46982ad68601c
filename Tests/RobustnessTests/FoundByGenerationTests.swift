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

  /// An operand in the middle of a chain of comparisons is evaluated once, and chains in chains do not
  /// double at every level.
  @Test func comparisonsInARow() throws {
    let database = try Database.temporary()
    let random = "UNWIND range(1, 1000) AS i WITH i WHERE 0.5 <= rand() < 0.5 RETURN count(*) AS n"
    #expect(try database.query(random).integers("n") == [0])
    let nested = (0..<60).reduce("1") { text, _ in "toInteger(0 < \(text) < 3)" }
    let options = QueryOptions(timeout: .seconds(20))
    #expect(try database.query("RETURN \(nested) AS n", options: options).integers("n") == [1])
    let names = (1...9).map { "abs(\($0) + \((1...9).map { "\($0)" }.joined(separator: " + ")))" }
    let row = "RETURN CASE WHEN \(names.joined(separator: " < ")) THEN 1 END AS n"
    #expect(try database.query(row).integers("n") == [1])
    let null = "RETURN coalesce(1 < toInteger(null + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1) < 0, 7) AS n"
    #expect(try database.query(null).integers("n") == [7])
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
