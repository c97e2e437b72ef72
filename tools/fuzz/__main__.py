"""`python -m tools.fuzz [-n N] [--target NAME] [--again FILE...]`: random inputs, and their faults."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from tools.fuzz.run import again, inputs_of, run, save, table
from tools.fuzz.targets import targets


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
    if options.again:
        return _again(options.again)
    chosen = [known[name] for name in options.target or sorted(known, key=lambda name: -known[name].share)]
    results = []
    for target in chosen:
        count = options.n if options.target and len(chosen) == 1 else inputs_of(target, options.n)
        results.append(run(target, count, options.seed, _progress(target.name, count)))
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(table(results))
    for path in save(results, options.save):
        print(f"stored: {path}")
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1))
    return int(any(result.faults for result in results))


def _progress(name: str, count: int) -> Callable[[int], None]:
    def show(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{name}: {done} of {count}   ", end="", file=sys.stderr, flush=True)

    return show


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
