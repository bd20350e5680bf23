"""Writes data/birdstrikes.csv: the published table with a `strike_id` in front, which the table itself lacks.

    python prepare.py ../../node_modules/vega-datasets/data/birdstrikes.csv data/birdstrikes.csv

Needs nothing but Python. The id is made of the row's own text, so it stays the same when rows are added, removed
or sorted; 24 rows of the table repeat another to the letter, and those are told apart by a count.
"""

import csv
import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

ID_HEX_DIGITS = 12  # 48 bits: two of 10,000 rows collide with probability 2e-7


def strike_id(cells: list[str], repetition: int) -> str:
    """Twelve hexadecimal digits of the SHA-256 of the row's cells and of how many equal rows stand above it."""
    text = "\x1f".join([*cells, str(repetition)])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:ID_HEX_DIGITS]


def with_ids(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Each row with its id in front."""
    seen: Counter[tuple[str, ...]] = Counter()
    for cells in rows:
        yield [strike_id(cells, seen[tuple(cells)]), *cells]
        seen[tuple(cells)] += 1


def main(source: str, target: str) -> None:
    with open(source, encoding="utf-8", newline="") as lines, open(target, "w", encoding="utf-8", newline="") as out:
        rows = csv.reader(lines)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["strike_id", *next(rows)])
        writer.writerows(with_ids(rows))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
