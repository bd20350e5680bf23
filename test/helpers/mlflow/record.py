"""Makes a run in a real MLflow server and writes what the server answers to `recorded.json`.

    pip install mlflow
    mlflow server --port 5055 --backend-store-uri sqlite:///m.db --artifacts-destination art --serve-artifacts
    python test/helpers/mlflow/record.py http://127.0.0.1:5055
"""

import json
import pathlib
import sys
import tempfile
import urllib.error
import urllib.request

import mlflow

SERVER = sys.argv[1]
COMMIT = "1" * 40
mlflow.set_tracking_uri(SERVER)
client = mlflow.MlflowClient()

mlflow.set_experiment("churn-training")
with mlflow.start_run(tags={"mlflow.source.git.commit": COMMIT}) as run:
    mlflow.log_metrics({"loss": 0.5}, step=1)
    mlflow.log_metrics({"loss": 0.4, "broken": float("nan"), "endless": float("inf")}, step=2)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "predictions.csv"
        rows = [f"{i},{i % 2},{0.1 if (i % 2 == 0) == (i % 11 != 0) else 0.9}" for i in range(400)]
        path.write_text("id,target,score\n" + "\n".join(rows) + "\n")
        mlflow.log_artifact(str(path))
run_id = run.info.run_id
client.create_registered_model("churn")
version = client.create_model_version("churn", source=f"runs:/{run_id}/model", run_id=run_id)
client.set_registered_model_alias("churn", "champion", version.version)

API = "/api/2.0/mlflow"
artifacts = client.get_run(run_id).info.artifact_uri.removeprefix("mlflow-artifacts:/")
experiment = client.get_experiment_by_name("churn-training").experiment_id
SEARCH = {
    "experiment_ids": [experiment],
    "filter": "attributes.status = 'FINISHED'",
    "order_by": ["attributes.start_time DESC"],
    "max_results": 1,
}
REQUESTS = [
    (f"{API}/registered-models/alias?name=churn&alias=champion", None),
    (f"{API}/registered-models/alias?name=churn&alias=nobody", None),
    (f"{API}/registered-models/alias?name=nothing&alias=champion", None),
    (f"{API}/runs/get?run_id={run_id}", None),
    (f"{API}/experiments/get-by-name?experiment_name=churn-training", None),
    (f"{API}/experiments/get-by-name?experiment_name=nothing", None),
    (f"{API}/runs/search", SEARCH),
    (f"/api/2.0/mlflow-artifacts/artifacts/{artifacts}/predictions.csv", None),
    (f"/api/2.0/mlflow-artifacts/artifacts/{artifacts}/mlgate/evidence.json", None),
]


def ask(path, body):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(SERVER + path, data, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


answers = []
for path, body in REQUESTS:
    status, text = ask(path, body)
    answers.append({"path": path, "body": body, "status": status, "text": text})
out = pathlib.Path(__file__).parent / "recorded.json"
out.write_text(json.dumps({"mlflow": mlflow.__version__, "run": run_id, "answers": answers}, indent=1) + "\n")
