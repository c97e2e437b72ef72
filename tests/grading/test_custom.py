"""Tests of `grading.custom`: custom resources, and the definitions that they need."""

from __future__ import annotations

from tests.table import each_row
from trainer.grading.custom import admit_custom, definitions, may_be_custom, served, update_problems
from trainer.grading.world import build_world
from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.verdict import Severity
from trainer.versions import DEFAULT

DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [size]
              properties:
                size: {type: integer, maximum: 10}
                mode: {type: string, enum: [a, b], default: a}
                tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
              x-kubernetes-validations:
                - {rule: "self.mode == 'a' || self.size > 1", message: b needs more}
                - {rule: "self.size >= oldSelf.size", messageExpression: "'was ' + string(oldSelf.size)"}
"""
WIDGET = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\nspec: {size: 2}\n"


def read(text: str) -> list[Manifest]:
    return manifests_of(parse(text.encode(), "a.yaml").documents)[0]


def stored(text: str) -> Manifest:
    found = admit(read(text)[0], DEFAULT).manifest
    assert found is not None
    return found


def refusals(answer: str, *given: Manifest) -> list[str]:
    world, _ = build_world(list(given), read(answer), kubernetes=DEFAULT)
    return [problem.message for refused in world.refused for problem in refused.problems]


@each_row("answer", [f"{DEFINITION}---\n{WIDGET}", f"{WIDGET}---\n{DEFINITION}"])
def test_the_definition_may_come_before_or_after(answer: str) -> None:
    world, problems = build_world([], read(answer), kubernetes=DEFAULT)
    assert problems == []
    [widget] = [one for one in world.objects if one.kind == "Widget"]
    assert (widget.namespace, widget.get("spec", "mode")) == ("default", "a")


def test_a_given_definition_counts_and_a_broken_one_does_not() -> None:
    assert refusals(WIDGET, stored(DEFINITION)) == []
    [message] = refusals(WIDGET)
    assert "no matches for kind `Widget`" in message
    broken = refusals(DEFINITION.replace("self.size > 1", "self.count > 1") + "---\n" + WIDGET)
    assert len(broken) == 2


@each_row(
    ("spec", "said"),
    [
        ("{size: 11}", "it is 10 or less"),
        ("{size: '2'}", "type `integer`"),
        ("{}", "it has no `size`"),
        ("{size: 2, count: 1}", "unknown field `spec.count`"),
        ("{size: 2, mode: c}", "it is one of"),
        ("{size: 2, tags: [x, x]}", "for the second time"),
        ("{size: 1, mode: b}", "b needs more"),
    ],
)
def test_what_a_definition_refuses(spec: str, said: str) -> None:
    [message] = refusals(WIDGET.replace("{size: 2}", spec), stored(DEFINITION))
    assert said in message


def test_a_rule_compares_an_update_with_the_old_value() -> None:
    before, _ = build_world([stored(DEFINITION)], read(WIDGET), kubernetes=DEFAULT)
    assert refusals(WIDGET.replace("size: 2", "size: 3"), *before.objects) == []
    [message] = refusals(WIDGET.replace("size: 2", "size: 1"), *before.objects)
    assert "was 2" in message


LONG = " && ".join(["self.size > 0"] * 5000)


@each_row("rule", ["self.size >= oldSelf.size", "self.mode == 'a' || self.size > 1"])
def test_a_rule_that_is_not_judged_refuses_nothing_silently(rule: str) -> None:
    given = stored(DEFINITION.replace(rule, f"{rule} && {LONG}"))
    said = "A rule of the definition isn't judged: an expression of more than 65536 characters."
    assert refusals(WIDGET, given) == [said]
    before, _ = build_world([stored(DEFINITION)], read(WIDGET), kubernetes=DEFAULT)
    found = update_problems(before.objects[-1], before.objects[-1], served([given]), DEFAULT)
    assert [(one.message, one.severity, one.location) for one in found] == [
        (said, Severity.ERROR, before.objects[-1].where())
    ]


def test_kinds_that_a_definition_may_have() -> None:
    assert may_be_custom(read(WIDGET)[0], DEFAULT)
    for text in (DEFINITION, "apiVersion: v1\nkind: Widget\n", "apiVersion: example.com/v1\nmetadata: {}\n"):
        assert not may_be_custom(read(text)[0], DEFAULT)


def test_only_definitions_serve_something() -> None:
    plain = read("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")
    assert served(plain) == {}
    assert admit_custom(read(WIDGET)[0], {}, DEFAULT) is None
    known = served([*plain, stored(DEFINITION)])
    assert admit_custom(read(WIDGET.replace("Widget", "Gadget"))[0], known, DEFAULT) is None
    assert [one.name for one in definitions([*plain, *read(DEFINITION)], DEFAULT)] == ["widgets.example.com"]
    broken = read(DEFINITION.replace("self.size > 1", "self.count > 1"))
    assert definitions(broken, DEFAULT) == []


def test_a_definition_does_not_change_how_other_kinds_are_updated() -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: a/b\n"
    one, two = read(text)[0], read(text.replace("a/b", "a/c"))[0]
    for known in ({}, served([stored(DEFINITION)])):
        assert len(update_problems(one, two, known, DEFAULT)) == 1
        assert update_problems(one, one, known, DEFAULT) == []
