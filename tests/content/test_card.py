"""Tests of `content.card`: a card as typed data: the public format 1 of a file under `tasks/`."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from trainer.content.card import Card, CardFile, Check
from trainer.content.load import load_card
from trainer.errors import UsageError

PACK = Path(__file__).parents[1] / "fixtures" / "pack"


def test_params_are_converted_when_asked_for() -> None:
    check = Check("a", "says", 1, "object", {"object": "Pod sun/web", "others": "none"})
    assert check.params.others == "none"
    assert check.params is check.params


def test_params_of_an_unknown_rule() -> None:
    with pytest.raises(UsageError, match="unknown rule 'objet'"):
        Check("a", "says", 1, "objet").params  # noqa: B018 - the property raises


def test_params_that_the_rule_does_not_take() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        Check("a", "says", 1, "object", {"object": "Pod sun/web", "other": "none"}).params  # noqa: B018


def test_the_card_has_every_field_of_its_file() -> None:
    assert set(CardFile.__struct_fields__) - {"format"} <= set(Card.__struct_fields__)


def test_the_format_has_a_json_schema() -> None:
    schema = msgspec.json.schema(CardFile)
    assert "given_stays" in schema["$defs"]["CardFile"]["properties"]


def test_given_objects_are_those_of_given_and_of_the_named_starters() -> None:
    card = load_card(PACK / "tasks" / "runtime-security" / "mini-pod.yaml")
    change = {
        "start": {"a.yaml": "kind: A", "b.yaml": "kind: B"},
        "start_given": ("b.yaml",),
        "given": "kind: C",
    }
    assert msgspec.structs.replace(card, **change).all_given == "kind: C\n---\nkind: B\n"
    assert msgspec.structs.replace(card, given=" ").all_given == ""
