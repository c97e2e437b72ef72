"""Rule `rbac-others`: only the named subjects gain or lose access."""

from __future__ import annotations

from functools import partial

import msgspec
import pytest

from tests.pictures import judging
from tests.rbac_world import DEPLOYER, PODS_RULE, binding, manifests, role, rule
from tests.table import each_row
from tests.work import growth
from trainer.rules import rbac_others
from trainer.rules.rbac_others import MOST_SHOWN, Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(rbac_others)

ROLE = role("r", PODS_RULE)
JANE = "{kind: User, name: jane}"
GIVEN = ROLE + binding("given", "Role", "r", "{kind: ServiceAccount, name: old, namespace: ci}")


def outcome(text: str, *besides: str) -> Outcome:
    before = {one.name + one.kind: one for one in manifests(GIVEN, "given.yaml")}
    after = before | {one.name + one.kind: one for one in manifests(text)}
    world = World(tuple(after.values()), tuple(before.values()), tuple(manifests(text)))
    return judge(world, msgspec.convert({"besides": besides}, Params))


def test_the_named_subjects_may_change() -> None:
    text = binding("b", "Role", "r", f"{DEPLOYER}, {JANE}")
    assert outcome(text, "sa:ci/deployer", "user:jane") == Outcome(Status.PASS)
    assert outcome("", "sa:ci/deployer") == Outcome(Status.PASS)


def test_a_service_account_may_be_named_as_the_user_it_is() -> None:
    text = binding("b", "Role", "r", "{kind: User, name: 'system:serviceaccount:ci:deployer'}")
    assert outcome(text, "sa:ci/deployer") == Outcome(Status.PASS)


@each_row(
    ("subject", "evidence"),
    [
        (JANE, "user jane: get pods in ci: allowed now, denied before."),
        ("{kind: Group, name: 'system:authenticated'}", "group system:authenticated: get pods in ci"),
        ("{kind: Group, name: 'system:unauthenticated'}", "group system:unauthenticated: get pods in ci"),
        ("{kind: User, name: 'system:anonymous'}", "user system:anonymous: get pods in ci"),
        ("{kind: ServiceAccount, name: deployer, namespace: prod}", "ServiceAccount prod/deployer: get pods"),
    ],
)
def test_anybody_else_who_is_bound_too_fails(subject: str, evidence: str) -> None:
    judged = outcome(binding("b", "Role", "r", f"{DEPLOYER}, {subject}"), "sa:ci/deployer")
    assert judged.status is Status.FAIL
    assert evidence in judged.evidence[0]
    assert [str(reason.location and reason.location.path) for reason in judged.reasons] == ["subjects[1]"]
    assert [reason.location and reason.location.file for reason in judged.reasons] == ["rbac.yaml"]


def test_a_rule_too_much_for_who_was_bound_before_is_shown_at_the_rule() -> None:
    judged = outcome(role("r", PODS_RULE + '- {verbs: [get], apiGroups: [""], resources: [secrets]}'))
    assert [reason.location and reason.location.path for reason in judged.reasons] == ["rules[1]"]


def test_a_group_is_not_the_user_of_its_name() -> None:
    text = binding("b", "Role", "r", "{kind: Group, name: jane}")
    assert outcome(text, "user:jane").status is Status.FAIL
    assert outcome(text, "group:jane") == Outcome(Status.PASS)


def test_who_has_lost_access_fails() -> None:
    judged = outcome(role("r", '- {verbs: [get], apiGroups: [""], resources: [pods]}'))
    assert judged.evidence == ("ServiceAccount ci/old: list pods in ci: denied now, allowed before.",)
    assert judged.reasons[0].message == "ServiceAccount ci/old can no longer list pods in ci."


def test_a_loss_is_shown_where_the_answer_took_it_away() -> None:
    emptied = outcome(binding("given", "Role", "r", ""))
    assert [reason.location and reason.location.path for reason in emptied.reasons] == ["subjects"]
    smaller = outcome(role("r", '- {verbs: [get], apiGroups: [""], resources: [pods]}'))
    assert [reason.location and reason.location.path for reason in smaller.reasons] == ["rules"]


def test_a_changed_default_role_fails_by_who_has_it() -> None:
    text = role("system:basic-user", '- {verbs: ["*"], apiGroups: ["*"], resources: ["*"]}', "")
    judged = outcome(text)
    assert judged.status is Status.FAIL
    assert "Group system:authenticated" in judged.reasons[0].message


def test_what_grants_nothing_is_no_change() -> None:
    assert outcome(binding("b", "Role", "missing", JANE)) == Outcome(Status.PASS)
    odd = binding("b", "Role", "r", "{kind: Robot, name: r2}, {kind: User}")
    assert outcome(odd) == Outcome(Status.PASS)


def test_a_text_that_names_no_subject_is_an_error_of_the_card() -> None:
    with pytest.raises(msgspec.ValidationError, match="a subject"):
        msgspec.convert({"besides": ["jane"]}, Params)


def crowd(rules: int, subjects: int, group: str = "nowhere") -> str:
    """A role with so many rules, bound to so many users."""
    entries = "".join(rule("get", f"{group}{number}", "x") for number in range(rules))
    return role("many", entries) + binding(
        "many", "Role", "many", ", ".join(f"{{kind: User, name: u{number}}}" for number in range(subjects))
    )


@each_row("group", ["nowhere", "example/v"])
def test_many_subjects_of_many_rules_are_a_sum_and_no_product(group: str) -> None:
    """Rules without effect: nobody fails, so everybody is looked at."""
    assert outcome(crowd(3, 3, group)) == Outcome(Status.PASS)
    assert growth(lambda size: partial(outcome, crowd(size, size, group)), 30) < 6


def test_changes_beyond_what_is_shown_end_the_search() -> None:
    """A product of changes: the first hundred are shown."""
    judged = outcome(crowd(20, 20, "example.com"))
    assert judged.status is Status.FAIL
    assert (len(judged.reasons), len(judged.evidence)) == (MOST_SHOWN // 20, MOST_SHOWN + 1)
    assert judged.evidence[-1] == "The first 100 are shown."
    assert outcome(crowd(10, 10, "g.example.com")).evidence[-1] != "The first 100 are shown."
    assert growth(lambda size: partial(outcome, crowd(size, size, "example.com")), 30) < 6


def test_roles_for_people_count_as_bound() -> None:
    """An aggregated ClusterRole widens a role of every cluster, whoever has it."""
    label = "labels: {rbac.authorization.k8s.io/aggregate-to-%s: 'true'}"
    wide = role("wide", '- {verbs: [delete], apiGroups: [""], resources: [pods]}', "")

    def aggregated(text: str, to: str) -> Outcome:
        return outcome(text.replace("name: wide", f"name: wide, {label % to}"))

    found = aggregated(wide, "view")
    assert [one.message for one in found.reasons] == [
        "A label of this ClusterRole makes its rules part of view: that changes what "
        "whoever has ClusterRole view may do."
    ]
    assert found.reasons[0].location is not None
    assert found.reasons[0].location.path == "metadata.labels[rbac.authorization.k8s.io/aggregate-to-view]"
    assert found.evidence == ("Whoever has ClusterRole view: delete pods: allowed now, denied before.",)
    assert aggregated(wide, "edit") == Outcome(Status.PASS)
    assert aggregated(wide.replace("delete", "list"), "view") == Outcome(Status.PASS)
    changed = outcome(role("view", PODS_RULE, ""))
    assert changed.reasons[0].message == "This changes the access of whoever has ClusterRole view."
