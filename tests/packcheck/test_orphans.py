"""Tests of `packcheck.orphans`: files of a pack that belong to nothing."""

from __future__ import annotations

from collections.abc import Callable

from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.packcheck.orphans import orphan_problems


def test_files_that_belong_to_nothing_are_told(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack(
        {
            "tasks/notes.md": "x",
            "tasks/runtime-security/card.yml": "x",
            "tasks/runtime-security/.hidden": "x",
            "tasks/other-domain/card.yaml": "x",
            "tasks/runtime-security/deep/card.yaml": "x",
            "solutions/runtime-security/README.md": "x",
            "solutions/runtime-security/gone/reference.yaml": "x",
            "solutions/cluster-setup/small/reference.yaml": "x",
            "solutions/runtime-security/broken/reference.yaml": "x",
        }
    )
    cards = load_catalogue(pack).cards
    broken = [pack.tasks / "runtime-security" / "broken.yaml"]
    found = [problem.location for problem in orphan_problems(cards, broken, pack)]
    assert [place.file for place in found if place] == [
        "tasks/notes.md",
        "tasks/other-domain/card.yaml",
        "tasks/runtime-security/card.yml",
        "tasks/runtime-security/deep/card.yaml",
        "solutions/cluster-setup/small/reference.yaml",
        "solutions/runtime-security/README.md",
        "solutions/runtime-security/gone/reference.yaml",
    ]


def test_a_good_pack_has_none(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack()
    assert list(orphan_problems(load_catalogue(pack).cards, [], pack)) == []


def test_material_belongs_to_the_card_that_names_it(make_pack: Callable[..., Pack]) -> None:
    folder = "tasks/runtime-security/small"
    pack = make_pack(
        {f"{folder}/a.log": "x", f"{folder}/logs/b.log": "x", f"{folder}/c.log": "x"},
        card=("files: [pod.yaml]", "files: [pod.yaml]\nmaterial: [a.log, logs/b.log]"),
    )
    cards = load_catalogue(pack).cards
    found = [problem.location for problem in orphan_problems(cards, [], pack)]
    assert [place.file for place in found if place] == [f"{folder}/c.log"]
    broken = [pack.tasks / "runtime-security" / "small.yaml"]
    assert not [one for one in orphan_problems([], broken, pack) if "small/" in str(one.location)]
