"""Writes test/data/metrics-cases.json: predictions of every task and what the reference programs say of them.

    python -m venv node_modules/.cache/mlgate/sklearn-reference
    node_modules/.cache/mlgate/sklearn-reference/bin/pip install -r test/reference/requirements.txt
    node_modules/.cache/mlgate/sklearn-reference/bin/python test/reference/generate_metrics.py

scikit-learn for classification, regression and quantiles, trec_eval (through pytrec_eval) and scikit-learn for ranking,
MAPIE for intervals, utilsforecast for forecasts, SciPy for correlations, statsmodels for recalibration. Where no program has a metric, its formula is
written out here in numpy, and `formula` in the name of the function says so.

An undefined value is null. The cases cover ties, one class only, probabilities of 0 and 1, tiny n, labels that only one
of target and prediction has, constant targets, large offsets, queries without a relevant item and quantiles that cross.

Weights are multiples of a quarter: the reference value with weights is that of the data in which each row stands four
times its weight often, so that no program's own idea of weights is needed. A weight of 0 is a row that is not there.
"""

import json
import math
import pathlib
import warnings
from importlib import metadata

import numpy as np
import pandas as pd
import pytrec_eval
import scipy
import scipy.stats
import scipy.optimize
import scipy.special
import sklearn
import statsmodels.api as statsmodels
import utilsforecast
import utilsforecast.losses
from mapie.metrics import regression as mapie
from sklearn import metrics

warnings.simplefilter("ignore")
RANDOM = np.random.default_rng(20250131)
NAN = float("nan")


def finite(value):
    value = float(value)
    return value if math.isfinite(value) else None


def defined(compute):
    """The value; undefined where the program refuses."""
    try:
        return finite(compute())
    except (ValueError, ZeroDivisionError):
        return None


def make(name, task, weights, expected, **columns):
    case = {"name": name, "task": task}
    if weights is not None:
        case["weights"] = np.asarray(weights, float).tolist()
    for key, column in columns.items():
        case[key] = column.tolist() if isinstance(column, np.ndarray) else column
    case["expected"] = {key: defined(compute) for key, compute in expected.items()}
    return case


def repeat(weights, *columns):
    """The columns with each row as often as four times its weight."""
    if weights is None:
        return columns
    times = np.rint(4 * np.asarray(weights, float)).astype(int)
    return tuple(None if column is None else np.repeat(np.asarray(column), times, axis=0) for column in columns)


def draw_weights(n):
    weights = RANDOM.integers(0, 13, n) / 4
    weights[: min(n, 3)] = 1
    return weights


# Binary classification


def at_threshold(score, threshold):
    return (score >= threshold).astype(int)


def share(above, below):
    return above / below if below else NAN


def counts(y, p):
    return np.sum((y == 1) & (p == 1)), np.sum((y == 0) & (p == 1)), np.sum((y == 1) & (p == 0)), np.sum((y == 0) & (p == 0))


def needs_both(compute):
    return lambda y, s: compute(y, s) if len(np.unique(y)) == 2 else NAN


def ks_statistic(y, s):
    fpr, tpr, _ = metrics.roc_curve(y, s, drop_intermediate=False)
    return np.max(tpr - fpr)


def precision_at_recall(y, s, least):
    if not y.any():
        return NAN
    precision, recall, _ = metrics.precision_recall_curve(y, s)
    return np.max(precision[recall >= least - 1e-12])


def recall_at_precision(y, s, least):
    if not y.any():
        return NAN
    precision, recall, _ = metrics.precision_recall_curve(y, s)
    return np.max(recall[precision >= least - 1e-12])


def recall_at_fpr(y, s, most):
    fpr, tpr, _ = metrics.roc_curve(y, s, drop_intermediate=False)
    return np.max(tpr[fpr <= most + 1e-12])


def formula_found_in_budget(y, s, budget):
    """Positives among the share of examples with the highest scores; equal scores share what is left of it."""
    room, found = budget * len(y), 0.0
    for score in np.unique(s)[::-1]:
        tied = s == score
        taken = min(1.0, room / tied.sum())
        found += taken * y[tied].sum()
        room -= taken * tied.sum()
        if room <= 1e-12:
            break
    return found


def formula_calibration_error(y, s, w):
    """Kumar, Liang, Ma (2019): root of the debiased squared error over bins of equal size; equal scores stay together.

    Bins are of rows, whatever they weigh; a bin's variance is that of a weighted mean of outcomes.
    """
    order = np.argsort(s, kind="stable")
    n = len(s)
    bins = max(1, min(15, n // 50))
    start, square = 0, 0.0
    for number in range(1, bins + 1):
        if start >= n:
            break
        end = max(start + 1, math.floor(number * n / bins + 0.5))
        while end < n and s[order[end]] == s[order[end - 1]]:
            end += 1
        rows = order[start:end]
        start = end
        weight = w[rows].sum()
        if weight == 0:
            continue
        outcome, score = np.average(y[rows], weights=w[rows]), np.average(s[rows], weights=w[rows])
        concentration = np.sum(w[rows] ** 2) / weight**2
        chance = outcome * (1 - outcome) * concentration / (1 - concentration) if concentration < 1 else 0.25
        square += weight / w.sum() * ((score - outcome) ** 2 - chance)
    return math.sqrt(max(0.0, square))


def recalibrate(y, s, slope):
    """Cox's slope by statsmodels, or the intercept with the slope held at 1; undefined where scores part the classes."""
    logit = scipy.special.logit(np.clip(s, 1e-15, 1 - 1e-15))
    below, above = logit[y == 0], logit[y == 1]
    if not (len(below) and len(above)) or below.max() <= above.min() or above.max() <= below.min():
        return NAN
    if slope:
        columns = np.column_stack([np.ones(len(y)), logit])
        model = statsmodels.GLM(y, columns, family=statsmodels.families.Binomial())
        return model.fit(tol=1e-14, maxiter=200, tol_criterion="params").params[1]
    # Newton's steps, which statsmodels takes, leave the plane of numbers from scores of 0 and 1: the score equation does not.
    excess = lambda intercept: np.sum(scipy.special.expit(logit + intercept) - y)
    return scipy.optimize.brentq(excess, -100, 100, xtol=1e-14, rtol=1e-14)


def binary_expected(y, s):
    p = at_threshold(s, 0.5)
    p3 = at_threshold(s, 0.3)
    tp, fp, fn, tn = counts(y, p)
    return {
        "accuracy": lambda: metrics.accuracy_score(y, p),
        "precision": lambda: metrics.precision_score(y, p, zero_division=np.nan),
        "recall": lambda: metrics.recall_score(y, p, zero_division=np.nan),
        "f1": lambda: metrics.f1_score(y, p, zero_division=np.nan),
        "roc_auc": lambda: needs_both(metrics.roc_auc_score)(y, s),
        "log_loss": lambda: metrics.log_loss(y, s, labels=[0, 1]),
        "brier": lambda: metrics.brier_score_loss(y, s, pos_label=1),
        "specificity": lambda: metrics.recall_score(y, p, pos_label=0, zero_division=np.nan),
        "npv": lambda: metrics.precision_score(y, p, pos_label=0, zero_division=np.nan),
        "false_positive_rate": lambda: share(fp, fp + tn),
        "false_negative_rate": lambda: share(fn, fn + tp),
        "balanced_accuracy": lambda: metrics.balanced_accuracy_score(y, p),
        "mcc": lambda: metrics.matthews_corrcoef(y, p),
        "kappa": lambda: metrics.cohen_kappa_score(y, p),
        "jaccard": lambda: metrics.jaccard_score(y, p) if tp + fp + fn else NAN,
        "selection_rate": lambda: np.mean(p),
        "f_beta@2": lambda: metrics.fbeta_score(y, p, beta=2, zero_division=np.nan),
        "f_beta@0.5": lambda: metrics.fbeta_score(y, p, beta=0.5, zero_division=np.nan),
        "f1@0.3": lambda: metrics.f1_score(y, p3, zero_division=np.nan),
        "precision@0.3": lambda: metrics.precision_score(y, p3, zero_division=np.nan),
        "recall@0.3": lambda: metrics.recall_score(y, p3, zero_division=np.nan),
        "average_precision": lambda: metrics.average_precision_score(y, s) if y.any() else NAN,
        "gini": lambda: needs_both(lambda a, b: 2 * metrics.roc_auc_score(a, b) - 1)(y, s),
        "ks_statistic": lambda: needs_both(ks_statistic)(y, s),
        "precision_at_recall@0.9": lambda: precision_at_recall(y, s, 0.9),
        "recall_at_precision@0.8": lambda: recall_at_precision(y, s, 0.8),
        "recall_at_fpr@0.1": lambda: needs_both(lambda a, b: recall_at_fpr(a, b, 0.1))(y, s),
        "precision_at_budget@0.1": lambda: formula_found_in_budget(y, s, 0.1) / (0.1 * len(y)),
        "recall_at_budget@0.1": lambda: share(formula_found_in_budget(y, s, 0.1), y.sum()),
    }


def binary(name, target, score, weights=None, without=()):
    target, score = np.asarray(target, int), np.asarray(score, float)
    y, s = repeat(weights, target, score)
    own = np.ones(len(target)) if weights is None else np.asarray(weights, float)
    expected = binary_expected(y, s) | {
        "ece": lambda: formula_calibration_error(target, score, own),
        "calibration_slope": lambda: recalibrate(y, s, True),
        "calibration_intercept": lambda: recalibrate(y, s, False),
    }
    expected = {key: compute for key, compute in expected.items() if key not in without}
    return make(name, "binary-classification", weights, expected, target=target, score=score)


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
    # Two sure and wrong scores at the ends of what the logit is cut to: the likelihood is flat to the last digit.
    flat = ("calibration_slope", "calibration_intercept")
    yield binary("tiny probabilities", [0, 1, 0, 1], [1e-300, 1e-17, 1 - 1e-16, 1 - 2**-53], without=flat)
    for n in (5, 20, 100, 400):
        target = (RANDOM.random(n) < 0.3).astype(int)
        target[0], target[1] = 0, 1
        score = np.clip(0.3 + 0.25 * target + 0.2 * RANDOM.standard_normal(n), 0, 1)
        yield binary(f"clipped normal, n={n}", target, score)
        yield binary(f"many ties, n={n}", target, np.round(score, 1))
        yield binary(f"weights, n={n}", target, score, draw_weights(n))
        yield binary(f"weights and ties, n={n}", target, np.round(score, 1), draw_weights(n))
    target = (RANDOM.random(300) < 0.02).astype(int)
    target[0] = 1
    score = RANDOM.random(300)
    yield binary("rare positives", target, score)
    weights = draw_weights(300)
    weights[target == 1] = 0
    yield binary("positives without weight", target, score, weights)


# Multiclass classification


def clipped_log_loss(y, scores):
    """scikit-learn clips at the eps of float64."""
    return metrics.log_loss(y, scores, labels=np.arange(scores.shape[1]))


def has_all(y, scores):
    return len(np.unique(y)) == scores.shape[1]


def area(y, scores, kind, average):
    if scores.shape[1] == 2 or not has_all(y, scores):
        return NAN
    return metrics.roc_auc_score(y, scores, multi_class=kind, average=average, labels=np.arange(scores.shape[1]))


def multiclass_expected(y, p, labels, codes, scores):
    averaged = lambda score, average: lambda: score(y, p, average=average, zero_division=0)
    expected = {
        "accuracy": lambda: metrics.accuracy_score(y, p),
        "macro_f1": averaged(metrics.f1_score, "macro"),
        "balanced_accuracy": lambda: metrics.balanced_accuracy_score(y, p),
        "micro_f1": averaged(metrics.f1_score, "micro"),
        "weighted_f1": averaged(metrics.f1_score, "weighted"),
        "macro_precision": averaged(metrics.precision_score, "macro"),
        "macro_recall": averaged(metrics.recall_score, "macro"),
        "weighted_precision": averaged(metrics.precision_score, "weighted"),
        "weighted_recall": averaged(metrics.recall_score, "weighted"),
        "macro_jaccard": averaged(metrics.jaccard_score, "macro"),
        "mcc": lambda: metrics.matthews_corrcoef(y, p),
        "kappa": lambda: metrics.cohen_kappa_score(y, p),
        "quadratic_kappa": lambda: metrics.cohen_kappa_score(y, p, weights="quadratic", labels=labels),
    }
    if scores is None:
        return expected
    truth = np.eye(len(labels))[codes]
    return expected | {
        "log_loss": lambda: clipped_log_loss(codes, scores),
        "brier": lambda: np.mean(np.sum((scores - truth) ** 2, axis=1)),
        "top_k_accuracy@1": lambda: metrics.top_k_accuracy_score(codes, scores, k=1, labels=np.arange(len(labels))),
        "top_k_accuracy@2": lambda: metrics.top_k_accuracy_score(codes, scores, k=2, labels=np.arange(len(labels))),
        "top_k_accuracy@5": lambda: metrics.top_k_accuracy_score(codes, scores, k=5, labels=np.arange(len(labels))),
        "roc_auc_ovr": lambda: area(codes, scores, "ovr", "macro"),
        "roc_auc_ovo": lambda: area(codes, scores, "ovo", "macro"),
        "roc_auc_ovr_weighted": lambda: area(codes, scores, "ovr", "weighted"),
        "roc_auc_ovo_weighted": lambda: area(codes, scores, "ovo", "weighted"),
    }


def multiclass(name, target, predicted, weights=None, scores=None, unseen=()):
    """Scores have a column for each label of target and prediction, and for those that are in neither, sorted."""
    target, predicted = np.asarray(target, str), np.asarray(predicted, str)
    labels = sorted(set(target.tolist()) | set(predicted.tolist()) | set(unseen))
    codes = np.array([labels.index(label) for label in target])
    y, p, c, s = repeat(weights, target, predicted, codes, scores)
    columns = {} if scores is None else {"scores": np.asarray(scores), "labels": labels}
    expected = multiclass_expected(y, p, labels, c, s)
    if scores is not None:
        said = np.array([labels.index(label) for label in predicted])
        confidence = np.minimum(1, np.asarray(scores)[np.arange(len(said)), said])
        own = np.ones(len(target)) if weights is None else np.asarray(weights, float)
        expected["ece"] = lambda: formula_calibration_error((target == predicted).astype(float), confidence, own)
    return make(
        name,
        "multiclass-classification",
        weights,
        expected,
        target=target.tolist(),
        predicted=predicted.tolist(),
        **columns,
    )


def multiclass_cases():
    yield multiclass("one example, right", ["a"], ["a"])
    yield multiclass("one example, wrong", ["a"], ["b"])
    yield multiclass("predicted label never true", ["a", "a", "b"], ["a", "c", "b"])
    yield multiclass("true label never predicted", ["a", "b", "c", "c"], ["a", "b", "a", "b"])
    yield multiclass("labels that sort as text", ["10", "9", "2", "10"], ["10", "2", "2", "9"])
    for n, k in ((10, 3), (200, 4), (400, 12)):
        labels = [f"class {i:02}" for i in range(k)]
        target = RANDOM.integers(0, k, n)
        predicted = np.where(RANDOM.random(n) < 0.7, target, RANDOM.integers(0, k, n))
        named = [labels[i] for i in target], [labels[i] for i in predicted]
        yield multiclass(f"{k} classes, n={n}", *named)
        yield multiclass(f"{k} classes with weights, n={n}", *named, draw_weights(n))
    for n, k in ((12, 3), (60, 4), (80, 7)):
        labels = [f"class {i:02}" for i in range(k)]
        target = np.concatenate([np.arange(k), RANDOM.integers(0, k, n - k)])
        for what, places in (("", 12), (", ties", 1)):
            logits = RANDOM.standard_normal((n, k)) + 1.5 * np.eye(k)[target]
            scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
            if places == 1:
                scores = np.round(scores * 4) / 4
                scores[:, -1] = np.clip(1 - scores[:, :-1].sum(axis=1), 0, 1)
                scores = scores / scores.sum(axis=1, keepdims=True)
            predicted = scores.argmax(axis=1)
            predicted[:k] = np.arange(k)
            named = [labels[i] for i in target], [labels[i] for i in predicted]
            yield multiclass(f"{k} classes with scores{what}, n={n}", *named, scores=scores)
            yield multiclass(f"{k} classes with scores and weights{what}, n={n}", *named, draw_weights(n), scores)
    sure = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0.0]])
    yield multiclass("probabilities of 0 and 1", ["a", "b", "c", "b"], ["a", "b", "c", "a"], scores=sure)
    four = np.array([[0.4, 0.3, 0.1, 0.2], [0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.25, 0.25], [0.1, 0.7, 0.1, 0.1]])
    said = ["a", "d", "a", "b"]
    yield multiclass("a label that has scores only", ["a", "b", "d", "b"], said, scores=four, unseen=["c"])
    yield multiclass("a label that has scores only, weights", ["a", "b", "d", "b"], said, [1, 0.5, 2, 3], four, ["c"])
    yield multiclass("a class that is never true", ["a", "b", "a"], ["a", "c", "b"], scores=np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.2, 0.6, 0.2]]))


# Several labels


def multilabel_expected(y, p, s):
    expected = {
        "subset_accuracy": lambda: metrics.accuracy_score(y, p),
        "hamming_loss": lambda: metrics.hamming_loss(y, p),
    }
    scores = {"f1": metrics.f1_score, "precision": metrics.precision_score, "recall": metrics.recall_score, "jaccard": metrics.jaccard_score}
    above_and_below = {
        "f1": np.sum(y) + np.sum(p),
        "precision": np.sum(p),
        "recall": np.sum(y),
        "jaccard": np.sum(y | p),
    }
    for key, score in scores.items():
        for average in ("micro", "macro", "weighted", "samples"):
            def compute(score=score, average=average, key=key):
                if average == "micro" and above_and_below[key] == 0:
                    return NAN
                return score(y, p, average=average, zero_division=0)
            expected[f"{average}_{key}"] = compute
    one_kind = any(len(np.unique(column)) < 2 for column in y.T)
    return expected | {
        "label_ranking_average_precision": lambda: metrics.label_ranking_average_precision_score(y, s),
        "coverage_error": lambda: metrics.coverage_error(y, s),
        "label_ranking_loss": lambda: metrics.label_ranking_loss(y, s),
        "macro_roc_auc": lambda: NAN if one_kind else metrics.roc_auc_score(y, s, average="macro"),
    }


def multilabel(name, target, score, weights=None):
    target, score = np.asarray(target, int), np.asarray(score, float)
    y, s = repeat(weights, target, score)
    expected = multilabel_expected(y, (s >= 0.5).astype(int), s)
    return make(name, "multilabel-classification", weights, expected, target=target, score=score)


def multilabel_cases():
    yield multilabel("one example", [[1, 0, 1]], [[0.9, 0.2, 0.4]])
    yield multilabel("nothing true, nothing said", [[0, 0], [0, 0]], [[0.1, 0.2], [0.3, 0.4]])
    yield multilabel("everything true", [[1, 1], [1, 1]], [[0.9, 0.2], [0.5, 0.5]])
    yield multilabel("a label that never occurs", [[1, 0, 0], [0, 0, 1], [1, 0, 1]], [[0.9, 0.1, 0.2], [0.4, 0.1, 0.8], [0.7, 0.3, 0.2]])
    yield multilabel("scores of 0 and 1", [[1, 0, 1], [0, 1, 0], [1, 1, 0]], [[1, 0, 1], [0, 0, 1], [1, 1, 0]])
    for n, k in ((8, 3), (60, 5), (150, 6)):
        target = (RANDOM.random((n, k)) < np.linspace(0.1, 0.6, k)).astype(int)
        target[0], target[1], target[2], target[3] = 0, 1, 0, np.arange(k) % 2
        score = np.clip(0.25 + 0.4 * target + 0.25 * RANDOM.standard_normal((n, k)), 0, 1)
        yield multilabel(f"{k} labels, n={n}", target, score)
        yield multilabel(f"{k} labels, ties, n={n}", target, np.round(score, 1))
        yield multilabel(f"{k} labels, weights, n={n}", target, score, draw_weights(n))
        yield multilabel(f"{k} labels, weights and ties, n={n}", target, np.round(score, 1), draw_weights(n))


# Regression


def regression_expected(y, p):
    spread = np.ptp(y) > 0 and np.ptp(p) > 0
    sizes = np.abs(y) + np.abs(p)
    several = len(y) > 1
    return {
        "mae": lambda: metrics.mean_absolute_error(y, p),
        "rmse": lambda: metrics.root_mean_squared_error(y, p),
        "r2": lambda: metrics.r2_score(y, p) if several else NAN,
        "mse": lambda: metrics.mean_squared_error(y, p),
        "median_absolute_error": lambda: metrics.median_absolute_error(y, p),
        "mape": lambda: metrics.mean_absolute_percentage_error(y, p),
        "smape": lambda: np.mean(np.divide(2 * np.abs(y - p), sizes, out=np.zeros(len(y)), where=sizes > 0)),
        "max_error": lambda: metrics.max_error(y, p),
        "explained_variance": lambda: metrics.explained_variance_score(y, p),
        "msle": lambda: metrics.mean_squared_log_error(y, p),
        "rmsle": lambda: metrics.root_mean_squared_log_error(y, p),
        "poisson_deviance": lambda: metrics.mean_poisson_deviance(y, p),
        "gamma_deviance": lambda: metrics.mean_gamma_deviance(y, p),
        "tweedie_deviance@1.5": lambda: metrics.mean_tweedie_deviance(y, p, power=1.5),
        "mean_error": lambda: np.mean(p - y),
        "pearson": lambda: scipy.stats.pearsonr(y, p).statistic if spread else NAN,
        "spearman": lambda: scipy.stats.spearmanr(y, p).statistic if spread else NAN,
        "pinball@0.9": lambda: metrics.mean_pinball_loss(y, p, alpha=0.9),
    }


def regression(name, target, predicted, weights=None):
    target, predicted = np.asarray(target, float), np.asarray(predicted, float)
    expected = regression_expected(*repeat(weights, target, predicted))
    return make(name, "regression", weights, expected, target=target, predicted=predicted)


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
        predicted = target + RANDOM.normal(0.2, 1, n)
        yield regression(f"normal, n={n}", target, predicted)
        yield regression(f"normal with weights, n={n}", target, predicted, draw_weights(n))
        yield regression(f"ties with weights, n={n}", np.round(target), np.round(predicted), draw_weights(n))
        target = 1e6 + RANDOM.normal(0, 1, n)
        yield regression(f"large offset, n={n}", target, target + RANDOM.normal(0, 0.5, n))
    target = RANDOM.lognormal(0, 2, 200)
    predicted = target * RANDOM.lognormal(0, 0.3, 200)
    yield regression("heavy tail", target, predicted)
    yield regression("heavy tail with weights", target, predicted, draw_weights(200))


# Quantiles


def formula_interval_score(y, ends, nominal):
    """As MAPIE has it, which puts quantiles that cross into order first: here they stay as they are."""
    low, high = ends[:, 0, 0], ends[:, 1, 0]
    missed = np.maximum(0, low - y) + np.maximum(0, y - high)
    score = np.mean(high - low + 2 / (1 - nominal) * missed)
    if np.all(low <= high):
        assert abs(score - mapie.regression_mwi_score(y, ends, nominal)) < 1e-12
    return score


def interval_expected(y, levels, q):
    """Coverage, width and score of the intervals that these levels make, by their nominal coverage."""
    expected = {}
    for nominal in (0.5, 0.8, 0.9):
        low, high = round((1 - nominal) / 2, 9), round((1 + nominal) / 2, 9)
        if low not in levels or high not in levels:
            continue
        ends = np.stack([q[levels.index(low)], q[levels.index(high)]], axis=1)[:, :, None]
        expected |= {
            f"coverage@{nominal}": lambda ends=ends: mapie.regression_coverage_score(y, ends)[0],
            f"interval_width@{nominal}": lambda ends=ends: np.mean(ends[:, 1, 0] - ends[:, 0, 0]),
            f"interval_score@{nominal}": lambda ends=ends, nominal=nominal: formula_interval_score(y, ends, nominal),
        }
    return expected


def quantile_expected(y, levels, q):
    losses = {level: lambda level=level, column=column: metrics.mean_pinball_loss(y, column, alpha=level) for level, column in zip(levels, q)}
    crossing = np.any(np.diff(np.stack(q), axis=0) < 0, axis=0)
    return interval_expected(y, levels, q) | {
        "pinball": lambda: np.mean([loss() for loss in losses.values()]),
        **{f"pinball@{level}": loss for level, loss in losses.items()},
        "quantile_crossing": lambda: np.mean(crossing),
    }


LEVELS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]


def draw_quantiles(n, crossing=0.0):
    centre = RANDOM.normal(10, 3, n)
    target = centre + RANDOM.standard_normal(n)
    columns = [centre + scipy.stats.norm.ppf(level) * 0.8 + crossing * RANDOM.standard_normal(n) for level in LEVELS]
    return target, columns


def quantile(name, target, levels, columns, weights=None):
    target, columns = np.asarray(target, float), [np.asarray(column, float) for column in columns]
    y, *q = repeat(weights, target, *columns)
    expected = quantile_expected(y, levels, q)
    return make(name, "quantile-regression", weights, expected, target=target, levels=levels, quantiles=[column.tolist() for column in columns])


def quantile_cases():
    three = [0.1, 0.5, 0.9]
    yield quantile("one example", [2.0], three, [[1.0], [2.5], [3.0]])
    yield quantile("targets at the ends", [1.0, 3.0, 2.0], three, [[1, 1, 2], [2, 2, 2], [3, 3, 2]])
    yield quantile("the interval is on one side", [1.0, 5.0], three, [[2, 2], [3, 3], [4, 4]])
    yield quantile("quantiles that cross", [1.0, 2.0, 3.0], three, [[2, 1, 4], [1, 2, 3], [3, 3, 2]])
    for n in (20, 150):
        for what, crossing in (("", 0.0), (", some cross", 0.3)):
            target, columns = draw_quantiles(n, crossing)
            yield quantile(f"seven levels{what}, n={n}", target, LEVELS, columns)
            yield quantile(f"seven levels, weights{what}, n={n}", target, LEVELS, columns, draw_weights(n))


# Ranking


def item_name(place):
    return f"i{place:04}"


def by_trec(queries, measures, cut=None):
    """A measure of each query. With a cut, only what stands on top of the run is judged against all that is relevant."""
    judged, run = {}, {}
    for at, (relevance, score) in enumerate(queries):
        key = f"q{at:04}"
        judged[key] = {item_name(i): int(value) for i, value in enumerate(relevance)}
        ranked = sorted(range(len(score)), key=lambda i: (-np.float32(score[i]), -i))[:cut]
        run[key] = {item_name(i): float(score[i]) for i in ranked}
    found = pytrec_eval.RelevanceEvaluator(judged, measures).evaluate(run)
    return [found[key] for key in sorted(judged)]


def gain(relevance, score, top):
    if len(relevance) < 2:
        return 1.0 if max(relevance) > 0 else 0.0
    return metrics.ndcg_score([relevance], [score], k=top)


def ranking_expected(queries, weights):
    average = lambda values: np.average(values, weights=weights)
    expected = {
        "ndcg": lambda: average([gain(r, s, None) for r, s in queries]),
        "map": lambda: average([row["map"] for row in by_trec(queries, {"map"})]),
        "mrr": lambda: average([row["recip_rank"] for row in by_trec(queries, {"recip_rank"})]),
    }
    for top in (1, 3, 10):
        expected |= {
            f"ndcg@{top}": lambda top=top: average([gain(r, s, top) for r, s in queries]),
            f"mrr@{top}": lambda top=top: average([row["recip_rank"] for row in by_trec(queries, {"recip_rank"}, top)]),
        }
        for name, measure in (("map", "map_cut"), ("recall", "recall"), ("precision", "P"), ("hit_rate", "success")):
            expected[f"{name}@{top}"] = lambda measure=measure, top=top: average(
                [row[f"{measure}_{top}"] for row in by_trec(queries, {f"{measure}.{top}"})]
            )
    return expected


def ranking(name, queries, weights=None):
    return make(name, "ranking", weights, ranking_expected(queries, weights), queries=[[list(map(float, r)), list(map(float, s))] for r, s in queries])


def ranking_cases():
    yield ranking("one query", [([0, 2, 1], [0.5, 0.25, 0.75])])
    yield ranking("no relevant item in one of two", [([0, 0], [1, 2]), ([1, 0], [1, 2])])
    yield ranking("no relevant item at all", [([0, 0, 0], [1, 2, 3])])
    yield ranking("one item in each query", [([1], [0.5]), ([0], [0.5])])
    yield ranking("all scores equal", [([0, 1, 0, 3], [1, 1, 1, 1]), ([1, 0, 0], [2, 2, 2])])
    yield ranking("all relevant", [([1, 1, 1], [3, 1, 2])])
    for queries in (6, 40):
        for what, places in (("", 6), (", ties", 1)):
            drawn = []
            for _ in range(queries):
                n = int(RANDOM.integers(2, 25))
                relevance = np.where(RANDOM.random(n) < 0.3, RANDOM.integers(1, 4, n), 0)
                drawn.append((relevance.tolist(), np.round(RANDOM.random(n) + 0.2 * relevance, places).tolist()))
            yield ranking(f"{queries} queries{what}", drawn)
            yield ranking(f"{queries} queries, weights{what}", drawn, draw_weights(queries))


# Forecasts

SEASON = 1


def draw_series(count, horizon, training=30):
    """Series with the forecasts of their last part, and the error of the naive forecast on the first."""
    parts = []
    for number in range(count):
        values = np.cumsum(RANDOM.normal(0, 1, training + horizon)) + 20 + number
        forecast = values[training:] + RANDOM.normal(0.1, 0.8, horizon)
        parts.append({"train": values[:training], "target": values[training:], "predicted": forecast})
    return parts


def mase_by_utilsforecast(parts):
    """Mean over series of equal length of what utilsforecast says of each."""
    frame = lambda key, extra: pd.concat(
        pd.DataFrame({"unique_id": number, "ds": np.arange(len(part[key])) + extra, "y": part[key], **({"model": part["predicted"]} if key == "target" else {})})
        for number, part in enumerate(parts)
    )
    found = utilsforecast.losses.mase(frame("target", 1000), models=["model"], seasonality=SEASON, train_df=frame("train", 0))
    return found["model"].mean()


def forecasting_expected(y, p, scale, levels, q):
    points = {} if p is None else {
        "wape": lambda: share(np.sum(np.abs(p - y)), np.sum(np.abs(y))),
        **{key: compute for key, compute in regression_expected(y, p).items() if key in OF_POINTS},
    }
    scaled = {} if scale is None or p is None else {"mase": lambda: np.mean(np.abs(p - y) / scale)}
    return points | scaled | ({} if not levels else quantile_expected(y, levels, q))


OF_POINTS = ("mae", "rmse", "mse", "mape", "smape", "median_absolute_error", "mean_error")


def forecasting(name, parts, weights=None, levels=(), quantiles=()):
    target, predicted = (np.concatenate([part[key] for part in parts]) for key in ("target", "predicted"))
    scale = np.concatenate([np.full(len(part["target"]), np.mean(np.abs(np.diff(part["train"], SEASON)))) for part in parts])
    y, p, c, *q = repeat(weights, target, predicted, scale, *quantiles)
    expected = forecasting_expected(y, p, c, list(levels), q)
    if weights is None:
        own = expected["mase"]()
        assert abs(own - mase_by_utilsforecast(parts)) < 1e-12, name
        one = pd.DataFrame({"unique_id": 0, "ds": np.arange(len(y)), "y": y, "model": p})
        assert abs(expected["wape"]() - utilsforecast.losses.wape(one, models=["model"])["model"][0]) < 1e-12, name
        assert abs(expected["smape"]() - 2 * utilsforecast.losses.smape(one, models=["model"])["model"][0]) < 1e-12, name
    return make(name, "forecasting", weights, expected, target=target, predicted=predicted, scale=scale, levels=list(levels), quantiles=[np.asarray(column).tolist() for column in quantiles])


def forecasting_cases():
    for count, horizon in ((1, 6), (5, 8), (12, 10)):
        parts = draw_series(count, horizon)
        n = count * horizon
        predicted = np.concatenate([part["predicted"] for part in parts])
        quantiles = [predicted + scipy.stats.norm.ppf(level) for level in LEVELS]
        yield forecasting(f"{count} series of {horizon}", parts)
        yield forecasting(f"{count} series of {horizon}, quantiles", parts, None, LEVELS, quantiles)
        yield forecasting(f"{count} series of {horizon}, weights", parts, draw_weights(n), LEVELS, quantiles)
    flat = {"train": np.array([1.0, 2.0, 4.0]), "target": np.array([0.0, 0.0, 5.0]), "predicted": np.array([0.0, 1.0, 4.0])}
    yield forecasting("targets of 0", [flat])


# Grades


def graded(name, grades, weights=None):
    columns = {key: np.asarray(column, float) for key, column in grades.items()}
    repeated = repeat(weights, *columns.values())
    expected = {key: lambda column=column: np.average(column) for key, column in zip(columns, repeated)}
    return make(name, "graded", weights, expected, grades={key: column.tolist() for key, column in columns.items()})


def graded_cases():
    yield graded("one example", {"helpful": [0.25], "passed": [1]})
    for n in (12, 200):
        grades = {"helpful": RANDOM.random(n), "passed": (RANDOM.random(n) < 0.8).astype(int), "stars": RANDOM.integers(1, 6, n)}
        yield graded(f"three grades, n={n}", grades)
        yield graded(f"three grades, weights, n={n}", grades, draw_weights(n))


cases = [
    *binary_cases(),
    *multiclass_cases(),
    *multilabel_cases(),
    *regression_cases(),
    *quantile_cases(),
    *ranking_cases(),
    *forecasting_cases(),
    *graded_cases(),
]
programs = {
    "scikit_learn": sklearn.__version__,
    "numpy": np.__version__,
    "scipy": scipy.__version__,
    **{name: metadata.version(name) for name in ("pytrec_eval-terrier", "mapie", "utilsforecast", "statsmodels")},
}
path = pathlib.Path(__file__).parent.parent / "data" / "metrics-cases.json"
text = json.dumps({"generated_with": programs, "cases": cases}, separators=(",", ":"), allow_nan=False)
path.write_text(text.replace('{"name"', '\n{"name"') + "\n")
print(f"{len(cases)} cases, {path.stat().st_size / 1e6:.2f} MB, in {path}")
