"""How far the metrics of one recipe move when only the training's seed changes.

    python bench/training_noise.py [--seeds 20]

Trains the forest of examples/bird-strikes (the variant `main`) with several seeds, on the same rows, and measures each
on the same 3,000 test strikes. Needs examples/bird-strikes/requirements.txt. Prints one JSON object.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "bird-strikes"
sys.path.insert(0, str(EXAMPLE))

import train  # noqa: E402
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score  # noqa: E402


def measure(truth, scores):
    return {
        "roc_auc": roc_auc_score(truth, scores),
        "accuracy": accuracy_score(truth, scores >= 0.5),
        "log_loss": log_loss(truth, scores),
    }


def summarise(values):
    return {
        "least": round(min(values), 4),
        "mean": round(statistics.mean(values), 4),
        "most": round(max(values), 4),
        "standard_deviation": round(statistics.stdev(values), 4),
    }


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--seeds", type=int, default=20)
count = parser.parse_args().seeds

training, test = train.split_by_date(train.read_strikes(EXAMPLE / "data" / "birdstrikes.csv"), train.TRAINING_SHARE)
variant = train.VARIANTS["main"]
names = variant.categories + variant.numbers

runs = []
for offset in range(count):
    pipeline = train.build_pipeline(variant)
    pipeline[-1].set_params(random_state=train.SEED + offset)
    scores = pipeline.fit(training[names], training["damaged"]).predict_proba(test[names])[:, 1]
    runs.append({"seed": train.SEED + offset, **measure(test["damaged"], scores)})

summary = {name: summarise([run[name] for run in runs]) for name in ("roc_auc", "accuracy", "log_loss")}
rounded = [{name: value if name == "seed" else round(value, 4) for name, value in run.items()} for run in runs]
print(json.dumps({"test_rows": len(test), "summary": summary, "runs": rounded}, indent=2))
