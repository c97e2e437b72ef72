"""Results of batches that were damaged: what `batch diff`, `batch merge` and `batch --resume` read again."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

import msgspec
from hypothesis import strategies as st

from tools.fuzz.model import Case, Judged, Target, judging
from tools.fuzz.targets.files import cuts, spliced
from trainer.batch import Graded, Row
from trainer.batch.compare import compare
from trainer.batch.journal import Run, framed, journal
from trainer.batch.shards import merged, shard_file, shard_place
from trainer.errors import TrainerError

_ROWS = tuple(
    Row(f"l{number}", "pod", "graded", True, 1, 1, None, b'{"checks":[]}', "m" * number, id=str(number))
    for number in range(6)
)
_RUN = Run("1", {"pod": "p"}, "[0]", "names", len(_ROWS), 0, 2)


class _Interrupted(Exception):
    """A batch that doesn't end well: its rows remain."""


@cache
def _folder() -> Path:
    """A folder of this process, with results that are whole."""
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{os.getpid()}-"))
    for shard in range(2):
        with shard_file(folder, msgspec.structs.replace(_RUN, shard=shard)) as add:
            for place in range(shard, len(_ROWS), 2):
                add(Graded(place, _ROWS[place]))
    _kept(folder, add=True)
    (folder / "results.jsonl").write_bytes(b"".join(row.json_line() for row in _ROWS))
    return folder


def _kept(folder: Path, *, add: bool = False) -> list[bytes]:
    """The rows that a batch in this folder takes over, as they were stored."""
    found: list[bytes] = []
    try:
        with journal(folder, msgspec.structs.replace(_RUN, shards=1), again=True) as before:
            for row in _ROWS:
                if add:
                    before.add(b"found", msgspec.msgpack.encode(row))
                elif before.found(row.id, 0) == b"found":
                    found.append(before.row(row.id))
            raise _Interrupted
    except _Interrupted:
        return found


def _with_bytes(value: object) -> object:
    """A value of a stored case, in which a text that begins with `b:` stands for bytes."""
    if isinstance(value, list):
        return [_with_bytes(one) for one in value]
    return value[2:].encode("latin-1") if isinstance(value, str) and value.startswith("b:") else value


@judging
def judge_results(case: Case) -> Judged:
    """Read a damaged file of results: the rows as they were, or a declared error."""
    folder = _folder()
    place = {
        "jsonl": folder / "results.jsonl",
        "rows": shard_place(folder, _RUN),
        "partial": folder / "results.partial",
    }[case["file"]]
    whole = place.read_bytes()
    data = spliced(whole, case["cuts"])
    place.write_bytes(data + b"".join(framed(_with_bytes(one)) for one in case["frames"]))
    try:
        if case["file"] == "jsonl":
            for change in compare(folder, place).changes:
                str(change).encode("utf-8", "replace")
            return Judged("read")
        if case["file"] == "rows":
            same = tuple(merged([folder]).rows()) == _ROWS
            return Judged("read", () if same else ("other rows are merged than were graded",))
        stored = {msgspec.msgpack.encode(row) for row in _ROWS}
        return Judged("read", () if set(_kept(folder)) <= stored else ("a row is kept that wasn't graded",))
    except TrainerError as error:
        str(error).encode()
        return Judged("refused")
    finally:
        place.write_bytes(whole)


def _values() -> st.SearchStrategy[object]:
    plain = st.one_of(
        st.none(),
        st.integers(-(2**40), 2**40),
        st.sampled_from(["run", "row", "pod", "", "b:", "b:found", "b:\x80", "b:\xc1"]),
    )
    return st.recursive(plain, lambda inner: st.lists(inner, max_size=4), max_leaves=6)


TARGETS = (
    Target(
        "results",
        "damaged results and shards, and interrupted batches: the rows as they were, or a declared error",
        20,
        lambda: st.fixed_dictionaries(
            {
                "file": st.sampled_from(["jsonl", "rows", "partial"]),
                "cuts": st.one_of(st.just([]), cuts()),
                "frames": st.lists(_values(), max_size=2),
            }
        ),
        judge_results,
    ),
)
