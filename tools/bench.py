"""Prints the figures of the budgets: `python -m tools.bench [--json FILE] [--only WORD]`.

Every module `tools/bench_<topic>.py` with a function `figures() -> list[Figure]` is run. Figures
are CPU time of one core unless the name says otherwise; they vary with the machine, the ratios to
the budgets hold.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

SCHEMA = "cks-trainer.bench/1"


def topics() -> list[str]:
    """The names of all topics, sorted."""
    return sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def measure(topic: str) -> list[dict[str, Any]]:
    """The figures of a topic, in the JSON form."""
    module = importlib.import_module(f"tools.bench_{topic}")
    return [
        {
            "name": figure.name,
            "value": round(figure.value, 3 if figure.value < 10 else 1),
            "unit": figure.unit,
            "budget": figure.budget,
            "within": figure.value <= figure.budget,
        }
        for figure in module.figures()
    ]


def line(figure: dict[str, Any]) -> str:
    """A figure as a line of the table."""
    within = "within" if figure["within"] else "OVER"
    value, budget = f"{figure['value']:g} {figure['unit']}", f"{figure['budget']:g} {figure['unit']}"
    return f"{figure['name']:<46} {value:>12} {budget:>12}  {within}"


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, write. Exits 1 if a topic can't be measured; being over budget isn't a failure."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    parser.add_argument("--only", metavar="TOPIC", choices=topics(), help="only this topic")
    options = parser.parse_args(arguments)
    figures: list[dict[str, Any]] = []
    failed = 0
    print(f"{'':<46} {'measured':>12} {'budget':>12}")
    for topic in [options.only] if options.only else topics():
        try:
            found = measure(topic)
        except Exception as error:
            failed = 1
            print(f"cannot measure {topic}: {error!r}", file=sys.stderr)
            continue
        figures += found
        for figure in found:
            print(line(figure), flush=True)
    if options.json:
        options.json.write_text(json.dumps({"schema": SCHEMA, "figures": figures}, indent=2) + "\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
