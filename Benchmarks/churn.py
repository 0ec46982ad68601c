"""Churn on a later period with scikit-learn: the reference for Tests/.../ChurnOnRealData.

The features, cut-offs and horizon are those of crm.churn (purchases only); the models are scikit-learn's.
Usage: churn.py online_retail.csv.gz | CDNOW_master.txt.gz
"""
import sys

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler


def purchases(path):
    """client, day, money, lines and products not bought before: one row a client and day."""
    if "CDNOW" in path:
        data = pd.read_csv(path, sep=r"\s+", skiprows=1, names=["client", "at", "n", "money"])
        data["at"] = pd.to_datetime(data["at"].astype(str))
        data["product"] = 0
    else:
        data = pd.read_csv(path, dtype={"InvoiceNo": str, "StockCode": str}, low_memory=False)
        data = data[data.CustomerID.notna() & ~data.InvoiceNo.str.startswith("C")
                    & (data.Quantity > 0) & (data.UnitPrice > 0)]
        data = pd.DataFrame({
            "client": data.CustomerID.astype(int), "at": pd.to_datetime(data.InvoiceDate),
            "money": data.Quantity * data.UnitPrice, "product": data.StockCode})
    data["day"] = data["at"].to_numpy().astype("datetime64[D]").astype(int)
    data = data.sort_values(["client", "day"], kind="stable")
    data["new"] = ~data.duplicated(["client", "product"])
    return data.groupby(["client", "day"]).agg(
        money=("money", "sum"), lines=("money", "size"), new=("new", "sum")).reset_index()


def features(data, cut, horizon):
    known = data[data.day < cut]
    groups = known.groupby("client")
    f = pd.DataFrame({"recency": cut - groups.day.max()})
    first, visits = cut - groups.day.min(), groups.size()

    def recent(days, column=None):
        part = known[known.day >= cut - days].groupby("client")
        return (part[column].sum() if column else part.size()).reindex(f.index).fillna(0)

    interval = np.where(visits > 1, (first - f.recency) / (visits - 1).clip(lower=1), first)
    gaps = known.assign(gap=groups.day.diff()).groupby("client").gap.std().reindex(f.index)
    money, lines = groups.money.sum(), groups.lines.sum()
    f["silence"] = f.recency / (interval + 1)
    f["lastVisits"] = recent(max(horizon // 4, 1))
    f["visits"], f["interval"], f["rate"] = visits, interval, visits / (first + 30)
    f["irregularity"] = np.where(visits > 2, gaps.fillna(0) / np.maximum(interval, 1), 0)
    f["products"], f["linesPerVisit"] = groups.new.sum(), lines / visits
    f["halfVisits"], f["recentVisits"] = recent(max(horizon // 2, 1)), recent(horizon)
    f["trend"] = f.recentVisits - (recent(2 * horizon) - f.recentVisits)
    f["revenue"], f["recentRevenue"], f["averageCheck"] = money, recent(horizon, "money"), money / visits
    f["lastCheck"] = np.where(f.averageCheck > 0, groups.money.last() / f.averageCheck, 0)
    f["tenure"] = first
    later = data[(data.day >= cut) & (data.day < cut + horizon)].client.unique()
    return f, ~f.index.isin(later)


data = purchases(sys.argv[1])
end = data.day.max() + 1
horizon = min(90, (end - data.day.min()) // 4)
cut = end - horizon
train = [features(data, cut - horizon - i * (horizon // 3), horizon) for i in range(3)]
x, y = pd.concat([f for f, _ in train]), np.concatenate([t for _, t in train])
test, truth = features(data, cut, horizon)
squash = lambda f: np.sign(f) * np.log1p(np.abs(f))
scaler = StandardScaler().fit(squash(x))
linear = LogisticRegression(C=0.1 / 3, max_iter=5000).fit(scaler.transform(squash(x)), y)
trees = HistGradientBoostingClassifier(
    learning_rate=0.05, max_leaf_nodes=6, l2_regularization=1, early_stopping=False).fit(x, y)
a = linear.decision_function(scaler.transform(squash(test)))
b = trees.decision_function(test)
print("clients", len(truth), "base rate", round(truth.mean(), 4))
for name, score in (("logistic", a), ("trees", b), ("both", (a + b) / 2)):
    p = 1 / (1 + np.exp(-score))
    print(name, "AUC", round(roc_auc_score(truth, p), 4), "Brier", round(brier_score_loss(truth, p), 4))
