"""FastAPI peers of the prediction server: the same model in onnxruntime, and one like it in scikit-learn.

    python serving.py onnx MODEL_FOLDER PORT
    python serving.py sklearn MODEL_FOLDER PORT

Both take one row as JSON, check it with pydantic and answer label and probabilities, as a team would write it.
"""
import json
import math
import sys
from pathlib import Path

import numpy as np
import uvicorn
from fastapi import FastAPI
from pydantic import create_model


def row_type(columns):
    """A pydantic model of one request."""
    fields = {}
    for column in columns:
        kind = str if column["type"] in ("category", "string", "text") else float
        fields[column["name"]] = (kind | None, None) if column["nullable"] else (kind, ...)
    return create_model("Row", **fields)


def onnx_predictor(folder, signature):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    graph, classes = signature["graph"], signature["classes"]
    numbers = [one["column"] for one in graph["num"]]
    texts = [one["column"] for one in graph["str"]]

    def predict(row):
        feeds = {}
        if numbers:
            feeds["num"] = np.array([[math.nan if row[name] is None else row[name] for name in numbers]], dtype=np.float64)
        if texts:
            feeds["str"] = np.array([["" if row[name] is None else row[name] for name in texts]], dtype=object)
        probabilities = session.run(["probabilities"], feeds)[0][0].tolist()
        best = int(np.argmax(probabilities))
        return {"label": classes[best], "probability": probabilities[best], "probabilities": dict(zip(classes, probabilities))}

    return predict


def sklearn_predictor(folder, signature):
    import pandas
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    columns = signature["columns"]
    rows = json.loads((folder / "rows.json").read_text())
    frame = pandas.DataFrame(rows["rows"])
    texts = [c["name"] for c in columns if c["type"] in ("category", "string", "text")]
    encode = ColumnTransformer(
        [("texts", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), texts)], remainder="passthrough"
    )
    model = make_pipeline(encode, HistGradientBoostingClassifier(max_iter=rows["trees"], max_leaf_nodes=31, early_stopping=False))
    model.fit(frame, rows["labels"])
    classes = [str(name) for name in model.classes_]
    names = list(frame.columns)

    def predict(row):
        probabilities = model.predict_proba(pandas.DataFrame([row], columns=names))[0].tolist()
        best = int(np.argmax(probabilities))
        return {"label": classes[best], "probability": probabilities[best], "probabilities": dict(zip(classes, probabilities))}

    return predict


def main():
    kind, folder, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    signature = json.loads((folder / "signature.json").read_text())
    predict = (onnx_predictor if kind == "onnx" else sklearn_predictor)(folder, signature)
    row = row_type(signature["columns"])
    app = FastAPI()

    # Declared async so that no thread is started for each request: the quicker of FastAPI's two ways here.
    @app.post("/predict")
    async def answer(body: row):
        return predict(body.model_dump())

    @app.get("/health")
    async def health():
        return {}

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
