"""Archives of learners that were damaged: they are unpacked into their folder only, or refused."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from tests.batch.hostile_archives import archives
from tools.fuzz.model import Case, Judged, Target, judging
from tools.fuzz.targets.files import cuts, spliced
from trainer.batch.archives import unpack
from trainer.errors import AnswerUnreadable

MOST_BYTES = 16 * 1024 * 1024
"""What the files of one learner's archive may have together."""


@cache
def _corpus() -> dict[str, bytes]:
    """The hostile archives that are small enough to change a part that matters."""
    found = {
        name: one.data
        for name, one in sorted(archives(b"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n").items())
    }
    return {name: data for name, data in found.items() if len(data) <= 1 << 16}


@judging
def judge_archive(case: Case) -> Judged:
    """Unpack a changed archive: plain files in the folder, within the limits, or a declared error."""
    room = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        archive, into = room / "archive", room / "deep" / "into"
        into.parent.mkdir()
        archive.write_bytes(spliced(_corpus()[case["archive"]], case["cuts"]))
        try:
            unpack(archive, into, shown="a.zip", wants=lambda _: True)
            outcome = "unpacked"
        except AnswerUnreadable as error:
            str(error).encode()
            outcome = "refused"
        return Judged(outcome, tuple(_faults(room, into, archive)))
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _faults(room: Path, into: Path, archive: Path) -> list[str]:
    outside = {path for path in room.rglob("*") if into not in (path, *path.parents)} - {archive, into.parent}
    inside = list(into.rglob("*")) if into.exists() else []
    found = ["something is written outside of the folder"] if outside else []
    if any(path.is_symlink() or not (path.is_file() or path.is_dir()) for path in inside):
        found.append("what isn't a plain file is made")
    if sum(path.stat().st_size for path in inside if path.is_file()) > MOST_BYTES:
        found.append("more is unpacked than the limit allows")
    return found


TARGETS = (
    Target(
        "archives",
        "damaged and hostile archives: plain files in their folder, or a declared error",
        20,
        lambda: st.fixed_dictionaries({"archive": st.sampled_from(sorted(_corpus())), "cuts": cuts()}),
        judge_archive,
    ),
)
