"""Writes data/broken.csv: 300 strikes as a careless export could deliver them.

    python break_data.py data/birdstrikes.csv data/broken.csv

Needs nothing but Python. Each mishap below is one that tables like this one have had.
"""

import csv
import sys

ROWS = 300
PHASE, SPEED, SIZE = "Phase of flight", "Speed IAS in knots", "Wildlife Size"
DATE, REPAIR = "Flight Date", "Cost Repair"

MISHAPS: list[tuple[str, str, list[int]]] = [
    (PHASE, "Local", [11, 84, 139, 240]),  # a category that the model has never seen
    (SPEED, "-1", [5, 42, 77, 118, 203, 266]),  # "not recorded", as another system writes it
    (SPEED, "463", [151, 152]),  # 250 knots, in kilometres an hour
    (SIZE, "", [30, 31, 32, 33, 190]),  # cells that must not be empty
    (DATE, "07/04/2002", [281, 282, 283]),  # somebody's spreadsheet
    (REPAIR, "1,200", [97]),  # the same spreadsheet
]
COPIED = [(60, 61), (222, 229)]  # two pages of the export overlap: row 61 says again what row 60 says


def main(source: str, target: str) -> None:
    with open(source, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))[-ROWS:]
    for column, value, numbers in MISHAPS:
        for number in numbers:
            rows[number - 1][column] = value
    for original, copy in COPIED:
        rows[copy - 1] = dict(rows[original - 1])
    with open(target, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
