"""The families of conformance cases: every case agrees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.conformance._run import LIMITS, families, family_modules, run_family
from trainer.isolate import Pool


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1, LIMITS) as workers:
        yield workers


@pytest.mark.parametrize("module", family_modules())
def test_every_case_agrees(module: str, conformance_cases: Path, pool: Pool) -> None:
    family = module.replace("_", "-")
    if not (conformance_cases / f"{family}.jsonl").is_file():
        pytest.skip(f"{conformance_cases} has no cases of {family}")
    tally = run_family(conformance_cases, family, pool)
    assert tally.cases > 0
    assert tally.disagreed == {}


@pytest.mark.parametrize("family", ["cel", "schema"])
def test_every_verdict_of_a_real_api_server_agrees(family: str, server_cases: Path, pool: Pool) -> None:
    tally = run_family(server_cases, family, pool)
    assert tally.cases > 0
    assert tally.disagreed == {}


def test_every_family_has_a_module(conformance_cases: Path) -> None:
    assert families(conformance_cases)[1] == []
