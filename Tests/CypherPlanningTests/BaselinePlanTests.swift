import Cypher
import CypherPlanning
import GraphTypes
import Testing

/// The plans of the queries that the engine is measured by, on the counts of the shop graph.
@Suite struct BaselinePlanTests {
  struct Example: CustomTestStringConvertible, Sendable {
    var name: String
    var query: String
    var plan: String
    var testDescription: String { name }
  }

  @Test(arguments: examples) func plans(example: Example) throws {
    let result = try Planner.plan(
      try Parser.parseStatement(example.query), source: SourceText(example.query),
      catalogue: ShopCatalogue(), parameterNames: nil)
    #expect(PlanValidator.errors(of: result.plan).isEmpty)
    let text = PlanDescription(result).text(width: 90)
    #expect(text == example.plan, "\n\(text)")
  }

  static let examples: [Example] = [
    Example(
      name: "q01",
      query: """
        MATCH (:Client)-[b:PURCHASED]->(:Product) RETURN count(b) AS n
        """,
      plan: #"""
        Operator                          Details                                   Estimated rows
        +ProduceResults                   n                                                      1
        +RelationshipCountFromCountStore  count((:Client)-[:PURCHASED]->                         1
                                          (:Product)) AS n
        """#),
    Example(
      name: "q03",
      query: """
        MATCH (:Client)-[b:PURCHASED]->(p:Product) RETURN b.at.year * 100 + b.at.month AS \
        month, p.category AS category, sum(b.amount) AS revenue, count(b) AS n ORDER BY \
        month, category
        """,
      plan: #"""
        Operator                   Details                                          Estimated rows
        +ProduceResults            month, category, revenue, n                               31085
        +Sort                      month, category                                           31085
        +EagerAggregation          b.at.year * 100 + b.at.month AS month,                    31085
        |                          p.category AS category, sum(b.amount) AS
        |                          revenue, count(*) AS n
        +DirectedRelationshipScan  (_0:Client)-[b:PURCHASED]->(p:Product)                  2415643
        """#),
    Example(
      name: "q04",
      query: """
        MATCH (:Client)-[b:PURCHASED]->(p:Product) RETURN p.id AS id, p.title AS title, \
        sum(b.amount) AS revenue ORDER BY revenue DESC, id LIMIT 20
        """,
      plan: #"""
        Operator                   Details                                          Estimated rows
        +ProduceResults            id, title, revenue                                           20
        +Top                       revenue DESC, id LIMIT 20                                    20
        +EagerAggregation          p.id AS id, p.title AS title, sum(b.amount) AS            20000
        |                          revenue
        +DirectedRelationshipScan  (_0:Client)-[b:PURCHASED]->(p:Product)                  2415643
        """#),
    Example(
      name: "q05",
      query: """
        MATCH (c:Client)-[b:PURCHASED]->(:Product) RETURN c.id AS id, max(b.at) AS last, \
        count(b) AS n, sum(b.amount) AS money
        """,
      plan: #"""
        Operator                   Details                                          Estimated rows
        +ProduceResults            id, last, n, money                                       200000
        +OrderedAggregation        c.id AS id, max(b.at) AS last, count(*) AS n,            200000
        |                          sum(b.amount) AS money
        +DirectedRelationshipScan  (c:Client)-[b:PURCHASED]->(_2:Product)                  2415643
        """#),
    Example(
      name: "q06",
      query: """
        MATCH (c:Client {id: $client})-[b:PURCHASED]->(p:Product) RETURN p.id AS id, p.title \
        AS title, b.at AS at, b.amount AS amount
        """,
      plan: #"""
        Operator         Details                                                    Estimated rows
        +ProduceResults  id, title, at, amount                                                  12
        +Projection      p.id AS id, p.title AS title, b.at AS at, b.amount AS                  12
        |                amount
        +Expand(All)     (c)-[b:PURCHASED]->(p:Product)                                         12
        +Filter          c.id = $client                                                          1
        +NodeSeek        c:Client WHERE c.id = $client                                      200000
        """#),
    Example(
      name: "q07",
      query: """
        MATCH (c:Client {id: \
        $client})-[:PURCHASED]->(p:Product)<-[:PURCHASED]-(o:Client)-[:PURCHASED]->(r:Product) \
        WHERE o.id <> $client AND NOT (c)-[:PURCHASED]->(r) RETURN r.id AS id, \
        count(DISTINCT o.id) AS n ORDER BY n DESC, id LIMIT 10
        """,
      plan: #"""
        Operator           Details                                Estimated rows
        +ProduceResults    id, n                                              10
        +Top               n DESC, id LIMIT 10                                10
        +EagerAggregation  r.id AS id, count(DISTINCT o.id) AS n            7929
        +AntiSemiApply                                                      7929
        |\
        | +Expand(Into)    (c)-[:PURCHASED]->(r)                               1
        | +Argument        c, r                                                1
        +Filter            NOT _3 = _5                                      7929
        +Expand(All)       (o)-[_5:PURCHASED]->(r:Product)                 17620
        +Projection        c, _3, o                                         1459
        +Filter            o.id <> $client                                  1459
        +Expand(All)       (p)<-[_3:PURCHASED]-(o:Client)                   1459
        +Expand(All)       (c)-[:PURCHASED]->(p:Product)                      12
        +Filter            c.id = $client                                      1
        +NodeSeek          c:Client WHERE c.id = $client                  200000
        """#),
    Example(
      name: "q08",
      query: """
        MATCH (a:Product)<-[:PURCHASED]-(c:Client)-[:PURCHASED]->(b:Product) WHERE a.id < \
        b.id RETURN a.id AS a, b.id AS b, count(*) AS n ORDER BY n DESC, a, b LIMIT 20
        """,
      plan: #"""
        Operator                   Details                               Estimated rows
        +ProduceResults            a, b, n                                           20
        +Top                       n DESC, a, b LIMIT 20                             20
        +OrderedAggregation        a.id AS a, b.id AS b, count(*) AS n          8752997
        +Filter                    a.id < b.id                                  8752997
        +Expand(All)               (c)-[:PURCHASED]->(b:Product)               29176656
        +DirectedRelationshipScan  (a:Product)<-[:PURCHASED]-(c:Client)         2415643
        """#),
    Example(
      name: "q09",
      query: """
        MATCH (a:Client)-[:FOLLOWS]->(b:Client)-[:FOLLOWS]->(c:Client) RETURN count(*) AS n
        """,
      plan: #"""
        Operator           Details                                                  Estimated rows
        +ProduceResults    n                                                                     1
        +EagerAggregation  sum(_7) AS n                                                          1
        +DegreeExpand      (a:Client)-[:FOLLOWS]->(b)-[:FOLLOWS]->(c:Client) AS _7          200000
        +NodeByLabelScan   b:Client                                                         200000
        """#),
    Example(
      name: "q11",
      query: """
        MATCH (a:Client {id: $client})-[:FOLLOWS*1..3]->(b:Client) RETURN b.city AS city, \
        count(DISTINCT b.id) AS n ORDER BY n DESC, city
        """,
      plan: #"""
        Operator                      Details                                    Estimated rows
        +ProduceResults               city, n                                                60
        +Sort                         n DESC, city                                           60
        +EagerAggregation             b.city AS city, count(DISTINCT b.id) AS n              60
        +PruningVarLengthExpand(All)  (a)-[:FOLLOWS*1..3]->(b:Client)                        62
        +Filter                       a.id = $client                                          1
        +NodeSeek                     a:Client WHERE a.id = $client                      200000
        """#),
    Example(
      name: "q12",
      query: """
        MATCH (a:Client)-[:FOLLOWS]->(b:Client)-[:FOLLOWS]->(c:Client), (a)-[:FOLLOWS]->(c) \
        RETURN count(*) AS n
        """,
      plan: #"""
        Operator                   Details                                          Estimated rows
        +ProduceResults            n                                                             1
        +EagerAggregation          sum(_8) AS n                                                  1
        +CountIntersection         (b)-[:FOLLOWS]->(c:Client)<-[:FOLLOWS]-(a)                  127
        |                          EXCEPT _1 AS _8
        +DirectedRelationshipScan  (a:Client)-[_1:FOLLOWS]->(b:Client)                     1042546
        """#),
    Example(
      name: "q14",
      query: """
        MATCH (r:Review)-[:ABOUT]->(p:Product) WHERE r.text CONTAINS $word RETURN p.category \
        AS category, count(r) AS n ORDER BY category
        """,
      plan: #"""
        Operator                   Details                                Estimated rows
        +ProduceResults            category, n                                        20
        +Sort                      category                                           20
        +EagerAggregation          p.category AS category, count(*) AS n              20
        +Filter                    r.text CONTAINS $word                           34593
        +DirectedRelationshipScan  (r:Review)-[:ABOUT]->(p:Product)               345931
        """#),
    Example(
      name: "q15",
      query: """
        MATCH (c:Client) WHERE c.city = $city AND c.birthYear >= $bornAfter OPTIONAL MATCH \
        (c)-[:WROTE]->(r:Review) WHERE r.rating = 5 RETURN c.id AS id, collect(r.id) AS \
        reviews ORDER BY id LIMIT 500
        """,
      plan: #"""
        Operator           Details                                       Estimated rows
        +ProduceResults    id, reviews                                              500
        +Top               id LIMIT 500                                             500
        +EagerAggregation  c.id AS id, collect(r.id) AS reviews                    1000
        +OptionalApply                                                             1000
        |\
        | +Filter          r.rating = 5                                               1
        | +Expand(All)     (c)-[:WROTE]->(r:Review)                                   2
        | +Argument        c                                                          1
        +Filter            c.city = $city AND c.birthYear >= $bornAfter            1000
        +NodeSeek          c:Client WHERE c.city = $city                         200000
        """#),
    Example(
      name: "q16",
      query: """
        MATCH (a:Client {id: $client}), (b:Client {id: $clientTo}) MATCH p = \
        shortestPath((a)-[:FOLLOWS*1..10]->(b)) RETURN length(p) AS hops
        """,
      plan: #"""
        Operator           Details                                      Estimated rows
        +ProduceResults    hops                                                      1
        +Projection        length(p) AS hops                                         1
        +ShortestPath      p = shortestPath((a)-[:FOLLOWS*1..10]->(b))               1
        +CartesianProduct                                                            1
        |\
        | +Filter          b.id = $clientTo                                          1
        | +NodeSeek        b:Client WHERE b.id = $clientTo                      200000
        +Filter            a.id = $client                                            1
        +NodeSeek          a:Client WHERE a.id = $client                        200000
        """#),
    Example(
      name: "q20",
      query: """
        UNWIND $ids AS id MATCH (c:Client {id: id})-[b:PURCHASED]->(:Product) RETURN id, \
        count(b) AS n, sum(b.amount) AS money ORDER BY id
        """,
      plan: #"""
        Operator           Details                                    Estimated rows
        +ProduceResults    id, n, money                                           11
        +Sort              id                                                     11
        +EagerAggregation  id, count(*) AS n, sum(b.amount) AS money              11
        +Expand(All)       (c)-[b:PURCHASED]->(_3:Product)                       121
        +HashJoin          c.id = id                                              10
        |\
        | +Unwind          $ids AS id                                             10
        | +SingleRow                                                               1
        +NodeByLabelScan   c:Client                                           200000
        """#),
    Example(
      name: "w1",
      query: """
        CREATE (:Client {id: $id, name: $name, city: $city, birthYear: 1990, registeredAt: \
        $at, channel: 'сайт'})
        """,
      plan: #"""
        Operator         Details                                                    Estimated rows
        +ProduceResults                                                                          0
        +Create          (_0:Client {id: $id, name: $name, city: $city, birthYear:               1
        |                1990, registeredAt: $at, channel: 'сайт'})
        +SingleRow                                                                               1
        """#),
    Example(
      name: "w2",
      query: """
        MATCH (c:Client {id: $c}), (p:Product {id: $p}) CREATE (c)-[:VIEWED {at: $at, \
        seconds: 5}]->(p)
        """,
      plan: #"""
        Operator           Details                                     Estimated rows
        +ProduceResults                                                             0
        +Create            (c)-[_2:VIEWED {at: $at, seconds: 5}]->(p)               1
        +CartesianProduct                                                           1
        |\
        | +Filter          c.id = $c                                                1
        | +NodeSeek        c:Client WHERE c.id = $c                            200000
        +Filter            p.id = $p                                                1
        +NodeSeek          p:Product WHERE p.id = $p                            20000
        """#),
    Example(
      name: "w3",
      query: """
        UNWIND $rows AS r MATCH (c:Client {id: r.c}), (p:Product {id: r.p}) CREATE \
        (c)-[:PURCHASED {at: r.at, quantity: r.q, amount: r.a, orderId: r.o}]->(p)
        """,
      plan: #"""
        Operator            Details                                                 Estimated rows
        +ProduceResults                                                                          0
        +Create             (c)-[_3:PURCHASED {at: r.at, quantity: r.q, amount:                 10
        |                   r.a, orderId: r.o}]->(p)
        +HashJoin           c.id = r.c                                                          10
        |\
        | +HashJoin         p.id = r.p                                                          10
        | |\
        | | +Unwind         $rows AS r                                                          10
        | | +SingleRow                                                                           1
        | +NodeByLabelScan  p:Product                                                        20000
        +NodeByLabelScan    c:Client                                                        200000
        """#),
    Example(
      name: "w4",
      query: """
        MATCH (c:Client) WHERE c.id <= $limit SET c.birthYear = c.birthYear + 1
        """,
      plan: #"""
        Operator          Details                        Estimated rows
        +ProduceResults                                               0
        +Set              c.birthYear = c.birthYear + 1           60000
        +Filter           c.id <= $limit                          60000
        +NodeSeekByRange  c:Client WHERE c.id <= $limit          200000
        """#),
    Example(
      name: "merge",
      query: """
        UNWIND $rows AS r MERGE (c:Client {id: r.id}) ON CREATE SET c.name = r.name
        """,
      plan: #"""
        Operator              Details                                              Estimated rows
        +ProduceResults                                                                         0
        +Merge                (c:Client {id: r.id}) ON CREATE SET c.name = r.name              10
        |\
        | +HashJoin           r.id = c.id                                                      10
        | |\
        | | +NodeByLabelScan  c:Client                                                     200000
        | +Argument           r                                                                10
        +Unwind               $rows AS r                                                       10
        +SingleRow                                                                              1
        """#),
  ]
}
