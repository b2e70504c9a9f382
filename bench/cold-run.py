"""The loan pipeline as a data scientist would script it with pandas and scikit-learn: the peer of `mlops run`."""
import json
import sys

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import accuracy_score, f1_score, log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

source, folder = sys.argv[1], sys.argv[2]
loans = pd.read_csv(source)
assert len(loans) >= 500 and loans.LoanAmount.isna().mean() <= 0.05 and loans.Loan_ID.is_unique

target = (loans.pop("Loan_Status") == "Y").astype(int)
loans = loans.drop(columns="Loan_ID")
loans["income"] = loans.ApplicantIncome + loans.CoapplicantIncome
train, rest, y_train, y_rest = train_test_split(loans, target, train_size=0.7, stratify=target, random_state=42)
_, test, _, y_test = train_test_split(rest, y_rest, test_size=0.5, stratify=y_rest, random_state=42)

numbers = ["ApplicantIncome", "CoapplicantIncome", "LoanAmount", "income"]
categories = [name for name in loans.columns if name not in numbers]
model = make_pipeline(
    ColumnTransformer(
        [
            ("numbers", SimpleImputer(strategy="median"), numbers),
            (
                "categories",
                make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")),
                categories,
            ),
        ]
    ),
    GradientBoostingClassifier(n_estimators=200, max_depth=4, random_state=42),
)
model.fit(train, y_train)


def metrics(y, predicted, probability):
    return {
        "accuracy": accuracy_score(y, predicted),
        "f1": f1_score(y, predicted),
        "auc": roc_auc_score(y, probability),
        "log_loss": log_loss(y, probability),
    }


predicted, probability = model.predict(test), model.predict_proba(test)[:, 1]
overall = metrics(y_test, predicted, probability)
for column in ("Education", "Property_Area"):
    for value in test[column].unique():
        rows = (test[column] == value).to_numpy()
        metrics(y_test[rows], predicted[rows], probability[rows])
majority = DummyClassifier().fit(train, y_train)
baseline = accuracy_score(y_test, majority.predict(test))
joblib.dump(model, f"{folder}/model.joblib")
with open(f"{folder}/metrics.json", "w") as out:
    json.dump({"scored": overall, "majority": baseline}, out)
