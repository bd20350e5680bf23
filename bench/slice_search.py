"""SliceLine as the PyPI package `sliceline` has it, on the columns that bench/slice-search.ts wrote.

    python bench/slice_search.py FOLDER --rows 5000 --features 20 --level 3 --count 10 --memory 8

Reads `codes.bin` (one byte for each feature of each row) and `errors.bin` (doubles). Prints one JSON object: seconds, the
largest resident memory, the best scores; or `{"failed": ...}` where it needs more memory than it is given.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np
from sliceline.slicefinder import Slicefinder

GIGABYTE = 10**9
ALPHA = 0.95


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--features", type=int, required=True)
    parser.add_argument("--level", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--memory", type=float, required=True, help="in units of 10^9 bytes")
    given = parser.parse_args()
    limit = int(given.memory * GIGABYTE)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    codes = np.fromfile(given.folder / "codes.bin", dtype=np.uint8).reshape(given.features, given.rows).T
    errors = np.fromfile(given.folder / "errors.bin", dtype=np.float64)
    finder = Slicefinder(
        alpha=ALPHA,
        k=given.count,
        max_l=given.level,
        min_sup=max(32, given.rows // 100),
        verbose=False,
    )
    started = time.perf_counter()
    try:
        finder.fit(codes, errors)
    except MemoryError as error:
        print(json.dumps({"failed": str(error)}))
        return
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    scores = [one["slice_score"] for one in finder.top_slices_statistics_]
    print(json.dumps({"seconds": seconds, "peakMegabytes": peak, "scores": scores}))


if __name__ == "__main__":
    main()
