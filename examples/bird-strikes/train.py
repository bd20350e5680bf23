"""Trains a classifier that says whether a bird strike damaged the aircraft, and writes what a gate needs to judge it.

    python train.py --variant candidate --into .

writes under the folder given by --into:

    models/strike-damage.onnx             the model, as it would ship
    out/predictions.parquet               one row for each strike of the test set: id, truth, score, columns to slice by
    out/predictions.parquet.mlgate.json   which model made these predictions (also in the Parquet file's own metadata)
    out/metrics.json                      numbers about the training

The strikes are split by date: the model learns from the first 70 % and is tested on the last 30 %. The scores come
from the ONNX file that was just written, not from the scikit-learn object, so what was tested is what would ship.
Nothing depends on the clock or on chance: the same versions on the same kind of machine give the same bytes.
"""

import argparse
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = Path(__file__).parent
MODEL_NAME = "strike-damage"
SEED = 20020725
TRAINING_SHARE = 0.7
VALIDATION_SHARE = 0.2  # the last fifth of the training rows, for `val_loss`
ONNX_OPSET = 18
CONVERSION_TOLERANCE = 1e-5  # 32-bit arithmetic against 64-bit

COLUMNS = {
    "strike_id": "strike_id",
    "Effect Amount of damage": "effect",
    "Flight Date": "flight_date",
    "Aircraft Make Model": "aircraft",
    "Aircraft Airline Operator": "operator",
    "Origin State": "origin_state",
    "Phase of flight": "phase_of_flight",
    "Wildlife Size": "wildlife_size",
    "Wildlife Species": "wildlife_species",
    "Time of day": "time_of_day",
    "Speed IAS in knots": "speed_knots",
}
SLICE_COLUMNS = ["phase_of_flight", "wildlife_size", "time_of_day", "origin_state", "operator", "flight_date"]


def one_hot_encode(training: pd.DataFrame, test: pd.DataFrame, _: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Categories stay text: the pipeline's own encoder, which goes into the ONNX file, turns them into numbers."""
    return training, test


def encode_by_appearance(
    training: pd.DataFrame, test: pd.DataFrame, categories: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The mistake of the variant `broken`: numbers in the order of appearance, counted afresh in each split."""

    def encode(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{name: pd.factorize(frame[name])[0].astype(np.float64) for name in categories})

    return encode(training), encode(test)


def small_forest() -> RandomForestClassifier:
    return RandomForestClassifier(n_estimators=40, max_depth=7, min_samples_leaf=3, max_features=0.3, random_state=SEED)


def logistic_regression() -> LogisticRegression:
    return LogisticRegression(max_iter=3000)


def fill_gaps() -> SimpleImputer:
    """Enough for trees. Scaled numbers would fall on the other side of a split once in a while in 32 bits."""
    return SimpleImputer(strategy="median")


def fill_gaps_and_scale() -> Pipeline:
    return make_pipeline(SimpleImputer(strategy="median"), StandardScaler())


@dataclass(frozen=True)
class Variant:
    """A way to train: which columns it sees, how they become numbers, and what learns from them."""

    categories: list[str]
    numbers: list[str]
    prepare_numbers: Callable[[], SimpleImputer | Pipeline]
    classifier: Callable[[], RandomForestClassifier | LogisticRegression]
    encode: Callable[[pd.DataFrame, pd.DataFrame, list[str]], tuple[pd.DataFrame, pd.DataFrame]] = one_hot_encode


MAIN_CATEGORIES = ["wildlife_size", "phase_of_flight", "aircraft", "time_of_day"]

VARIANTS = {
    # What main has: a forest.
    "main": Variant(MAIN_CATEGORIES, ["speed_knots"], fill_gaps, small_forest),
    # The change under review: a logistic regression, which can afford two more columns of many categories.
    "candidate": Variant(
        ["wildlife_size", "phase_of_flight", "operator", "aircraft", "wildlife_species", "origin_state"],
        ["speed_knots"],
        fill_gaps_and_scale,
        logistic_regression,
    ),
    # A careless tidying of main: the encoding moved out of the pipeline, into a helper called once for each split.
    "broken": Variant(MAIN_CATEGORIES, ["speed_knots"], fill_gaps, small_forest, encode_by_appearance),
}


def read_strikes(path: Path) -> pd.DataFrame:
    """The strikes in the order of their dates, with the label `damaged` (1 or 0).

    `None` in this table is a word that means "no damage". pandas would read it as a missing value, so its own list
    of such words is off, and only an empty speed (strikes without a recorded speed) is missing.
    """
    strikes = pd.read_csv(
        path,
        usecols=list(COLUMNS),
        dtype={name: "float64" if name.startswith("Speed") else "str" for name in COLUMNS},
        keep_default_na=False,
        na_values={"Speed IAS in knots": [""]},
    ).rename(columns=COLUMNS)
    strikes["damaged"] = (strikes["effect"] != "None").astype(np.int8)
    return strikes.sort_values("flight_date", kind="stable", ignore_index=True)


def split_by_date(strikes: pd.DataFrame, share: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The earliest `share` of the rows, and the rest."""
    cut = round(len(strikes) * share)
    return strikes.iloc[:cut], strikes.iloc[cut:]


def build_pipeline(variant: Variant) -> Pipeline:
    if variant.encode is one_hot_encode:
        categories = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    else:
        categories = "passthrough"
    columns = ColumnTransformer(
        [("categories", categories, variant.categories), ("numbers", variant.prepare_numbers(), variant.numbers)]
    )
    return make_pipeline(columns, variant.classifier())


def convert_to_onnx(model: Pipeline, features: pd.DataFrame) -> bytes:
    """One input of shape (rows, 1) for each feature column; the output `probabilities` has shape (rows, 2)."""
    inputs = [
        (name, (FloatTensorType if kind == np.float64 else StringTensorType)([None, 1]))
        for name, kind in features.dtypes.items()
    ]
    options = {id(model): {"zipmap": False}}
    onnx = to_onnx(model, initial_types=inputs, options=options, target_opset=ONNX_OPSET, name=MODEL_NAME)
    onnx.opset_import.sort(key=lambda opset: opset.domain)  # comes out of a set, so in an order that changes
    return onnx.SerializeToString(deterministic=True)


def score_with_onnx(onnx: bytes, features: pd.DataFrame) -> np.ndarray:
    """The probability of damage for each row, as the ONNX model gives it (32-bit), widened to 64 bits."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # sums over trees in one order
    session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
    columns = {
        name: column.to_numpy(np.float32 if column.dtype == np.float64 else object).reshape(-1, 1)
        for name, column in features.items()
    }
    (probabilities,) = session.run(["probabilities"], columns)
    return probabilities[:, 1].astype(np.float64)


def fit(variant: Variant, training: pd.DataFrame, test: pd.DataFrame) -> tuple[bytes, np.ndarray, np.ndarray]:
    """Trains on the first frame; returns the ONNX model and its scores of both frames."""
    names = variant.categories + variant.numbers
    seen, unseen = variant.encode(training, test, variant.categories)
    model = build_pipeline(variant).fit(seen[names], training["damaged"])
    onnx = convert_to_onnx(model, seen[names])
    scores = score_with_onnx(onnx, unseen[names])
    difference = np.abs(scores - model.predict_proba(unseen[names])[:, 1]).max()
    if difference > CONVERSION_TOLERANCE:
        raise RuntimeError(f"the ONNX model differs from the one that was trained: by {difference:.2g} in a score")
    return onnx, score_with_onnx(onnx, seen[names]), scores


def measure(truth: pd.Series, scores: np.ndarray, suffix: str) -> dict[str, float]:
    figures = {
        "log_loss": log_loss(truth, scores),
        "roc_auc": roc_auc_score(truth, scores),
        "accuracy": accuracy_score(truth, scores >= 0.5),
        "brier": brier_score_loss(truth, scores),
    }
    return {f"{name}_{suffix}": round(float(figure), 6) for name, figure in figures.items()}


def write_predictions(path: Path, test: pd.DataFrame, scores: np.ndarray, model_digest: str) -> None:
    """The test set with its scores. The digest of the model that made them stands in the file and beside it."""
    table = pa.table(
        {
            "strike_id": pa.array(test["strike_id"], pa.string()),
            "damaged": pa.array(test["damaged"], pa.int8()),
            "p_damaged": pa.array(scores, pa.float64()),
            **{name: pa.array(test[name], pa.string()) for name in SLICE_COLUMNS[:-1]},
            "flight_date": pa.array(pd.to_datetime(test["flight_date"]).dt.date, pa.date32()),
            "speed_knots": pa.array(test["speed_knots"], pa.float64(), from_pandas=True),
        }
    ).replace_schema_metadata({"mlgate.subject.sha256": model_digest, "mlgate.subject.name": MODEL_NAME})
    pq.write_table(table, path, compression="zstd")
    declaration = {"version": 1, "subject": {"sha256": model_digest, "name": MODEL_NAME}}
    path.with_name(path.name + ".mlgate.json").write_text(json.dumps(declaration) + "\n", encoding="utf-8")


def train(variant: Variant, strikes: pd.DataFrame, into: Path) -> dict[str, float]:
    """Trains, writes the four files under `into`, and returns what `metrics.json` holds."""
    training, test = split_by_date(strikes, TRAINING_SHARE)
    earlier, later = split_by_date(training, 1 - VALIDATION_SHARE)
    _, _, validation_scores = fit(variant, earlier, later)
    onnx, training_scores, scores = fit(variant, training, test)

    (into / "models").mkdir(parents=True, exist_ok=True)
    (into / "out").mkdir(parents=True, exist_ok=True)
    (into / "models" / f"{MODEL_NAME}.onnx").write_bytes(onnx)
    write_predictions(into / "out" / "predictions.parquet", test, scores, hashlib.sha256(onnx).hexdigest())
    metrics = {
        "rows_train": len(training),
        "rows_test": len(test),
        "val_loss": round(float(log_loss(later["damaged"], validation_scores)), 6),
        **measure(training["damaged"], training_scores, "train"),
        **measure(test["damaged"], scores, "test"),
    }
    (into / "out" / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    return metrics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variant", choices=VARIANTS, default="candidate")
    parser.add_argument("--data", type=Path, default=HERE / "data" / "birdstrikes.csv")
    parser.add_argument("--into", type=Path, default=HERE, help="folder that gets models/ and out/")
    arguments = parser.parse_args()
    metrics = train(VARIANTS[arguments.variant], read_strikes(arguments.data), arguments.into)
    print(json.dumps(metrics, indent=2))


if __name__ == "__main__":
    main()
