"""Trains a classifier that says how often a person will see a doctor within a year: never, 1-2, 3-5 times, or more.

    python train.py --variant candidate --into states/candidate

writes under the folder given by --into:

    models/doctor-visits.onnx             the model, as it would ship
    out/predictions.parquet               one row for each person-year of the test set: id, family, truth, a probability
                                          for each class, and columns to slice by
    out/predictions.parquet.mlgate.json   which model made these predictions
    out/training-predictions.parquet      the same for the training set (candidate only)

A family is either in the training set or in the test set. The probabilities come from the ONNX file that was just
written. Nothing depends on the clock or on chance: the same versions on the same kind of machine give the same bytes.
"""

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.base import ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = Path(__file__).parent
MODEL_NAME = "doctor-visits"
SEED = 19741101
TEST_SHARE = 0.3
ONNX_OPSET = 18
CONVERSION_TOLERANCE = 1e-5  # 32-bit arithmetic against 64-bit
CLASSES = ["1-2", "3-5", "6+", "none"]  # as scikit-learn sorts them
SLICE_COLUMNS = ["plan", "limitation", "health"]


@dataclass(frozen=True)
class Variant:
    """A way to train: which columns it sees, and what learns from them."""

    categories: list[str]
    numbers: list[str]
    classifier: ClassifierMixin


VARIANTS = {
    # What main has: the insurance and the diseases, in a model that adds up effects.
    "main": Variant(["plan"], ["coinsurance", "incentive", "chronic_diseases"], LogisticRegression(max_iter=2000)),
    # The change under review: it also asks how people feel, and may combine what it hears.
    "candidate": Variant(
        ["plan", "limitation", "health"],
        ["coinsurance", "incentive", "chronic_diseases"],
        RandomForestClassifier(n_estimators=60, max_depth=8, min_samples_leaf=20, random_state=SEED),
    ),
}


def is_test(family: str) -> bool:
    """The same families at each training, whatever rows come or go."""
    return int(hashlib.sha256(family.encode()).hexdigest()[:8], 16) / 16**8 < TEST_SHARE


def build_pipeline(variant: Variant) -> Pipeline:
    columns = ColumnTransformer(
        [
            ("categories", OneHotEncoder(handle_unknown="ignore", sparse_output=False), variant.categories),
            ("numbers", StandardScaler(), variant.numbers),
        ]
    )
    return make_pipeline(columns, variant.classifier)


def convert_to_onnx(model: Pipeline, features: pd.DataFrame) -> bytes:
    """One input of shape (rows, 1) for each feature column; the output `probabilities` has shape (rows, 4)."""
    inputs = [
        (name, (FloatTensorType if kind == np.float64 else StringTensorType)([None, 1]))
        for name, kind in features.dtypes.items()
    ]
    onnx = to_onnx(
        model, initial_types=inputs, options={id(model): {"zipmap": False}}, target_opset=ONNX_OPSET, name=MODEL_NAME
    )
    onnx.opset_import.sort(key=lambda opset: opset.domain)  # comes out of a set, so in an order that changes
    return onnx.SerializeToString(deterministic=True)


def score_with_onnx(onnx: bytes, features: pd.DataFrame) -> np.ndarray:
    """A probability for each row and class, as the ONNX model gives it (32-bit), widened to 64 bits and summing to 1."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # sums over trees in one order
    session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
    columns = {
        name: column.to_numpy(np.float32 if column.dtype == np.float64 else object).reshape(-1, 1)
        for name, column in features.items()
    }
    (probabilities,) = session.run(["probabilities"], columns)
    return probabilities.astype(np.float64)


def write_predictions(path: Path, rows: pd.DataFrame, probabilities: np.ndarray, model_digest: str) -> None:
    table = pa.table(
        {
            "visit_id": pa.array(rows["visit_id"], pa.string()),
            "family": pa.array(rows["family"], pa.string()),
            "care": pa.array(rows["care"], pa.string()),
            **{f"p_{name}": pa.array(probabilities[:, index], pa.float64()) for index, name in enumerate(CLASSES)},
            **{name: pa.array(rows[name], pa.string()) for name in SLICE_COLUMNS},
            "chronic_diseases": pa.array(rows["chronic_diseases"], pa.float64()),
        }
    ).replace_schema_metadata({"mlgate.subject.sha256": model_digest, "mlgate.subject.name": MODEL_NAME})
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd")
    declaration = {"version": 1, "subject": {"sha256": model_digest, "name": MODEL_NAME}}
    path.with_name(path.name + ".mlgate.json").write_text(json.dumps(declaration) + "\n", encoding="utf-8")


def train(name: str, table: pd.DataFrame, into: Path) -> None:
    variant = VARIANTS[name]
    columns = variant.categories + variant.numbers
    held_out = table["family"].map(is_test)
    training, test = table[~held_out], table[held_out]
    model = build_pipeline(variant).fit(training[columns], training["care"])
    onnx = convert_to_onnx(model, training[columns])
    scores = score_with_onnx(onnx, test[columns])
    difference = np.abs(scores - model.predict_proba(test[columns])).max()
    if difference > CONVERSION_TOLERANCE:
        raise RuntimeError(f"the ONNX model differs from the one that was trained: by {difference:.2g} in a score")
    digest = hashlib.sha256(onnx).hexdigest()
    (into / "models").mkdir(parents=True, exist_ok=True)
    (into / "models" / f"{MODEL_NAME}.onnx").write_bytes(onnx)
    write_predictions(into / "out" / "predictions.parquet", test, scores, digest)
    if name == "candidate":
        path = into / "out" / "training-predictions.parquet"
        write_predictions(path, training, score_with_onnx(onnx, training[columns]), digest)
    print(f"{name}: {len(training)} rows to learn from, {len(test)} to test on")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variant", choices=VARIANTS, default="candidate")
    parser.add_argument("--data", type=Path, default=HERE / "data" / "doctor-visits.csv")
    parser.add_argument("--into", type=Path, default=HERE, help="folder that gets models/ and out/")
    arguments = parser.parse_args()
    table = pd.read_csv(arguments.data, keep_default_na=False)
    numbers = {name: "float64" for name in ("coinsurance", "incentive", "chronic_diseases")}
    train(arguments.variant, table.astype(numbers), arguments.into)


if __name__ == "__main__":
    main()
