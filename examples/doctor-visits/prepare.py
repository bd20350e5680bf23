"""Writes data/doctor-visits.csv from the table that statsmodels ships (`statsmodels.datasets.randhie`).

    python prepare.py data/doctor-visits.csv

The table has no ids. Its rows are person-years; those of a family stand together and share the terms of their
insurance, so a run of equal terms is taken for one family. Where two families with equal terms follow each other they
become one, which makes intervals by family a little too wide, never too narrow.
"""

import sys

import numpy as np
import pandas as pd
from statsmodels.datasets import randhie

TERMS = ["lncoins", "idp", "lpi", "fmde"]
VISIT_EDGES = [-1, 0, 2, 5, np.inf]
VISIT_CLASSES = ["none", "1-2", "3-5", "6+"]


def name_health(row: pd.DataFrame) -> np.ndarray:
    return np.select([row["hlthg"] == 1, row["hlthf"] == 1, row["hlthp"] == 1], ["good", "fair", "poor"], "excellent")


def name_limitation(values: pd.Series) -> np.ndarray:
    """Where the published table holds a fraction, the answer was missing and somebody filled in a mean."""
    return np.select([values == 0, values == 1], ["no", "yes"], "not stated")


def name_plan(table: pd.DataFrame) -> np.ndarray:
    return np.select([table["idp"] == 1, table["lncoins"] == 0], ["deductible", "free care"], "coinsurance")


def prepare() -> pd.DataFrame:
    table = randhie.load_pandas().data
    family = (table[TERMS] != table[TERMS].shift()).any(axis=1).cumsum()
    return pd.DataFrame(
        {
            "visit_id": [f"v{row:05d}" for row in range(1, len(table) + 1)],
            "family": [f"f{number:04d}" for number in family],
            "plan": name_plan(table),
            "coinsurance": np.expm1(table["lncoins"]).round().astype(int),
            "incentive": np.exp(table["lpi"]).round(2),
            "limitation": name_limitation(table["physlm"]),
            "chronic_diseases": table["disea"].round(3),
            "health": name_health(table),
            "visits": table["mdvis"].astype(int),
            "care": pd.cut(table["mdvis"], VISIT_EDGES, labels=VISIT_CLASSES).astype(str),
        }
    )


if __name__ == "__main__":
    prepare().to_csv(sys.argv[1], index=False, lineterminator="\n")
