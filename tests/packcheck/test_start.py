"""Tests of `packcheck.start`: a starter has only the faults that are the task."""

from __future__ import annotations

from collections.abc import Callable

from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.packcheck.start import start_faults

OLD = 'start: {pod.yaml: "apiVersion: v1\\nkind: Pod\\n"}'
MISSPELLED = 'start: {pod.yaml: "apiVersion: v1\\nkind: Pod\\nspec:\\n  containers:\\n  - comand: [a]\\n"}'


def faults(pack: Pack) -> list[tuple[str, str]]:
    [card] = load_catalogue(pack).cards
    return list(start_faults(card))


def test_an_unfinished_starter_is_fine(make_pack: Callable[..., Pack]) -> None:
    assert faults(make_pack()) == []


def test_a_misspelled_field_is_named_with_its_line(make_pack: Callable[..., Pack]) -> None:
    [(file, message)] = faults(make_pack(card=(OLD, MISSPELLED)))
    assert file == "pod.yaml"
    assert message.startswith("line 5 of the starter: ")
    assert "comand" in message


def test_a_fault_that_is_the_task_is_named_by_the_card(make_pack: Callable[..., Pack]) -> None:
    named = "\nstart_faults: ['spec.containers[0].comand']"
    assert faults(make_pack(card=(OLD, MISSPELLED + named))) == []
    unused = "\nstart_faults: [spec.hostPid]"
    assert faults(make_pack(card=(OLD, OLD + unused))) == [("", "no starter has a fault at spec.hostPid")]


def test_a_starter_that_is_not_yaml_is_named(make_pack: Callable[..., Pack]) -> None:
    [(file, message)] = faults(make_pack(card=(OLD, 'start: {pod.yaml: "a: [1"}')))
    assert file == "pod.yaml"
    assert message.startswith("line 2 of the starter: ")
