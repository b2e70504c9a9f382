"""What scikit-learn's MLPClassifier and MLPRegressor make of data. Usage: network.py OUT.json [DATA_FOLDER]"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits, make_friedman1, make_moons
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")

HIDDEN = (32, 16)
EPOCHS = 60
SEEDS = range(3)


def peer(task, x, y, train, epochs=EPOCHS):
    scaler = StandardScaler().fit(x[train])
    kind = MLPRegressor if task == "regression" else MLPClassifier
    scores = []
    for seed in SEEDS:
        target = y[train]
        mean, deviation = (target.mean(), target.std()) if task == "regression" else (0, 1)
        model = kind(hidden_layer_sizes=HIDDEN, alpha=0, batch_size=64, learning_rate_init=1e-3, max_iter=epochs,
                     n_iter_no_change=epochs, random_state=seed)
        model.fit(scaler.transform(x[train]), (target - mean) / deviation if task == "regression" else target)
        rest = scaler.transform(x[~train])
        if task == "regression":
            scores.append(r2_score(y[~train], model.predict(rest) * deviation + mean))
        elif task == "binary":
            scores.append(roc_auc_score(y[~train], model.predict_proba(rest)[:, 1]))
        else:
            scores.append(accuracy_score(y[~train], model.predict(rest)))
    return float(np.mean(scores))


def case(task, x, y, train, epochs=EPOCHS):
    return dict(task=task, columns=x.T.tolist(), y=np.asarray(y, dtype=float).tolist(), train=train.tolist(),
                epochs=epochs, score=peer(task, x, np.asarray(y), train, epochs))


def split(rows, seed):
    return np.random.default_rng(seed).random(rows) < 0.7


def main():
    out, data = sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None
    rng = np.random.default_rng(5)
    moons, labels = make_moons(1200, noise=0.25, random_state=1)
    moons = np.hstack([moons * [1, 50], rng.normal(size=(1200, 4))])
    friedman, values = make_friedman1(1500, n_features=8, noise=1, random_state=2)
    digits = load_digits()
    cases = {
        "moons": case("binary", moons, labels, split(1200, 1)),
        "Friedman 1": case("regression", friedman, 1000 + 20 * values, split(1500, 2)),
        "digits": case("multiclass", digits.data, digits.target, split(len(digits.target), 3), 30),
    }
    if data is not None:
        german = pd.read_csv(data / "german-credit.csv", header=None)
        x = pd.get_dummies(german.drop(columns=20), dtype=float).to_numpy()
        cases["German credit"] = case("binary", x, (german[20] == 2).astype(int).to_numpy(), split(len(german), 4), 15)
        loan = pd.read_csv(data / "loan-prediction.csv").drop(columns="Loan_ID")
        y = (loan.pop("Loan_Status") == "Y").astype(int).to_numpy()
        numbers = loan.select_dtypes("number")
        x = pd.get_dummies(loan.assign(**numbers.fillna(numbers.median())), dtype=float).to_numpy()
        cases["loans"] = case("binary", x, y, split(len(y), 6), 15)
    json.dump(cases, open(out, "w"))


main()
