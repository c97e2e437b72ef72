"""Runs the cases of a folder, each in a worker process with limits: a crash is one disagreement."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

import tools.conformance as package
from trainer.isolate import Failed, Limits, Pool

LIMITS = Limits(seconds=20.0, megabytes=2048)
"""What one case may take; far more than any should."""

Judge = Callable[[dict[str, Any]], "str | None"]


class Tally(msgspec.Struct, frozen=True):
    """What became of one family: `disagreed` has for each case id what we say instead."""

    family: str
    cases: int
    disagreed: dict[str, str]

    @property
    def agreed(self) -> int:
        """How many cases agree."""
        return self.cases - len(self.disagreed)


def family_modules() -> list[str]:
    """The modules that judge a family, sorted: all of this package without an underscore."""
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name for name in names if not name.startswith("_"))


def families(folder: Path) -> tuple[list[str], list[str]]:
    """The families of a folder by file name: those that have a module, and those that don't."""
    found = sorted(path.stem for path in folder.glob("*.jsonl") if path.is_file())
    modules = set(family_modules())
    return (
        [family for family in found if family.replace("-", "_") in modules],
        [family for family in found if family.replace("-", "_") not in modules],
    )


def run_family(folder: Path, family: str, pool: Pool) -> Tally:
    """Judge every case of `<folder>/<family>.jsonl`."""
    lines = [line for line in (folder / f"{family}.jsonl").read_bytes().split(b"\n") if line.strip()]
    tasks = ((family.replace("-", "_"), line) for line in lines)
    disagreed: dict[str, str] = {}
    replies = pool.map("tools.conformance._run:judge_line", tasks)
    for number, (line, reply) in enumerate(zip(lines, replies, strict=True), start=1):
        said = f"did not finish: {reply.message}" if isinstance(reply, Failed) else reply
        if said is not None:
            name = _case_id(line, number)
            disagreed[name if name not in disagreed else f"{name} (case {number})"] = said
    return Tally(family, len(lines), disagreed)


def _case_id(line: bytes, number: int) -> str:
    """The id that a case gives itself, else its number in its file."""
    try:
        case = json.loads(line)
    except ValueError:
        case = None
    return str(case["id"]) if isinstance(case, dict) and "id" in case else f"case {number}"


def judge_line(module: str, line: bytes) -> str | None:
    """Judge one case, given as its line: None where we agree with it, else what we say instead."""
    try:
        case = json.loads(line)
        if not isinstance(case, dict):
            return "not a case: the line is not a JSON object"
        judge: Judge = importlib.import_module(f"{package.__name__}.{module}").judge
        said = judge(case)
    except KeyError as error:
        said = f"crashed: KeyError: {error} (a key that the case lacks?)"
    except json.JSONDecodeError as error:
        said = f"not a case: the line is not JSON ({error})"
    except Exception as error:
        said = f"crashed: {type(error).__name__}: {error}"
    return said if said is None else said.encode("utf-8", "replace").decode()


def as_json(tallies: list[Tally], not_run: list[str]) -> dict[str, Any]:
    """The form `cks-trainer.conformance/1`, whose `held_wrong` stays empty: every case has to agree."""
    return {
        "schema": "cks-trainer.conformance/1",
        "families": {
            tally.family: {
                "cases": tally.cases,
                "agreed": tally.agreed,
                "disagreed": sorted(tally.disagreed),
                "said": dict(sorted(tally.disagreed.items())),
                "held_wrong": [],
            }
            for tally in tallies
        },
        "not_run": not_run,
    }
