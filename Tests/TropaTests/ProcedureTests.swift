import Testing
import Tropa

@Suite struct ProcedureTests {
  @Test func proceduresOfTheHostAreCalled() throws {
    let database = try Database.temporary()
    try database.register(
      Procedure(
        "shop.discount",
        inputs: [.init("amount", "FLOAT"), .init("share", "FLOAT", defaultValue: .float(0.1))],
        outputs: [.init("price", "FLOAT")], summary: "The price after a discount."
      ) { call in
        guard case .float(let amount) = call.arguments[0],
          case .float(let share) = call.arguments[1]
        else { return }
        try call.emit([.float(amount * (1 - share))])
      })
    let prices = try database.query(
      "UNWIND [100.0, 200.0] AS a CALL shop.discount(a) YIELD price RETURN price")
    #expect(try prices.floats("price") == [90, 180])
    #expect(try database.query("CALL shop.discount(100.0, 0.5)").first?["price"] == .float(50))
    #expect(
      try database.query("SHOW PROCEDURES YIELD name WHERE name = 'shop.discount' RETURN name")
        .count == 1)
    database.unregister("shop.discount")
    let unknown = #expect(throws: QueryError.self) {
      try database.query("CALL shop.discount(1.0)")
    }
    #expect(unknown?.detail == "ProcedureNotFound")
  }

  @Test func columnsAndInnerQueries() throws {
    let database = try Database.temporary()
    try database.query("UNWIND range(1, 5000) AS i CREATE (:N {i: i})")
    try database.register(
      Procedure(
        "test.mark", outputs: [.init("node", "NODE"), .init("i", "INTEGER")], mode: .write,
        summary: "Sets a property on every node."
      ) { call in
        let found = try call.query("MATCH (n:N) RETURN n, n.i AS i")
        let nodes = try found.nodeIDs("n")
        let numbers = try found.integers("i")
        try call.setProperty("twice", of: nodes, to: .integers(numbers.map { $0 * 2 }))
        try call.emit(columns: [.nodes(nodes), .integers(numbers)])
      })
    let result = try database.query("CALL test.mark() YIELD node, i RETURN sum(node.twice) AS s")
    #expect(result.first?["s"] == .integer(5000 * 5001))
    // What follows a procedure that writes sees what it wrote, and does not keep it from writing.
    for text in [
      "CALL test.mark() YIELD i WITH count(i) AS n MATCH (m:N) WHERE m.thrice > 0 RETURN count(m) AS c",
      "CALL test.mark() YIELD i MATCH (m:N {i: i}) WHERE m.twice = 2 * i RETURN count(m) AS c",
      "CALL test.mark() YIELD i RETURN i AS c LIMIT 0",
    ] {
      try database.query("MATCH (n:N) REMOVE n.twice")
      let rows = try database.query(text)
      let expected: Value = text.contains("thrice") ? .integer(0) : .integer(5000)
      #expect(text.hasSuffix("0") || rows.first?["c"] == expected, "\(text)")
      let count = try database.query("MATCH (n:N) RETURN count(n.twice) AS n")
      #expect(try count.integers("n") == [5000], "\(text)")
    }
    #expect(
      try database.query("MATCH (n:N) RETURN sum(n.twice) AS s").first?["s"]
        == .integer(5000 * 5001))
  }

  @Test func aTableAnswersLikeTheTCKWants() throws {
    let database = try Database.temporary()
    try database.register(
      Procedure(
        signature: "test.city(name :: STRING?) :: (city :: STRING?, code :: INTEGER?)",
        rows: [
          [.string("Анна"), .string("Казань"), .integer(16)],
          [.string("Борис"), .string("Пермь"), .integer(59)],
        ]))
    let row = try database.query("CALL test.city('Борис') YIELD city, code RETURN city, code").first
    #expect(row?.values == [.string("Пермь"), .integer(59)])
    #expect(throws: QueryError.self) { try Procedure(signature: "oops", rows: []) }
  }

  @Test func configurationMapsRefuseWhatTheyDoNotKnow() throws {
    var map = try ConfigurationMap(
      .map(["dampingFactr": .float(0.8), "k": .integer(3)]), of: "test.proc")
    #expect(try map.integer("k", default: 1) == 3)
    #expect(try map.float("dampingFactor", default: 0.85) == 0.85)
    let error = #expect(throws: QueryError.self) { try map.finish() }
    #expect(error?.hint == "did you mean `dampingFactor`?")
    var wrong = try ConfigurationMap(.map(["k": .string("x")]), of: "test.proc")
    #expect(throws: QueryError.self) { try wrong.integer("k", default: 1) }
  }
}
