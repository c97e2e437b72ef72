"""Rule `kubeconfig`."""

from __future__ import annotations

import msgspec

from tests.pictures import judging
from tests.static_pod_maker import manifest
from trainer.rules import kubeconfig
from trainer.rules.kubeconfig import Params
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Status

judge = judging(kubeconfig)

TEXT = """\
apiVersion: v1
kind: Config
current-context: dev
clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443", certificate-authority: ca.crt}}]
users: [{name: u, user: {token: abc}}]
contexts:
- name: dev
  context: {cluster: c, user: u, namespace: dev}
"""


def outcome(text: str = TEXT, **params: object) -> Outcome:
    mine = manifest(text, "config")
    return judge(World((mine,), answer=(mine,)), msgspec.convert(params, Params))


def test_pass() -> None:
    asked = {"current": "dev", "server": "https://10.0.0.1:6443/", "user": "u", "namespace": "dev"}
    assert outcome(**asked, credentials=["token"], embedded=True, admin=False).status is Status.PASS


def test_fail() -> None:
    insecure = TEXT.replace("certificate-authority: ca.crt", "insecure-skip-tls-verify: true")
    judged = outcome(
        insecure, server="https://10.0.0.2:6443", embedded=False, credentials=["certificate"], admin=True
    )
    assert [reason.message for reason in judged.reasons] == [
        "The server of context dev is https://10.0.0.1:6443; https://10.0.0.2:6443 is required.",
        "insecure-skip-tls-verify is true: kubectl doesn't verify the server.",
        "The client certificate doesn't have the group system:masters.",
        "The user u has no certificate.",
        "token is embedded in the file.",
    ]
    assert judged.evidence == ("kubectl trusts any server that answers at https://10.0.0.1:6443.",)
    places = [reason.location.path for reason in judged.reasons if reason.location]
    assert places == [
        "clusters[0].cluster.server",
        "clusters[0].cluster.insecure-skip-tls-verify",
        "users[0].user.client-certificate-data",
        "users[0].user",
        "users[0].user.token",
    ]
    other = outcome(user="v", namespace="x")
    assert [reason.location.path for reason in other.reasons if reason.location] == [
        "contexts[0].context.user",
        "contexts[0].context.namespace",
    ]


def test_a_leaked_secret_is_nowhere_in_the_file() -> None:
    text = TEXT + "# token: hunter2\n"
    mine = manifest(text, "config")
    world = World((mine,), answer=(mine,), texts={"config": text})
    judged = judge(world, Params(leaked=("hunter2",)))
    assert [reason.location for reason in judged.reasons] == [Location("config", 9, 10)]
    assert "hunter2" not in str(judged)
    assert judge(world, Params(leaked=("hunter3",))).status is Status.PASS


def test_names_that_do_not_resolve() -> None:
    judged = outcome(TEXT.replace("cluster: c,", "cluster: d,"), current="prod")
    assert judged.reasons[0].message == "current-context is dev; prod is required."
    assert "kubectl can't use this context" in judged.reasons[1].message
    assert (
        outcome(TEXT.replace("current-context: dev\n", "")).reasons[0].message
        == "current-context is not set."
    )
    plain = outcome(TEXT.replace("https:", "http:"))
    assert "is not https" in plain.reasons[0].message
    assert judge(World(()), Params()).reasons[0].message == "The answer has no file of kind Config."


def test_evidence_says_what_kubectl_does() -> None:
    assert outcome(user="v").evidence == (
        "kubectl uses https://10.0.0.1:6443 as user u, with token, in Namespace dev.",
    )
    assert outcome(current="prod").evidence == (
        "Without --context kubectl uses dev.",
        "kubectl --context prod reaches no API server.",
    )


def test_a_user_that_impersonates_another_is_not_the_one_asked_for() -> None:
    text = TEXT.replace("{token: abc}", "{token: abc, as: admin, as-groups: [system:masters]}")
    judged = outcome(text, user="u")
    assert [reason.message for reason in judged.reasons] == [
        "The user u impersonates admin (`as`): kubectl acts as that user."
    ]
    assert judged.evidence == (
        "kubectl uses https://10.0.0.1:6443 as user u, impersonating admin, with token, in Namespace dev.",
    )
    assert outcome(text, admin=False).status is Status.FAIL
    assert outcome(text, server="https://10.0.0.1:6443").status is Status.PASS
