"""Quality and time of the recommenders on a time split of real data, beside the library implicit.

    python3 Benchmarks/recommendations.py <tropa> <folder of data sets>

The folder has online_retail/online_retail.csv.gz, complete_journey/transactions_sample.csv.gz and
movielens_small/ratings.csv.gz. Needs numpy, pandas, scipy and implicit. Prints Markdown.

The later part of each data set is what has to be foretold: of every client that is in both parts,
the items that are new to the client and were bought by somebody in the earlier part. recall@10 is
the share of these among ten recommendations, NDCG@10 discounts by rank and divides by what the best
order would have; both are means over clients.
"""

import os
import subprocess
import sys
import tempfile
import time
import warnings

import numpy
import pandas
from scipy import sparse

from pipe import Pipe

THREADS = 2
TOP = 10


# Data sets: client, item, time; one row for each event.

def online_retail(folder):
    rows = pandas.read_csv(f"{folder}/online_retail/online_retail.csv.gz", dtype={"StockCode": str})
    rows = rows[rows.CustomerID.notna() & (rows.Quantity > 0) & (rows.UnitPrice > 0)]
    # One line of a bill, whatever its quantity, is one event.
    return pandas.DataFrame({
        "client": rows.CustomerID.astype(int), "item": rows.StockCode,
        "time": pandas.to_datetime(rows.InvoiceDate)})


def complete_journey(folder):
    rows = pandas.read_csv(f"{folder}/complete_journey/transactions_sample.csv.gz")
    return pandas.DataFrame({
        "client": rows.household_id, "item": rows.product_id,
        "time": pandas.to_datetime(rows.transaction_timestamp)})


def movielens(folder):
    rows = pandas.read_csv(f"{folder}/movielens_small/ratings.csv.gz")
    rows = rows[rows.rating >= 4]
    return pandas.DataFrame({"client": rows.userId, "item": rows.movieId, "time": rows.timestamp})


def split_at_quantile(rows, share):
    """One moment for all."""
    moment = rows.time.quantile(share)
    return rows[rows.time <= moment], rows[rows.time > moment]


def split_each_client(rows, share):
    """The last events of each client, where clients are active at different times."""
    rows = rows.sort_values(["client", "time"], kind="stable")
    position = rows.groupby("client").cumcount()
    size = rows.groupby("client").item.transform("size")
    early = position < share * size
    return rows[early], rows[~early]


class Task:
    def __init__(self, early, late):
        self.clients, client = numpy.unique(early.client, return_inverse=True)
        self.items, item = numpy.unique(early.item, return_inverse=True)
        shape = (len(self.clients), len(self.items))
        # Repeated events add up.
        self.matrix = sparse.csr_matrix((numpy.ones(len(early), numpy.float32), (client, item)), shape)
        self.matrix.sum_duplicates()
        clients = {value: i for i, value in enumerate(self.clients)}
        items = {value: i for i, value in enumerate(self.items)}
        self.relevant = {}
        for client, item in zip(late.client, late.item):
            if client in clients and item in items:
                c, i = clients[client], items[item]
                if self.matrix[c, i] == 0:
                    self.relevant.setdefault(c, set()).add(i)

    def judge(self, lists):
        """lists: client → items, best first."""
        recalls, gains = [], []
        discounts = 1 / numpy.log2(numpy.arange(2, TOP + 2))
        for client, wanted in self.relevant.items():
            hits = numpy.array([i in wanted for i in lists.get(client, [])[:TOP]] or [False])
            recalls.append(hits.sum() / len(wanted))
            best = discounts[:min(TOP, len(wanted))].sum()
            gains.append((hits * discounts[:len(hits)]).sum() / best)
        return numpy.mean(recalls), numpy.mean(gains)


# Tropa

def load(tropa, task, folder):
    database = f"{folder}/shop.tropa"
    with open(f"{folder}/clients.csv", "w") as file:
        file.write("i:ID(Client)\n" + "".join(f"{i}\n" for i in range(len(task.clients))))
    with open(f"{folder}/items.csv", "w") as file:
        file.write("i:ID(Item)\n" + "".join(f"{i}\n" for i in range(len(task.items))))
    rows = task.matrix.tocoo()
    with open(f"{folder}/bought.csv", "w") as file:
        file.write(":START_ID(Client),:END_ID(Item),times:int\n")
        file.writelines(f"{c},{i},{int(n)}\n" for c, i, n in zip(rows.row, rows.col, rows.data))
    subprocess.run(
        [tropa, "import", database, "--nodes", f"Client={folder}/clients.csv",
         "--nodes", f"Item={folder}/items.csv", "--relationships", f"BOUGHT={folder}/bought.csv"],
        check=True, capture_output=True)
    return database


GRAPH = ("{nodeLabels: ['Client', 'Item'], relationshipTypes: ['BOUGHT'], "
         "relationshipProperties: 'times'}")


def ask(pipe, procedure, settings):
    text = (f"CALL recommend.{procedure}.stream({GRAPH}, {{{settings}concurrency: {THREADS}}}) "
            "YIELD sourceNodeId AS c, targetNodeId AS t "
            "RETURN gds.util.asNode(c).i AS c, collect(gds.util.asNode(t).i) AS items")
    stats = (f"CALL recommend.{procedure}.stats({GRAPH}, {{{settings}concurrency: {THREADS}}}) "
             "YIELD computeMillis RETURN computeMillis")
    rows = pipe.rows(text)
    millis = min(pipe.rows(stats)[0][0] for _ in range(2))
    return {client: items for client, items in rows}, millis / 1000


# implicit

def peer(make, matrix):
    """Fits and recommends for all clients."""
    start = time.perf_counter()
    model = make()
    model.fit(matrix, show_progress=False)
    ids, _ = model.recommend(
        numpy.arange(matrix.shape[0]), matrix, N=TOP, filter_already_liked_items=True)
    seconds = time.perf_counter() - start
    return {client: list(items) for client, items in enumerate(ids)}, seconds


def popularity(matrix):
    start = time.perf_counter()
    order = numpy.argsort(-numpy.asarray((matrix > 0).sum(axis=0)).ravel(), kind="stable")
    lists = {}
    for client in range(matrix.shape[0]):
        known = set(matrix.indices[matrix.indptr[client]:matrix.indptr[client + 1]])
        lists[client] = [i for i in order[:TOP + len(known)] if i not in known][:TOP]
    return lists, time.perf_counter() - start


def run(name, task, tropa, factors, regularization, alpha):
    from implicit.als import AlternatingLeastSquares
    from implicit.nearest_neighbours import BM25Recommender, CosineRecommender

    counts = task.matrix
    ones = counts.copy()
    ones.data[:] = 1
    # The same objective: implicit takes the confidence itself.
    confidence = counts.copy()
    confidence.data = 1 + alpha * confidence.data

    def als():
        return AlternatingLeastSquares(
            factors=factors, regularization=regularization, alpha=1.0, iterations=15,
            num_threads=THREADS, random_state=42, use_gpu=False)

    with tempfile.TemporaryDirectory() as folder:
        pipe = Pipe(tropa, load(tropa, task, folder))
        als_settings = (f"factors: {factors}, regularization: {regularization}, alpha: {alpha}, ")
        weighted = "relationshipWeightProperty: 'times', "
        rows = [
            ("popularity", popularity(counts)),
            ("implicit cosine, K = 100",
             peer(lambda: CosineRecommender(K=100, num_threads=THREADS), ones)),
            ("**recommend.items**, cosine", ask(pipe, "items", "measure: 'COSINE', ")),
            ("implicit BM25, K = 100",
             peer(lambda: BM25Recommender(K=100, num_threads=THREADS), counts)),
            ("**recommend.items**, log-likelihood ratio",
             ask(pipe, "items", "")),
            ("**recommend.items**, lift", ask(pipe, "items", "measure: 'LIFT', minCount: 5, ")),
            ("**recommend.pageRank**, d = 0.85", ask(pipe, "pageRank", "")),
            ("**recommend.pageRank**, d = 0.5", ask(pipe, "pageRank", "dampingFactor: 0.5, ")),
            ("implicit ALS", peer(als, confidence)),
            ("**recommend.als**", ask(pipe, "als", weighted + als_settings)),
        ]
        pipe.close()
    print(f"\n### {name}: {counts.shape[0]:,} clients, {counts.shape[1]:,} items, {counts.nnz:,} "
          f"pairs; {len(task.relevant):,} clients to foretell\n")
    print("| | recall@10 | NDCG@10 | seconds |\n|---|---:|---:|---:|")
    for title, (lists, seconds) in rows:
        recall, gain = task.judge(lists)
        print(f"| {title} | {recall:.4f} | {gain:.4f} | {seconds:.2f} |", flush=True)
    print(f"\nALS: {factors} factors, λ = {regularization}, α = {alpha}, 15 iterations.")


def main():
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    warnings.filterwarnings("ignore")  # implicit converts matrices of its own.
    tropa, folder = sys.argv[1:]
    for name, rows, split in [
        ("Online Retail", online_retail(folder), split_at_quantile),
        ("Complete Journey (sample)", complete_journey(folder), split_at_quantile),
        ("MovieLens small, ratings of at least 4", movielens(folder), split_each_client),
    ]:
        run(name, Task(*split(rows, 0.8)), tropa, 64, 10, 1)


if __name__ == "__main__":
    main()
