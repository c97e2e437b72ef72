"""Rule `service-account-token`."""

from __future__ import annotations

import msgspec

from tests.pictures import judging
from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import service_account_token
from trainer.rules.service_account_token import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(service_account_token)

OFF = """\
kind: Deployment
metadata: {name: web, namespace: sun}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      automountServiceAccountToken: false
      containers:
      - name: web
        image: nginx
        volumeMounts: [{name: vault, mountPath: /var/run/secrets/tokens}]
      volumes:
      - name: vault
        projected: {sources: [{serviceAccountToken: {path: vault, audience: vault, expirationSeconds: 7200}}]}
"""
VAULT = {"path": "/var/run/secrets/tokens/vault", "audience": "vault", "at-most": 7200}


def outcome(text: str = OFF, **params: object) -> Outcome:
    document = parse(text.encode(), "web.yaml").documents[0]
    world = World((Manifest(document.value, document),))
    return judge(world, msgspec.convert({"object": "sun/web"} | params, Params))


def test_pass() -> None:
    assert outcome(account="web", tokens=[VAULT], rest="none").status is Status.PASS


def test_a_token_too_many() -> None:
    judged = outcome(
        OFF.replace("      automountServiceAccountToken: false\n", ""), tokens=[VAULT], rest="none"
    )
    assert judged.evidence == (
        "A process in container web of Deployment sun/web can read "
        "/var/run/secrets/kubernetes.io/serviceaccount/token.",
    )
    assert "mounted by default in container web" in judged.reasons[0].message


def test_a_token_that_the_pod_asks_for_itself() -> None:
    judged = outcome(OFF.replace("Token: false", "Token: true"), tokens=[VAULT], rest="none")
    assert judged.reasons[0].message == (
        "The token of its ServiceAccount is mounted on request in container web of Deployment sun/web: "
        "the task requires no such token."
    )
    assert judged.reasons[0].location is not None
    assert judged.reasons[0].location.line == 8


@each_row(
    ("change", "message", "effect"),
    [
        (
            {"audience": "db"},
            "is for vault, not for db",
            "A server that expects a token for db refuses this one, which is for vault.",
        ),
        (
            {"at-most": 3600},
            "valid for 7200 seconds; at most 3600",
            "Anyone who copies the token can use it for 7200 seconds.",
        ),
        (
            {"at-least": 9000},
            "valid for 7200 seconds; at least 9000",
            "A token that is read at the start is refused after 7200 seconds.",
        ),
        (
            {"path": "/elsewhere"},
            "has no token at /elsewhere",
            "A process in container web of Deployment sun/web finds tokens only in "
            "/var/run/secrets/tokens/vault.",
        ),
        (
            {"containers": ["log"]},
            "Container log has no token",
            "A process in container log of Deployment sun/web finds no token.",
        ),
    ],
)
def test_wrong_tokens(change: dict[str, object], message: str, effect: str) -> None:
    judged = outcome(tokens=[VAULT | change])
    assert judged.status is Status.FAIL
    assert judged.evidence == (effect,)
    assert message in judged.reasons[0].message


def test_wrong_account() -> None:
    judged = outcome(account="other")
    assert judged.reasons[0].message == "Deployment sun/web runs as ServiceAccount sun/web, not as other."
    assert judged.reasons[0].location is not None
    assert judged.reasons[0].location.line == 7


def test_no_pod() -> None:
    assert "There is no workload none" in outcome(object="sun/none").reasons[0].message


def test_a_token_meant_for_one_container_is_too_much_in_another() -> None:
    both = OFF.replace(
        "      volumes:",
        """\
      - name: log
        image: busybox
        volumeMounts: [{name: vault, mountPath: /var/run/secrets/tokens}]
      volumes:""",
    )
    assert outcome(both, tokens=[VAULT], rest="none").status is Status.PASS
    judged = outcome(both, tokens=[VAULT | {"containers": ["web"]}], rest="none")
    assert judged.evidence == (
        "A process in container log of Deployment sun/web can read /var/run/secrets/tokens/vault.",
    )


def test_an_optional_token_is_not_one_too_many() -> None:
    maybe = {"path": VAULT["path"], "optional": True}
    assert outcome(tokens=[maybe], rest="none").status is Status.PASS
    without = OFF.replace("mountPath: /var/run/secrets/tokens", "mountPath: /elsewhere")
    judged = outcome(without, tokens=[maybe], rest="none")
    assert [reason.message for reason in judged.reasons] == [
        "A projected volume contains a token in container web of Deployment sun/web: the task requires no such token."
    ]
    nothing = OFF.replace(
        "sources: [{serviceAccountToken: {path: vault, audience: vault, expirationSeconds: 7200}}]",
        "sources: []",
    )
    assert outcome(nothing, tokens=[maybe], rest="none").status is Status.PASS
    assert outcome(nothing, tokens=[VAULT], rest="none").status is Status.FAIL
