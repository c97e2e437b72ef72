"""Tests of `rules`: one module per rule, discovered by file name, that says everything about itself.

What a rule says that it reads is compared with what it reads of the worlds of cards, with an object of every
kind of the schema added. For each rule, a card for each set of parameters is enough, except in the trials.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec
import pytest

from tests.cards import CARDS, solutions_of
from tests.reading_world import KNOWN_KINDS, crowded, only, watch
from tests.table import each_row
from trainer.content.card import Check
from trainer.errors import TrainerError, UsageError
from trainer.grading.grade import world_of
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.match.target import WORKLOAD, Target, target_of
from trainer.rules import Live, Reads, load_rule, rule_names
from trainer.rules.given_unchanged import EVERY
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

EXTRA: dict[str, tuple[dict[str, Any], str]] = {
    "cilium-encryption": (
        {"type": "wireguard"},
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cilium-config, namespace: kube-system}\ndata: {a: b}\n",
    ),
    "startup-command": (
        {"object": "Pod sun/a", "image": {}},
        """\
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: sun}
spec:
  containers: [{name: a, image: a, volumeMounts: [{name: v, mountPath: /v}]}]
  volumes: [{name: v, persistentVolumeClaim: {claimName: crowd}}]
""",
    ),
    "quota-admission": (
        {
            "samples": [
                {
                    "object": "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, namespace: sun}, "
                    "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1}}}}",
                    "outcome": "accepted",
                },
                {
                    "object": "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: sun}, "
                    "spec: {runtimeClassName: a, containers: [{name: a, image: a}]}}",
                    "outcome": "accepted",
                },
            ]
        },
        """\
apiVersion: v1
kind: Namespace
metadata: {name: sun}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: a}
handler: a
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: a, namespace: sun}
spec: {selector: {matchLabels: {a: a}}, template: {metadata: {labels: {a: a}}, spec: {containers: []}}}
""",
    ),
    "admission": (
        {
            "samples": [
                {"object": "{apiVersion: v1, kind: Namespace, metadata: {name: a}}", "outcome": "deny"},
            ]
        },
        """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: a}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: ["*"]}]
  validations: [{expression: params.data.no == "no"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: a}
spec: {policyName: a, validationActions: [Deny], paramRef: {name: crowd, namespace: default}}
""",
    ),
}
"""A world for what no card has yet: a rule's parameters, and objects."""


def test_rules_are_discovered() -> None:
    names = rule_names()
    assert {"object", "fields"} <= set(names)
    assert names == sorted(names)
    assert not any(name.startswith(("_", "-")) for name in names)


@each_row("name", rule_names())
def test_every_rule_has_what_a_rule_has(name: str) -> None:
    rule = load_rule(name)
    assert issubclass(rule.Params, msgspec.Struct)
    assert rule.Params.__struct_config__.frozen
    assert rule.Params.__struct_config__.forbid_unknown_fields
    assert list(inspect.signature(rule.judge).parameters) == ["world", "params"]
    assert inspect.getdoc(rule), "the first line of the docstring is the rule's line in the reference"


def opened(kinds: Iterable[str]) -> set[str]:
    """The kinds themselves, in place of `Workload` all that make Pods, of `*` all kinds."""
    known: dict[str, Iterable[str]] = {WORKLOAD: TEMPLATE_PATHS, EVERY: KNOWN_KINDS}
    return {one for kind in kinds for one in known.get(kind, (kind,))}


@each_row("name", rule_names())
def test_every_rule_says_what_it_reads(name: str) -> None:
    rule = load_rule(name)
    assert isinstance(rule.READS, Reads)
    assert len(set(rule.READS.kinds)) == len(rule.READS.kinds)
    assert opened(rule.READS.kinds) <= KNOWN_KINDS
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(rule.Params)}
    assert fields.get("object", Target | str) == Target | str
    if rule.READS.live is Live.UNLESS_FILES:
        assert fields["files"] == dict[str, str]


def test_when_a_check_can_be_judged_live() -> None:
    class Params(msgspec.Struct):
        files: dict[str, str]

    none, some = Params({}), Params({"a": "/b"})
    assert [Reads(Live.OBJECTS).is_live(params) for params in (none, some)] == [True, True]
    assert [Reads(Live.UNLESS_FILES).is_live(params) for params in (none, some)] == [True, False]
    assert [Reads(Live.NEVER).is_live(params) for params in (none, some)] == [False, False]


def form(check: Check) -> tuple[str, ...]:
    """The rule of a check, the kind of its object, and the names of the parameters that it sets."""
    fields = msgspec.structs.fields(check.params)
    target = getattr(check.params, "object", None)
    kind = "" if target is None else target_of(target).kind
    return (check.rule, kind, *(one.name for one in fields if getattr(check.params, one.name) != one.default))


@cache
def cases(*, whole: bool) -> dict[str, list[tuple[Any, World]]]:
    """By rule: parameters, with worlds that it judges; of `whole`, those of every check that uses it."""
    found: dict[str, list[tuple[Any, World]]] = {name: [] for name in rule_names()}
    known: set[tuple[str, ...]] = set()
    for card in CARDS:
        checks = [check for check in card.checks if whole or form(check) not in known]
        known |= {form(check) for check in checks}
        solutions = solutions_of(card.id)
        wrong = solutions.wrong[:1]  # to say why, rules look at more
        for variant in (solutions.reference, *wrong) if whole else wrong if checks else ():
            world = crowded(world_of(card, variant.answer)[0])
            for check in checks:
                found[check.rule].append((check.params, world))
    for name, (settings, text) in EXTRA.items():
        world = World(tuple(manifests_of(parse(text.encode(), "a.yaml").documents)[0]))
        found[name].append((msgspec.convert(settings, load_rule(name).Params), crowded(world)))
    return found


def judged(name: str, world: World, params: Any) -> Outcome:
    try:
        return load_rule(name).judge(world, params)
    except TrainerError as error:
        return Outcome(Status.ERROR, evidence=(str(error),))


class Look(msgspec.Struct, frozen=True):
    """One case: which kinds the rule may read, which it read, and what became of the check."""

    declared: set[str]
    read: set[str]
    status: Status
    world: World
    params: Any


@cache
def looks(name: str, *, whole: bool = False) -> list[Look]:
    found = []
    for params, world in cases(whole=whole)[name]:
        watched = watch(world)
        status = judged(name, watched, params).status
        target = getattr(params, "object", None)
        own = () if target is None else (target_of(target).kind,)
        declared = opened((*load_rule(name).READS.kinds, *own))
        found.append(Look(declared, watched.noted, status, world, params))
    return found


@each_row("name", rule_names())
def test_a_rule_reads_no_kind_that_it_does_not_declare(name: str) -> None:
    assert set().union(*(look.read - look.declared for look in looks(name))) == set()


@pytest.mark.trial
@each_row("name", rule_names())
def test_a_rule_reads_every_kind_that_it_declares(name: str) -> None:
    declared = set(load_rule(name).READS.kinds) - {EVERY}
    assert opened(declared) - set().union(*(look.read for look in looks(name, whole=True))) == set()


@each_row("name", rule_names())
def test_objects_of_other_kinds_change_no_verdict(name: str) -> None:
    statuses = [judged(name, only(look.world, look.declared), look.params).status for look in looks(name)]
    assert statuses == [look.status for look in looks(name)]


@pytest.mark.trial
@each_row("name", rule_names())
def test_no_card_finds_a_kind_that_a_rule_does_not_declare(name: str) -> None:
    for look in looks(name, whole=True):
        assert look.read <= look.declared
        assert judged(name, only(look.world, look.declared), look.params).status == look.status


@each_row("name", ["objet", "_match", "-match", "network_flow", "os.path", "", "../object"])
def test_what_is_no_rule(name: str) -> None:
    with pytest.raises(UsageError, match="unknown rule") as caught:
        load_rule(name)
    assert "fields" in caught.value.remedy
