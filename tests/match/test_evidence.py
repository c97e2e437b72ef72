"""What kubectl would show of an object that isn't as required."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.match.evidence import (
    MOST,
    effects,
    get_command,
    listed,
    named,
    not_found,
    not_there,
    value_shown,
)
from trainer.match.mismatch import Mismatch
from trainer.match.target import Target
from trainer.match.view import View, whole
from trainer.simulate.world import World
from trainer.verdict import Status


def manifest(text: str) -> Manifest:
    return manifests_of(parse(text.encode(), "a.yaml").documents)[0][0]


POD = manifest(
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: sun, annotations: {a.b/c: d, a\\b: e}}\n"
    "spec: {containers: [{name: one}, {name: two}], priority: 5}\n"
)
DEPLOYMENT = manifest(
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, annotations: {empty: ''}}\n"
    "spec: {template: {spec: {containers: [{name: one, args: [a, b]}], volumes: [{name: v}, {emptyDir: {}}]}}}\n"
)
ODD = manifest("apiVersion: v1\nkind: Pod\nmetadata: {name: odd}\nspec: {mixed: [{name: a}, {name: 5}, b]}\n")
CONFIG = manifest("apiVersion: example.org/v1\nkind: SomeConfiguration\nlevel: 3\n")


def below(view: View, *path: str) -> View:
    for step in path:
        view = view.child(step)
    return view


@each_row(
    ("target", "command"),
    [
        (Target("Pod", "web", "sun"), "kubectl get pod web -n sun"),
        (Target("Namespace", "sun"), "kubectl get namespace sun"),
        (
            Target("CiliumClusterwideNetworkPolicy", "deny"),
            "kubectl get ciliumclusterwidenetworkpolicy deny",
        ),
        (Target("Pod", namespace="*"), "kubectl get pod -A"),
        (Target("Pod", namespace="sun", labels={"app": "web"}), "kubectl get pod -n sun -l app=web"),
        (Target("Pod", namespace="sun", labels={"a": "b", "c": "d"}), "kubectl get pod -n sun -l a=b,c=d"),
        # kubectl refuses a name beside a selector.
        (Target("Pod", "web", "sun", labels={"app": "web"}), "kubectl get pod web -n sun"),
        (named(CONFIG), "kubectl get someconfiguration -n default"),
    ],
)
def test_commands(target: Target, command: str) -> None:
    assert get_command(target) == command


@each_row(
    ("target", "sentence"),
    [
        (Target("Pod", "web", "sun"), "`kubectl get pod web -n sun`: NotFound."),
        (Target("Pod", namespace="sun"), "`kubectl get pod -n sun`: No resources found."),
        (
            Target("Workload", "web", "sun"),
            "No controller or Pod of this name would run a container in Namespace sun.",
        ),
        (
            Target("Workload", "web", "*"),
            "No controller or Pod of this name would run a container in any namespace.",
        ),
        (
            Target("CiliumNetworkPolicy", "db", "sun"),
            "`kubectl get ciliumnetworkpolicy db -n sun`: NotFound.",
        ),
        (Target("SomeConfiguration"), "The component would find no SomeConfiguration to read."),
    ],
)
def test_not_found(target: Target, sentence: str) -> None:
    assert not_found(target) == sentence


def test_not_there_tells_why_and_what_kubectl_says() -> None:
    outcome = not_there(World((), answer=(POD,)), "Pod moon/web")
    assert outcome.status is Status.FAIL
    assert [reason.message for reason in outcome.reasons] == [
        "There is no Pod web in Namespace moon; the answer has Pod sun/web."
    ]
    assert outcome.evidence == ("`kubectl get pod web -n moon`: NotFound.",)


def test_lists() -> None:
    assert listed(Target("Pod", namespace="sun"), [POD]) == "`kubectl get pod -n sun` lists web."
    assert listed(Target("Pod", namespace="sun"), []) == "`kubectl get pod -n sun`: No resources found."
    assert listed(Target("Pod", namespace="sun"), [POD] * 11).endswith("web, ....")
    assert listed(Target("Pod", namespace="sun"), [POD] * 11).count("web") == 10
    assert listed(Target("Pod", namespace="sun"), [POD] * 10).endswith("web, web.")


@each_row(
    ("view", "sentence"),
    [
        (
            below(whole(POD), "metadata", "annotations", "a.b/c"),
            "`kubectl get pod web -n sun -o jsonpath='{.metadata.annotations.a\\.b/c}'` prints `d`.",
        ),
        (
            below(whole(POD), "metadata", "annotations", "a\\b"),
            "`kubectl get pod web -n sun -o jsonpath='{.metadata.annotations.a\\\\b}'` prints `e`.",
        ),
        (
            below(whole(POD), "spec", "priority"),
            "`kubectl get pod web -n sun -o jsonpath='{.spec.priority}'` prints `5`.",
        ),
        (
            below(whole(POD), "spec", "nodeName"),
            "`kubectl get pod web -n sun -o jsonpath='{.spec.nodeName}'` prints nothing.",
        ),
        (below(whole(POD), "spec", "containers"), "`spec.containers` contains one, two."),
        (below(whole(POD), "spec", "all-containers"), "The Pod contains one, two."),
        (below(whole(DEPLOYMENT), "pod", "spec", "all-containers"), "The Pod contains one."),
        (
            below(whole(DEPLOYMENT), "pod", "spec", "containers").items()[0].child("args"),
            "`kubectl get deployment web -n default -o jsonpath='{.spec.template.spec.containers[0].args}'`"
            ' prints `["a","b"]`.',
        ),
        (
            below(whole(DEPLOYMENT), "pod", "spec", "volumes"),
            "`kubectl get deployment web -n default -o jsonpath='{.spec.template.spec.volumes}'`"
            ' prints `[{"name":"v"},{"emptyDir":{}}]`.',
        ),
        (
            below(whole(DEPLOYMENT), "metadata", "annotations", "empty"),
            "`kubectl get deployment web -n default -o jsonpath='{.metadata.annotations.empty}'` prints nothing.",
        ),
        (
            below(whole(ODD), "spec", "mixed"),
            "`kubectl get pod odd -n default -o jsonpath='{.spec.mixed}'` prints"
            ' `[{"name":"a"},{"name":5},"b"]`.',
        ),
        (below(whole(CONFIG), "level"), "At `level`, a.yaml:3:1 holds `3`."),
        (below(whole(CONFIG), "rules"), "At `rules`, a.yaml:1:1 holds nothing."),
    ],
)
def test_values(view: View, sentence: str) -> None:
    assert value_shown(view) == sentence


def test_a_whole_object_is_shown_from_its_start() -> None:
    assert "jsonpath='{.}'` prints `{" in value_shown(whole(POD))


def test_where_a_value_leads_is_told_rather_than_what_it_is() -> None:
    [told] = effects([Mismatch(below(whole(POD), "spec", "all-containers").items()[0].child("command"), "")])
    assert "kubectl" not in told


def test_effects_are_told_once_and_not_without_end() -> None:
    views = [below(whole(POD), "spec", f"field{number}") for number in range(9)]
    assert len(effects([Mismatch(view, "") for view in views])) == MOST == 4
    assert len(effects([Mismatch(views[0], ""), Mismatch(views[0], "again")])) == 1
