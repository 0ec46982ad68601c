"""Measures import, size, opening and queries; see README.md. Standard library only."""

import os
import resource
import subprocess
import sys
import time

from pipe import Pipe

NODES = [("Client", "clients"), ("Product", "products"), ("Review", "reviews")]
RELATIONSHIPS = [
    ("PURCHASED", "purchased"), ("VIEWED", "viewed"), ("FOLLOWS", "follows"),
    ("WROTE", "wrote"), ("ABOUT", "about"),
]


def queries(clients):
    ids = list(range(1, clients, max(clients // 1000, 1)))[:1000]
    return [
        ("q01_count_edges", "MATCH (:Client)-[b:PURCHASED]->(:Product) RETURN count(b) AS n", {}),
        ("q03_revenue_month_category",
         "MATCH (:Client)-[b:PURCHASED]->(p:Product) RETURN b.at.year * 100 + b.at.month AS month, "
         "p.category AS category, sum(b.amount) AS revenue, count(b) AS n ORDER BY month, category",
         {}),
        ("q04_top_products",
         "MATCH (:Client)-[b:PURCHASED]->(p:Product) RETURN p.id AS id, p.title AS title, "
         "sum(b.amount) AS revenue ORDER BY revenue DESC, id LIMIT 20", {}),
        ("q05_rfm_all_clients",
         "MATCH (c:Client)-[b:PURCHASED]->(:Product) RETURN c.id AS id, max(b.at) AS last, "
         "count(b) AS n, sum(b.amount) AS money", {}),
        ("q06_point_1hop",
         "MATCH (c:Client {id: $client})-[b:PURCHASED]->(p:Product) RETURN p.id AS id, "
         "p.title AS title, b.at AS at, b.amount AS amount", {"client": clients // 2}),
        ("q07_recommend_2hop",
         "MATCH (c:Client {id: $client})-[:PURCHASED]->(p:Product)<-[:PURCHASED]-(o:Client)"
         "-[:PURCHASED]->(r:Product) WHERE o.id <> $client AND NOT (c)-[:PURCHASED]->(r) "
         "RETURN r.id AS id, count(DISTINCT o.id) AS n ORDER BY n DESC, id LIMIT 10",
         {"client": clients // 2}),
        ("q09_two_hop_count",
         "MATCH (a:Client)-[:FOLLOWS]->(b:Client)-[:FOLLOWS]->(c:Client) RETURN count(*) AS n", {}),
        ("q12_triangles",
         "MATCH (a:Client)-[:FOLLOWS]->(b:Client)-[:FOLLOWS]->(c:Client), (a)-[:FOLLOWS]->(c) "
         "RETURN count(*) AS n", {}),
        ("q14_text_contains",
         "MATCH (r:Review)-[:ABOUT]->(p:Product) WHERE r.text CONTAINS $word "
         "RETURN p.category AS category, count(r) AS n ORDER BY category", {"word": "качеств"}),
        ("q15_optional_collect",
         "MATCH (c:Client) WHERE c.city = $city AND c.birthYear >= $bornAfter "
         "OPTIONAL MATCH (c)-[:WROTE]->(r:Review) WHERE r.rating = 5 "
         "RETURN c.id AS id, collect(r.id) AS reviews ORDER BY id LIMIT 500",
         {"city": "Казань", "bornAfter": 1990}),
        ("q20_unwind_lookup_1000",
         "UNWIND $ids AS id MATCH (c:Client {id: id})-[b:PURCHASED]->(:Product) "
         "RETURN id, count(b) AS n, sum(b.amount) AS money ORDER BY id", {"ids": ids}),
    ]


def median(values):
    values = sorted(values)
    return values[len(values) // 2]


def import_files(tropa, csv, database):
    """Returns seconds, rows and the peak memory of the process in bytes."""
    command = [tropa, "import", database]
    for label, name in NODES:
        command += ["--nodes", f"{label}={csv}/{name}.csv"]
    for kind, name in RELATIONSHIPS:
        command += ["--relationships", f"{kind}={csv}/{name}.csv"]
    start = time.monotonic()
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    rows = sum(int(line.rsplit(": ", 1)[1].split()[0])
               for line in output.splitlines() if line.startswith(csv))
    return seconds, rows, peak, output.splitlines()[-1]


def measure_queries(tropa, database, clients, runs):
    print(f"\n| query | first | median of {runs} | rows |\n|---|---:|---:|---:|")
    pipe = Pipe(tropa, database)
    for name, text, parameters in queries(clients):
        request = {"query": text, "params": parameters, "timeoutMillis": 120000}
        times, rows, error = [], 0, None
        for _ in range(runs + 1):
            answer = pipe.ask(request)
            if "error" in answer:
                error = answer["error"]["message"]
                break
            times.append(answer["millis"])
            rows = len(answer["rows"])
        if error:
            print(f"| {name} | – | – | {error} |", flush=True)
            if pipe.process.poll() is not None:
                pipe = Pipe(tropa, database)
        else:
            print(f"| {name} | {times[0]:.1f} ms | {median(times[1:]):.1f} ms | {rows:,} |",
                  flush=True)
    pipe.close()


def measure_planning(tropa, database):
    """Text to plan: EXPLAIN of texts that differ, so that the plan cache has none of them."""
    text = ("EXPLAIN MATCH (c:Client {city: 'Нигде %d'})-[p:PURCHASED]->(x:Product)"
            "<-[:ABOUT]-(r:Review) WHERE p.amount > 100 AND r.rating < 3 WITH x, "
            "count(DISTINCT c) AS n, avg(r.rating) AS rating ORDER BY n DESC LIMIT 5 "
            "RETURN x.name, n, rating")
    pipe = Pipe(tropa, database)
    fresh = [pipe.ask({"query": text % i})["millis"] for i in range(300)]
    known = [pipe.ask({"query": text % 299})["millis"] for _ in range(300)]
    pipe.close()
    print(f"\nparse, plan and print the plan of {len(text)} characters: {1000 * median(fresh):.0f} µs; "
          f"print a plan that the cache has: {1000 * median(known):.0f} µs")


def main():
    tropa, csv, database, clients, runs = sys.argv[1:]
    clients, runs = int(clients), int(runs)
    names = [name for _, name in NODES + RELATIONSHIPS]
    csv_bytes = sum(os.path.getsize(f"{csv}/{name}.csv") for name in names)
    seconds, rows, peak, summary = import_files(tropa, csv, database)
    size = os.path.getsize(database)
    print(summary)
    print("\n| | |\n|---|---:|")
    print(f"| import, whole process | {seconds:.2f} s, {rows / seconds / 1e6:.2f} million rows/s |")
    print(f"| peak memory of the import | {peak / 1e6:.0f} MB |")
    print(f"| database | {size / 1e6:.1f} MB, {100 * size / csv_bytes:.0f} % "
          f"of {csv_bytes / 1e6:.1f} MB of CSV |")
    count = [tropa, "query", database, "--format", "csv",
             "MATCH (:Client)-[b:PURCHASED]->(:Product) RETURN count(b) AS n"]
    times = []
    for _ in range(runs):
        start = time.monotonic()
        subprocess.run(count, check=True, capture_output=True)
        times.append(time.monotonic() - start)
    print(f"| open and count, whole process, median of {runs} | {1000 * median(times):.1f} ms |")
    measure_queries(tropa, database, clients, runs)
    measure_planning(tropa, database)
    for peer in ("duckdb", "kuzu", "real_ladybug"):
        try:
            __import__(peer)
            print(f"\n{peer} is installed; the comparison with peers is not part of this script yet")
        except ImportError:
            print(f"\n{peer} is not installed: no comparison")


main()
