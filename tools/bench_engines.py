"""How long the engines take, on generated worlds: figures for `tools/bench.py`.

CPU time of one core in milliseconds, the best of several runs: the rest is noise of the machine.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from tools.figures import Figure
from trainer.manifests.model import Document, Manifest
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.requests import Request, parse_identity, parse_request
from trainer.simulate.network.flows import Network
from trainer.simulate.network.matrix import matrix
from trainer.simulate.podsecurity.levels import evaluate
from trainer.simulate.workloads import PodTemplate


def figures() -> list[Figure]:
    """All figures of the engines."""
    world = network_world(pods=50, policies=20)
    flows = best_milliseconds(lambda: matrix(Network(world)))
    roles, requests = access_world(), access_requests(1000)
    asked = best_milliseconds(lambda: _decide_all(roles, requests))
    pod = PodTemplate(next(one for one in world if one.kind == "Pod"), ())
    checked = best_milliseconds(lambda: [evaluate(pod, "restricted") for _ in range(20)]) / 20
    return [
        Figure("flows of 50 pods x 20 policies", flows, "ms", 15.0),
        Figure("1,000 can-i questions", asked, "ms", 50.0),
        Figure("one Pod Security evaluation", checked, "ms", 1.0),
    ]


def best_milliseconds(work: Callable[[], object], runs: int = 7) -> float:
    """CPU milliseconds of the fastest of several runs."""
    found = []
    for _ in range(runs):
        start = time.process_time()
        work()
        found.append((time.process_time() - start) * 1000)
    return min(found)


def access_world() -> list[Manifest]:
    """30 Roles with three rules each, and their bindings to users, groups and ServiceAccounts."""
    kinds = ["User", "Group", "ServiceAccount"]
    found = []
    for number in range(30):
        place = {"name": f"r{number}", "namespace": ("shop", "sun", "moon")[number % 3]}
        rules = [
            {"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list"]},
            {
                "apiGroups": ["apps"],
                "resources": ["deployments"],
                "verbs": ["*"],
                "resourceNames": [f"d{number}"],
            },
            {"apiGroups": ["*"], "resources": ["*/scale"], "verbs": ["patch"]},
        ]
        subject = {"kind": kinds[number % 3], "name": f"s{number}"}
        subject |= {"namespace": "shop"} if number % 3 == 2 else {"apiGroup": "rbac.authorization.k8s.io"}
        reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": f"r{number}"}
        for kind, body in (
            ("Role", {"rules": rules}),
            ("RoleBinding", {"roleRef": reference, "subjects": [subject]}),
        ):
            data = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": place, **body}
            found.append(Manifest(data, Document(data, "bench.yaml", 1, 1, {})))
    return found


def access_requests(count: int) -> list[Request]:
    """Requests of users, groups and ServiceAccounts of `access_world`; most are denied."""
    found = []
    for number in range(count):
        who = (f"user:s{number % 30}", f"group:s{number % 30}", f"sa:shop/s{number % 30}")[number % 3]
        do = ("get pods", "delete secrets", "patch deployments.apps/scale", "get deployments.apps d4")[
            number % 4
        ]
        found.append(parse_request(parse_identity(who), do, ("shop", "sun", "moon")[number % 3]))
    return found


def _decide_all(roles: list[Manifest], requests: list[Request]) -> None:
    authorizer = Authorizer(roles)
    for request in requests:
        authorizer.decide(request)


def network_world(pods: int, policies: int) -> list[Manifest]:
    """Namespaces, Pods and NetworkPolicies of all shapes, always the same for the same numbers."""
    chance = random.Random(20)  # noqa: S311 (a repeatable world, nothing secret)
    spaces, apps = ["shop", "sun", "moon", "dev"], ["web", "api", "db", "job"]
    found = [_manifest("v1", "Namespace", {"name": name, "labels": {"team": name[0]}}, {}) for name in spaces]
    for number in range(pods):
        labels = {"app": chance.choice(apps), "tier": chance.choice("abc"), "n": str(number)}
        ports = [{"containerPort": 8080, "name": "http"}, {"containerPort": 53, "protocol": "UDP"}]
        container = {"name": "c", "image": "busybox", "ports": ports}
        place = {"name": f"p{number}", "namespace": chance.choice(spaces), "labels": labels}
        found.append(_manifest("v1", "Pod", place, {"containers": [container]}))
    for number in range(policies):
        spec: dict[str, Any] = {"podSelector": _selector(chance, apps), "policyTypes": ["Ingress", "Egress"]}
        spec["ingress"] = [_rule("from", chance, apps, spaces) for _ in range(3)]
        spec["egress"] = [_rule("to", chance, apps, spaces) for _ in range(3)]
        place = {"name": f"n{number}", "namespace": chance.choice(spaces)}
        found.append(_manifest("networking.k8s.io/v1", "NetworkPolicy", place, spec))
    return found


def _rule(far: str, chance: random.Random, apps: list[str], spaces: list[str]) -> dict[str, Any]:
    own = {"podSelector": _selector(chance, apps)}
    team = {"namespaceSelector": {"matchLabels": {"team": chance.choice(spaces)[0]}}}
    block = {"ipBlock": {"cidr": "10.0.0.0/8", "except": [f"10.{chance.randrange(256)}.0.0/16"]}}
    low = chance.randrange(1, 60000)
    ports = [
        {"port": 8080},
        {"port": "http"},
        {"port": 53, "protocol": "UDP"},
        {"port": low, "endPort": low + 9},
    ]
    return {far: chance.sample([own, team, own | team, block], 2), "ports": chance.sample(ports, 2)}


def _selector(chance: random.Random, apps: list[str]) -> dict[str, Any]:
    shapes: list[dict[str, Any]] = [
        {"matchLabels": {"app": chance.choice(apps)}},
        {"matchExpressions": [{"key": "tier", "operator": "In", "values": ["a", "b"]}]},
        {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": [chance.choice(apps)]}]},
        {},
    ]
    return chance.choice(shapes)


def _manifest(api: str, kind: str, metadata: dict[str, Any], spec: dict[str, Any]) -> Manifest:
    data = {"apiVersion": api, "kind": kind, "metadata": metadata, "spec": spec}
    return Manifest(data, Document(data, "bench.yaml", 1, 1, {}))
