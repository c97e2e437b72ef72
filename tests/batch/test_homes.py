"""Answers of learners who have several places."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.batch.hostile_archives import zipped
from trainer.batch.find import Found, Wanted, wanted
from trainer.batch.homes import find_everywhere, newest
from trainer.batch.pile import Learner
from trainer.batch.scratch import Scratch
from trainer.errors import AnswerUnreadable

POD, DENY = wanted({"pod-ro": ("pod.yaml",), "np-deny": ("policy.yaml",)})
(WHOLE,) = wanted({"pod-ro": ("pod.yaml",)}, whole=True)


class Class:
    """Submissions of one learner."""

    def __init__(self, folder: Path) -> None:
        self.subs, self.scratch = folder / "subs", Scratch(folder / "private", folder / "subs")
        (self.subs / "ana").mkdir(parents=True)

    def put(self, name: str, data: bytes = b"kind: Pod\n", at: int = 1000) -> Path:
        place = self.subs / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        os.utime(place, (at, at))
        return place

    def find(self, card: Wanted = POD, **more: object) -> Found:
        values = {"name": "ana", "folder": self.subs / "ana"} | more
        return find_everywhere(Learner(**values), card, self.scratch)  # type: ignore[arg-type]

    def place(self, card: Wanted = POD, **more: object) -> str | None:
        found = self.find(card, **more)
        return self.scratch.shown(found.place) if found.place else None


@pytest.fixture
def room(tmp_path: Path) -> Class:
    return Class(tmp_path)


def test_archives_in_the_learners_folder(room: Class) -> None:
    room.put(
        "ana/hw.zip",
        zipped(("hw/pod-ro.yaml", b"x"), ("hw/np-deny/policy.yaml", b"x"), ("hw/notes.pdf", b"x")),
    )
    assert room.place() == "ana/hw.zip/hw/pod-ro.yaml"
    assert room.place(DENY) == "ana/hw.zip/hw/np-deny"
    assert room.find().not_read == ("notes.pdf",)


def test_the_archive_of_a_card_is_its_answer_whatever_is_in_it(room: Class) -> None:
    room.put("ana/pod-ro.zip", zipped(("pod-ro/my.yaml", b"x")))
    assert room.place() == "ana/pod-ro.zip/pod-ro"
    assert room.find(DENY).note == "no answer"
    other = room.put("pod-ro/ana.zip", zipped(("any.yaml", b"x")))
    assert room.place(folder=None, inside={"pod-ro": (other,)}) == "pod-ro/ana.zip"


def test_an_archive_that_is_named_after_a_card(room: Class) -> None:
    """All of it is the answer; for other cards only what has their name."""
    room.put("ana/pod-ro.zip", zipped(("pod.yaml", b"x"), ("service.yaml", b"x")))
    assert room.place() == "ana/pod-ro.zip"
    assert room.place(DENY) is None
    room.put("ana/pod-ro.zip", zipped(("pod.yaml", b"x"), ("np-deny.yaml", b"x")))
    room.scratch.begin("another")
    assert room.place(DENY) == "ana/pod-ro.zip/np-deny.yaml"
    longer = wanted({"ro": ("ro.yaml",), "pod-ro": ("pod.yaml",)})[0]
    assert room.place(longer) is None
    named = room.put("ana_ro.yaml.zip", zipped(("x.yaml", b"x")))
    assert room.place(longer, folder=None, more=(named,)) == "ana_ro.yaml.zip"


def test_an_upload_beside_a_folder_with_the_same_file(room: Class) -> None:
    room.put("ana/pod-ro.yaml", at=5)
    later = room.put("ana_pod-ro.yaml", at=9)
    found = room.find(files={"pod-ro.yaml": later})
    assert (found.place, found.not_counted) == (later, ("ana/pod-ro.yaml",))


def test_the_whole_folder_of_one_card(room: Class) -> None:
    room.put("ana/answer.zip", zipped(("my.yaml", b"x")))
    assert room.place(WHOLE) == "ana/answer.zip"
    room.put("ana/my.yaml", at=2**31)
    assert room.place(WHOLE) == "ana"


def test_an_archive_in_an_archive(room: Class) -> None:
    room.put("ana/a.zip", zipped(("b.zip", zipped(("pod.yaml", b"x")))))
    assert room.place() == "ana/a.zip/b.zip/pod.yaml"


def test_the_latest_counts_and_the_others_are_named(room: Class) -> None:
    room.put("ana/pod-ro.yaml", at=2**31)
    room.put("ana/old.zip", zipped(("pod.yaml", b"x")))
    found = room.find()
    assert (room.place(), found.not_counted) == ("ana/pod-ro.yaml", ("ana/old.zip/pod.yaml",))
    assert "the latest counts; older: ana/old.zip/pod.yaml" in found.note
    room.put("ana/pod-ro.yaml", at=1)
    assert room.place() == "ana/old.zip/pod.yaml"


def test_uploads_without_a_folder(room: Class) -> None:
    new = room.put("ana_1_9_pod-1.yaml")
    found = room.find(folder=None, files={"pod.yaml": new}, older={"pod.yaml": ("ana_1_3_pod.yaml",)})
    assert (found.paths, found.names, found.not_counted) == ((new,), ("pod.yaml",), ("ana_1_3_pod.yaml",))
    whole = room.find(WHOLE, folder=None, files={"b.yaml": new, "a.yaml": room.put("x.yaml")})
    assert whole.names == ("a.yaml", "b.yaml")
    packed = room.put("ana_1_4_hw.zip", zipped(("pod.yaml", b"x")))
    assert room.place(folder=None, files={"hw.zip": packed}) == "ana_1_4_hw.zip/pod.yaml"


def test_more_folders_of_a_learner(room: Class) -> None:
    other = room.put("ana2/pod-ro.yaml").parent
    assert room.place(more=(other,)) == "ana2/pod-ro.yaml"
    packed = room.put("ana.zip", zipped(("pod-ro/x.yaml", b"x")))
    assert room.place(more=(packed,), folder=None) == "ana.zip/pod-ro"


def test_an_archive_that_cannot_be_read_is_the_reason_without_another_answer(room: Class) -> None:
    room.put("ana/hw.zip", b"Rar!xxxx")
    with pytest.raises(AnswerUnreadable, match=r"ana/hw\.zip is a RAR archive"):
        room.find()
    room.put("ana/pod.yaml")
    found = room.find()
    assert found.place == room.subs / "ana/pod.yaml"
    assert any("is a RAR archive" in one for one in found.not_read)


def test_what_could_not_be_unpacked_is_the_reason(room: Class) -> None:
    room.put("ana/hw.zip", zipped(("pod.yaml", b"x" * 2_000_000), ("../x.pdf", b"")))
    with pytest.raises(AnswerUnreadable, match=r"hw\.zip: pod\.yaml is too large"):
        room.find()
    with pytest.raises(AnswerUnreadable, match="is encrypted"):
        room.find(DENY, folder=None, refused=("ana/pod.yaml is encrypted",))


def test_online_text_is_told(room: Class) -> None:
    found = room.find(folder=None, texts=("ana_1_text.html",))
    assert found.note == "ana_1_text.html was not read: it is online text; submit a file"


def test_without_anything(room: Class) -> None:
    assert room.find().note == "no answer: the learner's folder is empty"
    assert room.find(folder=None).note == "the learner's folder is missing"
    room.put("ana/hw.zip", zipped(("readme.md", b"x")))
    assert room.find().note == "no answer; not read: readme.md"


def test_the_time_of_an_answer(room: Class) -> None:
    room.put("ana/pod-ro/a.yaml", at=5)
    room.put("ana/pod-ro/b/c.yaml", at=7)
    room.put("ana/pod-ro/.hidden", at=9)
    assert newest([room.subs / "ana/pod-ro"]) == 7
    assert newest([room.subs / "ana/pod-ro/a.yaml", room.subs / "none"]) == 5
    assert newest([]) is None
