"""ServiceAccount tokens: who decides, where they are mounted, which other ways lead to one."""

from __future__ import annotations

import pytest

from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.access.service_account import AUTOMOUNT_PATH, account_of, automounts, tokens_of
from trainer.simulate.workloads import pod_template

POD = """\
kind: Pod
metadata: {name: p, namespace: sun}
spec:
%s  containers:
  - name: web
    image: i
%s"""
ACCOUNT = (
    "kind: ServiceAccount\nmetadata: {name: default, namespace: sun}\nautomountServiceAccountToken: %s\n"
)
SECRET = "kind: Secret\nmetadata: {name: t, namespace: sun}\ntype: kubernetes.io/service-account-token\n"


def manifest(text: str) -> Manifest:
    document = parse(text.encode(), "x.yaml").documents[0]
    return Manifest(document.value, document)


def tokens(spec: str = "", container: str = "", *others: str) -> list[tuple[str, str, int, int]]:
    pod = pod_template(manifest(POD % (spec, container)))
    assert pod is not None
    found = tokens_of(pod, [manifest(other) for other in others])
    return [(token.path, token.source, token.seconds, token.location.line) for token in found]


AUTO = (f"{AUTOMOUNT_PATH}/token", "automount", 3607)


@pytest.mark.parametrize(
    ("spec", "others", "expected"),
    [
        ("", (), [(*AUTO, 3)]),
        ("", (ACCOUNT % "false",), []),
        ("", (ACCOUNT % "true",), [(*AUTO, 3)]),
        ("  automountServiceAccountToken: true\n", (ACCOUNT % "false",), [(*AUTO, 4)]),
        ("  automountServiceAccountToken: false\n", (ACCOUNT % "true",), []),
    ],
)
def test_the_pod_beats_the_account(spec: str, others: tuple[str, ...], expected: list[object]) -> None:
    assert tokens(spec, "", *others) == expected


def test_a_container_that_mounts_something_there_gets_none() -> None:
    mount = f"    volumeMounts: [{{name: v, mountPath: {AUTOMOUNT_PATH}/}}]\n"
    assert tokens("  volumes: [{name: v, emptyDir: {}}]\n", mount) == []


def test_init_containers_get_it_ephemeral_ones_do_not() -> None:
    more = "  initContainers: [{name: i, image: i}]\n  ephemeralContainers: [{name: e, image: i}]\n"
    assert len(tokens(more)) == 2


PROJECTED = (
    "  automountServiceAccountToken: false\n  volumes:\n  - name: t\n    projected:\n      sources:\n"
    "      - serviceAccountToken: {path: vault/token, audience: vault%s}\n"
)


@pytest.mark.parametrize(
    ("more", "mount", "path", "seconds"),
    [
        (", expirationSeconds: 600", "mountPath: /var/run/x", "/var/run/x/vault/token", 600),
        ("", "mountPath: /t/token, subPath: vault/token", "/t/token", 3600),
        ("", "mountPath: /t, subPath: vault", "/t/token", 3600),
    ],
)
def test_projected_tokens(more: str, mount: str, path: str, seconds: int) -> None:
    found = tokens(PROJECTED % more, f"    volumeMounts: [{{name: t, {mount}}}]\n")
    assert found == [(path, "projected", seconds, 9)]


@pytest.mark.parametrize("part", ["other", "vaul", "vault/tok", "vault/token/more", "token"])
def test_a_sub_path_of_something_else_has_no_token(part: str) -> None:
    assert tokens(PROJECTED % "", f"    volumeMounts: [{{name: t, mountPath: /t, subPath: {part}}}]\n") == []


@pytest.mark.parametrize(
    ("spec", "container", "source"),
    [
        (
            "  volumes: [{name: v, secret: {secretName: t}}]\n",
            "    volumeMounts: [{name: v, mountPath: /s}]\n",
            "secret",
        ),
        (
            "  volumes: [{name: v, projected: {sources: [{secret: {name: t}}]}}]\n",
            "    volumeMounts: [{name: v, mountPath: /s}]\n",
            "secret",
        ),
        ("", "    env: [{name: T, valueFrom: {secretKeyRef: {name: t, key: token}}}]\n", "environment"),
        ("", "    envFrom: [{secretRef: {name: t}}]\n", "environment"),
    ],
)
def test_secrets_with_tokens(spec: str, container: str, source: str) -> None:
    off = "  automountServiceAccountToken: false\n"
    assert [found[1] for found in tokens(off + spec, container, SECRET)] == [source]
    assert tokens(off + spec, container) == []


def test_of_two_accounts_of_one_name_the_one_applied_last_counts() -> None:
    assert tokens("", "", ACCOUNT % "true", ACCOUNT % "false") == []
    assert tokens("", "", ACCOUNT % "false", ACCOUNT % "true") == [(*AUTO, 3)]


def test_identity() -> None:
    pod = pod_template(manifest(POD % ("  serviceAccountName: web\n", "")))
    assert pod is not None
    account = account_of(pod, [])
    assert account.title == "ServiceAccount sun/web"
    assert account.manifest is None
    assert account.location.line == 4
    assert automounts(pod, account)[0]
