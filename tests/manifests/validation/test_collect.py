"""Tests of `manifests.validation.collect`."""

from __future__ import annotations

from trainer.manifests.model import Document, Manifest
from trainer.manifests.reading.parse import parse
from trainer.manifests.validation import collect
from trainer.manifests.validation.collect import At
from trainer.manifests.validation.names import dns_label
from trainer.verdict import Location, Problem, Severity


def place(text: str = "a:\n- b: X\n") -> At:
    [document] = parse(text.encode(), "f.yaml").documents
    return At(Manifest(document.value, document), 35, (), [])


def test_a_problem_stands_at_its_field() -> None:
    at = place()
    (at / "a").to(0).say("Wrong.", "b", fix="Mend it.")
    location = Location("f.yaml", 2, 3, "a[0].b")
    assert at.problems == [Problem("Wrong.", Severity.ERROR, location, "Mend it.")]


def test_messages_name_the_field_and_say_why() -> None:
    at = place().to("a", 0)
    at.missing("image", why="it is needed")
    at.invalid("b", value="X", why="it is upper case")
    at.forbidden("c", why="it goes elsewhere")
    at.duplicate("d", value="e", why="each has its own")
    at.invalid(value=True, why="it is a list item")
    assert [problem.message for problem in at.problems] == [
        "`image` is missing: it is needed.",
        "`b` is `X`: it is upper case.",
        "`c` can't be set here: it goes elsewhere.",
        "`d` is `e` for the second time: each has its own.",
        "`a[0]` is `true`: it is a list item.",
    ]
    assert [problem.remedy for problem in at.problems[:3]] == ["Add `image`.", "", "Remove `c`."]


def test_a_choice_suggests_the_near_value() -> None:
    at = place()
    assert at.choice("a", value="x", allowed=("x", "y"))
    assert at.choice("a", value=None, allowed=("x",))
    assert not at.choice("type", value="runtimeDefault", allowed=("Localhost", "RuntimeDefault"))
    assert not at.choice("level", value=None, allowed=("None", "Request"), needed="it is needed")
    assert [problem.remedy for problem in at.problems] == [
        "Write `RuntimeDefault`.",
        "Add `level`: one of `None` and `Request`.",
    ]


def test_a_name_suggests_a_good_one() -> None:
    at = place()
    assert at.name("n", value="web", rule=dns_label)
    assert not at.name("n", value="My_Web", rule=dns_label)
    assert at.problems[0].remedy == "Write `my-web`."


def test_numbers_have_a_least() -> None:
    at = place()
    at.at_least("n", value=0)
    at.at_least("n", value=None)
    at.at_least("n", value=True)
    at.at_least("n", value=-1)
    assert len(at.problems) == 1


def test_values_are_shown_short() -> None:
    assert collect.show("") == "empty"
    assert collect.show(None) == "`null`"
    assert collect.show({"a": 1}) == "`{...}`"
    assert len(collect.show("x" * 100)) == 62


def test_nearest_word() -> None:
    assert collect.nearest("ingress", ("Ingress", "Egress")) == "Ingress"
    assert collect.nearest("OnFailures", ("Always", "OnFailure")) == "OnFailure"
    assert collect.nearest("zzz", ("Always",)) == ""


def test_a_place_without_positions() -> None:
    data = {"a": {"b": 1}}
    at = At(Manifest(data, Document(data, "g.yaml", 0, 0, {})), 35, (), [])
    at.say("Wrong.", "a", "b")
    assert str(at.problems[0].location) == "g.yaml"
