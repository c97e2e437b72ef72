"""The fields of Falco and their types."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.simulate.detection.fields import (
    NEVER_SET,
    Unknown,
    event_types,
    field_names,
    field_type,
    split_field,
)


def test_fields_have_the_types_of_libsinsp() -> None:
    wanted = {
        ("proc.name", None): "text",
        ("proc.aname", "2"): "text",
        ("proc.tty", None): "unsigned",
        ("fd.num", None): "signed",
        ("fd.sport", None): "port",
        ("fd.snet", None): "network",
        ("evt.is_open_read", None): "bool",
        ("evt.arg.flags", None): "text",
        ("evt.arg", "0"): "text",
        ("container.label", "app"): "text",
        ("k8s.ns.name", None): "text",
    }
    assert {key: field_type(*key).type for key in wanted} == wanted


@each_row(
    ("name", "argument", "words"),
    [
        ("proc.nam", None, "filter_check called with nonexistent field proc.nam"),
        ("proc.name", "1", "nonexistent field proc.name[1]"),
        ("evt.arg.nothing", None, "unknown event argument nothing"),
        ("evt.arg", None, "filter syntax error: evt.arg"),
        ("container.label", None, "requires an argument"),
        ("ka.verb", None, "nonexistent field ka.verb"),
    ],
)
def test_unknown_fields_are_refused_in_falcos_words(name: str, argument: str | None, words: str) -> None:
    with pytest.raises(Unknown, match=words.replace("[", r"\[").replace("]", r"\]")):
        field_type(name, argument)


def test_names_and_arguments_are_told_apart() -> None:
    assert split_field("proc.aname[2]") == ("proc.aname", "2")
    assert split_field("fd.name") == ("fd.name", None)
    assert split_field("name") is None


def test_events_are_calls_and_a_few_others() -> None:
    assert {"openat2", "execveat", "procexit", "container"} <= event_types()
    assert "exec" not in event_types()


def test_deprecated_names_can_be_left_out() -> None:
    assert not [name for name in field_names(deprecated=False) if name.startswith(NEVER_SET)]
    assert "k8s.deployment.name" in field_names()
