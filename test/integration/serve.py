"""MLflow's and Triton's own clients against a running server: prints what they got as one JSON document.

    python serve.py URL MODEL ROWS_JSON
"""
import json
import sys

import numpy as np
import pandas
import tritonclient.http as triton
from mlflow.pyfunc.scoring_server.client import ScoringServerClient

address, model, rows = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
frame = pandas.DataFrame(rows)
host, port = address.removeprefix("http://").split(":")

scoring = ScoringServerClient(host, port)
scoring.wait_server_ready(timeout=10)
answers = {"mlflow": scoring.invoke(frame).get_predictions().iloc[:, 0].tolist()}
try:
    scoring.invoke(frame.assign(age="old"))
except Exception as error:
    answers["mlflow_refusal"] = str(error)

client = triton.InferenceServerClient(url=address.removeprefix("http://"))
answers["live"] = client.is_server_live()
answers["ready"] = client.is_server_ready() and client.is_model_ready(model)
answers["metadata"] = client.get_model_metadata(model)
NUMPY = {"INT64": np.int64, "FP64": np.float64, "BOOL": np.bool_, "BYTES": np.object_}


def infer(binary):
    inputs = []
    for column in answers["metadata"]["inputs"]:
        values = np.array([[value] for value in frame[column["name"]]], dtype=NUMPY[column["datatype"]])
        tensor = triton.InferInput(column["name"], list(values.shape), column["datatype"])
        tensor.set_data_from_numpy(values, binary_data=binary)
        inputs.append(tensor)
    outputs = [triton.InferRequestedOutput(name, binary_data=binary) for name in ("label", "probabilities")]
    result = client.infer(model, inputs, outputs=outputs, request_id="42")
    label = [str(one) for one in result.as_numpy("label").tolist()]
    return {"id": result.get_response()["id"], "label": label, "probabilities": result.as_numpy("probabilities").tolist()}


answers["triton"] = infer(binary=False)
try:
    infer(binary=True)
except triton.InferenceServerException as error:
    answers["triton_refusal"] = str(error)
print(json.dumps(answers))
