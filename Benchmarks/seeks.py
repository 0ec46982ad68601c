"""What look-ups by index cost through Cypher; see README.md. Standard library only.

Usage: seeks.py TROPA DATABASE [RUNS]. DATABASE is the shop as run.sh imports it; a copy is changed.
"""

import os
import random
import shutil
import sys
import tempfile

from peers.sessions import TropaSession

SCHEMA = [
    "CREATE CONSTRAINT seeks_client IF NOT EXISTS FOR (c:Client) REQUIRE c.id IS UNIQUE",
    "CREATE CONSTRAINT seeks_product IF NOT EXISTS FOR (p:Product) REQUIRE p.id IS UNIQUE",
    "CREATE CONSTRAINT seeks_x IF NOT EXISTS FOR (n:SeekX) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX seeks_city IF NOT EXISTS FOR (c:Client) ON (c.city)",
    "CREATE INDEX seeks_city_id IF NOT EXISTS FOR (c:Client) ON (c.city, c.id)",
    "CREATE INDEX seeks_order IF NOT EXISTS FOR ()-[b:PURCHASED]-() ON (b.orderId)",
]


class Pipe:
    def __init__(self, tropa, database):
        self.session = TropaSession(tropa, database, os.cpu_count())

    def ask(self, text, parameters=None):
        """The rows, and the milliseconds that the engine took."""
        answer = self.session.ask(text, parameters or {}, 600, rows=True)
        if answer.error:
            raise SystemExit(f"{text}: {answer.error}")
        return answer.rows, answer.millis

    def close(self):
        self.session.close()


def main():
    tropa, database = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.abspath(database))) as folder:
        copy = os.path.join(folder, "seeks.tropa")
        shutil.copyfile(database, copy)
        pipe = Pipe(tropa, copy)
        for text in SCHEMA:
            pipe.ask(text)
        measure(pipe, runs)
        pipe.close()


def measure(pipe, runs):
    generator = random.Random(1)
    clients = pipe.ask("MATCH (c:Client) RETURN count(*)")[0][0][0]
    products = pipe.ask("MATCH (p:Product) RETURN count(*)")[0][0][0]
    orders = pipe.ask("MATCH ()-[b:PURCHASED]->() RETURN max(b.orderId)")[0][0][0]
    rows = [{"c": generator.randint(1, clients), "p": generator.randint(1, products),
             "at": "2025-06-01", "q": 1, "a": 100 + i, "o": orders + i} for i in range(10000)]
    pairs = pipe.ask("MATCH (c:Client) RETURN [c.city, c.id]")[0]
    pairs = [row[0] for row in generator.sample(pairs, min(100000, len(pairs)))]
    unwind_orders = [generator.randint(1, orders) for _ in range(100000)]
    print(f"| statement | first | median of {runs} | rows a second |\n|---|---:|---:|---:|")

    def case(name, text, parameters=None, count=None, undo=None):
        times = []
        for _ in range(runs + 1):
            times.append(pipe.ask(text, parameters)[1])
            if undo:
                pipe.ask(undo)
        middle = sorted(times[1:])[runs // 2]
        rate = f"{count / middle * 1000:,.0f}" if count else ""
        print(f"| {name} | {times[0]:.1f} ms | {middle:.1f} ms | {rate} |", flush=True)

    merge = "UNWIND range(1, 200000) AS i MERGE (n:SeekX {id: i})"
    case("MERGE of 200,000 new keys", merge, count=200000, undo="MATCH (n:SeekX) DELETE n")
    pipe.ask(merge)
    case("MERGE of 200,000 existing keys", merge, count=200000)
    pipe.ask("MATCH (n:SeekX) DELETE n")
    case("10,000 relationships, two look-ups each (w3)",
         "UNWIND $rows AS r MATCH (c:Client {id: r.c}), (p:Product {id: r.p}) "
         "CREATE (c)-[:SEEK_W3 {at: r.at, quantity: r.q, amount: r.a, orderId: r.o}]->(p)",
         {"rows": rows}, count=10000, undo="MATCH ()-[r:SEEK_W3]->() DELETE r")
    case("one property of 100,000 nodes (w4)",
         "MATCH (c:Client) WHERE c.id <= $limit SET c.birthYear = c.birthYear + 1",
         {"limit": 100000}, count=100000)
    case("look-ups by two properties",
         "UNWIND $pairs AS k MATCH (c:Client {city: k[0], id: k[1]}) RETURN count(c)",
         {"pairs": pairs}, count=len(pairs))
    case("look-ups of relationships",
         "UNWIND $orders AS o MATCH ()-[b:PURCHASED {orderId: o}]->() RETURN count(b)",
         {"orders": unwind_orders}, count=len(unwind_orders))
    case("first ten of a range",
         "MATCH (c:Client) USING INDEX c:Client(id) WHERE c.id >= 10 RETURN c.name LIMIT 10")
    case("first ten in the order of an index",
         "MATCH (c:Client) RETURN c.id ORDER BY c.id LIMIT 10")
    case("last ten in the order of an index",
         "MATCH (c:Client) RETURN c.id ORDER BY c.id DESC LIMIT 10")
    case("all in the order of an index",
         "MATCH (c:Client) WITH c ORDER BY c.id SKIP 10 RETURN count(c.name)", count=clients)
    case("greatest value", "MATCH (c:Client) RETURN max(c.id)")
    case("count of a range", "MATCH (c:Client) WHERE c.id > 10 AND c.id <= 150010 RETURN count(*)")
    case("count of a city", "MATCH (c:Client {city: 'Москва'}) RETURN count(*)")


main()
