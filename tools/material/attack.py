"""The audit log and the Falco log of card `attack-phases`: one attack, seen by both."""

from __future__ import annotations

from functools import partial

from tools.material import audit, falco
from tools.material.audit import ACCOUNT, Request
from tools.material.falco import ETC, SHELL, Event

_ROBOT = f"{ACCOUNT}ci:deploy-bot"
_TWIN = f"{ACCOUNT}ci-test:deploy-bot"
_RUNNER = "10.244.4.12"
_FOREIGN = "198.51.100.23"
_API = ("shop", "api-6c5d8b7f9-wv2xk", "api")
_CART = ("shop", "cart-5b9c8d7f6-n4q7r", "cart")
_BUILD = ("ci", "build-29375604-zx8cv", "build")
_RBAC = "rbac.authorization.k8s.io"


def files() -> dict[str, str]:
    """The material by name."""
    spaces = ("shop", "ci", "ci-test", "billing")
    requests = audit.everyday("attack", 640, 7200, spaces, ("jane", "omar", "lena", "mia"))
    requests += [*_ordinary(), *_attack()]
    events = falco.everyday("attack", 330, 7200, (_API, _CART, _BUILD))
    events += [
        Event(4262, SHELL, *_API, "bash"),
        Event(4291, ETC, *_API, "tee /etc/cron.d/refresh", "/etc/cron.d/refresh"),
        # a colleague looks into another Pod, long before
        Event(1822, SHELL, *_CART, "sh"),
        Event(5010, ETC, *_BUILD, "sed -i /etc/hosts", "/etc/hosts"),
    ]
    return {"audit.log": audit.log("attack", requests), "falco.log": falco.log("attack", events)}


def _ordinary() -> list[Request]:
    """What the account does all day from its runner, and others who do what the attacker does."""
    robot = partial(Request, user=_ROBOT, ip=_RUNNER, agent="deploy/4.2")
    days = [
        robot(
            300 * number + 40, verb="get", resource="deployments", namespace="shop", name="api", group="apps"
        )
        for number in range(22)
    ]
    return [
        *days,
        robot(610, verb="get", resource="secrets", namespace="ci", name="registry-login"),
        robot(611, verb="patch", resource="deployments", namespace="shop", name="api", group="apps"),
        Request(1815, "mia", "create", "pods/exec", "shop", _CART[1], "10.0.8.23", 101),
        Request(2222, _TWIN, "get", "secrets", "ci-test", "registry-login", "10.244.4.13"),
        Request(3333, "jane", "create", "rolebindings", "billing", "readers", "10.0.8.24", 201, _RBAC),
        Request(3650, "omar", "create", "cronjobs", "billing", "cleanup", "10.0.8.24", 201, "batch"),
        Request(3700, f"{ACCOUNT}billing:invoice", "get", "secrets", "billing", "bank-api", "10.244.5.5"),
        # an address that only looks alike
        Request(4060, "lena", "list", "secrets", "billing", ip="198.51.100.230", code=403),
    ]


def _attack() -> list[Request]:
    """The phases: trying, reading, getting in, staying."""
    thief = partial(Request, user=_ROBOT, ip=_FOREIGN, agent="curl/8.9.1")
    return [
        thief(4003, verb="list", resource="secrets", code=403),
        thief(
            4009, verb="get", resource="secrets", namespace="kube-system", name="bootstrap-token", code=403
        ),
        thief(4021, verb="list", resource="pods", namespace="shop"),
        thief(4055, verb="get", resource="secrets", namespace="shop", name="db-credentials"),
        thief(4061, verb="get", resource="secrets", namespace="shop", name="payment-key"),
        thief(4064, verb="get", resource="secrets", namespace="shop", name="payment-key-old", code=404),
        thief(4070, verb="get", resource="secrets", namespace="billing", name="bank-api", code=403),
        thief(4080, verb="get", resource="configmaps", namespace="shop", name="settings"),
        thief(4258, verb="create", resource="pods/exec", namespace="shop", name=_API[1], code=101),
        thief(4402, verb="create", resource="clusterrolebindings", name="edit-all", group=_RBAC, code=403),
        thief(
            4431,
            verb="create",
            resource="rolebindings",
            namespace="shop",
            name="helper",
            group=_RBAC,
            code=201,
        ),
        thief(
            4460,
            verb="create",
            resource="cronjobs",
            namespace="shop",
            name="refresh",
            group="batch",
            code=201,
        ),
        thief(
            4475,
            verb="create",
            resource="cronjobs",
            namespace="kube-system",
            name="refresh",
            group="batch",
            code=403,
            quota=True,
        ),
    ]
