"""The check of a generated table as one would write it with other validators, to compare mlgate with.

    python bench/peer_checks.py pandera-polars|pandera-pandas|great-expectations|frictionless TABLE.csv SCHEMA.json

The checks are those of bench/pandas_check.py: types, absent cells, ranges, enums, patterns, lengths, formats, the unique
id and the number of rows. What a tool cannot say is left out, which is in its favour: dates and e-mail addresses are held
against a pattern alone, and Frictionless bounds no share of absent cells. Each imports only what it needs.

Prints one JSON document: seconds since this file was started, rows, and which columns broke a rule.
"""

import time

STARTED = time.perf_counter()

import json  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

Column = dict[str, Any]
Schema = dict[str, Any]
Result = tuple[str, int, list[str]]

PATTERNS = {
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "date-time": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
    "email": r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
}


def patterns_of(column: Column) -> list[str]:
    wanted = [column.get("pattern"), PATTERNS.get(column.get("format", ""))]
    return [pattern for pattern in wanted if pattern is not None]


def pandera_checks(check: Any, column: Column) -> list[Any]:
    """The checks that both of pandera's back ends have."""
    checks = []
    if "minimum" in column:
        checks.append(check.ge(column["minimum"]))
    if "maximum" in column:
        checks.append(check.le(column["maximum"]))
    if "exclusiveMaximum" in column:
        checks.append(check.lt(column["exclusiveMaximum"]))
    if "enum" in column:
        checks.append(check.isin(column["enum"]))
    if "minLength" in column or "maxLength" in column:
        checks.append(check.str_length(column.get("minLength"), column.get("maxLength")))
    return checks + [check.str_matches(pattern) for pattern in patterns_of(column)]


def check_pandera_polars(path: str, schema: Schema) -> Result:
    import pandera.polars as pa
    import polars as pl

    types = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}
    fractions = schema["dataset"]["null-fraction"]

    def share(most: float) -> Any:
        return pa.Check(lambda data: data.lazyframe.select(pl.col(data.key).is_null().mean() <= most), ignore_na=False)

    columns = {
        name: pa.Column(
            types[column["type"]],
            pandera_checks(pa.Check, column) + ([share(fractions[name]["at-most"])] if name in fractions else []),
            nullable=name not in schema["required"],
        )
        for name, column in schema["properties"].items()
    }
    table = pl.read_csv(path, schema_overrides={name: types[c["type"]] for name, c in schema["properties"].items()})
    rows = pa.Check(lambda data: data.lazyframe.select(pl.len() >= schema["dataset"]["rows"]["at-least"]))
    wanted = pa.DataFrameSchema(columns, checks=[rows], unique=schema["dataset"]["unique"][0], strict=True)
    try:
        wanted.validate(table, lazy=True)
        broken = []
    except pa.errors.SchemaErrors as errors:
        broken = errors.failure_cases["column"].unique().to_list()
    return f"pandera on polars {pl.__version__}", len(table), broken


def read_pandas(path: str, schema: Schema, integers: str) -> Any:
    import pandas as pd

    types = {"string": "str", "integer": integers, "number": "float64", "boolean": "bool"}
    dtypes = {name: types[column["type"]] for name, column in schema["properties"].items()}
    return pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])


def check_pandera_pandas(path: str, schema: Schema) -> Result:
    import pandas as pd
    import pandera.pandas as pa

    fractions = schema["dataset"]["null-fraction"]
    types = {"string": str, "integer": "Int64", "number": "float64", "boolean": "bool"}

    def share(most: float) -> Any:
        return pa.Check(lambda cells: cells.isna().mean() <= most, ignore_na=False)

    columns = {
        name: pa.Column(
            types[column["type"]],
            pandera_checks(pa.Check, column) + ([share(fractions[name]["at-most"])] if name in fractions else []),
            nullable=name not in schema["required"],
        )
        for name, column in schema["properties"].items()
    }
    rows = pa.Check(lambda table: len(table) >= schema["dataset"]["rows"]["at-least"])
    table = read_pandas(path, schema, "Int64")
    wanted = pa.DataFrameSchema(columns, checks=[rows], unique=schema["dataset"]["unique"][0], strict=True)
    try:
        wanted.validate(table, lazy=True)
        broken = []
    except pa.errors.SchemaErrors as errors:
        broken = sorted({str(column) for column in errors.failure_cases["column"]})
    return f"pandera on pandas {pd.__version__}", len(table), broken


def expectations_of(gx: Any, schema: Schema) -> list[Any]:
    e = gx.expectations
    found = [
        e.ExpectTableColumnsToMatchSet(column_set=list(schema["properties"])),
        e.ExpectTableRowCountToBeBetween(min_value=schema["dataset"]["rows"]["at-least"]),
        *(e.ExpectColumnValuesToBeUnique(column=key[0]) for key in schema["dataset"]["unique"]),
        *(e.ExpectColumnValuesToNotBeNull(column=name) for name in schema["required"]),
        *(
            e.ExpectColumnValuesToNotBeNull(column=name, mostly=round(1 - bounds["at-most"], 9))
            for name, bounds in schema["dataset"]["null-fraction"].items()
        ),
    ]
    for name, column in schema["properties"].items():
        if {"minimum", "maximum", "exclusiveMaximum"} & column.keys():
            most = column.get("maximum", column.get("exclusiveMaximum"))
            found.append(
                e.ExpectColumnValuesToBeBetween(
                    column=name, min_value=column.get("minimum"), max_value=most, strict_max="exclusiveMaximum" in column
                )
            )
        if "enum" in column:
            found.append(e.ExpectColumnValuesToBeInSet(column=name, value_set=column["enum"]))
        if {"minLength", "maxLength"} & column.keys():
            found.append(
                e.ExpectColumnValueLengthsToBeBetween(
                    column=name, min_value=column.get("minLength"), max_value=column.get("maxLength")
                )
            )
        found += [e.ExpectColumnValuesToMatchRegex(column=name, regex=pattern) for pattern in patterns_of(column)]
    return found


def check_great_expectations(path: str, schema: Schema) -> Result:
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    table = read_pandas(path, schema, "Int64")
    asset = context.data_sources.add_pandas("files").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": table})
    suite = gx.ExpectationSuite(name="table", expectations=expectations_of(gx, schema))
    result = batch.validate(suite, result_format="BOOLEAN_ONLY")
    broken = [one.expectation_config.kwargs.get("column", "") for one in result.results if not one.success]
    return f"great_expectations {gx.__version__}", len(table), broken


def field_of(name: str, column: Column, schema: Schema) -> Schema:
    types = {"date": "date", "date-time": "datetime"}
    constraints = {key: column[key] for key in ("minimum", "maximum", "minLength", "maxLength", "enum", "pattern") if key in column}
    if name in schema["required"]:
        constraints["required"] = True
    if [name] in schema["dataset"]["unique"]:
        constraints["unique"] = True
    kind = types.get(column.get("format", ""), column["type"])
    if kind in types.values():
        constraints = {key: value for key, value in constraints.items() if key in ("required", "unique")}
    shape = {"format": "email"} if column.get("format") == "email" else {}
    return {"name": name, "type": kind, "constraints": constraints, **shape}


def check_frictionless(path: str, schema: Schema) -> Result:
    import os

    import frictionless
    from frictionless import Checklist, Resource, checks

    fields = [field_of(name, column, schema) for name, column in schema["properties"].items()]
    resource = Resource(
        path=os.path.basename(path),
        basepath=os.path.dirname(path),
        schema=frictionless.Schema.from_descriptor({"fields": fields}),
    )
    checklist = Checklist(checks=[checks.table_dimensions(min_rows=schema["dataset"]["rows"]["at-least"])])
    report = resource.validate(checklist)
    task = report.tasks[0]
    broken = sorted({str(column) for (column,) in report.flatten(["fieldName"])})
    return f"frictionless {frictionless.__version__}", task.stats.get("rows") or 0, broken


TOOLS = {
    "pandera-polars": check_pandera_polars,
    "pandera-pandas": check_pandera_pandas,
    "great-expectations": check_great_expectations,
    "frictionless": check_frictionless,
}


def main(tool: str, path: str, schema_path: str) -> None:
    with open(schema_path, encoding="utf-8") as text:
        schema = json.load(text)
    name, rows, broken = TOOLS[tool](path, schema)
    report = {"tool": name, "rows": rows, "broken": broken, "seconds": round(time.perf_counter() - STARTED, 3)}
    print(json.dumps(report))


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in TOOLS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
