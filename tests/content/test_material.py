"""Tests of `content.material`: what a card gives, as files and as every view shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from tests.cards import CARDS
from tests.table import each_row
from trainer.content.card import Card
from trainer.content.load import load_card
from trainer.content.material import (
    GLIMPSE,
    LONG,
    MOST_LINES,
    WIDEST,
    Section,
    material,
    reserved,
    sections,
)

PACK = Path(__file__).parents[1] / "fixtures" / "pack"


def card(**changes: Any) -> Card:
    bare = load_card(PACK / "tasks" / "runtime-security" / "mini-pod.yaml")
    return msgspec.structs.replace(bare, **{"given": "", "start": {}, **changes})


def test_material_has_everything_that_a_card_gives() -> None:
    given = card(
        given="kind: A\n",
        start={"a.yaml": "kind: B\n"},
        start_given=("a.yaml",),
        given_files={"x.log": "1"},
        node_files={"/etc/x": "2"},
    )
    assert material(given) == {"cluster.yaml": "kind: A\n---\nkind: B\n", "x.log": "1", "node/etc/x": "2"}
    assert material(card()) == {}


def test_sections_show_each_text_once() -> None:
    given = card(
        given="kind: A\n",
        start={"a.yaml": "kind: B\n"},
        start_given=("a.yaml",),
        given_files={"x.log": "1\n"},
        node_files={"/etc/x": "1\n", "/etc/a": "kind: B\n"},
    )
    assert sections(given) == [
        Section("Given", "kind: A", "The objects in a.yaml already exist."),
        Section("Given: x.log", "1"),
        Section("On the node: /etc/x", "", "Same text as x.log."),
        Section("On the node: /etc/a", "", "Same text as a.yaml."),
    ]


def test_a_long_file_is_cut_and_says_where_the_rest_is() -> None:
    [found] = sections(card(given_files={"x.log": "\n".join(map(str, range(MOST_LINES + 5)))}))
    assert found.text.split("\n") == [str(number) for number in range(MOST_LINES)]
    assert found.note == "5 more lines in the file given/x.log"


@each_row(
    ("name", "is_reserved"),
    [
        ("x.log", False),
        ("cluster.yaml", True),
        ("node/x", True),
        ("/x", True),
        ("a/../../x", True),
        ("a/x", False),
    ],
)
def test_names_that_a_task_cannot_use(name: str, is_reserved: bool) -> None:
    assert reserved(name) is is_reserved


def test_every_card_of_the_catalogue_delivers_the_files_that_it_names() -> None:
    for one in CARDS:
        names = material(one).keys()
        assert set(one.given_files) | {f"node{path}" for path in one.node_files} <= names, one.id
        assert ("cluster.yaml" in names) == bool(one.all_given.strip()), one.id


def test_of_a_long_file_only_its_form_is_shown() -> None:
    line = "x" * (WIDEST + 5)
    given = card(given_files={"a.log": f"{line}\n" * (LONG + 1)})
    [section] = sections(given)
    assert section.text == "\n".join([f"{'x' * WIDEST}…"] * GLIMPSE)
    assert section.note == f"{LONG + 1 - GLIMPSE} more lines in the file given/a.log"
