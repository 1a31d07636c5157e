"""`python -m tests.bench [NAME...] [--json]`: run comparisons, each in one go, and print them beside their goals."""

from __future__ import annotations

import argparse
import importlib
import json
import sys

from tests.bench.measure import Comparison, NotThere

BENCHES = {
    "version": "tests.bench.startup",
    "paint": "tests.bench.startup",
    "cached": "tests.bench.startup",
    "rows": "tests.bench.lists",
    "keys": "tests.bench.lists",
    "tree": "tests.bench.lists",
    "decode": "tests.bench.decode",
    "editor": "tests.bench.editor",
    "liquid": "tests.bench.liquid",
    "preview": "tests.bench.preview",
    "wire": "tests.bench.wire",
}


def main() -> int:
    """Run what was asked for; 0 when every goal was met, 1 when one was missed, 2 when something is not there yet."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHES)}; all without one")
    parser.add_argument("--json", action="store_true", help="print JSON with every turn")
    parser.add_argument("--turns", type=int, help="how often each side runs")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHES):
        parser.error(f"no such comparison: {', '.join(sorted(unknown))}")
    compared: list[Comparison] = []
    missing = False
    for name in asked.names or BENCHES:
        run = getattr(importlib.import_module(BENCHES[name]), name)
        try:
            fresh = run(asked.turns) if asked.turns else run()
        except NotThere as reason:
            missing = True
            print(f"{name}: not measured. {reason}", file=sys.stderr)
            continue
        compared += fresh
        if not asked.json:
            print("\n".join(line for comparison in fresh for line in comparison.lines()), flush=True)
    if asked.json:
        print(json.dumps([comparison.as_json() for comparison in compared]))
    return 1 if any(comparison.met is False for comparison in compared) else 2 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
