"""Tests of `content.solutions`: what is in `solutions/<domain>/<card>/`."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from trainer.content.catalogue import find_card
from trainer.content.locate import Pack, pack_at
from trainer.content.solutions import load_solutions, solution_kinds, solutions_folder
from trainer.content.wording import Wording
from trainer.errors import CardError

PACK = Path(__file__).parents[1] / "fixtures" / "pack"


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    shutil.copytree(PACK, tmp_path, dirs_exist_ok=True)
    return pack_at(tmp_path)


def test_all_variants() -> None:
    pack = pack_at(PACK)
    solutions = load_solutions(find_card("mini-pod", pack), pack)
    assert [file.name for file in solutions.reference.answer.files] == ["pod.yaml"]
    assert [variant.name for variant in solutions.also] == ["also-list"]
    assert {variant.name: variant.fails for variant in solutions.wrong} == {
        "wrong-image": ("image",),
        "wrong-place": ("exists",),
        "wrong-writable": ("read-only",),
    }
    assert "read-only" in solutions.explain
    assert solutions.orphans == ()


def test_fails_txt_is_no_part_of_the_answer() -> None:
    pack = pack_at(PACK)
    solutions = load_solutions(find_card("mini-pod", pack), pack)
    image = next(variant for variant in solutions.wrong if variant.name == "wrong-image")
    assert [file.name for file in image.answer.files] == ["pod.json"]


def test_another_form_keeps_its_ending(pack: Pack) -> None:
    card = find_card("mini-pod", pack)
    (solutions_folder(card, pack) / "also-json.json").write_text("{}")
    also = load_solutions(card, pack).also
    assert [variant.answer.files[0].name for variant in also] == ["pod.json", "pod.yaml"]


def test_a_demanded_name_without_an_ending_is_the_name_of_every_form(pack: Pack) -> None:
    card = msgspec.structs.replace(find_card("mini-pod", pack), files=("config",))
    (solutions_folder(card, pack) / "also-json.json").write_text("{}")
    solutions = load_solutions(card, pack)
    names = [variant.answer.files[0].name for variant in (solutions.reference, *solutions.also)]
    assert names[:2] == ["config", "config"]


def test_one_file_in_place_of_several_keeps_its_name(pack: Pack) -> None:
    card = msgspec.structs.replace(find_card("mini-pod", pack), files=("a.yaml", "b.yaml"))
    assert load_solutions(card, pack).reference.answer.files[0].name == "reference.yaml"


def test_several_checks_and_spaces(pack: Pack) -> None:
    card = find_card("mini-pod", pack)
    (solutions_folder(card, pack) / "wrong-both.yaml").write_text("# fails: image ,read-only\na: b\n")
    wrong = {variant.name: variant.fails for variant in load_solutions(card, pack).wrong}
    assert wrong["wrong-both"] == ("image", "read-only")


def test_orphans(pack: Pack) -> None:
    card = find_card("mini-pod", pack)
    for name in ("notes.txt", "wrong.yaml", "reference-2.yaml"):
        (solutions_folder(card, pack) / name).write_text("x")
    orphans = load_solutions(card, pack).orphans
    assert [path.name for path in orphans] == ["notes.txt", "reference-2.yaml", "wrong.yaml"]


def test_all_problems_are_named(pack: Pack) -> None:
    card = find_card("mini-pod", pack)
    folder = solutions_folder(card, pack)
    (folder / "reference.yaml").unlink()
    (folder / "wrong-a.yaml").write_text("a: b\n")
    (folder / "wrong-b.yaml").write_text("# fails: nothing\n")
    with pytest.raises(CardError) as caught:
        load_solutions(card, pack)
    assert [problem.message for problem in caught.value.problems] == [
        "a wrong answer must say which checks it fails",
        "the card has no check 'nothing'",
        "found 0 references; exactly one is required",
    ]


def test_no_folder(pack: Pack) -> None:
    card = find_card("mini-pod", pack)
    shutil.rmtree(solutions_folder(card, pack))
    with pytest.raises(CardError, match="has no solutions"):
        load_solutions(card, pack)


def test_answers_are_in_the_wording_of_the_card(pack: Pack) -> None:
    card = find_card("mini-pod", pack)
    (solutions_folder(card, pack) / "explain.md").write_text("Why `sun`, not sunday.\n")
    wrong = solutions_folder(card, pack) / "wrong-image" / "fails.txt"
    wrong.write_text(wrong.read_text().replace("image", "image, exists"))
    solutions = load_solutions(
        msgspec.structs.replace(card, wording=Wording(7, {"sun": "moon", "image": "x"})), pack
    )
    assert b"namespace: moon" in solutions.reference.answer.files[0].data
    assert b"sun" not in solutions.reference.answer.files[0].data
    assert solutions.explain == "Why `moon`, not sunday.\n"
    assert {one.name: one.fails for one in solutions.wrong}["wrong-image"] == ("image", "exists")


def test_the_kinds_of_a_reference_are_found_in_every_form(pack: Pack) -> None:
    card = find_card("mini-pod", pack)
    folder = solutions_folder(card, pack)
    assert solution_kinds(card, pack) == {"Pod"}
    (folder / "reference.yaml").unlink()
    assert solution_kinds(card, pack) == set()
    (folder / "reference").mkdir()
    (folder / "reference" / "a.json").write_text('{"kind": "ClusterRole", "roleRef": {"kind":"Role"}}')
    (folder / "reference" / "b.yaml").write_text("- {kind: 'List'}\nunkind: No\nkind: no\n")
    (folder / "reference" / "c").write_bytes(b"kind: \xff\n")
    assert solution_kinds(card, pack) == {"ClusterRole", "Role", "List"}
    shutil.rmtree(folder)
    assert solution_kinds(card, pack) == set()
