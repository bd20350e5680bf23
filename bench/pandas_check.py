"""The check of a generated table as one would write it by hand in pandas, to compare mlgate with.

    python bench/pandas_check.py bench/data/table-1000000.csv bench/data/table-1000000.schema.json

Checks types, absent cells, ranges, enums, patterns, lengths, formats, the unique id and the number of rows, and
prints one JSON document: the seconds since Python started this file (imports included), the peak resident memory
in MiB, the number of rows, and how many cells or rows break each rule that is broken at all.
"""

import time

STARTED = time.perf_counter()

import json  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from typing import Any  # noqa: E402

import pandas as pd  # noqa: E402

EMAIL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
TEXT = {"string": "str"}

Column = dict[str, Any]


def read_table(path: str, columns: dict[str, Column]) -> pd.DataFrame:
    """Strings are read as strings and everything else as pandas sees fit; only an empty cell is absent."""
    strings = {name: TEXT[column["type"]] for name, column in columns.items() if column["type"] in TEXT}
    return pd.read_csv(path, dtype=strings, keep_default_na=False, na_values=[""])


def as_numbers(cells: pd.Series) -> pd.Series:
    """What is no number becomes missing. One such cell makes pandas read the whole column as text."""
    return cells if pd.api.types.is_numeric_dtype(cells) else pd.to_numeric(cells, errors="coerce")


def count_wrong_types(cells: pd.Series, wanted: str) -> int:
    """Cells that are not of the type. A column that pandas read as the type has none."""
    if wanted == "string":
        return 0
    if wanted == "boolean":
        return 0 if cells.dtype == bool else int((~cells.isin(["True", "False", "true", "false"])).sum())
    numbers = as_numbers(cells)
    if wanted == "number" or pd.api.types.is_integer_dtype(numbers):
        return int(numbers.isna().sum())
    return int((numbers % 1 != 0).sum())


def count_wrong_formats(cells: pd.Series, wanted: str) -> int:
    if wanted == "date":
        return int(pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce").isna().sum())
    if wanted == "date-time":
        return int(pd.to_datetime(cells, format="%Y-%m-%dT%H:%M:%SZ", errors="coerce").isna().sum())
    return int((~cells.str.fullmatch(EMAIL)).sum())


def check_column(cells: pd.Series, column: Column) -> Iterator[tuple[str, int]]:
    """Each rule of the column, and how many cells that hold a value break it."""
    yield "type", count_wrong_types(cells, column["type"])
    if column["type"] in ("integer", "number"):
        cells = as_numbers(cells).dropna()
    if "minimum" in column:
        yield "minimum", int((cells < column["minimum"]).sum())
    if "maximum" in column:
        yield "maximum", int((cells > column["maximum"]).sum())
    if "exclusiveMaximum" in column:
        yield "exclusiveMaximum", int((cells >= column["exclusiveMaximum"]).sum())
    if "enum" in column:
        yield "enum", int((~cells.isin(column["enum"])).sum())
    if "pattern" in column:
        yield "pattern", int((~cells.str.contains(column["pattern"], regex=True)).sum())
    if "minLength" in column:
        yield "minLength", int((cells.str.len() < column["minLength"]).sum())
    if "maxLength" in column:
        yield "maxLength", int((cells.str.len() > column["maxLength"]).sum())
    if "format" in column:
        yield "format", count_wrong_formats(cells, column["format"])


def check_table(table: pd.DataFrame, schema: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Each rule of the schema, and how many cells, rows or columns break it."""
    dataset = schema["dataset"]
    yield "rows", int(len(table) < dataset["rows"]["at-least"])
    for name, column in schema["properties"].items():
        cells = table[name]
        absent = int(cells.isna().sum())
        if name in schema["required"]:
            yield f"{name} required", absent
        if name in dataset["null-fraction"]:
            yield f"{name} null-fraction", int(absent / len(table) > dataset["null-fraction"][name]["at-most"])
        for rule, broken in check_column(cells.dropna() if absent else cells, column):
            yield f"{name} {rule}", broken
    for key in dataset["unique"]:
        yield f"{', '.join(key)} unique", int(table.duplicated(key).sum())


def measure_peak_mib() -> float:
    """The largest resident memory of this process. Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main(path: str, schema_path: str) -> None:
    with open(schema_path, encoding="utf-8") as text:
        schema = json.load(text)
    table = read_table(path, schema["properties"])
    counts = dict(check_table(table, schema))
    report = {
        "tool": f"pandas {pd.__version__}",
        "rows": len(table),
        "checks": len(counts),
        "violations": {name: count for name, count in counts.items() if count > 0},
        "seconds": round(time.perf_counter() - STARTED, 3),
        "peakMiB": round(measure_peak_mib(), 1),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
