"""Measures import, size, opening and queries; see README.md. Standard library only."""

import os
import subprocess
import sys
import time
from statistics import median

from peers import workload
from peers.engines import NODES, RELATIONSHIPS
from peers.sessions import Peer


def import_files(peer, csv):
    """Returns seconds, rows, the peak memory of the process in bytes and its last line."""
    start = time.monotonic()
    output, peak = peer.import_files(csv)
    seconds = time.monotonic() - start
    rows = sum(int(line.rsplit(": ", 1)[1].split()[0])
               for line in output.splitlines() if line.startswith(csv))
    return seconds, rows, peak, output.splitlines()[-1]


def measure_queries(peer, values, runs):
    print(f"\n| query | first | median of {runs} | rows |\n|---|---:|---:|---:|")
    session = peer.session()
    for question in workload.READS:
        first = peer.ask(session, question, values, 120, rows=True)
        times = [peer.ask(session, question, values, 120) for _ in range(0 if first.error else runs)]
        if first.error:
            print(f"| {question.name} | – | – | {first.error} |", flush=True)
        else:
            middle = median(answer.millis for answer in times)
            print(f"| {question.name} | {first.millis:.1f} ms | {middle:.1f} ms | "
                  f"{len(first.rows):,} |", flush=True)
    session.close()


def measure_planning(peer):
    """Text to plan: EXPLAIN of texts that differ, so that the plan cache has none of them."""
    text = ("EXPLAIN MATCH (c:Client {city: 'Нигде %d'})-[p:PURCHASED]->(x:Product)"
            "<-[:ABOUT]-(r:Review) WHERE p.amount > 100 AND r.rating < 3 WITH x, "
            "count(DISTINCT c) AS n, avg(r.rating) AS rating ORDER BY n DESC LIMIT 5 "
            "RETURN x.name, n, rating")
    session = peer.session()
    fresh = [session.ask(text % i, {}, 60).millis for i in range(300)]
    known = [session.ask(text % 299, {}, 60).millis for _ in range(300)]
    session.close()
    print(f"\nparse, plan and print the plan of {len(text)} characters: {1000 * median(fresh):.0f} µs; "
          f"print a plan that the cache has: {1000 * median(known):.0f} µs")


def main():
    tropa, csv, database, clients, products, runs = sys.argv[1:]
    clients, products, runs = int(clients), int(products), int(runs)
    peer = Peer("tropa", tropa, database, os.cpu_count())
    names = [entry[1] for entry in NODES + RELATIONSHIPS]
    csv_bytes = sum(os.path.getsize(f"{csv}/{name}.csv") for name in names)
    seconds, rows, peak, summary = import_files(peer, csv)
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
    peer.constrain()
    measure_queries(peer, workload.parameters(clients, products), runs)
    measure_planning(peer)


main()
