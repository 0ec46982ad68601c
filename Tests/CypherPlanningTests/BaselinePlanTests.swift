import Cypher
import CypherPlanning
import GraphTypes
import Testing

@Suite struct BaselinePlanTests {
  static func text(_ query: String, _ options: PlannerOptions = PlannerOptions()) throws -> String {
    let result = try Planner.plan(
      try Parser.parseStatement(query), source: SourceText(query), catalogue: ShopCatalogue(),
      parameterNames: nil, options: options)
    #expect(PlanValidator.errors(of: result.plan).isEmpty)
    return PlanDescription(result).text(width: 90)
  }

  @Test(.serialized, arguments: [
    "MATCH (:Client)-[b:PURCHASED]->(:Product) RETURN count(b) AS n",
    "MATCH (:Client)-[b:PURCHASED]->(p:Product) RETURN b.at.year * 100 + b.at.month AS month, p.category AS category, sum(b.amount) AS revenue, count(b) AS n ORDER BY month, category",
    "MATCH (:Client)-[b:PURCHASED]->(p:Product) RETURN p.id AS id, p.title AS title, sum(b.amount) AS revenue ORDER BY revenue DESC, id LIMIT 20",
    "MATCH (c:Client)-[b:PURCHASED]->(:Product) RETURN c.id AS id, max(b.at) AS last, count(b) AS n, sum(b.amount) AS money",
    "MATCH (c:Client {id: $client})-[b:PURCHASED]->(p:Product) RETURN p.id AS id, p.title AS title, b.at AS at, b.amount AS amount",
    "MATCH (c:Client {id: $client})-[:PURCHASED]->(p:Product)<-[:PURCHASED]-(o:Client)-[:PURCHASED]->(r:Product) WHERE o.id <> $client AND NOT (c)-[:PURCHASED]->(r) RETURN r.id AS id, count(DISTINCT o.id) AS n ORDER BY n DESC, id LIMIT 10",
    "MATCH (a:Product)<-[:PURCHASED]-(c:Client)-[:PURCHASED]->(b:Product) WHERE a.id < b.id RETURN a.id AS a, b.id AS b, count(*) AS n ORDER BY n DESC, a, b LIMIT 20",
    "MATCH (a:Client)-[:FOLLOWS]->(b:Client)-[:FOLLOWS]->(c:Client) RETURN count(*) AS n",
    "MATCH (a:Client {id: $client})-[:FOLLOWS*1..3]->(b:Client) RETURN b.city AS city, count(DISTINCT b.id) AS n ORDER BY n DESC, city",
    "MATCH (a:Client)-[:FOLLOWS]->(b:Client)-[:FOLLOWS]->(c:Client), (a)-[:FOLLOWS]->(c) RETURN count(*) AS n",
    "MATCH (r:Review)-[:ABOUT]->(p:Product) WHERE r.text CONTAINS $word RETURN p.category AS category, count(r) AS n ORDER BY category",
    "MATCH (c:Client) WHERE c.city = $city AND c.birthYear >= $bornAfter OPTIONAL MATCH (c)-[:WROTE]->(r:Review) WHERE r.rating = 5 RETURN c.id AS id, collect(r.id) AS reviews ORDER BY id LIMIT 500",
    "MATCH (a:Client {id: $client}), (b:Client {id: $clientTo}) MATCH p = shortestPath((a)-[:FOLLOWS*1..10]->(b)) RETURN length(p) AS hops",
    "UNWIND $ids AS id MATCH (c:Client {id: id})-[b:PURCHASED]->(:Product) RETURN id, count(b) AS n, sum(b.amount) AS money ORDER BY id",
    "CREATE (:Client {id: $id, name: $name, city: $city, birthYear: 1990, registeredAt: $at, channel: 'сайт'})",
    "MATCH (c:Client {id: $c}), (p:Product {id: $p}) CREATE (c)-[:VIEWED {at: $at, seconds: 5}]->(p)",
    "UNWIND $rows AS r MATCH (c:Client {id: r.c}), (p:Product {id: r.p}) CREATE (c)-[:PURCHASED {at: r.at, quantity: r.q, amount: r.a, orderId: r.o}]->(p)",
    "MATCH (c:Client) WHERE c.id <= $limit SET c.birthYear = c.birthYear + 1",
    "UNWIND $rows AS r MERGE (c:Client {id: r.id}) ON CREATE SET c.name = r.name",
  ]) func printsPlans(query: String) throws {
    print(query)
    print(try Self.text(query))
    print("")
  }
}
