"""Writes test/data/aequitas-cases.json: what Aequitas says of the unweighted cases of test/data/fairness-cases.json.

    python -m venv node_modules/.cache/mlgate/aequitas-reference
    node_modules/.cache/mlgate/aequitas-reference/bin/pip install -r test/reference/requirements-aequitas.txt
    node_modules/.cache/mlgate/aequitas-reference/bin/python test/reference/generate_aequitas.py

An undefined value is null. Disparities are ratios to group `a`.
"""

import json
import math
import pathlib
from importlib.metadata import version

import pandas as pd
from aequitas.bias import Bias
from aequitas.group import Group

DATA = pathlib.Path(__file__).parent.parent / "data"
RATES = {
    "selection_rate": "pprev",
    "recall": "tpr",
    "false_positive_rate": "fpr",
    "precision": "precision",
    "accuracy": "accuracy",
}


def finite(value):
    value = float(value)
    return value if math.isfinite(value) else None


def measure(case):
    table = pd.DataFrame({"score": case["predicted"], "label_value": case["target"]})
    # Aequitas knows no other type of text.
    table["group"] = pd.Series(case["groups"], dtype=object)
    crosstab, _ = Group().get_crosstabs(table, attr_cols=["group"])
    disparities = Bias().get_disparity_predefined_groups(crosstab, table, {"group": "a"}, check_significance=False)
    return {
        "name": case["name"],
        "by_group": {
            row["attribute_value"]: {name: finite(row[column]) for name, column in RATES.items()}
            for _, row in crosstab.iterrows()
        },
        "disparity": {
            row["attribute_value"]: {
                name: finite(row[f"{column}_disparity"])
                for name, column in RATES.items()
                if f"{column}_disparity" in disparities
            }
            for _, row in disparities.iterrows()
        },
    }


CASES = json.loads((DATA / "fairness-cases.json").read_text())["fairness"]
(DATA / "aequitas-cases.json").write_text(
    json.dumps(
        {
            "aequitas": version("aequitas"),
            "cases": [measure(case) for case in CASES if "weights" not in case],
        }
    )
    + "\n"
)
