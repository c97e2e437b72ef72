"""Rule `apparmor`."""

from __future__ import annotations

import msgspec
import pytest

from trainer.manifests.model import Manifest
from trainer.manifests.parse import parse
from trainer.rules.apparmor import Params, judge
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

POD = """\
kind: Pod
metadata: {name: web, namespace: sun}
spec:
  containers:
  - name: web
    securityContext: {appArmorProfile: {type: Localhost, localhostProfile: %s}}
"""
NODE = {"/sys/kernel/security/apparmor/profiles": "deny (enforce)\nsoft (complain)\n"}


def outcome(written: str = "deny", **params: object) -> Outcome:
    document = parse((POD % written).encode(), "pod.yaml").documents[0]
    world = World((Manifest(document.value, document),), node_files=NODE)
    return judge(world, msgspec.convert({"object": "sun/web", "profile": "localhost/deny"} | params, Params))


def test_pass() -> None:
    assert outcome().status is Status.PASS


@pytest.mark.parametrize(
    ("written", "params", "message"),
    [
        ("other", {}, "has the profile localhost/other in effect; localhost/deny is asked for"),
        ("other", {"profile": ""}, "has no profile other loaded"),
        ("soft", {"profile": "localhost/soft"}, "does not enforce anything"),
        ("deny", {"containers": {"web": "runtime/default"}}, "runtime/default is asked for"),
        ("deny", {"containers": {"side": "runtime/default"}}, "has no container side"),
    ],
)
def test_fail(written: str, params: dict[str, object], message: str) -> None:
    judged = outcome(written, **params)
    assert judged.status is Status.FAIL
    assert message in judged.reasons[0].message
