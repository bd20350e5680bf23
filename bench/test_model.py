"""What a script with pandas and scikit-learn does to test a model, and the predictions that it is tested on.

    python bench/test_model.py generate PREDICTIONS.parquet --rows 1000000
    python bench/test_model.py measure PREDICTIONS.parquet --resamples 2

`measure` reads the file and prints twelve metrics, and accuracy on each value of five columns, with percentile
intervals: every resample draws rows and measures all of it again. Prints the seconds of reading, of one pass and of the
resamples.
"""

import argparse
import json
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    cohen_kappa_score,
    f1_score,
    log_loss,
    matthews_corrcoef,
    precision_score,
    recall_score,
    roc_auc_score,
)

SEED = 20261121
PREVALENCE = 0.3
SLICES = {"region": 5, "plan": 3, "device": 4, "month": 12, "age_group": 8}
LEVEL = 0.9


def generate(path, rows):
    random = np.random.default_rng(SEED)
    target = (random.random(rows) < PREVALENCE).astype(np.int8)
    score = np.clip(0.35 * target + 0.65 * random.random(rows), 1e-6, 1 - 1e-6)
    slices = {
        name: pa.DictionaryArray.from_arrays(
            random.integers(0, values, rows).astype(np.int32), [f"{name}-{value}" for value in range(values)]
        )
        for name, values in SLICES.items()
    }
    ids = pa.array(np.char.add("e", np.char.zfill(random.permutation(rows).astype(str), 8)))
    table = pa.table({"id": ids, "target": target, "score": np.round(score, 6), **slices})
    pq.write_table(table, path, compression="zstd")


def measure(target, score, slices):
    predicted = (score >= 0.5).astype(np.int8)
    hits = predicted == target
    whole = [
        accuracy_score(target, predicted),
        precision_score(target, predicted),
        recall_score(target, predicted),
        f1_score(target, predicted),
        recall_score(target, predicted, pos_label=0),
        balanced_accuracy_score(target, predicted),
        matthews_corrcoef(target, predicted),
        cohen_kappa_score(target, predicted),
        roc_auc_score(target, score),
        average_precision_score(target, score),
        log_loss(target, score),
        brier_score_loss(target, score),
    ]
    parts = [np.bincount(codes, weights=hits) / np.bincount(codes) for codes in slices]
    return np.concatenate([whole, *parts])


parser = argparse.ArgumentParser()
parser.add_argument("mode", choices=["generate", "measure"])
parser.add_argument("path")
parser.add_argument("--rows", type=int, default=1_000_000)
parser.add_argument("--resamples", type=int, default=2)
arguments = parser.parse_args()

if arguments.mode == "generate":
    generate(arguments.path, arguments.rows)
else:
    started = time.perf_counter()
    table = pd.read_parquet(arguments.path)
    assert table["id"].is_unique
    target, score = table["target"].to_numpy(), table["score"].to_numpy()
    slices = [table[name].cat.codes.to_numpy() for name in SLICES]
    read = time.perf_counter()
    values = measure(target, score, slices)
    measured = time.perf_counter()
    random = np.random.default_rng(1)
    resampled = []
    for _ in range(arguments.resamples):
        rows = random.integers(0, len(target), len(target))
        resampled.append(measure(target[rows], score[rows], [codes[rows] for codes in slices]))
    limits = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    ended = time.perf_counter()
    print(
        json.dumps(
            {
                "values": values.tolist(),
                "slices": [f"{name}={value}" for name in SLICES for value in table[name].cat.categories],
                "limits": limits.tolist(),
                "seconds": {"read": read - started, "once": measured - read, "resamples": ended - measured},
            }
        )
    )
