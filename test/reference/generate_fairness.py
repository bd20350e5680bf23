"""Writes test/data/fairness-cases.json: decisions, what Fairlearn says of their groups, and what cleanlab says of labels.

    python -m venv node_modules/.cache/mlgate/fairness-reference
    node_modules/.cache/mlgate/fairness-reference/bin/pip install -r test/reference/requirements-fairness.txt
    node_modules/.cache/mlgate/fairness-reference/bin/python test/reference/generate_fairness.py

An undefined value is null. The cases cover two to six groups, groups of one example, groups without positives and
without negatives, and groups of which nobody is selected. Weights are whole numbers from 1 to 4.
"""

import json
import math
import pathlib
import warnings

import cleanlab
import fairlearn
import numpy as np
from cleanlab.count import compute_confident_joint, estimate_joint
from fairlearn import metrics as fair
from sklearn import metrics as skm

warnings.simplefilter("ignore")
RANDOM = np.random.default_rng(20251121)


def finite(value):
    value = float(value)
    return value if math.isfinite(value) else None


def undefined_without(metric, need):
    """The metric, or NaN where no example has what it is a share of: Fairlearn says 0 there."""

    def measure(y_true, y_pred, sample_weight=None):
        among = need(np.asarray(y_true), np.asarray(y_pred))
        return metric(y_true, y_pred, sample_weight=sample_weight) if among.any() else np.nan

    return measure


RATES = {
    "selection_rate": fair.selection_rate,
    "recall": undefined_without(fair.true_positive_rate, lambda t, p: t == 1),
    "false_positive_rate": undefined_without(fair.false_positive_rate, lambda t, p: t == 0),
    "precision": undefined_without(skm.precision_score, lambda t, p: p == 1),
    "accuracy": skm.accuracy_score,
}


def frame(target, predicted, groups, weights):
    params = None if weights is None else {name: {"sample_weight": weights} for name in RATES}
    return fair.MetricFrame(
        metrics=RATES, y_true=target, y_pred=predicted, sensitive_features=groups, sample_params=params
    )


def measure(target, predicted, groups, weights):
    table = frame(target, predicted, groups, weights)
    by_group = {
        group: {name: finite(table.by_group[name][group]) for name in RATES} for group in sorted(set(groups))
    }
    complete = [name for name in RATES if all(rates[name] is not None for rates in by_group.values())]
    difference, ratio = table.difference(method="between_groups"), table.ratio(method="between_groups")
    found = {
        "by_group": by_group,
        "difference": {name: finite(difference[name]) for name in complete},
        "ratio": {name: finite(ratio[name]) for name in complete},
    }
    if {"recall", "false_positive_rate"} <= set(complete):
        arguments = {"sensitive_features": groups, "sample_weight": weights}
        found["difference"]["equalised_odds"] = finite(
            fair.equalized_odds_difference(target, predicted, **arguments)
        )
        found["ratio"]["equalised_odds"] = finite(fair.equalized_odds_ratio(target, predicted, **arguments))
    return found


def case(name, target, predicted, groups, weights=None):
    target, predicted = np.asarray(target, int), np.asarray(predicted, int)
    return {
        "name": name,
        "target": target.tolist(),
        "predicted": predicted.tolist(),
        "groups": list(groups),
        **({} if weights is None else {"weights": np.asarray(weights, int).tolist()}),
        "expected": measure(target, predicted, np.asarray(groups), weights),
    }


def drawn(name, n, sizes, weighted=False):
    labels = [chr(97 + index) for index in range(len(sizes))]
    groups = RANDOM.choice(labels, n, p=np.asarray(sizes) / sum(sizes))
    target = RANDOM.integers(0, 2, n)
    predicted = np.where(RANDOM.random(n) < 0.7, target, 1 - target)
    weights = RANDOM.integers(1, 5, n) if weighted else None
    return case(name, target, predicted, groups.tolist(), weights)


FAIRNESS = [
    drawn("two groups", 80, [1, 1]),
    drawn("three groups", 150, [5, 3, 1]),
    drawn("six groups", 240, [6, 5, 4, 3, 2, 1]),
    drawn("two groups, weighted", 60, [1, 2], weighted=True),
    drawn("four groups, weighted", 200, [4, 3, 2, 1], weighted=True),
    case("a group of one", [1, 0, 1, 0, 1], [1, 0, 0, 1, 1], ["a", "a", "a", "a", "b"]),
    case("no positives in one", [1, 0, 1, 0, 0, 0], [1, 0, 1, 1, 0, 1], ["a", "a", "a", "b", "b", "b"]),
    case("no negatives in one", [1, 1, 1, 0, 1, 0], [1, 0, 1, 1, 0, 1], ["a", "a", "a", "b", "b", "b"]),
    case("nobody selected in one", [1, 0, 1, 0, 1, 0], [1, 0, 1, 0, 0, 0], ["a", "a", "a", "b", "b", "b"]),
]


def noisy(name, n, classes, share):
    truth = RANDOM.integers(0, classes, n)
    logits = RANDOM.normal(size=(n, classes)) + 3 * np.eye(classes)[truth]
    probabilities = np.round(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), 6)
    flipped = RANDOM.random(n) < share
    given = np.where(flipped, (truth + RANDOM.integers(1, max(2, classes), n)) % classes, truth)
    joint, suspects = compute_confident_joint(
        given, probabilities, calibrate=False, return_indices_of_off_diagonals=True
    )
    calibrated = compute_confident_joint(given, probabilities, calibrate=True)
    return {
        "name": name,
        "labels": given.tolist(),
        "probabilities": probabilities.tolist(),
        "expected": {
            "counts": joint.tolist(),
            "suspects": sorted(int(row) for row in suspects),
            "off_diagonal_share": finite(1 - np.trace(estimate_joint(given, probabilities, confident_joint=joint))),
            "calibrated_total": int(calibrated.sum()),
        },
    }


LABELS = [noisy("two classes", 120, 2, 0.1), noisy("four classes", 200, 4, 0.15), noisy("no noise", 60, 3, 0.0)]

OUTPUT = pathlib.Path(__file__).parent.parent / "data" / "fairness-cases.json"
OUTPUT.write_text(
    json.dumps(
        {
            "fairlearn": fairlearn.__version__,
            "cleanlab": cleanlab.__version__,
            "fairness": FAIRNESS,
            "labels": LABELS,
        }
    )
    + "\n"
)
