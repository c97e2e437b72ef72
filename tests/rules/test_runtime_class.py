"""Tests of `rules.runtime_class`: under which handler Pods run, on which nodes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.pictures import judging
from tests.table import each_row
from trainer.errors import NotJudged, UsageError
from trainer.grading.world import build_world
from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.rules import runtime_class
from trainer.rules.runtime_class import Params
from trainer.verdict import Outcome
from trainer.versions import DEFAULT

judge = judging(runtime_class)

NODES = """\
apiVersion: v1
kind: Node
metadata: {name: plain, labels: {disk: ssd}}
status: {runtimeHandlers: [{name: ''}, {name: runc}]}
---
apiVersion: v1
kind: Node
metadata: {name: boxed, labels: {sandbox: "yes"}}
spec: {taints: [{key: sandbox, effect: NoSchedule}]}
"""
CONTAINERD = "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runsc]\n"
SCHEDULING = "scheduling: {nodeSelector: {sandbox: 'yes'}, tolerations: [{key: sandbox, operator: Exists}]}\n"
CLASS = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: gvisor}\nhandler: runsc\n"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  runtimeClassName: gvisor
  containers: [{name: a, image: nginx}]
"""
ON_IT = "nodeSelector: {sandbox: 'yes'}\n  tolerations: [{key: sandbox, operator: Exists}]"


def pod(more: str = "", **changes: str) -> str:
    """The Pod with more lines in its spec, and with other words."""
    text = POD.replace(
        "  runtimeClassName", f"  {more}\n  runtimeClassName" if more else "  runtimeClassName"
    )
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def manifests(text: str) -> list[Manifest]:
    return manifests_of(parse(text.encode(), "a.yaml").documents)[0]


def outcome(answer: str, nodes: str = NODES, **params: Any) -> Outcome:
    given = [one.manifest for one in (admit(one, DEFAULT) for one in manifests(nodes)) if one.manifest]
    files = {"/etc/containerd/config.toml": CONTAINERD}
    world, _ = build_world(given, manifests(answer), kubernetes=DEFAULT, node_files=files)
    params = {"object": "Pod default/web", "handler": "runsc", "files": {"boxed": next(iter(files))}} | params
    return judge(world, msgspec.convert(params, Params))


@each_row(
    ("answer", "params"),
    [
        (f"{CLASS}{SCHEDULING}---\n{POD}", {}),
        (f"{CLASS}{SCHEDULING}---\n{POD}", {"object": "RuntimeClass gvisor"}),
        (f"{CLASS}---\n{pod(ON_IT)}", {}),
        (f"{CLASS}---\n{pod('nodeName: boxed')}", {}),
    ],
)
def test_pods_that_run_under_the_handler(answer: str, params: dict[str, Any]) -> None:
    assert outcome(answer, **params).status.value == "pass"


@each_row(
    ("answer", "params", "reason"),
    [
        (f"{CLASS}{SCHEDULING}---\n{pod(runtimeClassName='hostname')}", {},
         "10:1 Pod default/web names no RuntimeClass."),
        (f"{CLASS}{SCHEDULING}---\n{POD}", {"runtime-class": "kata"},
         "11:3 Pod default/web uses RuntimeClass gvisor; the task requires kata."),
        (f"{CLASS.replace('runsc', 'gvisor')}{SCHEDULING}---\n{POD}", {},
         "4:1 RuntimeClass gvisor has the handler gvisor; the task requires runsc."),
        (f"{CLASS}---\n{POD}", {},
         "1:1 Pod default/web can also land on plain, which doesn't have the handler runsc."),
        (f"{CLASS}scheduling: {{nodeSelector: {{sandbox: 'yes'}}}}\n---\n{POD}", {},
         "5:1 The Pod doesn't tolerate the taints of the nodes."),
        (f"{CLASS}scheduling: {{nodeSelector: {{sandbox: 'no'}}}}\n---\n{POD}", {},
         "5:14 No node has these labels."),
        (f"{CLASS}---\n{pod('nodeName: plain')}", {},
         "10:3 Pod default/web can also land on plain, which doesn't have the handler runsc."),
        (f"{CLASS}---\n{pod(ON_IT)}", {"object": "RuntimeClass gvisor"},
         "1:1 Pod default/any can also land on plain, which doesn't have the handler runsc."),
        (f"{CLASS}{SCHEDULING}---\n{pod('schedulingGates: [{name: a}]')}",
         {}, "11:3 A scheduling gate holds Pod default/web back."),
        (f"{CLASS}---\n{pod(gvisor='gvisr')}", {},
         "10:3 The API server refuses Pod default/web: RuntimeClass gvisr doesn't exist.\nDid you mean gvisor?"),
    ],
)  # fmt: skip
def test_pods_that_do_not(answer: str, params: dict[str, Any], reason: str) -> None:
    found = outcome(answer, **params)
    told = [
        f"{one.location.line}:{one.location.column} {one.message}" for one in found.reasons if one.location
    ]
    assert (found.status.value, told) == ("fail", [reason])
    assert found.evidence


def test_what_other_objects_decide_is_not_judged() -> None:
    spread = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule}]"
    with pytest.raises(NotJudged, match="topologySpreadConstraints"):
        outcome(f"{CLASS}{SCHEDULING}---\n{pod(spread)}")


def test_a_class_that_is_missing() -> None:
    found = outcome(POD, object="RuntimeClass gvisor")
    assert (found.status.value, found.evidence) == ("fail", ("`kubectl get runtimeclass gvisor`: NotFound.",))
    with pytest.raises(msgspec.ValidationError, match="makes no Pods"):
        outcome(POD, object="Secret sun/a")


def test_a_card_without_nodes_or_without_the_file() -> None:
    answer = f"{CLASS}---\n{POD}"
    with pytest.raises(UsageError, match="needs the nodes"):
        outcome(answer, nodes="")
    with pytest.raises(UsageError, match="gives no file /etc/x"):
        outcome(answer, files={"plain": "/etc/x"})
