"""What scikit-learn and LightGBM make of data that the learners are held to. Usage: learn.py OUT.json [DATA_FOLDER]"""

import json
import sys
import warnings
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

warnings.filterwarnings("ignore")


def columns(x):
    return [[None if np.isnan(v) else float(v) for v in x[:, j]] for j in range(x.shape[1])]


def unscaled(pipeline):
    scaler, model = pipeline[0], pipeline[-1]
    weights = np.atleast_2d(model.coef_) / scaler.scale_
    intercept = np.atleast_1d(model.intercept_) - weights @ scaler.mean_
    return weights, intercept


def linear():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(500, 6)) @ rng.normal(size=(6, 6)) * np.array([1, 10, 0.1, 1, 100, 1]) + np.array([0, 5, 0, -3, 1000, 0])
    z = (x - x.mean(0)) / x.std(0) @ rng.normal(size=6)
    two = (z + rng.normal(size=500) > 0.5).astype(int)
    three = np.digitize(z + rng.normal(size=500), [-1, 1])
    number = z + rng.normal(size=500)
    fits = []
    for name, y in (("binary", two), ("multiclass", three)):
        for l2 in (0.1, 1, 30):
            for balanced in (False, True):
                for standardize in (False, True):
                    model = LogisticRegression(
                        C=1 / l2, tol=1e-13, max_iter=10_000, solver="newton-cholesky",
                        class_weight="balanced" if balanced else None,
                    )
                    if standardize:
                        weights, intercept = unscaled(make_pipeline(StandardScaler(), model).fit(x, y))
                    else:
                        model.fit(x, y)
                        weights, intercept = np.atleast_2d(model.coef_), model.intercept_
                    fits.append(dict(task=name, l2=l2, balanced=balanced, standardize=standardize,
                                     weights=weights.ravel().tolist(), intercept=intercept.tolist()))
    one_hot = np.eye(3)[np.arange(500) % 3]
    wide = np.hstack([x, one_hot])
    regressions = []
    for l2 in (0, 1, 50):
        for standardize in (False, True):
            model = Ridge(alpha=l2, solver="svd") if l2 else LinearRegression()
            if standardize:
                weights, intercept = unscaled(make_pipeline(StandardScaler(), model).fit(wide, number))
            else:
                model.fit(wide, number)
                weights, intercept = np.atleast_2d(model.coef_), np.atleast_1d(model.intercept_)
            regressions.append(dict(l2=l2, standardize=standardize, weights=weights.ravel().tolist(), intercept=intercept.tolist()))
    return dict(columns=columns(x), wide=columns(wide), binary=two.tolist(), multiclass=three.tolist(),
                number=number.tolist(), fits=fits, regressions=regressions)


def trees():
    rng = np.random.default_rng(2)
    # scikit-learn's trees read float32.
    x = rng.normal(size=(600, 4)).astype(np.float32).astype(float)
    holes = np.where(rng.random(size=x.shape) < 0.15, np.nan, x)
    z = x[:, 0] * x[:, 1] + np.sin(3 * x[:, 2])
    labels = {"binary": (z + 0.3 * rng.normal(size=600) > 0).astype(int), "multiclass": np.digitize(z, [-0.5, 0.5]),
              "regression": z + 0.1 * rng.normal(size=600)}
    fits = []
    for data_name, data in (("whole", x), ("holes", holes)):
        for task, y in labels.items():
            for depth, leaf, alpha in ((3, 10, 0.0), (5, 10, 0.004), (None, 5, 0.0)):
                maker = DecisionTreeRegressor if task == "regression" else DecisionTreeClassifier
                model = maker(max_depth=depth, min_samples_leaf=leaf, ccp_alpha=alpha, random_state=0).fit(data, y)
                tree = model.tree_
                fits.append(dict(data=data_name, task=task, depth=depth, leaf=leaf, alpha=alpha,
                                 features=tree.feature.tolist(), thresholds=np.nan_to_num(tree.threshold).tolist(),
                                 predictions=model.predict(data).tolist()))
    return dict(whole=columns(x), holes=columns(holes), labels={k: v.tolist() for k, v in labels.items()}, fits=fits)


def boosting():
    rng = np.random.default_rng(3)
    rows = 24_000
    x = rng.normal(size=(rows, 8))
    x[rng.random(size=x.shape) < 0.05] = np.nan
    kinds = rng.integers(0, 40, size=rows)
    few = rng.integers(0, 4, size=rows)
    effect = rng.normal(size=40)
    z = np.nan_to_num(x[:, 0]) * np.nan_to_num(x[:, 1]) + np.sin(2 * np.nan_to_num(x[:, 2], nan=1)) + effect[kinds] + (few == 2)
    noise = z + rng.logistic(size=rows)
    labels = {"binary": (noise > 0.5).astype(int), "multiclass": np.digitize(noise, [-0.5, 1.5]), "regression": noise}
    train = slice(0, 16_000)
    test = slice(16_000, rows)
    frame = pd.DataFrame(x, columns=[f"x{j}" for j in range(8)])
    frame["kinds"] = pd.Categorical(kinds)
    frame["few"] = pd.Categorical(few)
    scores = {}
    for task, y in labels.items():
        objective = {"binary": "binary", "multiclass": "multiclass", "regression": "regression"}[task]
        params = dict(objective=objective, max_depth=6, num_leaves=31, learning_rate=0.1, num_threads=2, verbose=-1)
        if task == "multiclass":
            params["num_class"] = 3
        model = lightgbm.train(params, lightgbm.Dataset(frame[train], y[train]), 100)
        p = model.predict(frame[test])
        if task == "binary":
            scores[task] = roc_auc_score(y[test], p)
        elif task == "multiclass":
            scores[task] = float(np.mean(p.argmax(1) == y[test]))
        else:
            scores[task] = float(np.sqrt(np.mean((p - y[test]) ** 2)))
    return dict(columns=columns(x), kinds=kinds.tolist(), few=few.tolist(), train=16_000, scores=scores,
                labels={k: v.tolist() for k, v in labels.items()})


def folds(table, target, positive, ignored):
    y = (table[target].astype(str) == positive).astype(int).to_numpy()
    table = table.drop(columns=[target, *ignored])
    parts = np.zeros(len(y), dtype=int)
    for k, (_, test) in enumerate(StratifiedKFold(10, shuffle=True, random_state=42).split(table, y)):
        parts[test] = k
    features = []
    for name in sorted(table.columns):
        column = table[name]
        if pd.api.types.is_numeric_dtype(column):
            features.append(dict(name=name, kind="numeric", values=[None if pd.isna(v) else float(v) for v in column]))
        else:
            features.append(dict(name=name, kind="category", values=[None if pd.isna(v) else str(v) for v in column]))
    return dict(y=y.tolist(), folds=parts.tolist(), features=features)


result = dict(linear=linear(), trees=trees(), boosting=boosting())
if len(sys.argv) > 2:
    data = Path(sys.argv[2])
    loan = pd.read_csv(data / "loan-prediction.csv")
    result["loan"] = folds(loan, "Loan_Status", "Y", ["Loan_ID"])
    german = pd.read_csv(data / "german-credit.csv", header=None)
    german.columns = [f"c{j:02d}" for j in range(german.shape[1])]
    result["german"] = folds(german, german.columns[-1], "2", [])
Path(sys.argv[1]).write_text(json.dumps(result))
