"""An answer that is found and read, and what its row has before it is judged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.batch.hostile_archives import zipped
from trainer.batch.find import wanted
from trainer.batch.look import looked_at
from trainer.batch.pile import Learner
from trainer.batch.scratch import Scratch
from trainer.content.card import Card
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at

POD: Card = find_card("tiny-pod", pack_at(Path(__file__).parents[1] / "fixtures" / "pack-mini"))
(SOUGHT,) = wanted({POD.id: POD.files})


@pytest.fixture
def subs(tmp_path: Path) -> Path:
    (tmp_path / "subs" / "ana").mkdir(parents=True)
    return tmp_path / "subs"


def test_files_get_the_names_that_the_card_knows(subs: Path) -> None:
    (subs / "ana" / "pod.yaml.txt").write_text("kind: Pod")
    (subs / "ana" / "b.pdf").write_text("")
    row, answer = looked_at(POD, Learner("ana", subs / "ana"), subs, SOUGHT)
    assert answer is not None
    assert [(file.name, file.data) for file in answer.files] == [("pod.yaml", b"kind: Pod")]
    assert (row.file, row.not_read, row.submitted_at) == ("ana/pod.yaml.txt", ("b.pdf",), None)
    (subs / "ana" / POD.id).mkdir()
    (subs / "ana" / POD.id / "POD.YAML").write_text("kind: Pod")
    (subs / "ana" / "pod.yaml.txt").unlink()
    row, answer = looked_at(POD, Learner("ana", subs / "ana"), subs, SOUGHT)
    assert answer is not None
    assert [file.name for file in answer.files] == ["pod.yaml"]


def test_a_row_says_when_and_where(subs: Path, tmp_path: Path) -> None:
    (subs / "ana" / "a.zip").write_bytes(zipped(("pod.yaml", b"kind: Pod")))
    place = subs / "ana" / "tiny-pod.yaml"
    place.write_text("kind: Pod")
    os.utime(place, (2**31, 2**31))
    scratch = Scratch(tmp_path / "private", subs)
    row, _ = looked_at(POD, Learner("ana", subs / "ana", late=True), subs, SOUGHT, scratch, timed=True)
    assert (row.file, row.submitted_at, row.late) == ("ana/tiny-pod.yaml", "2038-01-19T03:14:08Z", True)
    assert row.not_counted == ("ana/a.zip/pod.yaml",)


def test_no_path_of_ours_is_told(subs: Path, tmp_path: Path) -> None:
    (subs / "ana" / "a.zip").write_bytes(zipped(("tiny-pod.yaml", b"\xff\xfe\xff")))
    scratch = Scratch(tmp_path / "private", subs)
    row, answer = looked_at(POD, Learner("ana", subs / "ana"), subs, SOUGHT, scratch)
    assert answer is not None
    (subs / "ana" / "a.zip").write_bytes(b"")
    row, answer = looked_at(
        POD, Learner("ana", subs / "ana"), subs, SOUGHT, Scratch(tmp_path / "other", subs)
    )
    assert (row.status, row.file, answer) == ("unreadable", "ana/a.zip", None)
    assert row.message.startswith("ana/a.zip is empty")
    assert str(tmp_path) not in row.message
