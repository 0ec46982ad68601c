"""Clustering beside scikit-learn and scikit-fuzzy: the same data, starts and iterations, 2 threads.

    swift build -c release --product SegmentationBenchmark --scratch-path .build-native -Xcc -march=native
    OMP_NUM_THREADS=2 python speed.py .build-native/release/SegmentationBenchmark
"""

import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import skfuzzy
from sklearn.cluster import DBSCAN, KMeans
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

warnings.filterwarnings("ignore")
tool = sys.argv[1]
folder = Path(tempfile.mkdtemp())


def stored(name, data):
    """Column after column."""
    path = folder / name
    np.ascontiguousarray(data.T).tofile(path)
    return str(path)


def swift(method, data, start, number):
    labels = folder / "labels"
    output = subprocess.run(
        [tool, method, stored("points", data), *map(str, data.shape), str(start), str(number), labels],
        check=True, capture_output=True, text=True).stdout.split()
    return float(output[0]), float(output[1]), np.fromfile(labels, dtype=np.int32)


def peer(times, run):
    best = float("inf")
    for _ in range(times):
        begin = time.time()
        result = run()
        best = min(best, time.time() - begin)
    return best, result


def report(what, ours, theirs, equal):
    print(f"{what:44s} {ours:8.2f} s  peer {theirs:8.2f} s  {theirs / ours:6.1f} times  {equal}")


random = np.random.default_rng(7)
noise = random.normal(size=(1_000_000, 12))
blobs, _ = make_blobs(1_000_000, 12, centers=8, cluster_std=3.0, random_state=3)
for name, data in (("one cloud", noise), ("8 overlapping clouds", blobs)):
    start = data[random.choice(len(data), 8, replace=False)]
    ours, inertia, labels = swift("kmeans", data, stored("start", start), 8)
    theirs, model = peer(
        3, lambda: KMeans(8, init=start, n_init=1, max_iter=20, tol=0, algorithm="lloyd").fit(data))
    report(f"k-means, 1 M x 12, k 8, {name}", ours, theirs,
           f"equal labels {(labels == model.labels_).mean():.7f}, inertia {inertia / model.inertia_:.9f}")

degrees = random.random((len(blobs), 8))
degrees /= degrees.sum(axis=1, keepdims=True)
ours, objective, labels = swift("cmeans", blobs, stored("degrees", degrees), 8)
theirs, result = peer(1, lambda: skfuzzy.cmeans(blobs.T, 8, 2.0, error=0, maxiter=20, init=degrees.T))
report("fuzzy c-means, 1 M x 12, c 8", ours, theirs, f"objective {objective / result[4][-1]:.12f}")

for columns, epsilon in ((3, 0.2), (8, 1.2)):
    data, _ = make_blobs(200_000, columns, centers=20, cluster_std=1.0, random_state=5)
    ours, _, labels = swift("dbscan", data, epsilon, 10)
    theirs, model = peer(1, lambda: DBSCAN(eps=epsilon, min_samples=10, n_jobs=2).fit(data))
    report(f"DBSCAN, 200,000 x {columns}, epsilon {epsilon}", ours, theirs,
           f"equal labels {(labels == model.labels_).all()}, ari {adjusted_rand_score(labels, model.labels_)}")
