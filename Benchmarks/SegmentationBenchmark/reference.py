"""The figures of scikit-learn and scikit-fuzzy that Tests/SegmentationTests hold as constants.

    pip install scikit-learn scikit-fuzzy packaging
    python reference.py
"""

import warnings

import numpy as np
import skfuzzy
from sklearn import metrics
from sklearn.cluster import DBSCAN, KMeans

warnings.filterwarnings("ignore")


def splitmix(seed):
    """SplitMix64, as RandomSource has it."""
    mask = (1 << 64) - 1
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        mixed = seed
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        yield mixed ^ (mixed >> 31)


def points(seed, rows, columns):
    """Multiples of 1/64 around four centres: exact in binary, the same in Swift."""
    random = splitmix(seed)
    data = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            # The sum of three uniform numbers is bell-shaped.
            noise = sum(next(random) >> 58 for _ in range(3)) / 64
            data[row, column] = ((row % 4) * (column + 2) % 5) * 1.25 + noise
    return data


X = points(9, 200, 3)
print("sum", X.sum(), "first", X[0])

start = X[:5]
model = KMeans(5, init=start, n_init=1, max_iter=300, tol=0, algorithm="lloyd").fit(X)
print("kmeans labels", "".join(map(str, model.labels_)))
print("kmeans inertia", repr(model.inertia_), "iterations", model.n_iter_)
print("kmeans centroid 0", list(model.cluster_centers_[0]))
early = KMeans(5, init=start, n_init=1, max_iter=3, tol=0, algorithm="lloyd").fit(X)
print("kmeans 3 iterations, inertia", repr(early.inertia_))

degrees = np.array([[1.0 + (row * (cluster + 3)) % 7 for row in range(200)] for cluster in range(4)])
degrees /= degrees.sum(axis=0)
for m in (2.0, 1.5):
    centres, u, _, d, objective, iterations, coefficient = skfuzzy.cmeans(
        X.T, 4, m, error=1e-9, maxiter=12, init=degrees)
    print("cmeans m", m, "objective", repr(objective[-1]), "coefficient", repr(coefficient))
    print("  centre 0", list(centres[0]), "degrees of row 0", list(u[:, 0]), iterations)

for epsilon, least in ((0.5, 5), (0.375, 4)):
    found = DBSCAN(eps=epsilon, min_samples=least).fit(X)
    print("dbscan", epsilon, least, ",".join(map(str, found.labels_)), len(found.core_sample_indices_))

labels = model.labels_
print("silhouette", repr(metrics.silhouette_score(X, labels)))
print("davies-bouldin", repr(metrics.davies_bouldin_score(X, labels)))
print("calinski-harabasz", repr(metrics.calinski_harabasz_score(X, labels)))
other = np.arange(200) % 4
print("ari", repr(metrics.adjusted_rand_score(other, labels)))
print("nmi", repr(metrics.normalized_mutual_info_score(other, labels)))
