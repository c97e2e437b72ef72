"""The journal of a batch: what is kept of an interrupted run, however it ended."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from trainer.batch import Row
from trainer.batch.journal import Run, framed, frames, journal, run_of
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.errors import UsageError
from trainer.files import FileFault

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack-mini")
RUN = Run("1", {"pod": "p", "net": "n"}, "[0]")


class Stopped(Exception):
    """The run ends without an end."""


def row(number: int, **more: object) -> bytes:
    fields = {"learner": f"l{number}", "card": "pod", "status": "graded", "passed": True, "points": 1}
    fields |= {"max_points": 1, "file": None, "verdict": b"{}", "message": "x" * number, "id": str(number)}
    return msgspec.msgpack.encode(Row(**{**fields, **more}))  # type: ignore[arg-type]


def interrupted(folder: Path, *rows: bytes, run: Run = RUN, again: bool = False) -> None:
    """A run that was ended after these rows."""
    with suppress(Stopped), journal(folder, run, again=again) as found:
        for number, one in enumerate(rows):
            found.add(b"found%d" % number, one)
        raise Stopped


def kept(folder: Path, run: Run = RUN, *, again: bool = True) -> dict[str, bytes]:
    """What a next run finds of the rows 0 to 9, which it doesn't finish either."""
    with suppress(Stopped), journal(folder, run, again=again) as found:
        known = {str(number): found.found(str(number), 0) for number in range(10)}
        there = {name: found.row(name) for name, digest in known.items() if digest}
        assert found.kept >= len(there)
        raise Stopped
    return there


def test_rows_are_there_again_and_the_file_goes_with_the_end(tmp_path: Path) -> None:
    interrupted(tmp_path, row(0), row(1))
    interrupted(tmp_path, row(2), again=True)
    assert kept(tmp_path) == {"0": row(0), "1": row(1), "2": row(2)}
    with journal(tmp_path, RUN, again=True) as found:
        assert (found.found("1", 0), found.found("1", 3), found.found("x", 0)) == (b"found1", b"", b"")
    assert list(tmp_path.iterdir()) == []
    interrupted(tmp_path, row(0))
    assert kept(tmp_path, again=False) == {}
    assert (tmp_path / "results.partial").exists()


def test_what_has_changed_is_not_kept(tmp_path: Path) -> None:
    rows = (row(0), row(1, card="net"), row(2, status="error"), row(3, seed=5))
    for other, left in (
        (RUN, {"0", "1"}),
        (Run("2", RUN.cards, RUN.options), set()),
        (Run("1", RUN.cards, "[1]"), set()),
        (Run("1", {"pod": "p"}, "[0]"), {"0"}),
        (Run("1", {"net": "n", "pod": "new"}, "[0]"), {"1"}),
        (Run("1", RUN.cards, RUN.options, learners="more", rows=99), {"0", "1"}),
    ):
        interrupted(tmp_path, *rows)
        assert set(kept(tmp_path, other)) == left, other
    interrupted(tmp_path, row(0))
    interrupted(tmp_path, run=Run("2", RUN.cards, RUN.options), again=True)
    assert set(kept(tmp_path)) == {"0"}, "the rows of the first run count again"
    interrupted(tmp_path, row(0, status="error"), again=True)
    assert kept(tmp_path) == {}, "the last row of an ID counts"


def test_a_file_that_ends_anywhere_keeps_its_whole_rows(tmp_path: Path) -> None:
    interrupted(tmp_path, row(0), row(1), row(2))
    file = tmp_path / "results.partial"
    whole = file.read_bytes()
    with file.open("rb") as stream:
        ends = [end for _, end, _ in frames(stream)][1:]
    chance = random.Random(7)  # noqa: S311
    for cut in {*chance.sample(range(len(whole)), 40), *ends, *(end - 1 for end in ends)}:
        for after in (b"", bytes(50), b"\xff" * 50, framed(["row", 1]), framed(["run", {}]), framed(7)):
            file.write_bytes(whole[:cut] + after)
            left = {str(number) for number, end in enumerate(ends) if end <= cut}
            assert set(kept(tmp_path)) == left, (cut, after)
            interrupted(tmp_path, row(9), again=True)
            assert set(kept(tmp_path)) == left | {"9"}, "what follows is whole again"


def test_one_program_at_a_time_and_no_link(tmp_path: Path) -> None:
    with journal(tmp_path, RUN, again=False):
        with pytest.raises(UsageError, match="another batch writes"), journal(tmp_path, RUN, again=True):
            pass
        with journal(tmp_path, msgspec.structs.replace(RUN, shards=2), again=True):
            assert (tmp_path / "shard-0-of-2.partial").exists()
    (tmp_path / "results.partial").symlink_to(tmp_path / "other")
    with pytest.raises(FileFault, match="link"), journal(tmp_path, RUN, again=True):
        pass
    assert not (tmp_path / "other").exists()


def test_what_a_run_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [find_card("tiny-pod", PACK), find_card("tiny-space", PACK)]
    run = run_of(cards, ["ann", "bob"], [0, True], (1, 3))
    assert (list(run.cards), run.rows, run.shard, run.shards) == (["tiny-pod", "tiny-space"], 4, 1, 3)
    assert run.name == "shard-1-of-3"
    assert run == run_of(cards, ["ann", "bob"], [0, True], (1, 3))
    assert run.learners != run_of(cards, ["bob", "ann"], [0, True], (1, 3)).learners
    assert run.options != run_of(cards, ["ann", "bob"], [None, True], (1, 3)).options
    monkeypatch.setattr("trainer.content.digest.code_digest", lambda: "other")
    assert run.program != run_of(cards, ["ann", "bob"], [0, True], (1, 3)).program
