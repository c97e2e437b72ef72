"""Rule `image-policy-webhook`."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.image_policy_world import FILES, FOLDER, POD
from tests.pictures import judging
from tests.static_pod_maker import APISERVER, manifest, with_flags
from trainer.rules import image_policy_webhook
from trainer.rules.image_policy_webhook import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(image_policy_webhook)

DOWN = {"images": ["nginx"], "admitted": False}
UP = {"images": ["nginx:1.27"], "admitted": True, "backend": ["docker.io/library/nginx:1.27"]}


def outcome(text: str = POD, files: dict[str, str] | None = None, **params: Any) -> Outcome:
    mine = manifest(text, "kube-apiserver.yaml")
    given = {"/etc/kubernetes/manifests/kube-apiserver.yaml": APISERVER, **FILES, **(files or {})}
    return judge(World((mine,), answer=(mine,), node_files=given), msgspec.convert(params, Params))


def changed(name: str, old: str, new: str) -> dict[str, str]:
    path = f"{FOLDER}/{name}"
    return {path: FILES[path].replace(old, new)}


def test_pass() -> None:
    asked: dict[str, Any] = {
        "server": "https://scanner:8443/review",
        "allow-ttl": 100,
        "deny-ttl": 50,
        "retry-backoff": 500,
    }
    assert outcome(samples=[DOWN, UP], **asked).status is Status.PASS


def test_default_allow() -> None:
    judged = outcome(
        files=changed("admission.yaml", "defaultAllow: false", "defaultAllow: true"), samples=[DOWN]
    )
    assert judged.reasons[0].message == (
        "A Pod with nginx is admitted: the backend doesn't answer, and defaultAllow: true admits Pods."
    )
    assert judged.evidence == ("A Pod with nginx is admitted while the backend is down.",)
    assert judged.reasons[0].location is not None
    assert judged.reasons[0].location.line == 11


def test_not_wired() -> None:
    judged = outcome(APISERVER, samples=[DOWN])
    assert "the admission plugin ImagePolicyWebhook is not enabled" in judged.reasons[0].message
    assert judged.evidence == ("No Pod's images are reviewed.",)
    assert judge(World(()), Params()).status is Status.FAIL


def test_values() -> None:
    plain = outcome(
        files=changed("kubeconfig.yaml", "https://", "http://"), server="https://scanner:8443/review"
    )
    assert "it must be https" in plain.reasons[0].message
    asked: dict[str, Any] = {"server": "https://other", "allow-ttl": 1}
    other = outcome(**asked)
    assert [reason.message for reason in other.reasons] == [
        "The API server calls the backend at https://scanner:8443/review, not at https://other.",
        "allowTTL is 100; 1 is required.",
    ]


def test_both_sides_show_certificates() -> None:
    asked: dict[str, Any] = {"authority": f"{FOLDER}/ca.crt", "certificate": f"{FOLDER}/client.crt"}
    assert outcome(**asked).status is Status.PASS
    bare = outcome(files=changed("kubeconfig.yaml", f", certificate-authority: {FOLDER}/ca.crt", ""), **asked)
    assert "is not set" in bare.reasons[0].message
    nobody = outcome(files=changed("kubeconfig.yaml", ", user: apiserver", ""), **asked)
    assert "presents no certificate" in nobody.reasons[0].message
    skipped = f"certificate-authority: {FOLDER}/ca.crt"
    insecure = outcome(files=changed("kubeconfig.yaml", skipped, "insecure-skip-tls-verify: true"), **asked)
    assert "doesn't verify" in insecure.reasons[0].message


def test_the_api_server_must_start() -> None:
    judged = outcome(with_flags(POD, "--no-such"))
    assert judged.reasons[0].message == "kube-apiserver doesn't start: kube-apiserver has no flag --no-such."
