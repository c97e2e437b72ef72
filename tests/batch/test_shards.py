"""Shards: a stable split, and the rows of one run from all of them."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.batch import Graded, Row
from trainer.batch.journal import Run
from trainer.batch.shards import Merged, merged, read_shard, shard_file, shard_of, shard_place
from trainer.errors import AnswerUnreadable, UsageError

RUN = Run("1", {"pod": "p", "net": "n"}, "[0]", "names")


def rows(count: int) -> list[Row]:
    return [
        Row(
            f"l{one}",
            "pod",
            "graded",
            True,
            1,
            1,
            None,
            b"{}",
            "m" * (one % 7),
            penalty=one / 2,
            not_read=("x",),
        )
        for one in range(count)
    ]


def write(folder: Path, run: Run, places: list[int], every: list[Row]) -> Path:
    with shard_file(folder, run) as add:
        for place in places:
            add(Graded(place, every[place]))
    return shard_place(folder, run)


@given(split=st.lists(st.integers(0, 4), max_size=40))
def test_any_split_is_merged_to_the_rows_of_one_run(
    tmp_path_factory: pytest.TempPathFactory, split: list[int]
) -> None:
    folder, every = tmp_path_factory.mktemp("shards"), rows(len(split))
    for shard in range(5):
        run = msgspec.structs.replace(RUN, rows=len(split), shard=shard, shards=5)
        write(folder, run, [place for place, own in enumerate(split) if own == shard], every)
    found = merged([folder])
    assert list(found.rows()) == every
    assert found.whole == msgspec.structs.replace(RUN, rows=len(split))


def test_a_learner_has_one_shard_whoever_else_there_is() -> None:
    names = ["", "-x", "--help", "a\nb", "m\udcfcller", "=1+1", *map(str, range(1000))]
    for shards in (1, 2, 3, 7, 1000):
        assert {shard_of(name, shards) for name in names} <= set(range(shards))
    counts = [sum(shard_of(name, 4) == shard for name in names) for shard in range(4)]
    assert min(counts) > 200
    assert [shard_of(name, 3) for name in ("ann", "bob", "cy", "-x")] == [2, 2, 0, 2]


@each_row("text", ["4/4", "1", "0/0", "-1/4", "1/4/4", "a/b", "", "0/1001", "1 /4", "\u0661/4"])
def test_what_is_no_shard(text: str) -> None:
    with pytest.raises(UsageError, match="isn't a shard"):
        read_shard(text)


def test_more_shards_than_files_may_be_open(tmp_path: Path) -> None:
    """And large rows: a shard is read in several parts."""
    every = [msgspec.structs.replace(row, verdict=b"x" * 9000) for row in rows(320)]
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    for shard in range(80):
        run = msgspec.structs.replace(RUN, rows=320, shard=shard, shards=80)
        write(tmp_path, run, [place for place in range(320) if place * 7 % 80 == shard], every)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, before[1]))
    try:
        assert list(merged([tmp_path]).rows()) == every
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_shards_are_counted_from_0() -> None:
    assert [read_shard(text) for text in ("0/1", "3/4", "999/1000")] == [(0, 1), (3, 4), (999, 1000)]


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    return [
        write(
            tmp_path, msgspec.structs.replace(RUN, rows=6, shard=shard, shards=3), [shard, shard + 3], rows(6)
        )
        for shard in range(3)
    ]


def test_the_order_of_the_files_makes_no_difference(three: list[Path]) -> None:
    assert list(merged(three[::-1]).rows()) == rows(6)
    assert isinstance(merged([three[0], three[1], three[2].parent / three[2].name]), Merged)


def other(three: list[Path], **fields: object) -> Path:
    """Another file for the second shard, of a run with these fields."""
    run = msgspec.structs.replace(RUN, rows=6, shard=1, shards=3)
    return write(three[0].parent / "other", msgspec.structs.replace(run, **fields), [1, 4], rows(6))


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (lambda three: three[:2], "missing shards of 3: 2"),
        (lambda three: three[1:2], "missing shards of 3: 0, 2"),
        (lambda three: [*three, other(three)], "shard 1 of 3 is there twice: .*shard-1.*shard-1"),
        (lambda three: [three[0], other(three, shards=4)], "different runs: other number of shards"),
        (lambda three: [three[0], other(three, program="2")], "other version of cks-trainer"),
        (lambda three: [three[0], other(three, cards={"net": "n", "pod": "p2"})], "other cards"),
        (lambda three: [three[0], other(three, options="[1]")], "other options"),
        (lambda three: [three[0], other(three, learners="x")], "other learners"),
        (lambda three: [three[0], other(three, rows=7)], "other number of rows"),
        (lambda three: [three[0], other(three, formats=("csv",))], "other formats"),
        (lambda three: [three[0].parent / "nothing"], "there is no file"),
    ],
)
def test_shards_that_are_not_one_run(
    three: list[Path], chosen: Callable[[list[Path]], list[Path]], words: str
) -> None:
    (three[0].parent / "nothing").mkdir()
    with pytest.raises(UsageError, match=words):
        merged(chosen(three))


def test_broken_shards_are_named(three: list[Path]) -> None:
    whole = three[1].read_bytes()
    for data, words in (
        (whole[:-1], "row 4 of 6 is missing: one of .*shard-1-of-3.rows, .* is incomplete"),
        (whole[:-30] + b"?" + whole[-29:], "row 4 of 6 is missing"),
        (b"", "isn't the shard"),
        (b"\0" * 100, "isn't the shard"),
        (b'{"schema": 1}', "isn't the shard"),
        (whole[:200], "isn't the shard|row 1 of 6 is missing"),
    ):
        three[1].write_bytes(data)
        with pytest.raises(AnswerUnreadable, match=words):
            list(merged(three).rows())


def test_a_row_that_two_shards_have(three: list[Path]) -> None:
    write(three[0].parent, msgspec.structs.replace(RUN, rows=6, shard=1, shards=3), [1, 3, 4], rows(6))
    with pytest.raises(AnswerUnreadable, match="row 3 is there twice"):
        list(merged(three).rows())
