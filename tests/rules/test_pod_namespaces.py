"""Tests of `rules.pod_namespaces`."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.pictures import judging
from tests.table import each_row
from trainer.manifests.admit import admit
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.rules import pod_namespaces
from trainer.rules.pod_namespaces import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome
from trainer.versions import DEFAULT

judge = judging(pod_namespaces)


def outcome(spec: str, **params: Any) -> Outcome:
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers: [{{name: a, image: a, ports: [{{containerPort: 80}}]}}]\n  {spec}\n"
    admitted = admit(manifests_of(parse(text.encode(), "a.yaml").documents)[0][0], DEFAULT)
    assert admitted.manifest is not None, admitted.problems
    params = {"object": "Pod default/web"} | params
    return judge(World((admitted.manifest,)), msgspec.convert(params, Params))


OWN = {"own": ["network", "process", "ipc", "user"]}


@each_row(
    ("spec", "params"),
    [
        ("hostUsers: false", {**OWN, "processes": "separate", "host-ports": "none"}),
        ("hostPID: true", {"own": ["network", "ipc"]}),
        ("shareProcessNamespace: true", {"processes": "shared"}),
    ],
)
def test_pass(spec: str, params: dict[str, Any]) -> None:
    assert outcome(spec, **params).status.value == "pass"


@each_row(
    ("spec", "params", "reasons", "evidence"),
    [
        ("hostPID: true", {"own": ["process", "user"]},
         ["6 spec.hostPID: Pod default/web shares the process namespace of its node.",
          "4 spec.hostUsers: Pod default/web shares the user namespace of its node."],
         "A container of Pod default/web sees the processes of the node."),
        ("hostPID: true", {"processes": "separate"},
         ["6 spec.hostPID: The containers of Pod default/web see each other's processes."],
         "In a container of Pod default/web, `ps` lists the processes of all of them."),
        ("hostUsers: false", {"processes": "shared"},
         ["4 spec.shareProcessNamespace: The containers of Pod default/web don't see each other's processes."],
         "In a container of Pod default/web, `ps` lists its own processes only."),
        ("hostNetwork: true", {"host-ports": "none"},
         ["5 spec.containers[0].ports[0].containerPort: `containerPort` opens port 80 on the node."],
         "Whoever reaches the node of Pod default/web reaches port 80."),
        ("hostUsers: false", {"object": "Pod default/db", "own": ["user"]},
         ["0 : The answer has no Pod db in Namespace default."], "`kubectl get pod db -n default`: NotFound."),
    ],
)  # fmt: skip
def test_fail(spec: str, params: dict[str, Any], reasons: list[str], evidence: str) -> None:
    found = outcome(spec, **params)
    told = [(one.location, one.message) for one in found.reasons]
    if told[0][0] is not None:
        assert [f"{place.line} {place.path}: {words}" for place, words in told if place] == reasons
    assert evidence in found.evidence


def test_a_check_that_asks_for_nothing() -> None:
    with pytest.raises(msgspec.ValidationError, match="needs own, processes or host-ports"):
        msgspec.convert({"object": "Pod a/b"}, Params)
