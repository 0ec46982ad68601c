"""DuckDB: the same questions in SQL."""

import os
import re
import threading
import time

import duckdb

VERSION = duckdb.__version__
CONFIGURATION = (
    "One table a label and a type, loaded by COPY in the files' order (by client), so that zone maps "
    "narrow look-ups; no keys or indexes, as its performance guide advises for analytics. Time: "
    "`materialize()`, the whole answer in DuckDB's own result.")

TABLES = [
    ("client", "clients", "id BIGINT, name VARCHAR, city VARCHAR, birthYear BIGINT, "
     "registeredAt TIMESTAMP, channel VARCHAR"),
    ("product", "products", "id BIGINT, title VARCHAR, category VARCHAR, brand VARCHAR, price DOUBLE"),
    ("review", "reviews", "id BIGINT, rating BIGINT, text VARCHAR, createdAt TIMESTAMP"),
    ("purchased", "purchased", 'client BIGINT, product BIGINT, "at" TIMESTAMP, quantity BIGINT, '
     "amount DOUBLE, orderId BIGINT"),
    ("viewed", "viewed", 'client BIGINT, product BIGINT, "at" TIMESTAMP, seconds BIGINT'),
    ("follows", "follows", "source BIGINT, target BIGINT"),
    ("wrote", "wrote", "client BIGINT, review BIGINT"),
    ("about", "about", "review BIGINT, product BIGINT"),
]


def load(csv, database, threads):
    connection = duckdb.connect(database, config={"threads": threads})
    for table, name, columns in TABLES:
        connection.execute(f"CREATE TABLE {table} ({columns})")
        connection.execute(f"COPY {table} FROM '{csv}/{name}.csv' (HEADER true)")
    connection.execute("CHECKPOINT")
    connection.close()


class Engine:
    def __init__(self, database, threads):
        self.connection = duckdb.connect(database, config={"threads": threads})
        self.process = os.getpid()

    def run(self, text, parameters, limit):
        timer = threading.Timer(limit, self.connection.interrupt)
        timer.start()
        try:
            start = time.perf_counter()
            relation = self.connection.query(text, params=named(text, parameters) or None)
            relation = relation.materialize()
            return 1000 * (time.perf_counter() - start), relation.fetchall
        finally:
            timer.cancel()

    def close(self):
        self.connection.close()


def named(text, parameters):
    """The parameters that the text names; a list of maps as one list a key, which binds fastest."""
    columns = dict(parameters)
    for name, value in parameters.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            columns.update({f"{name}_{key}": [row[key] for row in value] for key in value[0]})
    return {name: columns[name] for name in re.findall(r"\$(\w+)", text)}
