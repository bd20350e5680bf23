"""Prints the tables of README.md: the metrics of the committed states on the test set, and those of each phase of flight.

    python tabulate.py
"""

from pathlib import Path

import pandas as pd
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score

STATES = Path(__file__).parent / "states"
FEWEST_ROWS = 100  # smaller phases (taxi, parked) have no damage at all


def read_predictions(state: str) -> pd.DataFrame:
    return pd.read_parquet(STATES / state / "out" / "predictions.parquet")


def measure(rows: pd.DataFrame) -> dict[str, float]:
    truth, scores = rows["damaged"], rows["p_damaged"]
    return {
        "ROC AUC": roc_auc_score(truth, scores),
        "accuracy": accuracy_score(truth, scores >= 0.5),
        "log loss": log_loss(truth, scores),
        "Brier": brier_score_loss(truth, scores),
    }


def overall() -> str:
    figures = pd.DataFrame({state: measure(read_predictions(state)) for state in ("main", "candidate", "broken")})
    lines = ["| metric | main | candidate | broken |", "|---|---|---|---|"]
    lines += [f"| {name} | " + " | ".join(f"{value:.4f}" for value in row) + " |" for name, row in figures.iterrows()]
    return "\n".join(lines)


def by_phase() -> str:
    main, candidate = read_predictions("main"), read_predictions("candidate")
    lines = ["| phase | rows | damaged | accuracy | log loss | ROC AUC |", "|---|---|---|---|---|---|"]
    for phase, rows in main.groupby("phase_of_flight"):
        if len(rows) < FEWEST_ROWS:
            continue
        before, after = measure(rows), measure(candidate.loc[rows.index])
        changes = " | ".join(f"{before[name]:.3f} → {after[name]:.3f}" for name in ("accuracy", "log loss", "ROC AUC"))
        lines.append(f"| {phase} | {len(rows):,} | {rows['damaged'].sum()} | {changes} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(overall(), by_phase(), sep="\n\n")
