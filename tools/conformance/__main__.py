"""`python -m tools.conformance [--cases DIR] [--family F]... [--json FILE]`: the table of families.

Exit code 0 where every case agrees, 1 where one doesn't, 2 where the folder has no cases.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from tools.conformance._run import LIMITS, Tally, as_json, families, run_family
from trainer.isolate import Pool
from trainer.safe_text import one_line

DEFAULT_CASES = Path(__file__).resolve().parents[3] / "shared" / "conformance"
"""Beside the checkout."""

SHOWN = 20
"""How many disagreements of a family are printed; `--json` has all."""


def main(arguments: list[str] | None = None) -> int:
    """Run the families and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tools.conformance", description=__doc__)
    parser.add_argument("--cases", type=Path, default=DEFAULT_CASES, help="folder of <family>.jsonl")
    parser.add_argument("--family", action="append", help="only this family (may be repeated)")
    parser.add_argument("--json", type=Path, help="write the result here, too")
    parser.add_argument("--all", action="store_true", help="print every disagreement")
    options = parser.parse_args(arguments)
    known, unknown = families(options.cases)
    wanted = {name.replace("_", "-") for name in options.family or ()}
    if wanted:
        known = [family for family in known if family in wanted]
        unknown = [family for family in unknown if family in wanted]
    if not known and not unknown:
        print(f"no cases in {options.cases}", file=sys.stderr)
        return 2
    tallies = []
    print(f"{'family':<16}{'cases':>7}{'agreed':>8}{'seconds':>9}")
    with Pool(os.cpu_count() or 1, LIMITS) as pool:
        for family in known:
            start = time.monotonic()
            tallies.append(run_family(options.cases, family, pool))
            _print_row(tallies[-1], time.monotonic() - start)
    for family in unknown:
        print(f"{family:<16}not run: it has no module in tools/conformance")
    for tally in tallies:
        _print_disagreements(tally, None if options.all else SHOWN)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(as_json(tallies, unknown), indent=1) + "\n")
    return int(bool(unknown) or any(tally.disagreed for tally in tallies))


def _print_row(tally: Tally, seconds: float) -> None:
    print(f"{tally.family:<16}{tally.cases:>7}{tally.agreed:>8}{seconds:>9.1f}", flush=True)


def _print_disagreements(tally: Tally, limit: int | None) -> None:
    for case, said in list(tally.disagreed.items())[:limit]:
        print(f"{tally.family}: {case}: {one_line(said, 300)}")
    if limit is not None and len(tally.disagreed) > limit:
        print(f"{tally.family}: {len(tally.disagreed) - limit} more (--all shows them)")


if __name__ == "__main__":
    sys.exit(main())
