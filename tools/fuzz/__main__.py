"""`python -m tools.fuzz [-n N] [--target NAME] [--again FILE...]`: random inputs, and their faults."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tools.fuzz.model import Target
from tools.fuzz.run import Result, again, inputs_of, joined, run, save, table
from tools.fuzz.targets import targets

TURN = 20_000
"""Inputs of all targets in one turn."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 if there is a fault."""
    known = targets()
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("-n", type=int, default=3000, metavar="N", help="inputs of all targets together")
    parser.add_argument(
        "--target", action="append", choices=sorted(known), help="only this target; may be repeated"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="other inputs; the same seed, the same inputs"
    )
    parser.add_argument(
        "--save", type=Path, default=Path("build/fuzz"), metavar="DIR", help="where faults are stored"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the result as JSON")
    parser.add_argument("--again", type=Path, nargs="+", metavar="FILE", help="judge stored inputs")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if options.again:
        return _again(options.again)
    chosen = [known[name] for name in options.target or sorted(known, key=lambda name: -known[name].share)]
    results = _run(chosen, options.n, options.seed)
    print(table(results))
    for path in save(results, options.save):
        print(f"stored: {path}")
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1))
    return int(any(result.faults for result in results))


def _run(chosen: Sequence[Target], total: int, seed: int) -> list[Result]:
    """Run the targets in turns, so that a run that is interrupted has something of each."""
    turns = -(-total // TURN)
    whole = sum(target.share for target in chosen)
    results: dict[str, Result] = {}
    try:
        for turn in range(turns):
            for target in chosen:
                found = run(target, inputs_of(target, total // turns, whole), seed * 1000 + turn)
                results[target.name] = joined(results[target.name], found) if turn else found
            print(f"turn {turn + 1} of {turns}", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    return list(results.values())


def _again(paths: Sequence[Path]) -> int:
    wrong = False
    for path in paths:
        name = json.loads(path.read_text(encoding="utf-8"))["target"]
        judged = again(targets()[name], path)
        wrong = wrong or bool(judged.faults)
        print(f"{path}: {judged.outcome} {', '.join(judged.faults) or 'no fault'}")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
