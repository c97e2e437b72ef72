"""Tests of `content.index`: the index of a pack on disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trainer.content.catalogue import find_card
from trainer.content.index import KEPT, Entry, Index, cache_place, maker, shipped_index
from trainer.content.listed import as_listed
from trainer.content.locate import pack_at

CARD = as_listed(find_card("mini-pod", pack_at(Path(__file__).parents[1] / "fixtures" / "pack")))
NAME = "runtime-security/mini-pod.yaml"
SECOND = 1_000_000_000
OLD = (7, 5 * SECOND, 6 * SECOND)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "cks-trainer"


def test_an_entry_holds_while_its_mark_does(tmp_path: Path) -> None:
    Index(tmp_path).keep({NAME: Entry(OLD, CARD)}, 10 * SECOND)
    index = Index(tmp_path)
    assert index.entry(NAME, OLD) == Entry(OLD, CARD)
    assert [index.entry(NAME, mark) for mark in (None, (8, *OLD[1:]), (7, 5, OLD[2]), (7, OLD[1], 6))] == [
        None
    ] * 4
    assert index.entry("runtime-security/other.yaml", OLD) is None


def test_what_changed_within_two_seconds_is_left_out(tmp_path: Path) -> None:
    entries = {NAME: Entry(OLD, CARD), "a/new.yaml": Entry((7, 0, 8 * SECOND), CARD)}
    Index(tmp_path).keep(entries, 10 * SECOND)
    assert list(Index(tmp_path).entries) == [NAME]


def test_nothing_is_written_where_nothing_changed(tmp_path: Path) -> None:
    Index(tmp_path).keep({NAME: Entry(OLD, CARD)}, 10 * SECOND)
    os.utime(cache_place(tmp_path), (1, 1))
    Index(tmp_path).keep({NAME: Entry(OLD, CARD)}, 20 * SECOND)
    assert cache_place(tmp_path).stat().st_mtime == 1


def test_packs_have_an_index_each_and_the_oldest_goes(tmp_path: Path, cache: Path) -> None:
    for number in range(KEPT + 2):
        place = tmp_path / str(number)
        Index(place).keep({NAME: Entry(OLD, CARD)}, 10 * SECOND)
        os.utime(cache_place(place), (number, number))
    assert len(list(cache.iterdir())) == KEPT
    assert not Index(tmp_path / "0").entries
    assert Index(tmp_path / str(KEPT + 1)).entries


def test_a_shipped_index_trusts_the_size_and_the_time_of_installation(tmp_path: Path) -> None:
    place = tmp_path / "cards.index"
    place.write_bytes(shipped_index({NAME: (7, CARD)}))
    os.utime(place, (100, 100))
    index = Index(tmp_path, place)
    assert (index.place, index.shipped) == (place, place)
    found = [index.entry(NAME, mark) for mark in ((7, 110 * SECOND, 1), (7, 900 * SECOND, 1), (8, 1, 1))]
    assert [entry is not None for entry in found] == [True, False, False]
    index.keep({}, 10 * SECOND)
    assert Index(tmp_path, place).entries, "it is never written"


def test_another_state_of_the_reading_modules_is_another_maker(monkeypatch: pytest.MonkeyPatch) -> None:
    before = maker()
    assert before == maker()
    monkeypatch.setattr("trainer.content.index._modules", lambda folder: [(folder.name, 1)])
    assert maker() != before
