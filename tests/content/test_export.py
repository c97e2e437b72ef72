"""Tests of `content.export`: what learners get has the same verdicts and not a byte of a solution."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from tests.cards import CARDS, some_cards
from tests.cards import PACK as BUILT_IN
from tests.table import each_row
from trainer.content.card import Card
from trainer.content.catalogue import find_card
from trainer.content.export import export_pack, without_fields
from trainer.content.files import card_files
from trainer.content.locate import Pack, pack_at
from trainer.content.solutions import load_solutions
from trainer.content.vary import seed_of_learner
from trainer.errors import CardError, UsageError
from trainer.grading.grade import grade

FIXTURE = Path(__file__).parents[1] / "fixtures" / "pack"
CANARY = "canary-7f3a"


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """A pack whose solutions all have the canary: answers, walk-through, and what the card says of them."""
    shutil.copytree(FIXTURE, tmp_path / "pack")
    pack = pack_at(tmp_path / "pack")
    for file in (one for one in pack.solutions.rglob("*") if one.is_file()):
        file.write_text(f"{file.read_text()}\n# {CANARY}\n")
    for name in card_files(pack.tasks):
        card = pack.tasks / name
        text = card.read_text().replace("\nminutes:", f"\n# {CANARY}\nminutes:")
        assert CANARY in text
        text += f"imperative: |\n  kubectl {CANARY}\n\n  # {CANARY}\n"
        card.write_text(text + f"harmless: [{{path: a, mutation: delete, reason: {CANARY}}}] # {CANARY}\n")
    return pack


def everything(folder: Path) -> bytes:
    return b"".join(
        str(file).encode() + file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    )


def test_no_byte_of_a_solution_is_in_it(pack: Pack, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    files = export_pack(pack, copy, solutions=False)
    assert sorted(files) == sorted(file for file in copy.rglob("*") if file.is_file())
    assert {file.relative_to(copy).parts[0] for file in files} == {"tasks"}
    assert CANARY.encode() not in everything(copy)
    assert CANARY.encode() in everything(tmp_path / "pack")
    for stored in (file for file in pack.solutions.rglob("*") if file.is_file()):
        assert stored.read_bytes() not in everything(copy)
    with_all = export_pack(pack, tmp_path / "all")
    assert len(with_all) > len(files)
    assert everything(tmp_path / "all").count(CANARY.encode()) == everything(tmp_path / "pack").count(
        CANARY.encode()
    )


def test_the_built_in_cards_lose_what_solves_them_and_nothing_else() -> None:
    names = ("imperative", "harmless", "start_faults")
    for card in CARDS:
        data = card.source.read_bytes()
        left = without_fields(data, card.source.name, names)
        kept = [line for line in left.decode().splitlines() if line]
        assert not [line for line in kept if line.startswith(tuple(f"{name}:" for name in names))], card.id
        written = iter(data.decode().splitlines())
        assert all(any(line.startswith(one.rstrip()) for line in written) for one in kept), card.id
        solving = {line.strip() for line in card.imperative.splitlines() if len(line.strip()) > 30}
        rest = "\n".join([card.prompt, *card.hints, *card.start.values(), str(card.node), str(card.build)])
        assert not [line for line in solving if line in left.decode() and line not in rest], card.id


@pytest.mark.parametrize("card", some_cards())
def test_verdicts_are_the_same(card: Card, tmp_path: Path) -> None:
    export_pack(BUILT_IN, tmp_path / "copy", [card.id], solutions=False, hints=False)
    copy = pack_at(tmp_path / "copy")
    left_out = ("imperative", "harmless", "hints", "start_faults")
    for seed in (0, seed_of_learner("Ann", card.id)):
        theirs, own = find_card(card.id, copy, seed), find_card(card.id, BUILT_IN, seed)
        assert not any(getattr(theirs, name) for name in left_out)
        for name in set(Card.__struct_fields__) - {*left_out, "source", "where", "wording"}:
            assert getattr(theirs, name) == getattr(own, name), name
    stored = load_solutions(own, BUILT_IN)
    for variant in (stored.reference, stored.also[0], stored.wrong[0]):
        assert grade(theirs, variant.answer) == grade(own, variant.answer), variant.name
    with pytest.raises(CardError, match="this pack has no solutions"):
        load_solutions(theirs, copy)


CARD = "a: 1\nprompt: |\n  # stays\n  b # stays\n"


@each_row(
    ("written", "left"),
    [
        (CARD, CARD),
        (CARD + "imperative: |\n  k run\n\n\nz: 2\n", CARD + "z: 2\n"),
        ("imperative: >-\n  k\n" + CARD, CARD),
        ("a: 1 # goes\n# goes\nb: 'x # y' # goes\n", "a: 1\nb: 'x # y'\n"),
        ("a:\n  - 1\n  # goes\n  - 2\nimperative: x # goes", "a:\n  - 1\n  - 2\n"),
        ('"imperative": k\na: "#"\n', 'a: "#"\n'),
        ("a: 1\r\nimperative: k\r\nz: 2\r\n", "a: 1\r\nz: 2\r\n"),
        ("\ufeffa: 1\nimperative: k\n", "a: 1\n"),
        ('{"a": 1,\n"imperative": "k",\n"z": 2}\n', '{"a": 1,\n"z": 2}\n'),
        ("? imperative\n: k\n? a\n: 1\n", "? a\n: 1\n"),
    ],
)
def test_a_field_goes_and_everything_else_stays(written: str, left: str) -> None:
    assert without_fields(written.encode(), "x.yaml", ["imperative"]) == left.encode()


@each_row(
    "written",
    [
        "{a: 1, imperative: k, z: 2}\n",
        '{"a": 1,\n"imperative": "k"}\n',
        "imperative: &x k\na: *x\n",
    ],
)
def test_a_field_that_cannot_be_taken_out_is_refused(written: str) -> None:
    with pytest.raises(CardError, match="imperative can't be taken out"):
        without_fields(written.encode(), "x.yaml", ["imperative"])


def test_only_new_folders_and_whole_cards(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert export_pack(pack, tmp_path / "empty", ["mini-pod", "mini-pod"], solutions=False)
    (tmp_path / "file").write_text("mine")
    for taken in ("empty", "file"):
        with pytest.raises(UsageError, match=f"{taken} exists already"):
            export_pack(pack, tmp_path / taken)
    with pytest.raises(UsageError, match="no card has the ID 'mini-pdo'"):
        export_pack(pack, tmp_path / "new", ["mini-pdo"])
    card = find_card("mini-pod", pack).source
    card.write_text(card.read_text().replace("minutes:", "minuets:"))
    with pytest.raises(CardError):
        export_pack(pack, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    with pytest.raises(UsageError, match="has no cards"):
        export_pack(msgspec.structs.replace(pack, tasks=tmp_path / "none"), tmp_path / "new")


def test_material_goes_with_its_card(tmp_path: Path) -> None:
    card = next(one for one in CARDS if one.material)
    export_pack(BUILT_IN, tmp_path / "copy", [card.id], solutions=False)
    assert find_card(card.id, pack_at(tmp_path / "copy")).given_files == card.given_files
