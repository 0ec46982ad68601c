"""Sentiment of reviews: `tropa text` beside TF-IDF and logistic regression of scikit-learn.

    python3 Benchmarks/sentiment.py .build-native/release/tropa reviews.csv[.gz] text rating

Both are trained on the same rows and measured on the same other rows, in a cross-validation of five
folds (row number modulo 5); prints accuracy and macro F1 over all rows, for three classes (1-2, 3, 4-5
stars) and for two (without 3), and the seconds of training and scoring. scikit-learn: words 1-2 and
characters (char_wb) 2-5, sublinear TF-IDF, at least 2 texts, C = 1; `balanced` has class weights.
Needs scikit-learn and pandas.
"""
import csv, os, subprocess, sys, tempfile, time

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_union

binary, path, text, stars = sys.argv[1:5]
table = pd.read_csv(path)[[text, stars]].dropna().reset_index(drop=True)
if len(sys.argv) > 5:  # Fewer rows, evenly.
    table = table.iloc[:: max(1, len(table) // int(sys.argv[5]))].reset_index(drop=True)
texts = table[text].astype(str).to_numpy()
marks = table[stars].to_numpy(dtype=float)
truth = np.where(marks < 2.5, "negative", np.where(marks > 3.5, "positive", "neutral"))
fold = np.arange(len(texts)) % 5


def tropa(train, test, classes, folder):
    def write(name, rows):
        with open(f"{folder}/{name}.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["text", "stars"])
            writer.writerows((texts[row], f"{marks[row]:g}") for row in rows)

    write("train", train)
    write("test", test)
    model = f"{folder}/model"
    start = time.time()
    subprocess.run(
        [binary, "text", "train", f"{folder}/train.csv", "--text", "text", "--stars", "stars",
         "--classes", str(classes), "--scale", "1-5", "--out", model],
        check=True, stdout=subprocess.DEVNULL)
    middle = time.time()
    scored = subprocess.run(
        [binary, "text", "score", f"{folder}/test.csv", "--text", "text", "--model", model],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    labels = [line.split(",")[1] for line in scored.splitlines()[1:]]
    return np.array(labels), middle - start, time.time() - middle, os.path.getsize(model)


def sklearn(train, test, weights):
    start = time.time()
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True))
    rows = features.fit_transform(texts[train])
    model = LogisticRegression(max_iter=1000, class_weight=weights).fit(rows, truth[train])
    middle = time.time()
    labels = model.predict(features.transform(texts[test]))
    return labels, middle - start, time.time() - middle, 0


for classes in (3, 2):
    counted = np.arange(len(texts)) if classes == 3 else np.flatnonzero(truth != "neutral")
    print(f"{classes} classes, {len(counted)} texts")
    with tempfile.TemporaryDirectory() as folder:
        for name, run in [
            ("tropa", lambda a, b: tropa(a, b, classes, folder)),
            ("scikit-learn", lambda a, b: sklearn(a, b, None)),
            ("scikit-learn, balanced", lambda a, b: sklearn(a, b, "balanced")),
        ]:
            labels = np.empty(len(texts), dtype=object)
            seconds = np.zeros(2)
            for part in range(5):
                train = counted[fold[counted] != part]
                test = counted[fold[counted] == part]
                labels[test], fit, score, size = run(train, test)
                seconds += [fit, score]
            print(
                f"  {name:24} accuracy {accuracy_score(truth[counted], labels[counted].astype(str)):.3f}"
                f"  macro F1 {f1_score(truth[counted], labels[counted].astype(str), average='macro'):.3f}"
                f"  training {seconds[0] / 5:.1f} s, scoring {seconds[1] / 5:.1f} s"
                + (f", model {size / 1e6:.1f} MB" if size else ""))
