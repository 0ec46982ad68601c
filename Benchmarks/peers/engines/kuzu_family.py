"""What Kùzu and its successor Ladybug share: interface, schema and dialect."""

import os
import time

SCHEMA = [
    "CREATE NODE TABLE Client(id INT64, name STRING, city STRING, birthYear INT64, "
    "registeredAt TIMESTAMP, channel STRING, PRIMARY KEY(id))",
    "CREATE NODE TABLE Product(id INT64, title STRING, category STRING, brand STRING, "
    "price DOUBLE, PRIMARY KEY(id))",
    "CREATE NODE TABLE Review(id INT64, rating INT64, text STRING, createdAt TIMESTAMP, "
    "PRIMARY KEY(id))",
    "CREATE REL TABLE PURCHASED(FROM Client TO Product, at TIMESTAMP, quantity INT64, "
    "amount DOUBLE, orderId INT64)",
    "CREATE REL TABLE VIEWED(FROM Client TO Product, at TIMESTAMP, seconds INT64)",
    "CREATE REL TABLE FOLLOWS(FROM Client TO Client)",
    "CREATE REL TABLE WROTE(FROM Client TO Review)",
    "CREATE REL TABLE ABOUT(FROM Review TO Product)",
]
TABLES = [
    ("Client", "clients"), ("Product", "products"), ("Review", "reviews"),
    ("PURCHASED", "purchased"), ("VIEWED", "viewed"), ("FOLLOWS", "follows"), ("WROTE", "wrote"),
    ("ABOUT", "about"),
]


class KuzuEngine:
    def __init__(self, module, database, threads):
        self.database = module.Database(database, max_num_threads=threads)
        self.connection = module.Connection(self.database, num_threads=threads)
        self.process = os.getpid()

    def run(self, text, parameters, limit):
        self.connection.set_query_timeout(int(limit * 1000))
        start = time.perf_counter()
        result = self.connection.execute(text, parameters)
        return 1000 * (time.perf_counter() - start), result.get_all

    def close(self):
        self.connection.close()
        self.database.close()


def bind(module):
    """VERSION, CONFIGURATION, load and Engine for one of the two modules."""
    configuration = (
        "COPY from CSV into tables with primary keys on `id`, CHECKPOINT after it; buffer pool and "
        "compression at their defaults. Time: `execute`, which ends when the result is whole.")

    def load(csv, database, threads):
        engine = KuzuEngine(module, database, threads)
        for text in SCHEMA:
            engine.connection.execute(text)
        for table, name in TABLES:
            engine.connection.execute(f"COPY {table} FROM '{csv}/{name}.csv' (HEADER=true)")
        engine.connection.execute("CHECKPOINT")
        engine.close()

    def make(database, threads):
        return KuzuEngine(module, database, threads)

    return module.__version__, configuration, load, make
