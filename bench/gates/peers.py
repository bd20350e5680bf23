"""Decisions of evalsig and noisecheck, installed from PyPI, about simulated comparisons.

Reads JSON lines {"margin": 0.02, "candidate": [...], "baseline": [...]}, values for each example, higher is better;
with "clusters": [...] for clustered examples. Writes one line for each: {"evalsig": "pass", "noisecheck": "fail"}.

evalsig's gate asks whether the candidate is significantly better by at least min_delta (ALLOW, REJECT, INCONCLUSIVE).
noisecheck's non-regression gate exits with 0, 1 or 2 (pass, fail, cannot tell); min_effect is the margin.
"""

import json
import sys

from evalsig import ItemResult, RunFrame, gate
from noisecheck import PairedData, compare_paired, judge

WORDS = {"ALLOW": "pass", "REJECT": "fail", "INCONCLUSIVE": "inconclusive"}
EXIT_CODES = {0: "pass", 1: "fail", 2: "inconclusive"}
RESAMPLES = 2000


def frame_of(name, values, clusters):
    items = [
        ItemResult(str(row).zfill(6), float(value), None if clusters is None else str(clusters[row]))
        for row, value in enumerate(values)
    ]
    return RunFrame(name, name, "simulated", "accuracy", items)


def ask_evalsig(case):
    clusters = case.get("clusters")
    report = gate(
        frame_of("baseline", case["baseline"], clusters),
        frame_of("candidate", case["candidate"], clusters),
        min_delta=case["margin"],
        cluster=None if clusters is None else "cluster",
        n_resamples=RESAMPLES,
    )
    return WORDS[report.verdict.value]


def ask_noisecheck(case):
    n = len(case["candidate"])
    clusters = case.get("clusters")
    paired = PairedData(
        metric="accuracy",
        example_ids=tuple(str(row) for row in range(n)),
        run_ids=(None,) * n,
        cluster_ids=(None,) * n if clusters is None else tuple(str(cluster) for cluster in clusters),
        baseline=tuple(case["baseline"]),
        candidate=tuple(case["candidate"]),
        discarded_baseline=0,
        discarded_candidate=0,
    )
    assessment = judge([compare_paired(paired, b=RESAMPLES)], min_effect=case["margin"])
    return EXIT_CODES[assessment.exit_code]


for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps({"evalsig": ask_evalsig(case), "noisecheck": ask_noisecheck(case)}), flush=True)
