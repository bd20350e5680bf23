"""Writes test/data/metrics-cases.json: predictions and what scikit-learn says of them.

    python -m venv node_modules/.cache/mlgate/sklearn-reference
    node_modules/.cache/mlgate/sklearn-reference/bin/pip install -r test/reference/requirements.txt
    node_modules/.cache/mlgate/sklearn-reference/bin/python test/reference/generate_metrics.py

An undefined value is null. The cases cover ties, one class only, probabilities of 0 and 1, tiny n, labels that only one
of target and prediction has, constant targets, and large offsets.
"""

import json
import math
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics

warnings.simplefilter("ignore")
RANDOM = np.random.default_rng(20250131)


def finite(value):
    value = float(value)
    return value if math.isfinite(value) else None


def binary(name, target, score):
    target, score = np.asarray(target, int), np.asarray(score, float)
    predicted = (score >= 0.5).astype(int)
    both = len(set(target.tolist())) == 2
    return {
        "name": name,
        "task": "binary-classification",
        "target": target.tolist(),
        "score": score.tolist(),
        "expected": {
            "accuracy": finite(metrics.accuracy_score(target, predicted)),
            "precision": finite(metrics.precision_score(target, predicted, zero_division=np.nan)),
            "recall": finite(metrics.recall_score(target, predicted, zero_division=np.nan)),
            "f1": finite(metrics.f1_score(target, predicted, zero_division=np.nan)),
            "roc_auc": finite(metrics.roc_auc_score(target, score)) if both else None,
            "log_loss": finite(metrics.log_loss(target, score, labels=[0, 1])),
            "brier": finite(metrics.brier_score_loss(target, score, pos_label=1)),
        },
    }


def multiclass(name, target, predicted):
    return {
        "name": name,
        "task": "multiclass-classification",
        "target": list(target),
        "predicted": list(predicted),
        "expected": {
            "accuracy": finite(metrics.accuracy_score(target, predicted)),
            "macro_f1": finite(metrics.f1_score(target, predicted, average="macro", zero_division=0)),
        },
    }


def regression(name, target, predicted):
    target, predicted = np.asarray(target, float), np.asarray(predicted, float)
    return {
        "name": name,
        "task": "regression",
        "target": target.tolist(),
        "predicted": predicted.tolist(),
        "expected": {
            "mae": finite(metrics.mean_absolute_error(target, predicted)),
            "rmse": finite(metrics.root_mean_squared_error(target, predicted)),
            "r2": finite(metrics.r2_score(target, predicted)) if len(target) > 1 else None,
        },
    }


def binary_cases():
    yield binary("one positive example", [1], [0.7])
    yield binary("one negative example", [0], [0.7])
    yield binary("two examples", [0, 1], [0.2, 0.2])
    yield binary("only negatives, none predicted positive", [0, 0, 0], [0.1, 0.2, 0.3])
    yield binary("only positives", [1, 1, 1, 1], [0.9, 0.2, 0.5, 1.0])
    yield binary("none predicted positive", [0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4])
    yield binary("all scores equal", [0, 1, 0, 1, 1], [0.5] * 5)
    yield binary("perfect, with 0 and 1", [0, 1, 0, 1], [0.0, 1.0, 0.0, 1.0])
    yield binary("entirely wrong, with 0 and 1", [1, 0, 1, 0], [0.0, 1.0, 0.0, 1.0])
    yield binary("tiny probabilities", [0, 1, 0, 1], [1e-300, 1e-17, 1 - 1e-16, 1 - 2**-53])
    for n in (5, 20, 100, 400):
        target = (RANDOM.random(n) < 0.3).astype(int)
        target[0], target[1] = 0, 1
        score = np.clip(0.3 + 0.25 * target + 0.2 * RANDOM.standard_normal(n), 0, 1)
        yield binary(f"clipped normal, n={n}", target, score)
        yield binary(f"many ties, n={n}", target, np.round(score, 1))
    target = (RANDOM.random(300) < 0.02).astype(int)
    target[0] = 1
    yield binary("rare positives", target, RANDOM.random(300))


def multiclass_cases():
    yield multiclass("one example, right", ["a"], ["a"])
    yield multiclass("one example, wrong", ["a"], ["b"])
    yield multiclass("predicted label never true", ["a", "a", "b"], ["a", "c", "b"])
    yield multiclass("true label never predicted", ["a", "b", "c", "c"], ["a", "b", "a", "b"])
    yield multiclass("labels that sort as text", ["10", "9", "2", "10"], ["10", "2", "2", "9"])
    for n, k in ((10, 3), (200, 4), (400, 12)):
        labels = [f"class {i}" for i in range(k)]
        target = RANDOM.integers(0, k, n)
        predicted = np.where(RANDOM.random(n) < 0.7, target, RANDOM.integers(0, k, n))
        yield multiclass(f"{k} classes, n={n}", [labels[i] for i in target], [labels[i] for i in predicted])


def regression_cases():
    yield regression("one example", [2.0], [2.5])
    yield regression("two examples", [2.0, 3.0], [2.5, 2.0])
    yield regression("constant target, imperfect", [2, 2, 2], [2, 2, 2.1])
    yield regression("constant target, perfect", [2, 2, 2], [2, 2, 2])
    yield regression("perfect", [1, 2, 3], [1, 2, 3])
    yield regression("worse than the mean", [1, 2, 3], [3, 2, 1])
    yield regression("mixed signs", [3, -0.5, 2, 7, 4.2, 0, 1.5], [2.5, 0, 2, 8, 4, 0.3, 1.1])
    for n in (10, 300):
        target = RANDOM.normal(10, 3, n)
        yield regression(f"normal, n={n}", target, target + RANDOM.normal(0.2, 1, n))
        target = 1e6 + RANDOM.normal(0, 1, n)
        yield regression(f"large offset, n={n}", target, target + RANDOM.normal(0, 0.5, n))
    target = RANDOM.lognormal(0, 2, 200)
    yield regression("heavy tail", target, target * RANDOM.lognormal(0, 0.3, 200))


document = {
    "generated_with": {"scikit_learn": sklearn.__version__, "numpy": np.__version__},
    "cases": [*binary_cases(), *multiclass_cases(), *regression_cases()],
}
path = pathlib.Path(__file__).parent.parent / "data" / "metrics-cases.json"
path.write_text(json.dumps(document, indent=None, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
print(f"{len(document['cases'])} cases in {path}")
