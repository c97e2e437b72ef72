"""Tests of `packcheck.record`: what had no problems, and what changes that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from trainer.content.card import Card
from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.packcheck import record as module
from trainer.packcheck.record import Record, digest_of
from trainer.versions import Version

SMALL = "solutions/runtime-security/small"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "cks-trainer" / "packcheck.json"


def card_of(pack: Pack) -> Card:
    return load_catalogue(pack).cards[0]


def test_what_is_saved_is_there_again() -> None:
    record = Record()
    record.note("a", correct=True)
    record.note("b", correct=True)
    record.note("b", correct=False)
    assert (record.has("a"), record.has("b"), Record().has("a")) == (True, False, False)
    record.save()
    assert (Record().has("a"), Record().has("b")) == (True, False)


def test_the_oldest_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    record = Record()
    for digest in ("a", "b", "c"):
        record.note(digest, correct=True)
    record.note("a", correct=True)  # tested again: the newest now
    record.save()
    assert [Record().has(digest) for digest in ("a", "b", "c")] == [True, False, True]


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', "[1]"])
def test_a_damaged_record_is_empty(cache: Path, content: str) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text(content)
    record = Record()
    record.note("a", correct=True)
    record.save()
    assert Record().has("a")


def test_a_cache_that_cannot_be_written(cache: Path) -> None:
    cache.parent.parent.mkdir(parents=True)
    cache.parent.write_text("a file")
    record = Record()
    record.note("a", correct=True)
    record.save()
    assert not Record().has("a")


@pytest.mark.parametrize(
    "change",
    [
        {f"{SMALL}/reference.yaml": "apiVersion: v1\n"},
        {f"{SMALL}/explain.md": "Other words.\n"},
        {f"{SMALL}/also-order.yaml": None},
        {f"{SMALL}/also-more.yaml": "kind: Pod\n"},
        {f"{SMALL}/also-folder/pod.yaml": "kind: Pod\n"},
    ],
)
def test_solutions_count(make_pack: Callable[..., Pack], change: dict[str, str | None]) -> None:
    pack = make_pack()
    before = digest_of(card_of(pack), pack)
    assert digest_of(card_of(pack), pack) == before
    for name in change:
        (pack.tasks.parent / name).unlink(missing_ok=True)
    make_pack(change)
    assert digest_of(card_of(pack), pack) != before


def test_the_card_its_version_and_the_code_count(
    make_pack: Callable[..., Pack], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = make_pack()
    card = card_of(pack)
    found = {digest_of(card, pack)}
    found.add(digest_of(msgspec.structs.replace(card, kubernetes=Version(1, 36)), pack))
    card.source.write_text(card.source.read_text() + "limits: None.\n")
    found.add(digest_of(card, pack))
    monkeypatch.setattr(module, "code_digest", lambda: "other code")
    found.add(digest_of(card, pack))
    assert len(found) == 4


def test_a_card_without_solutions(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack()
    without = Pack(pack.tasks, pack.tasks.parent / "nowhere")
    assert digest_of(card_of(pack), pack) != digest_of(card_of(pack), without)


def test_material_changes_the_digest(make_pack: Callable[..., Pack]) -> None:
    named = ("files: [pod.yaml]", "files: [pod.yaml]\nmaterial: [a.log]")
    place = "tasks/runtime-security/small/a.log"
    before = make_pack({place: "x"}, card=named)
    first = digest_of(card_of(before), before)
    after = make_pack({place: "y"}, card=named)
    assert digest_of(card_of(after), after) != first
