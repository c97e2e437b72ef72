"""Where answers are found, and what is said about those that are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.batch.find import Found, Wanted, find_answer, wanted
from trainer.errors import AnswerUnreadable

CARDS = {"pod-ro": ("pod.yaml",), "np-deny": ("policy.yaml",), "np-api": ("policy.yaml", "pod-2.yaml")}
POD, DENY, API = wanted(CARDS)


def put(folder: Path, *names: str) -> Path:
    for name in names:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir() if name.endswith("/") else place.write_text("kind: Pod\n")
    return folder / "ana"


def find(subs: Path, card: Wanted = POD, *inside: str) -> Found:
    folder = subs / "ana"
    return find_answer(folder if folder.is_dir() else None, card, subs, [subs / name for name in inside])


def note(subs: Path, *names: str, card: Wanted = POD) -> str:
    put(subs, *(f"ana/{name}" for name in names))
    found = find(subs, card)
    assert (found.paths, found.place) == ((), None)
    return found.note


@pytest.mark.parametrize("name", ["pod-ro.yaml", "pod-ro.yml", "pod-ro.json", "pod-ro/any/name.yaml"])
def test_an_answer_is_a_folder_or_a_file(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"ana/{name}")
    place = tmp_path / "ana" / name.split("/", maxsplit=1)[0]
    assert find(tmp_path) == Found((place,), place)


@pytest.mark.parametrize("name", ["pod-ro/ana/pod.yaml", "pod-ro/ana.yaml"])
def test_an_answer_is_in_the_folder_of_the_card(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    inside = "/".join(name.split("/")[:2])
    assert find(tmp_path, POD, inside) == Found((tmp_path / inside,), tmp_path / inside)


def test_two_answers_are_told_and_not_chosen_from(tmp_path: Path) -> None:
    put(tmp_path, "ana/pod-ro.yaml", "pod-ro/ana/pod.yaml")
    with pytest.raises(AnswerUnreadable, match=r"found two answers: pod-ro/ana and ana/pod-ro\.yaml"):
        find(tmp_path, POD, "pod-ro/ana")
    put(tmp_path, "ana/np-deny/policy.yaml", "ana/np-deny.json")
    with pytest.raises(AnswerUnreadable, match=r"found two answers: ana/np-deny and ana/np-deny\.json"):
        find(tmp_path, DENY)


def test_the_files_of_one_card_in_the_learners_folder(tmp_path: Path) -> None:
    place = put(tmp_path, "ana/pod.yaml") / "pod.yaml"
    found = find(tmp_path)
    assert (found.paths, found.place) == ((place,), place)
    assert found.note == (
        "read pod.yaml in the learner's folder: no other card of this batch has such a file"
    )


def test_several_files_of_one_card(tmp_path: Path) -> None:
    (alone,) = wanted({"np-api": ("policy.yaml", "pod-2.yaml")})
    folder = put(tmp_path, "ana/policy.yaml", "ana/pod-2.yaml")
    assert find(tmp_path, alone).paths == (folder / "policy.yaml", folder / "pod-2.yaml")
    assert find(tmp_path, alone).place == folder


def test_a_file_that_several_cards_require_is_not_guessed(tmp_path: Path) -> None:
    assert note(tmp_path, "policy.yaml", card=DENY) == (
        "policy.yaml was not read: it may be the answer to np-deny or np-api; put it into the card's folder"
    )


def test_the_whole_folder_of_a_learner_for_one_card(tmp_path: Path) -> None:
    (one,) = wanted({"pod-ro": ("pod.yaml",)}, whole=True)
    folder = put(tmp_path, "ana/my-pod.yaml", "ana/sub/x.png")
    assert find(tmp_path, one) == Found((folder,), folder)
    inside = put(tmp_path, "ana/pod-ro/pod.yaml") / "pod-ro"
    assert find(tmp_path, one) == Found((inside,), inside)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["pod-ro.zip"], "pod-ro.zip was not read: unpack it"),
        (["answers.tar.gz", "np-deny.zip"], "answers.tar.gz was not read: unpack it"),
        (["np-deny.zip"], "no answer; not read: np-deny.zip"),
        (["pod.yaml.bak"], "pod.yaml.bak was not read: name it pod.yaml"),
        (["pod.yml2"], "pod.yml2 was not read: name it pod.yaml"),
        (["pod-1.yaml"], "no answer; not read: pod-1.yaml"),
        (["Pod_RO/pod.yaml"], "Pod_RO was not read: name it pod-ro"),
        (["pod-ro/"], "the folder pod-ro has no answer in it"),
        (["week-3/hw/pod-ro/pod.yaml"], "week-3/hw/pod-ro was not read: move it to ana/pod-ro"),
        (["notes.md"], "no answer; not read: notes.md"),
        (["a", "b", "c", "d"], "no answer; not read: a, b, c and 1 more"),
        (["np-deny/policy.yaml"], "no answer"),
        ([".hidden"], "no answer"),
        ([], "no answer: the learner's folder is empty"),
        (["a\x1b[2J.md"], "no answer; not read: a\x1b[2J.md"),
    ],
)
def test_a_missing_answer_says_what_is_there(tmp_path: Path, names: list[str], said: str) -> None:
    (tmp_path / "ana").mkdir()
    assert note(tmp_path, *names) == said


@pytest.mark.parametrize(
    ("name", "right", "names"),
    [
        ("pod.yaml.txt", "pod.yaml", ("pod.yaml",)),
        ("POD.YAML", "pod.yaml", ("pod.yaml",)),
        ("pod.yml", "pod.yaml", ("pod.yaml",)),
        ("pod (1).yaml", "pod.yaml", ("pod.yaml",)),
        ("pod-ro (1).yaml", "pod-ro.yaml", ()),
        ("Pod_RO.yaml.txt", "pod-ro.yaml", ()),
    ],
)
def test_a_name_that_changed_on_its_way(
    tmp_path: Path, name: str, right: str, names: tuple[str, ...]
) -> None:
    place = put(tmp_path, f"ana/{name}") / name
    found = find(tmp_path)
    assert (found.paths, found.names, found.note) == ((place,), names, f"read {name} as {right}")
    put(tmp_path, f"ana/{right}")
    assert find(tmp_path).place == tmp_path / "ana" / right


def test_names_in_the_folder_of_the_answer(tmp_path: Path) -> None:
    put(tmp_path, "ana/pod-ro/pod.yaml.txt", "ana/pod-ro/notes.txt")
    found = find(tmp_path)
    assert (found.renamed, found.note) == ({"pod.yaml.txt": "pod.yaml"}, "read pod.yaml.txt as pod.yaml")
    put(tmp_path, "ana/pod-ro/pod (1).yaml")
    assert find(tmp_path).renamed == {}
    put(tmp_path, "ana/pod-ro/pod.yaml")
    assert find(tmp_path).renamed == {}


def test_two_names_that_mean_the_same(tmp_path: Path) -> None:
    put(tmp_path, "ana/pod (1).yaml", "ana/pod.yaml.txt")
    with pytest.raises(
        AnswerUnreadable, match=r"found two answers: ana/pod \(1\)\.yaml and ana/pod\.yaml\.txt"
    ):
        find(tmp_path)
    assert note(tmp_path, "policy.yml", card=DENY) == (
        "policy.yml was not read: it may be the answer to np-deny or np-api; put it into the card's folder"
    )


def test_what_belongs_to_no_card(tmp_path: Path) -> None:
    put(
        tmp_path,
        "ana/pod-ro.yaml",
        "ana/policy.yaml",
        "ana/np-api/x",
        "ana/b.pdf",
        "ana/a/x",
        "ana/.x",
        "ana/Thumbs.db",
    )
    assert find(tmp_path).not_read == ("a", "b.pdf")


def test_uploads_without_a_folder(tmp_path: Path) -> None:
    put(tmp_path, "x", "y")
    uploads = {"pod (1).yaml": tmp_path / "x", "z.pdf": tmp_path / "y"}
    found = find_answer(None, POD, tmp_path, files=uploads)
    assert (found.paths, found.names, found.not_read) == ((tmp_path / "x",), ("pod.yaml",), ("z.pdf",))
    found = find_answer(None, DENY, tmp_path, files={"z.pdf": tmp_path / "y"})
    assert found == Found(note="no answer; not read: y", not_read=("z.pdf",))


def test_without_a_folder(tmp_path: Path) -> None:
    assert find(tmp_path).note == "the learner's folder is missing"
    put(tmp_path, "pod-ro/ana.zip")
    assert find(tmp_path, POD, "pod-ro/ana.zip").note == "ana.zip was not read: unpack it"


def test_links_lead_nowhere_else(tmp_path: Path) -> None:
    subs = tmp_path / "subs"
    put(subs, "bob/pod-ro/pod.yaml", "ana/real/pod.yaml", "cy/pod.yaml")
    (subs / "ana/pod-ro").symlink_to("real")
    assert find(subs).place == subs / "ana/pod-ro"
    (subs / "ana/pod-ro").unlink()
    (subs / "ana/pod-ro").symlink_to("../bob/pod-ro")
    with pytest.raises(AnswerUnreadable, match="leads out"):
        find(subs)
    (subs / "eve").symlink_to("bob")
    with pytest.raises(AnswerUnreadable, match="a link that leads elsewhere"):
        find_answer(subs / "eve", POD, subs)
    (subs / "cy/pod.yaml").unlink()
    (subs / "cy/pod.yaml").symlink_to("../bob/pod-ro/pod.yaml")
    with pytest.raises(AnswerUnreadable, match="leads out"):
        find_answer(subs / "cy", POD, subs)


def test_rivals() -> None:
    assert (POD.id, POD.files, POD.rivals, POD.cards) == ("pod-ro", ("pod.yaml",), {}, frozenset(CARDS))
    assert API.rivals == {"policy.yaml": ("np-deny",)}
