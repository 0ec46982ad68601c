"""Reference figures of scikit-learn for Tests/SegmentationTests/Supervised: run with scikit-learn 1.9.

The data come from SplitMix64, as the tests make them, so both sides have the same rows.
"""
import math

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (average_precision_score, brier_score_loss, log_loss, roc_auc_score)

MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def unit(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 11) * 2.0**-53


def sample(rows, seed):
    random = SplitMix64(seed)
    x = np.empty((rows, 6))
    y = np.empty(rows, bool)
    for row in range(rows):
        values = [2 * random.unit() - 1 for _ in range(6)]
        missing = random.unit() < 0.1
        score = (1.5 * values[0] - values[1] + 2 * values[2] * values[3]
                 + (1 if values[4] > 0.3 else 0) + (1.5 if missing else 0.5 * values[5]) - 0.6)
        y[row] = random.unit() < 1 / (1 + math.exp(-score))
        x[row] = values
        if missing:
            x[row, 5] = math.nan
    return x, y


train, y = sample(4000, 1)
test, truth = sample(4000, 2)
filled, filled_test = np.nan_to_num(train), np.nan_to_num(test)

for name, options in {
    "ridge C=1": dict(C=1.0),
    "ridge C=0.01": dict(C=0.01),
    "elastic C=0.02 l1=0.6": dict(C=0.02, l1_ratio=0.6, solver="saga"),
}.items():
    model = LogisticRegression(tol=1e-12, max_iter=200_000, **options).fit(filled, y)
    p = model.predict_proba(filled_test)[:, 1]
    print(name, [round(float(v), 7) for v in model.coef_[0]], round(float(model.intercept_[0]), 7),
          "AUC", round(roc_auc_score(truth, p), 6))
    if name == "ridge C=1":
        rounded = np.round(p, 2)
        print("  AP", round(average_precision_score(truth, p), 6), "Brier",
              round(brier_score_loss(truth, p), 6), "log-loss", round(log_loss(truth, p), 6),
              "ties: AUC", round(roc_auc_score(truth, rounded), 6), "AP",
              round(average_precision_score(truth, rounded), 6))

trees = HistGradientBoostingClassifier(early_stopping=False).fit(train, y)
p = trees.predict_proba(test)[:, 1]
print("trees AUC", round(roc_auc_score(truth, p), 6), "log-loss", round(log_loss(truth, p), 6))
