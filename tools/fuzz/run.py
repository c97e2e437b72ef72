"""Runs targets on many inputs, and keeps the smallest input of every kind of fault."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zlib import crc32

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from tools.fuzz.model import Case, Judged, Target

BATCH = 1000
"""Inputs of one Hypothesis run: it remembers each of them."""
WHOLE = 1000
"""What the shares of all targets add up to."""


class Found(msgspec.Struct):
    """One kind of fault: how often it was seen, and its smallest input."""

    kind: str
    times: int
    case: Case


class Result(msgspec.Struct):
    """What became of the inputs of one target."""

    target: str
    about: str
    inputs: int = 0
    outcomes: dict[str, int] = {}
    faults: list[Found] = []


def inputs_of(target: Target, total: int, whole: int = WHOLE) -> int:
    """How many of all inputs are this target's, at least one; `whole` is the sum of all shares."""
    return max(1, total * target.share // whole)


def run(target: Target, count: int, seed: int = 0) -> Result:
    """Judge `count` inputs; the same seed makes the same inputs."""
    result = Result(target.name, target.about)
    outcomes: Counter[str] = Counter()
    found: dict[str, Found] = {}

    def one(case: Case) -> None:
        if result.inputs >= count:
            return
        judged = target.judge(case)
        result.inputs += 1
        outcomes[judged.outcome] += 1
        for kind in judged.faults:
            known = found.setdefault(kind, Found(kind, 0, case))
            known.times += 1
            known.case = min(known.case, case, key=_size)

    batch = 0
    while result.inputs < count:
        before = result.inputs
        _generate(
            target, one, min(BATCH, count - result.inputs), crc32(f"{seed} {target.name} {batch}".encode())
        )
        batch += 1
        if result.inputs == before:
            break
    for fault in found.values():
        fault.case = shrunk(target, fault.kind, fault.case)
    result.outcomes = dict(outcomes.most_common())
    result.faults = sorted(found.values(), key=lambda fault: (-fault.times, fault.kind))
    return result


def joined(one: Result, other: Result) -> Result:
    """Two runs of a target as one."""
    outcomes = Counter(one.outcomes) + Counter(other.outcomes)
    faults = {fault.kind: fault for fault in one.faults}
    for fault in other.faults:
        known = faults.get(fault.kind, Found(fault.kind, 0, fault.case))
        smallest = min(known.case, fault.case, key=_size)
        faults[fault.kind] = Found(fault.kind, known.times + fault.times, smallest)
    ordered = sorted(faults.values(), key=lambda fault: (-fault.times, fault.kind))
    return Result(one.target, one.about, one.inputs + other.inputs, dict(outcomes.most_common()), ordered)


def _generate(target: Target, judge: Callable[[Case], None], count: int, seed: int) -> None:
    @seeded(seed)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(target.cases())
    def generated(case: Case) -> None:
        judge(json.loads(json.dumps(case)))  # as it is when it is read from a file

    generated()


def shrunk(target: Target, kind: str, case: Case, most: int = 200) -> Case:
    """A smaller input with the same fault: parts of its lists are left out."""
    waiting = _smaller(case)
    for _ in range(most):
        candidate = next(waiting, None)
        if candidate is None:
            break
        if kind in _faults(target, candidate):
            case, waiting = candidate, _smaller(candidate)
    return case


def _smaller(case: Case) -> Iterator[Case]:
    if not isinstance(case, dict):
        return
    for key, value in case.items():
        if not isinstance(value, list):
            continue
        for size in (len(value) // 2, 1):
            for begin in range(0, len(value) if size else 0, size or 1):
                yield {**case, key: [*value[:begin], *value[begin + size :]]}


def _faults(target: Target, case: Case) -> tuple[str, ...]:
    try:
        return target.judge(case).faults
    except (KeyError, IndexError, TypeError, ZeroDivisionError):  # no input that the target makes
        return ()


def _size(case: Case) -> int:
    return len(json.dumps(case))


def save(results: Sequence[Result], folder: Path) -> list[Path]:
    """Store the input of every fault as `<target>-<number>.json`; `--again` judges such a file."""
    paths = []
    for result in results:
        for fault in result.faults:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{result.target}-{crc32(fault.kind.encode()):08x}.json"
            stored = {"target": result.target, "fault": fault.kind, "case": fault.case}
            path.write_text(json.dumps(stored, indent=1), encoding="utf-8")
            paths.append(path)
    return paths


def again(target: Target, path: Path) -> Judged:
    """Judge a stored input."""
    return target.judge(json.loads(path.read_text(encoding="utf-8"))["case"])


def table(results: Sequence[Result]) -> str:
    """The inputs of each target, what became of them, and how many kinds of faults were found."""
    lines = [f"{'target':<13} {'inputs':>8} {'faults':>7}  outcomes"]
    for result in results:
        shown = ", ".join(f"{name} {count}" for name, count in result.outcomes.items())
        lines.append(f"{result.target:<13} {result.inputs:>8} {len(result.faults):>7}  {shown}")
    inputs, faults = sum(one.inputs for one in results), sum(len(one.faults) for one in results)
    lines.append(f"{'together':<13} {inputs:>8} {faults:>7}")
    for result in results:
        lines += [f"{result.target}: {fault.kind} ({fault.times} times)" for fault in result.faults]
    return "\n".join(lines)
