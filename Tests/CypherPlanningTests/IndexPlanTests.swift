import Cypher
import CypherPlanning
import Testing

/// Which indexes the planner uses, for what, and what it leaves to filters.
@Suite struct IndexPlanTests {
  private static let catalogue = {
    var catalogue = ShopCatalogue()
    catalogue.nodes["Vip"] = 5_000
    catalogue.addIndex("Client", "id", isUnique: true)
    catalogue.addIndex("Product", "id", isUnique: true)
    catalogue.addIndex("Client", "registeredAt")
    catalogue.addIndex("Client", "city", "name")
    catalogue.addIndex("PURCHASED", "orderId")
    return catalogue
  }()

  /// The operators that search indexes, and all filters, as EXPLAIN shows them, top down.
  private func seeks(_ query: String) throws -> [String] {
    let result = try Planner.plan(
      try Parser.parseStatement(query), source: SourceText(query), catalogue: Self.catalogue,
      parameterNames: nil)
    let errors = PlanValidator.errors(of: result.plan)
    #expect(errors.isEmpty, "\(query): \(errors)")
    return PlanDescription(result).rows
      .filter { $0.name.contains("Index") || $0.name == "Filter" }
      .map { "\($0.name) \($0.details)" }
  }

  @Test(arguments: [
    // Constants.
    (
      "MATCH (c:Client {id: $id}) RETURN c.name",
      ["NodeUniqueIndexSeek c:Client WHERE c.id = $id BY client_id"]
    ),
    (
      "MATCH (c:Client) WHERE c.id IN [1, 2, $x] RETURN c.name",
      ["NodeIndexSeek c:Client WHERE c.id IN [1, 2, $x] BY client_id"]
    ),
    (
      "MATCH (c:Client) WHERE c.id = 1 OR 2 = c.id RETURN c.name",
      ["NodeIndexSeek c:Client WHERE c.id IN [1, 2] BY client_id"]
    ),
    (
      "MATCH (c:Client) WHERE $from <= c.registeredAt AND c.registeredAt < $to RETURN c.name",
      [
        "NodeIndexSeekByRange c:Client WHERE c.registeredAt >= $from AND c.registeredAt < $to"
          + " BY client_registeredat"
      ]
    ),
    // What an index has answered is not compared again; what it has not, is.
    (
      "MATCH (c:Client {id: 1}) WHERE c.birthYear > 1990 AND c.id > 0 RETURN c.name",
      [
        "Filter c.birthYear > 1990 AND c.id > 0",
        "NodeUniqueIndexSeek c:Client WHERE c.id = 1 BY client_id",
      ]
    ),
    // Half of a table is read faster as a whole.
    ("MATCH (c:Client) WHERE c.id <= $limit RETURN c.name", ["Filter c.id <= $limit"]),
    // Nodes without a name are not in the index on city and name.
    ("MATCH (c:Client {city: 'Казань'}) RETURN c.id", ["Filter c.city = 'Казань'"]),
    (
      "MATCH (c:Client {city: 'Казань', name: $name}) RETURN c.id",
      ["NodeIndexSeek c:Client WHERE c.city = 'Казань' AND c.name = $name BY client_city_name"]
    ),
    (
      "MATCH (c:Client {city: 'Казань'}) WHERE c.name STARTS WITH 'И' RETURN c.id",
      [
        "NodeIndexSeekByRange c:Client WHERE c.city = 'Казань' AND c.name STARTS WITH 'И'"
          + " BY client_city_name"
      ]
    ),
    (
      "MATCH (c:Client:Vip {id: 7}) RETURN c.name",
      ["Filter c:Vip", "NodeUniqueIndexSeek c:Client WHERE c.id = 7 BY client_id"]
    ),
    // Values of rows.
    (
      "UNWIND $ids AS id MATCH (c:Client {id: id})-[:PURCHASED]->(p) RETURN id, count(p)",
      ["NodeUniqueIndexSeek c:Client WHERE c.id = id BY client_id"]
    ),
    (
      "UNWIND $ids AS id OPTIONAL MATCH (c:Client {id: id}) RETURN id, c.name",
      ["NodeUniqueIndexSeek c:Client WHERE c.id = id BY client_id"]
    ),
    (
      "UNWIND $rows AS r MATCH (c:Client {id: r.c}), (p:Product {id: r.p}) CREATE (c)-[:VIEWED]->(p)",
      [
        "NodeUniqueIndexSeek p:Product WHERE p.id = r.p BY product_id",
        "NodeUniqueIndexSeek c:Client WHERE c.id = r.c BY client_id",
      ]
    ),
    (
      "UNWIND $rows AS r MERGE (c:Client {id: r.id})",
      ["NodeUniqueIndexSeek c:Client WHERE c.id = r.id BY client_id"]
    ),
    (
      "UNWIND $ids AS id WITH id WHERE EXISTS { MATCH (c:Client {id: id}) } RETURN id",
      ["NodeUniqueIndexSeek c:Client WHERE c.id = id BY client_id"]
    ),
    (
      "MATCH (a:Client {id: 1}), (b:Client {id: a.friend}) RETURN b.name",
      [
        "NodeUniqueIndexSeek b:Client WHERE b.id = a.friend BY client_id",
        "NodeUniqueIndexSeek a:Client WHERE a.id = 1 BY client_id",
      ]
    ),
    (
      "MATCH (c:Client) WITH c, c.id AS number WHERE number = 5 RETURN c.name",
      ["NodeUniqueIndexSeek c:Client WHERE c.id = 5 BY client_id"]
    ),
    // Relationships.
    (
      "MATCH (:Client)-[b:PURCHASED {orderId: $o}]->(p:Product) RETURN p.title",
      [
        "Filter _0:Client AND p:Product",
        "DirectedRelationshipIndexSeek (_0)-[:PURCHASED]->(p) WHERE orderId = $o"
          + " BY purchased_orderid",
      ]
    ),
    (
      "UNWIND $orders AS o MATCH (a)-[b:PURCHASED {orderId: o}]-(c) RETURN a, b, c",
      [
        "UndirectedRelationshipIndexSeek (a)-[b:PURCHASED]-(c) WHERE b.orderId = o"
          + " BY purchased_orderid"
      ]
    ),
    // Hints.
    (
      "MATCH (c:Client) USING INDEX c:Client(id) WHERE c.id <= 5 RETURN c.name",
      ["NodeIndexSeekByRange c:Client WHERE c.id <= 5 BY client_id"]
    ),
    (
      "MATCH (c:Client) USING SCAN c:Client WHERE c.id = 5 RETURN c.name",
      ["Filter c.id = 5"]
    ),
    (
      "MATCH (c:Client) USING SCAN c:Client WITH c WHERE c.id = 5 RETURN c.name",
      ["Filter c.id = 5"]
    ),
    (
      "MATCH (c:Client) USING INDEX SEEK c:Client(id) WITH c WHERE c.id <= $x RETURN c.name",
      ["NodeIndexSeekByRange c:Client WHERE c.id <= $x BY client_id"]
    ),
    (
      "MATCH (c:Client)-[b:PURCHASED]->(p:Product) USING RANGE INDEX c:Client(id) "
        + "USING JOIN ON p WHERE c.id = 5 RETURN p",
      ["NodeUniqueIndexSeek c:Client WHERE c.id = 5 BY client_id"]
    ),
    // Both ends of a range that come from further up.
    (
      "MATCH (c:Client) WITH c WHERE c.registeredAt >= $from AND c.registeredAt < $to RETURN c.id",
      [
        "NodeIndexSeekByRange c:Client WHERE c.registeredAt >= $from AND c.registeredAt < $to"
          + " BY client_registeredat"
      ]
    ),
    // The order of an index.
    (
      "MATCH (c:Client) RETURN c.name ORDER BY c.registeredAt DESC LIMIT 5",
      ["NodeIndexScan c:Client BY client_registeredat DESCENDING"]
    ),
    (
      "MATCH (c:Client) WHERE $from <= c.registeredAt AND c.registeredAt < $to "
        + "RETURN c.name ORDER BY c.registeredAt",
      [
        "NodeIndexSeekByRange c:Client WHERE c.registeredAt >= $from AND c.registeredAt < $to"
          + " BY client_registeredat ASCENDING"
      ]
    ),
    (
      "MATCH (c:Client {city: 'Казань'}) WHERE c.name STARTS WITH 'И' "
        + "RETURN c.id, c.name AS name ORDER BY c.city, name DESC",
      [
        "NodeIndexSeekByRange c:Client WHERE c.city = 'Казань' AND c.name STARTS WITH 'И'"
          + " BY client_city_name DESCENDING"
      ]
    ),
    (
      "MATCH (c:Client) RETURN max(c.registeredAt)",
      ["NodeIndexScan c:Client WHERE c.registeredAt IS NOT NULL BY client_registeredat DESCENDING"]
    ),
    (
      "MATCH ()-[b:PURCHASED]->() RETURN min(b.orderId)",
      [
        "DirectedRelationshipIndexScan (_0)-[b:PURCHASED]->(_2) WHERE b.orderId IS NOT NULL"
          + " BY purchased_orderid ASCENDING"
      ]
    ),
    // Counted, not read.
    (
      "MATCH (c:Client) WHERE $from <= c.registeredAt AND c.registeredAt < $to "
        + "RETURN count(c.registeredAt)",
      [
        "CountFromIndex count(c:Client WHERE c.registeredAt >= $from AND c.registeredAt < $to"
          + " BY client_registeredat) AS `count(c.registeredAt)`"
      ]
    ),
  ])
  func indexes(query: String, expected: [String]) throws {
    let found = try seeks(query)
    #expect(found == expected, "\(query)")
  }

  @Test func estimatesKnowUniqueness() throws {
    let query = "MATCH (c:Client {id: 1}) RETURN c"
    let plan = try Planner.plan(
      try Parser.parseStatement(query), source: SourceText(query), catalogue: Self.catalogue,
      parameterNames: nil
    ).plan
    #expect(plan.estimatedRows == 1)
  }

  /// No sort is left, or one that an index cannot spare.
  @Test(arguments: [
    ("MATCH (c:Client) RETURN c.name ORDER BY c.registeredAt LIMIT 5", true),
    ("MATCH (c:Client) RETURN c.name ORDER BY c.registeredAt, c.id LIMIT 5", false),
    ("MATCH (c:Client) USING SCAN c:Client RETURN c.name ORDER BY c.id LIMIT 5", false),
    ("MATCH (c:Client) WHERE c.id IN [1, 2] RETURN c.name ORDER BY c.id", true),
    ("MATCH (c:Client) WHERE c.id IN [1, 2] RETURN c.name ORDER BY c.name", false),
    ("MATCH (c:Client) WHERE c.city IN $x AND c.name > '' RETURN c ORDER BY c.name", false),
    ("MATCH (c:Client) WHERE c.city IN $x AND c.name > '' RETURN c ORDER BY c.city, c.name", true),
    (
      "MATCH (c:Client) WHERE c.city IN $x AND c.name > '' RETURN c ORDER BY c.city, c.name DESC",
      false
    ),
    ("MATCH (c:Client {id: 1})-[:FOLLOWS]->(d) RETURN d.name ORDER BY d.id", false),
    ("UNWIND $ids AS id MATCH (c:Client {id: id}) RETURN c.name ORDER BY c.id", false),
  ])
  func sorts(query: String, isSpared: Bool) throws {
    for options in [PlannerOptions(), PlannerOptions(disabled: [.indexOrder])] {
      let result = try Planner.plan(
        try Parser.parseStatement(query), source: SourceText(query), catalogue: Self.catalogue,
        parameterNames: nil, options: options)
      let errors = PlanValidator.errors(of: result.plan)
      #expect(errors.isEmpty, "\(query): \(errors)")
      let names = PlanDescription(result).rows.map(\.name)
      let isSorted = names.contains("Sort") || names.contains("Top")
      #expect(isSorted != (isSpared && options.disabled.isEmpty), "\(query): \(names)")
    }
  }

  @Test func indexesCanBeSwitchedOff() throws {
    let query = "MATCH (c:Client {id: 1}) RETURN c"
    let plan = try Planner.plan(
      try Parser.parseStatement(query), source: SourceText(query), catalogue: Self.catalogue,
      parameterNames: nil, options: PlannerOptions(disabled: [.indexSeek])
    ).plan
    #expect(!PlanDescription(plan, names: []).rows.contains { $0.name.contains("Index") })
  }
}
