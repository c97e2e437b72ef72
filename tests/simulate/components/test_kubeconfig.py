"""Kubeconfigs."""

from __future__ import annotations

from tests.certificate_maker import encoded, make
from tests.static_pod_maker import manifest
from tests.table import each_row
from trainer.simulate.components.kubeconfig import access, contexts, file_references, structure_problems

TEXT = """\
apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: main
  cluster: {server: "https://10.0.0.1:6443", certificate-authority: ca.crt}
- name: open
  cluster: {server: "https://10.0.0.2:6443", insecure-skip-tls-verify: true}
users:
- name: jane
  user: {client-certificate: jane.crt, client-key: jane.key}
- name: bot
  user: {token: abc}
- name: plugin
  user: {exec: {command: get-token, apiVersion: client.authentication.k8s.io/v1}}
contexts:
- name: dev
  context: {cluster: main, user: jane, namespace: dev}
- name: open
  context: {cluster: open, user: bot}
- name: cloud
  context: {cluster: main, user: plugin}
"""


def test_contexts_resolve() -> None:
    config = manifest(TEXT)
    assert structure_problems(config) == []
    dev, opened, cloud = contexts(config)
    assert (dev.server, dev.namespace, dev.user) == ("https://10.0.0.1:6443", "dev", "jane")
    assert (dev.authority, dev.certificate, dev.insecure) == ("ca.crt", "jane.crt", False)
    assert (dev.credentials, dev.embedded) == (("certificate",), ())
    assert (opened.authority, opened.insecure, opened.embedded) == ("", True, ("token",))
    assert cloud.credentials == ("exec",)
    assert [(one.field, one.path) for one in file_references(config)] == [
        ("certificate-authority", "ca.crt"),
        ("client-certificate", "jane.crt"),
        ("client-key", "jane.key"),
    ]


@each_row(
    ("old", "new", "message"),
    [
        ("current-context: dev", "current-context: prod", "context 'prod' doesn't exist"),
        ("current-context: dev\n", "", "has no current-context"),
        ("cluster: main, user: jane", "cluster: mian, user: jane", "names the cluster 'mian'"),
        ("user: jane, namespace", "user: june, namespace", "names the user 'june'"),
        ('server: "https://10.0.0.1:6443"', 'server: ""', "has no server"),
        (", client-key: jane.key", "", "no client key"),
        (
            "- name: open\n  cluster",
            "- name: main\n  cluster",
            "`clusters` has two entries with the name 'main'",
        ),
        ("- name: bot", "- name: plugin", "`users` has two entries with the name 'plugin'"),
        ("- name: cloud", "- name: open", "`contexts` has two entries with the name 'open'"),
        ("client-certificate: jane.crt, ", "", "no client certificate"),
        ("ca.crt}", "ca.crt, insecure-skip-tls-verify: true}", "exclude each other"),
        ("client-key: jane.key", "client-key: jane.key, token: a, username: b", "more than one way"),
        ("client-key: jane.key", "client-key: jane.key, as-groups: [admins]", "without a user"),
    ],
)
def test_what_is_wrong(old: str, new: str, message: str) -> None:
    config = manifest(TEXT.replace(old, new, 1))
    found = structure_problems(config)
    assert [message in problem.message for problem in found] == [True]
    assert found[0].location is not None


def test_the_certificate_in_the_file() -> None:
    certificate, key = make("admin")
    inner = f"client-certificate-data: {encoded(certificate)}, client-key-data: {encoded(key)}"
    config = manifest(TEXT.replace("client-certificate: jane.crt, client-key: jane.key", inner))
    found = access(config, "dev")
    assert (found.common_name, found.organizations, found.is_admin) == ("admin", (), False)
    assert (found.embedded, found.certificate) == (("client-key-data",), "data")
    assert [one.field for one in file_references(config)] == ["certificate-authority"]
    broken = manifest(TEXT.replace("client-certificate: jane.crt", "client-certificate-data: YWJj"))
    assert access(broken, "dev").common_name == ""
