"""Reads tag names from standard input, one JSON list, and prints what GTO makes of each, as JSON."""

import json
import sys

from gto.constants import Action
from gto.tag import parse_name

KINDS = {
    Action.ASSIGN: "assign",
    Action.UNASSIGN: "unassign",
    Action.REGISTER: "register",
    Action.DEREGISTER: "deregister",
    Action.DEPRECATE: "deprecate",
}


def describe(name):
    parsed = parse_name(name, raise_on_fail=False)
    if not parsed:
        return None
    # GTO's own parser says nothing of a creation but the name.
    found = {"kind": KINDS.get(parsed.get("action"), "create"), "artifact": parsed["name"]}
    if "stage" in parsed:
        found["stage"] = parsed["stage"]
    if "version" in parsed:
        found["version"] = parsed["version"].removeprefix("v")
    if "counter" in parsed:
        found["counter"] = parsed["counter"]
    return found


print(json.dumps([describe(name) for name in json.load(sys.stdin)]))
