"""What a script with pandas and scikit-learn does to compare two models' predictions.

    python bench/compare_models.py points CANDIDATE.csv BASELINE.csv
    python bench/compare_models.py bootstrap CANDIDATE.csv BASELINE.csv --resamples 20

`points` reads both files, joins them on the id and prints accuracy, F1, area under the curve and log loss of both.
`bootstrap` adds a percentile interval of each difference: every resample draws rows and measures both models. Prints
the seconds of reading and of computing.
"""

import argparse
import json
import time

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, f1_score, log_loss, roc_auc_score


def measure(target, score):
    predicted = score >= 0.5
    return np.array(
        [
            accuracy_score(target, predicted),
            f1_score(target, predicted),
            roc_auc_score(target, score),
            log_loss(target, score),
        ]
    )


parser = argparse.ArgumentParser()
parser.add_argument("mode", choices=["points", "bootstrap"])
parser.add_argument("candidate")
parser.add_argument("baseline")
parser.add_argument("--resamples", type=int, default=20)
arguments = parser.parse_args()

started = time.perf_counter()
candidate = pd.read_csv(arguments.candidate)
baseline = pd.read_csv(arguments.baseline)
joined = candidate.merge(baseline, on="id", suffixes=("", "_baseline"), validate="one_to_one")
assert len(joined) == len(candidate) == len(baseline)
assert (joined["target"] == joined["target_baseline"]).all()
target = joined["target"].to_numpy()
own, other = joined["score"].to_numpy(), joined["score_baseline"].to_numpy()
read = time.perf_counter()

difference = measure(target, own) - measure(target, other)
pointed = time.perf_counter()
intervals = None
if arguments.mode == "bootstrap":
    random = np.random.default_rng(1)
    differences = []
    for _ in range(arguments.resamples):
        rows = random.integers(0, len(target), len(target))
        differences.append(measure(target[rows], own[rows]) - measure(target[rows], other[rows]))
    intervals = np.quantile(differences, [0.05, 0.95], axis=0).T.tolist()
ended = time.perf_counter()

print(
    json.dumps(
        {
            "rows": len(joined),
            "difference": difference.tolist(),
            "intervals": intervals,
            "seconds": {"read": read - started, "points": pointed - read, "resamples": ended - pointed},
        }
    )
)
