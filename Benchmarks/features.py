"""Features and RFM of many clients, each from a closed database: a process of its own.

Usage: features.py TROPA [FOLDER]; CLIENTS (1,000,000, about 31 million relationships) changes the
size. The shop is generated and imported at the first run. With duckdb installed, the same features are
computed by it from Parquet files made of the same CSV files, in the same run.
"""

import os
import subprocess
import sys
import tempfile
import time

tropa = sys.argv[1]
folder = sys.argv[2] if len(sys.argv) > 2 else os.path.join(tempfile.gettempdir(), "tropa-features")
clients = int(os.environ.get("CLIENTS", "1000000"))
csv = os.path.join(folder, f"csv-{clients}")
database = os.path.join(folder, f"shop-{clients}.tropa")
os.makedirs(folder, exist_ok=True)
if not os.path.exists(os.path.join(csv, "about.csv")):
    subprocess.run([tropa, "generate", csv, "--clients", str(clients)], check=True)
if not os.path.exists(database):
    nodes = ["Client", "Product", "Review"]
    types = ["purchased", "viewed", "follows", "wrote", "about"]
    call = [tropa, "import", database]
    for label in nodes:
        call += ["--nodes", f"{label}={csv}/{label.lower()}s.csv"]
    for name in types:
        call += ["--relationships", f"{name.upper()}={csv}/{name}.csv"]
    subprocess.run(call, check=True)

QUERIES = {
    "RFM: scores and segments":
        "CALL crm.rfm.stream() YIELD segment RETURN segment, count(*) AS clients",
    "twelve features of purchases":
        "CALL crm.features.stream() YIELD recency, frequency, monetary, averageCheck, tenure, interval,"
        " intervalMedian, intervalDeviation, products, categories, brands, discountShare"
        " RETURN count(*) AS n, sum(monetary) AS money, avg(categories) AS categories",
    "features of purchases, visits, reviews, ties":
        "CALL crm.features.stream() YIELD recency, frequency, monetary, averageCheck, tenure, interval,"
        " intervalMedian, intervalDeviation, products, categories, brands, views, viewRecency,"
        " viewConversion, sessions, depth, visitRecency, reviews, rating, following, followers,"
        " bestSimilarity"
        " RETURN count(*) AS n, sum(monetary) AS money, avg(sessions) AS sessions,"
        " avg(viewConversion) AS conversion, avg(followers) AS followers",
}


def seconds(query):
    start = time.perf_counter()
    subprocess.run([tropa, "query", database, query], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


for name, query in QUERIES.items():
    print(f"{name:48} {min(seconds(query) for _ in range(3)):7.2f} s")

try:
    import duckdb
except ImportError:
    sys.exit("duckdb is not installed: no comparison")

connection = duckdb.connect()
for table in ["purchased", "viewed", "products"]:
    path = os.path.join(folder, f"{table}-{clients}.parquet")
    if not os.path.exists(path):
        connection.execute(
            f"COPY (SELECT * FROM read_csv('{csv}/{table}.csv', header=true)) TO '{path}'")
    connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{path}'")
PURCHASES = """
SELECT p.":START_ID(Client)" AS client, max("at:localdatetime") AS last, min("at:localdatetime") AS first,
  count(DISTINCT "orderId:long") AS orders, sum("amount:double") AS money,
  count(DISTINCT ":END_ID(Product)") AS products, count(DISTINCT category) AS categories,
  count(DISTINCT brand) AS brands
FROM purchased p JOIN products x ON x."id:ID(Product){id-type:long}" = p.":END_ID(Product)" GROUP BY 1
"""
times = []
for _ in range(3):
    start = time.perf_counter()
    connection.execute(f"SELECT count(*), sum(money), avg(categories) FROM ({PURCHASES})").fetchall()
    times.append(time.perf_counter() - start)
print(f"{'duckdb: eight features of purchases, from Parquet':48} {min(times):7.2f} s")
