"""The same work with pandas and scikit-learn: reads orders.csv and customers.csv of a folder, prints JSON."""
import json
import math
import sys

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import KBinsDiscretizer, MinMaxScaler, OneHotEncoder, RobustScaler, StandardScaler

folder = sys.argv[1]
orders = pd.read_csv(f"{folder}/orders.csv", parse_dates=["at"], keep_default_na=False, na_values=[""])
customers = pd.read_csv(f"{folder}/customers.csv", keep_default_na=False, na_values=[""])


def plain(values):
    out = []
    for value in values:
        if value is None or (isinstance(value, float) and not math.isfinite(value)) or value is pd.NaT:
            out.append(None)
        elif isinstance(value, (np.bool_, bool)):
            out.append(int(value))
        elif isinstance(value, np.generic):
            out.append(plain([value.item()])[0])
        else:
            out.append(value)
    return out


def table(frame):
    return {name: plain(frame[name].tolist()) for name in frame.columns}


result = {}

# filter
result["filtered"] = table(orders[(orders.amount > 50) & (orders.channel != "web")][["id", "amount", "channel"]])

# join and group
joined = orders.merge(customers, left_on="customer", right_on="cid", how="left")
grouped = (
    joined[joined.country.notna()]
    .groupby("country")
    .agg(n=("id", "count"), total=("amount", "sum"), average=("amount", "mean"), middle=("amount", "median"), most=("amount", "max"))
    .reset_index()
    .sort_values("country")
)
result["grouped"] = table(grouped)

# derive, after imputing with statistics of the first 70%
train = orders.iloc[: round(len(orders) * 0.7)]
rest = orders.iloc[round(len(orders) * 0.7) :]
median, mode = train.amount.median(), train.channel.mode().min()
result["imputed"] = {"amount": median, "channel": mode}
filled = orders.assign(amount=orders.amount.fillna(median), channel=orders.channel.fillna(mode))
price = filled.amount / filled["count"].where(filled["count"] != 0)
derived = pd.DataFrame(
    {
        "price": price,
        "log": np.log(filled.amount.where(filled.amount > 0)),
        "root": np.sqrt(filled.amount.where(filled.amount >= 0)),
        "weekday": filled["at"].dt.dayofweek + 1.0,
        "month": filled["at"].dt.month.astype(float),
        "large": [None if p != p else float(p > 10) for p in price],
        "web": (filled.channel == "web").astype(float),
        "capped": filled.amount.clip(0, 60),
        "words": filled.note.str.len(),
    }
)
result["derived"] = table(derived)

# quantile buckets (edges of the training part)
discretizer = KBinsDiscretizer(5, encode="ordinal", strategy="quantile", quantile_method="linear")
result["buckets"] = {"edges": discretizer.fit(train[["amount"]].fillna(median)).bin_edges_[0][1:-1].tolist()}

# scalers
scalers = {"standard": StandardScaler(), "min_max": MinMaxScaler(), "robust": RobustScaler()}
result["scaled"] = {
    name: scaler.fit(train[["count"]].to_numpy(float)).transform(rest[["count"]].to_numpy(float))[:, 0].tolist()
    for name, scaler in scalers.items()
}

# one-hot
encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
encoder.fit(train.loc[train.channel.notna(), ["channel"]])
result["one_hot"] = {"levels": encoder.categories_[0].tolist(), "rows": encoder.transform(rest[["channel"]].fillna("(none)")).tolist()}

# TF-IDF
result["tfidf"] = []
for options in [dict(), dict(ngram_range=(1, 2)), dict(ngram_range=(1, 3), sublinear_tf=True, min_df=3)]:
    vectorizer = TfidfVectorizer(**options)
    vectorizer.fit(train.note.fillna(""))
    matrix = vectorizer.transform(rest.note.fillna(""))
    result["tfidf"].append({"terms": vectorizer.get_feature_names_out().tolist(), "rows": matrix.toarray().tolist()})

print(json.dumps(result))
