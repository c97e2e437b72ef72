"""No output of the program sings: a sample of what `make canary` runs."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.samples import first_of
from tools.canary.documents import documents
from tools.canary.outputs import at_home, chosen_for, outputs

SEED, NUMBER = 20, 40


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings, the progress or the answers of whoever runs it."""
    at_home(tmp_path, monkeypatch.setenv, monkeypatch.delenv)


@pytest.mark.parametrize("number", first_of(range(NUMBER), 2))
def test_no_output_shows_a_canary(number: int, tmp_path: Path) -> None:
    document = next(itertools.islice(documents(SEED), number, None))
    card, asked = chosen_for(number)
    found = list(outputs(document, tmp_path, card=card, asked=asked, batch=number % 10 == 0))
    assert [name for name, written in found if document.sings(written)] == []
    assert {name.split()[0] for name, _ in found} >= {"grade", "solution", "progress", "ask"}
