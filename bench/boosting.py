"""LightGBM and scikit-learn on the arrays that boosting.ts wrote. Usage: boosting.py PEER FOLDER ROUNDS RUNS

Prints one JSON line a run: wall seconds and CPU seconds of binning and training, and AUC on the rows held out.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

peer, folder, rounds, runs = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
shape = json.loads((folder / "shape.json").read_text())
rows, train = shape["rows"], shape["train"]
# One column after the other on disk; a row-major table, which both libraries read quickest, in memory.
x = np.ascontiguousarray(np.fromfile(folder / "x.f64").reshape(shape["columns"], rows).T)
y = np.fromfile(folder / "y.f64")
categories = shape["categories"]


def lightgbm_model():
    import lightgbm

    params = dict(
        objective="binary", num_threads=2, learning_rate=0.1, num_leaves=31, max_depth=6, max_bin=255,
        min_data_in_leaf=20, verbose=-1,
    )
    data = lightgbm.Dataset(x[:train], y[:train], categorical_feature=categories)
    model = lightgbm.train(params, data, rounds)
    return model.predict


def sklearn_model():
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    with threadpool_limits(2):
        model = HistGradientBoostingClassifier(
            max_iter=rounds, learning_rate=0.1, max_leaf_nodes=31, max_depth=6, max_bins=255, min_samples_leaf=20,
            categorical_features=categories, early_stopping=False,
        ).fit(x[:train], y[:train])
    return lambda rows: model.predict_proba(rows)[:, 1]


make = {"lightgbm": lightgbm_model, "sklearn": sklearn_model}[peer]
for _ in range(runs):
    sys.stdin.readline()
    wall, cpu = time.perf_counter(), time.process_time()
    predict = make()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps(dict(wall=wall, cpu=cpu, auc=roc_auc_score(y[train:], predict(x[train:])))), flush=True)
