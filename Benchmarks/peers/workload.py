"""The questions: openCypher for Tropa, SQL for DuckDB, and the dialects of Kùzu and FalkorDB.

q01 to q20 are the workload that the project was given; x01 to x16 ask more of the same kinds. Dialects
differ where they must: Kùzu and Ladybug have `date_part` for `.year` and their own shortest paths, and
count(DISTINCT) beside another aggregate comes out wrong there; FalkorDB skips relationships that are
not named and used, and keeps times of day as integers.
"""

import random
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    name: str
    about: str
    cypher: str
    sql: str
    kuzu: str | None = None
    falkordb: str | None = None

    def text(self, engine):
        if engine == "duckdb":
            return self.sql
        own = {"kuzu": self.kuzu, "ladybug": self.kuzu, "falkordb": self.falkordb}.get(engine)
        return own or self.cypher


def moment(text):
    return {"$localdatetime": text}


def parameters(clients, products):
    """One set for all questions: clients from the middle, words and cities that the generator knows."""
    step = max(clients // 1000, 1)
    return {
        "client": clients // 2, "clientTo": clients // 7, "ids": list(range(1, clients + 1, step))[:1000],
        "word": "качеств", "city": "Казань", "bornAfter": 1990, "category": "Детские товары",
        "since": moment("2025-06-01T00:00:00"),
    }


def write_parameters(clients, products, run):
    generator = random.Random(run)
    rows = [
        {"c": generator.randint(1, clients), "p": generator.randint(1, products),
         "at": moment("2025-06-01T12:00:00"), "q": 1, "a": 100.0 + i, "o": 100_000_000 + i}
        for i in range(10_000)
    ]
    return {
        "id": 1_000_000_000 + run, "name": "Новый Клиент", "city": "Казань",
        "at": moment("2026-01-01T00:00:00"), "c": generator.randint(1, clients),
        "p": generator.randint(1, products), "rows": rows, "limit": 100_000,
    }


# FalkorDB's year and month of an integer time.
FALKOR_TIME = "localdatetime('1970-01-01T00:00:00') + duration({seconds: b.at})"

READS = [
    Question(
        "q01_count_edges", "count over one type",
        "MATCH (:Client)-[b:PURCHASED]->(:Product) RETURN count(b) AS n",
        "SELECT count(*) AS n FROM purchased"),
    Question(
        "q03_revenue_month_category", "group by a date part and a node's string",
        "MATCH (:Client)-[b:PURCHASED]->(p:Product) RETURN b.at.year * 100 + b.at.month AS month, "
        "p.category AS category, sum(b.amount) AS revenue, count(b) AS n ORDER BY month, category",
        'SELECT year(b."at") * 100 + month(b."at") AS month, p.category, sum(b.amount) AS revenue, '
        "count(*) AS n FROM purchased b JOIN product p ON p.id = b.product GROUP BY ALL "
        "ORDER BY month, category",
        kuzu="MATCH (:Client)-[b:PURCHASED]->(p:Product) RETURN date_part('year', b.at) * 100 + "
        "date_part('month', b.at) AS month, p.category AS category, sum(b.amount) AS revenue, "
        "count(b) AS n ORDER BY month, category",
        falkordb=f"MATCH (:Client)-[b:PURCHASED]->(p:Product) WITH {FALKOR_TIME} AS t, b, p "
        "RETURN t.year * 100 + t.month AS month, p.category AS category, sum(b.amount) AS revenue, "
        "count(b) AS n ORDER BY month, category"),
    Question(
        "q04_top_products", "aggregate by node, top-k, late strings",
        "MATCH (:Client)-[b:PURCHASED]->(p:Product) RETURN p.id AS id, p.title AS title, "
        "sum(b.amount) AS revenue ORDER BY revenue DESC, id LIMIT 20",
        "SELECT p.id, p.title, s.revenue FROM (SELECT product, sum(amount) AS revenue FROM purchased "
        "GROUP BY product) s JOIN product p ON p.id = s.product ORDER BY s.revenue DESC, p.id LIMIT 20"),
    Question(
        "q05_rfm_all_clients", "recency, frequency, money of every client",
        "MATCH (c:Client)-[b:PURCHASED]->(:Product) RETURN c.id AS id, max(b.at) AS last, "
        "count(b) AS n, sum(b.amount) AS money",
        'SELECT client, max("at"), count(*), sum(amount) FROM purchased GROUP BY client'),
    Question(
        "q06_point_1hop", "look-up by id and one hop",
        "MATCH (c:Client {id: $client})-[b:PURCHASED]->(p:Product) RETURN p.id AS id, "
        "p.title AS title, b.at AS at, b.amount AS amount",
        'SELECT p.id, p.title, b."at", b.amount FROM purchased b JOIN product p ON p.id = b.product '
        "WHERE b.client = $client"),
    Question(
        "q07_recommend_2hop", "co-purchase recommendation: three hops, anti-join, top-k",
        "MATCH (c:Client {id: $client})-[:PURCHASED]->(p:Product)<-[:PURCHASED]-(o:Client)"
        "-[:PURCHASED]->(r:Product) WHERE o.id <> $client AND NOT (c)-[:PURCHASED]->(r) "
        "RETURN r.id AS id, count(DISTINCT o.id) AS n ORDER BY n DESC, id LIMIT 10",
        "WITH own AS (SELECT DISTINCT product FROM purchased WHERE client = $client), "
        "others AS (SELECT DISTINCT client FROM purchased WHERE product IN (FROM own) "
        "AND client <> $client) "
        "SELECT b.product, count(DISTINCT b.client) AS n FROM purchased b "
        "WHERE b.client IN (FROM others) AND b.product NOT IN (FROM own) "
        "GROUP BY b.product ORDER BY n DESC, b.product LIMIT 10"),
    Question(
        "q08_copurchase_pairs", "all co-purchase pairs, top 20",
        "MATCH (a:Product)<-[:PURCHASED]-(c:Client)-[:PURCHASED]->(b:Product) WHERE a.id < b.id "
        "RETURN a.id AS a, b.id AS b, count(*) AS n ORDER BY n DESC, a, b LIMIT 20",
        "SELECT x.product AS a, y.product AS b, count(*) AS n FROM purchased x JOIN purchased y "
        "ON x.client = y.client AND x.product < y.product GROUP BY ALL ORDER BY n DESC, a, b LIMIT 20",
        falkordb="MATCH (a:Product)<-[x:PURCHASED]-(c:Client)-[y:PURCHASED]->(b:Product) "
        "WHERE a.id < b.id AND x.quantity + y.quantity > 0 "
        "RETURN a.id AS a, b.id AS b, count(*) AS n ORDER BY n DESC, a, b LIMIT 20"),
    Question(
        "q09_two_hop_count", "count of all paths of two hops",
        "MATCH (a:Client)-[:FOLLOWS]->(b:Client)-[:FOLLOWS]->(c:Client) RETURN count(*) AS n",
        "SELECT sum(i.n * o.n)::BIGINT FROM (SELECT target, count(*) AS n FROM follows GROUP BY target) i "
        "JOIN (SELECT source, count(*) AS n FROM follows GROUP BY source) o ON i.target = o.source",
        falkordb="MATCH (a:Client)-[x:FOLLOWS]->(b:Client)-[y:FOLLOWS]->(c:Client) "
        "RETURN sum(CASE WHEN x = y THEN 0 ELSE 1 END) AS n"),
    Question(
        "q11_var_length_1_3", "variable length, then group by the end's property",
        "MATCH (a:Client {id: $client})-[:FOLLOWS*1..3]->(b:Client) "
        "RETURN b.city AS city, count(DISTINCT b.id) AS n ORDER BY n DESC, city",
        "WITH one AS (SELECT DISTINCT target FROM follows WHERE source = $client), "
        "two AS (SELECT DISTINCT f.target FROM follows f JOIN one ON f.source = one.target), "
        "three AS (SELECT DISTINCT f.target FROM follows f JOIN two ON f.source = two.target) "
        "SELECT c.city, count(*) AS n FROM (FROM one UNION FROM two UNION FROM three) e "
        "JOIN client c ON c.id = e.target GROUP BY c.city ORDER BY n DESC, c.city",
        falkordb="MATCH p = (a:Client {id: $client})-[:FOLLOWS*1..3]->(b:Client) "
        "WHERE length(p) > 0 RETURN b.city AS city, count(DISTINCT b.id) AS n ORDER BY n DESC, city"),
    Question(
        "q12_triangles", "closed triads: a cyclic join",
        "MATCH (a:Client)-[:FOLLOWS]->(b:Client)-[:FOLLOWS]->(c:Client), (a)-[:FOLLOWS]->(c) "
        "RETURN count(*) AS n",
        "SELECT count(*) FROM follows x JOIN follows y ON x.target = y.source "
        "JOIN follows z ON z.source = x.source AND z.target = y.target",
        falkordb="MATCH (a:Client)-[x:FOLLOWS]->(b:Client)-[y:FOLLOWS]->(c:Client), "
        "(a)-[z:FOLLOWS]->(c) RETURN sum(CASE WHEN x = y OR y = z THEN 0 ELSE 1 END) AS n"),
    Question(
        "q14_text_contains", "substring search over all texts, then one hop",
        "MATCH (r:Review)-[:ABOUT]->(p:Product) WHERE r.text CONTAINS $word "
        "RETURN p.category AS category, count(r) AS n ORDER BY category",
        "SELECT p.category, count(*) FROM review r JOIN about a ON a.review = r.id "
        "JOIN product p ON p.id = a.product WHERE contains(r.text, $word) GROUP BY p.category "
        "ORDER BY p.category"),
    Question(
        "q15_optional_collect", "filter on strings, OPTIONAL MATCH, collect",
        "MATCH (c:Client) WHERE c.city = $city AND c.birthYear >= $bornAfter "
        "OPTIONAL MATCH (c)-[:WROTE]->(r:Review) WHERE r.rating = 5 "
        "RETURN c.id AS id, collect(r.id) AS reviews ORDER BY id LIMIT 500",
        "SELECT c.id, coalesce(list(r.id) FILTER (r.id IS NOT NULL), []) FROM client c "
        "LEFT JOIN (SELECT w.client, r.id FROM wrote w JOIN review r ON r.id = w.review "
        "WHERE r.rating = 5) r ON r.client = c.id WHERE c.city = $city AND c.birthYear >= $bornAfter "
        "GROUP BY c.id ORDER BY c.id LIMIT 500"),
    Question(
        "q16_shortest_path", "unweighted shortest path between two clients",
        "MATCH (a:Client {id: $client}), (b:Client {id: $clientTo}) "
        "MATCH p = shortestPath((a)-[:FOLLOWS*1..10]->(b)) RETURN length(p) AS hops",
        "WITH RECURSIVE reached(node, hops) USING KEY (node) AS ("
        "SELECT $client::BIGINT, 0 UNION SELECT f.target, any_value(r.hops + 1) FROM reached r "
        "JOIN follows f ON f.source = r.node LEFT JOIN recurring.reached k ON k.node = f.target "
        "WHERE k.node IS NULL AND r.hops < 10 AND NOT EXISTS "
        "(SELECT 1 FROM recurring.reached d WHERE d.node = $clientTo) GROUP BY f.target) "
        "SELECT hops FROM reached WHERE node = $clientTo",
        kuzu="MATCH p = (a:Client {id: $client})-[:FOLLOWS* SHORTEST 1..10]->"
        "(b:Client {id: $clientTo}) RETURN length(p) AS hops",
        falkordb="MATCH (a:Client {id: $client}), (b:Client {id: $clientTo}) "
        "WITH shortestPath((a)-[:FOLLOWS*1..10]->(b)) AS p RETURN length(p) AS hops"),
    Question(
        "q20_unwind_lookup_1000", "1000 look-ups from a list, one hop each",
        "UNWIND $ids AS id MATCH (c:Client {id: id})-[b:PURCHASED]->(:Product) "
        "RETURN id, count(b) AS n, sum(b.amount) AS money ORDER BY id",
        "SELECT i.id, count(*), sum(b.amount) FROM (SELECT unnest($ids) AS id) i "
        "JOIN purchased b ON b.client = i.id GROUP BY i.id ORDER BY i.id"),

    Question(
        "x01_relationship_filter", "three predicates on relationships, group by the start's string",
        "MATCH (c:Client)-[b:PURCHASED]->(:Product) WHERE b.quantity >= 2 AND b.amount > 5000 "
        "AND b.at >= $since RETURN c.city AS city, count(b) AS n, sum(b.amount) AS money ORDER BY city",
        "SELECT c.city, count(*), sum(b.amount) FROM purchased b JOIN client c ON c.id = b.client "
        'WHERE b.quantity >= 2 AND b.amount > 5000 AND b."at" >= $since GROUP BY c.city ORDER BY c.city'),
    Question(
        "x02_funnel", "viewed, later bought the same product: distinct clients by category",
        "MATCH (c:Client)-[v:VIEWED]->(p:Product)<-[b:PURCHASED]-(c) WHERE v.at < b.at "
        "RETURN p.category AS category, count(DISTINCT c.id) AS n ORDER BY category",
        "SELECT p.category, count(DISTINCT v.client) FROM viewed v JOIN purchased b "
        'ON b.client = v.client AND b.product = v.product AND v."at" < b."at" '
        "JOIN product p ON p.id = v.product GROUP BY p.category ORDER BY p.category"),
    Question(
        "x03_anti_join", "viewed a category and never bought from it",
        "MATCH (c:Client)-[:VIEWED]->(:Product {category: $category}) "
        "WHERE NOT EXISTS { MATCH (c)-[:PURCHASED]->(:Product {category: $category}) } "
        "RETURN count(DISTINCT c.id) AS n",
        "SELECT count(DISTINCT v.client) FROM viewed v JOIN product p ON p.id = v.product "
        "AND p.category = $category WHERE NOT EXISTS (SELECT 1 FROM purchased b JOIN product q "
        "ON q.id = b.product AND q.category = $category WHERE b.client = v.client)",
        falkordb="MATCH (c:Client)-[:PURCHASED]->(:Product {category: $category}) "
        "WITH collect(DISTINCT c.id) AS buyers MATCH (c:Client)-[:VIEWED]->"
        "(:Product {category: $category}) WHERE NOT c.id IN buyers RETURN count(DISTINCT c.id) AS n"),
    Question(
        "x04_many_aggregates", "six aggregates by two strings of the start",
        "MATCH (c:Client)-[b:PURCHASED]->(:Product) RETURN c.city AS city, c.channel AS channel, "
        "count(b) AS n, sum(b.amount) AS money, avg(b.amount) AS mean, min(b.at) AS first, "
        "max(b.at) AS last, avg(b.quantity) AS quantity ORDER BY city, channel",
        "SELECT c.city, c.channel, count(*), sum(b.amount), avg(b.amount), "
        'min(b."at"), max(b."at"), avg(b.quantity) FROM purchased b JOIN client c ON c.id = b.client '
        "GROUP BY ALL ORDER BY c.city, c.channel"),
    Question(
        "x05_distinct_clients", "distinct clients of each brand",
        "MATCH (c:Client)-[:PURCHASED]->(p:Product) RETURN p.brand AS brand, "
        "count(DISTINCT c.id) AS n ORDER BY n DESC, brand LIMIT 20",
        "SELECT p.brand, count(DISTINCT b.client) AS n FROM purchased b JOIN product p "
        "ON p.id = b.product GROUP BY p.brand ORDER BY n DESC, p.brand LIMIT 20"),
    Question(
        "x06_deep_reach", "distinct clients within five hops",
        "MATCH (a:Client {id: $client})-[:FOLLOWS*1..5]->(b:Client) WHERE b.id <> $client "
        "RETURN count(DISTINCT b.id) AS n",
        "WITH one AS (SELECT DISTINCT target FROM follows WHERE source = $client), "
        "two AS (SELECT DISTINCT f.target FROM follows f JOIN one ON f.source = one.target), "
        "three AS (SELECT DISTINCT f.target FROM follows f JOIN two ON f.source = two.target), "
        "four AS (SELECT DISTINCT f.target FROM follows f JOIN three ON f.source = three.target), "
        "five AS (SELECT DISTINCT f.target FROM follows f JOIN four ON f.source = four.target) "
        "SELECT count(*) FROM (FROM one UNION FROM two UNION FROM three UNION FROM four UNION FROM five) "
        "WHERE target <> $client",
        kuzu="MATCH (a:Client {id: $client})-[:FOLLOWS* SHORTEST 1..5]->(b:Client) "
        "WHERE b.id <> $client RETURN count(DISTINCT b.id) AS n",
        falkordb="MATCH (a:Client {id: $client}) CALL algo.BFS(a, 5, 'FOLLOWS') YIELD nodes "
        "UNWIND nodes AS b WITH b WHERE b.id <> $client RETURN count(DISTINCT b.id) AS n"),
    Question(
        "x07_orders_histogram", "distinct orders a client, then clients by that number",
        "MATCH (c:Client)-[b:PURCHASED]->(:Product) WITH c, count(DISTINCT b.orderId) AS orders "
        "RETURN orders, count(*) AS n ORDER BY orders",
        "SELECT orders, count(*) FROM (SELECT client, count(DISTINCT orderId) AS orders "
        "FROM purchased GROUP BY client) GROUP BY orders ORDER BY orders"),
    Question(
        "x08_friends_buy", "what those bought whom the clients of a city follow, not bought by them",
        "MATCH (c:Client {city: $city})-[:FOLLOWS]->(f:Client)-[:PURCHASED]->(p:Product) "
        "WHERE NOT (c)-[:PURCHASED]->(p) RETURN p.id AS id, count(DISTINCT f.id) AS n "
        "ORDER BY n DESC, id LIMIT 20",
        "SELECT b.product AS id, count(DISTINCT b.client) AS n FROM client c JOIN follows f "
        "ON f.source = c.id JOIN purchased b ON b.client = f.target WHERE c.city = $city "
        "AND NOT EXISTS (SELECT 1 FROM purchased o WHERE o.client = c.id AND o.product = b.product) "
        "GROUP BY b.product ORDER BY n DESC, id LIMIT 20"),
    Question(
        "x09_bad_reviews_of_own", "low ratings of products that the writer bought",
        "MATCH (c:Client)-[:WROTE]->(r:Review)-[:ABOUT]->(p:Product)<-[:PURCHASED]-(c) "
        "WHERE r.rating <= 2 RETURN p.brand AS brand, count(DISTINCT r.id) AS n ORDER BY brand",
        "SELECT p.brand, count(DISTINCT r.id) FROM review r JOIN wrote w ON w.review = r.id "
        "JOIN about a ON a.review = r.id JOIN product p ON p.id = a.product "
        "JOIN purchased b ON b.client = w.client AND b.product = a.product WHERE r.rating <= 2 "
        "GROUP BY p.brand ORDER BY p.brand"),
    Question(
        "x10_mutual_follows", "pairs that follow each other",
        "MATCH (a:Client)-[:FOLLOWS]->(b:Client)-[:FOLLOWS]->(a) WHERE a.id < b.id "
        "RETURN count(*) AS n",
        "SELECT count(*) FROM follows x JOIN follows y ON x.target = y.source AND y.target = x.source "
        "WHERE x.source < x.target",
        falkordb="MATCH (a:Client)-[x:FOLLOWS]->(b:Client)-[y:FOLLOWS]->(a) WHERE a.id < b.id "
        "RETURN sum(CASE WHEN x = y THEN 0 ELSE 1 END) AS n"),
    Question(
        "x11_cohorts", "clients by the month of their first purchase",
        "MATCH (c:Client)-[b:PURCHASED]->(:Product) WITH c, min(b.at) AS t "
        "RETURN t.year * 100 + t.month AS month, count(*) AS n ORDER BY month",
        "SELECT year(t) * 100 + month(t) AS month, count(*) FROM (SELECT client, min(\"at\") AS t "
        "FROM purchased GROUP BY client) GROUP BY month ORDER BY month",
        kuzu="MATCH (c:Client)-[b:PURCHASED]->(:Product) WITH c, min(b.at) AS t "
        "RETURN date_part('year', t) * 100 + date_part('month', t) AS month, count(*) AS n "
        "ORDER BY month",
        falkordb="MATCH (c:Client)-[b:PURCHASED]->(:Product) WITH c, min(b.at) AS s "
        "WITH localdatetime('1970-01-01T00:00:00') + duration({seconds: s}) AS t "
        "RETURN t.year * 100 + t.month AS month, count(*) AS n ORDER BY month"),
    Question(
        "x12_silent_clients", "two anti-joins over all clients",
        "MATCH (c:Client) WHERE NOT (c)-[:WROTE]->(:Review) AND NOT (c)-[:FOLLOWS]->(:Client) "
        "RETURN c.channel AS channel, count(*) AS n ORDER BY channel",
        "SELECT channel, count(*) FROM client c WHERE NOT EXISTS (SELECT 1 FROM wrote w "
        "WHERE w.client = c.id) AND NOT EXISTS (SELECT 1 FROM follows f WHERE f.source = c.id) "
        "GROUP BY channel ORDER BY channel"),
    Question(
        "x13_having_top", "filter on two aggregates, top 50 with strings",
        "MATCH (c:Client)-[b:PURCHASED]->(:Product) WITH c, count(b) AS n, sum(b.amount) AS money "
        "WHERE n >= 5 AND money / n > 1000 RETURN c.id AS id, c.name AS name, n, money "
        "ORDER BY money DESC, id LIMIT 50",
        "SELECT c.id, c.name, s.n, s.money FROM (SELECT client, count(*) AS n, sum(amount) AS money "
        "FROM purchased GROUP BY client HAVING count(*) >= 5 AND sum(amount) / count(*) > 1000) s "
        "JOIN client c ON c.id = s.client ORDER BY s.money DESC, c.id LIMIT 50"),
    Question(
        "x14_three_hop_count", "count of paths over two types",
        "MATCH (:Client)-[:FOLLOWS]->(:Client)-[:FOLLOWS]->(:Client)-[:PURCHASED]->(:Product) "
        "RETURN count(*) AS n",
        "SELECT sum(i.n * o.m)::BIGINT FROM (SELECT target, count(*) AS n FROM follows GROUP BY target) i "
        "JOIN (SELECT f.source, sum(b.n) AS m FROM follows f JOIN (SELECT client, count(*) AS n "
        "FROM purchased GROUP BY client) b ON b.client = f.target GROUP BY f.source) o "
        "ON i.target = o.source",
        falkordb="MATCH (:Client)-[x:FOLLOWS]->(:Client)-[y:FOLLOWS]->(:Client)-[z:PURCHASED]->"
        "(:Product) RETURN sum(CASE WHEN x = y THEN 0 ELSE z.quantity / z.quantity END) AS n"),
    Question(
        "x15_hours_of_views", "relationships by hour: count and mean",
        "MATCH (:Client)-[v:VIEWED]->(:Product) RETURN v.at.hour AS hour, count(v) AS n, "
        "avg(v.seconds) AS seconds ORDER BY hour",
        'SELECT hour("at") AS hour, count(*), avg(seconds) FROM viewed GROUP BY hour ORDER BY hour',
        kuzu="MATCH (:Client)-[v:VIEWED]->(:Product) RETURN date_part('hour', v.at) AS hour, "
        "count(v) AS n, avg(v.seconds) AS seconds ORDER BY hour",
        falkordb="MATCH (:Client)-[v:VIEWED]->(:Product) RETURN v.at % 86400 / 3600 AS hour, "
        "count(v) AS n, avg(v.seconds) AS seconds ORDER BY hour"),
    Question(
        "x16_same_city_triangles", "a cyclic pattern with equal strings at its corners",
        "MATCH (a:Client)-[:FOLLOWS]->(b:Client)-[:FOLLOWS]->(c:Client), (a)-[:FOLLOWS]->(c) "
        "WHERE a.city = b.city AND b.city = c.city RETURN a.city AS city, count(*) AS n ORDER BY city",
        "SELECT a.city, count(*) FROM follows x JOIN follows y ON x.target = y.source "
        "JOIN follows z ON z.source = x.source AND z.target = y.target JOIN client a ON a.id = x.source "
        "JOIN client b ON b.id = x.target JOIN client c ON c.id = y.target "
        "WHERE a.city = b.city AND b.city = c.city GROUP BY a.city ORDER BY a.city",
        falkordb="MATCH (a:Client)-[x:FOLLOWS]->(b:Client)-[y:FOLLOWS]->(c:Client), "
        "(a)-[z:FOLLOWS]->(c) WHERE a.city = b.city AND b.city = c.city "
        "RETURN a.city AS city, sum(CASE WHEN x = y OR y = z THEN 0 ELSE 1 END) AS n ORDER BY city"),
]

WRITES = [
    Question(
        "w1_insert_node", "one node, a durable transaction each",
        "CREATE (:Client {id: $id, name: $name, city: $city, birthYear: 1990, registeredAt: $at, "
        "channel: 'сайт'})",
        "INSERT INTO client VALUES ($id, $name, $city, 1990, $at, 'сайт')"),
    Question(
        "w2_insert_edge", "two look-ups and one relationship, a durable transaction each",
        "MATCH (c:Client {id: $c}), (p:Product {id: $p}) "
        "CREATE (c)-[:VIEWED {at: $at, seconds: 5}]->(p)",
        "INSERT INTO viewed SELECT c.id, p.id, $at, 5 FROM client c, product p "
        "WHERE c.id = $c AND p.id = $p"),
    Question(
        "w3_unwind_10k", "10,000 relationships with two look-ups each, one transaction",
        "UNWIND $rows AS r MATCH (c:Client {id: r.c}), (p:Product {id: r.p}) "
        "CREATE (c)-[:PURCHASED {at: r.at, quantity: r.q, amount: r.a, orderId: r.o}]->(p)",
        'INSERT INTO purchased SELECT c.id, p.id, r."at", r.q, r.a, r.o FROM (SELECT '
        'unnest($rows_c) AS c, unnest($rows_p) AS p, unnest($rows_at) AS "at", unnest($rows_q) AS q, '
        "unnest($rows_a) AS a, unnest($rows_o) AS o) r JOIN client c ON c.id = r.c "
        "JOIN product p ON p.id = r.p"),
    Question(
        "w4_update_100k", "one property of 100,000 nodes, one transaction",
        "MATCH (c:Client) WHERE c.id <= $limit SET c.birthYear = c.birthYear + 1",
        "UPDATE client SET birthYear = birthYear + 1 WHERE id <= $limit"),
]

# What must be the same in all engines after the writes.
AFTER_WRITES = Question(
    "after_writes", "",
    "MATCH (c:Client) WITH count(c) AS clients, sum(c.birthYear) AS years "
    "OPTIONAL MATCH (:Client)-[b:PURCHASED]->(:Product) WHERE b.orderId >= 100000000 "
    "RETURN clients, years, count(b) AS n, sum(b.amount) AS money",
    "SELECT (SELECT count(*) FROM client), (SELECT sum(birthYear) FROM client)::BIGINT, count(*), "
    "sum(amount) FROM purchased WHERE orderId >= 100000000")


def used(text, values):
    """The parameters that a text names; `$rows_c` names the key c of the maps in `rows`."""
    names = re.findall(r"\$(\w+)", text)
    return {name: value for name, value in values.items()
            if any(other == name or other.startswith(name + "_") for other in names)}
