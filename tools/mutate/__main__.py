"""`python -m tools.mutate PATH... [--own] [--again FILE | --sample NUMBER]`: changes that no test notices."""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.mutate.equivalent import equivalents, keyed, stale
from tools.mutate.operators import mutants_of
from tools.mutate.report import Result, as_json, survivors_in, text
from tools.mutate.run import judge
from tools.mutate.session import MOST

ROOT = Path(__file__).resolve().parents[2]


def modules_of(root: Path, paths: Sequence[str]) -> list[Path]:
    """The modules of files and folders, each once. Ends the program for a path outside `trainer/`."""
    found: dict[Path, None] = {}
    for name in paths:
        path = (root / name).resolve()
        if not path.exists() or root / "trainer" not in (path, *path.parents):
            sys.exit(f"{name} is not a file or folder of trainer/")
        found |= dict.fromkeys(sorted(path.rglob("*.py")) if path.is_dir() else [path])
    return list(found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 if an entry of `equivalent.toml` matches no mutant of these modules."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate", description=__doc__)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a module or a folder of trainer/")
    parser.add_argument("--own", action="store_true", help="only the tests of the modules' own packages")
    parser.add_argument(
        "--most", type=float, default=MOST, metavar="SECONDS", help="CPU time for the tests of one change"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the result as JSON")
    parser.add_argument("--again", type=Path, metavar="FILE", help="only the survivors of an earlier --json")
    parser.add_argument(
        "--sample", type=int, metavar="NUMBER", help="only so many random changes, the same each time"
    )
    parser.add_argument("--root", type=Path, default=ROOT, metavar="DIR", help="another checkout")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    file = options.json.resolve() if options.json else None
    chosen = survivors_in(options.again.read_text(encoding="utf-8")) if options.again else None
    os.chdir(root)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    mutants = [mutant for module in modules_of(root, options.paths) for mutant in mutants_of(module, root)]
    lost = stale(mutants, root)
    if chosen is not None:
        mutants = [mutant for mutant, key in keyed(mutants, root) if key in chosen]
    known = equivalents(mutants, root)
    tried = [mutant for mutant in mutants if mutant not in known]
    if options.sample:
        tried = random.Random(0).sample(tried, min(options.sample, len(tried)))  # noqa: S311 - no secret
    outcomes = judge(root, tried, own=options.own, most=options.most)
    result = Result([path.rstrip("/") for path in options.paths], outcomes, known, bool(options.sample))
    print(text(result, root))
    if file:
        file.write_text(as_json(result, root), encoding="utf-8")
    print(*lost, sep="\n", end="\n" if lost else "", file=sys.stderr)
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
