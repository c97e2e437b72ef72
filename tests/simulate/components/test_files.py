"""Files that flags name: readable, writable, and right inside."""

from __future__ import annotations

from tests.static_pod_maker import APISERVER, apiserver, node, pod, with_flags, with_mount
from tests.table import each_row
from trainer.simulate.components.files import beside, configuration, file_problems
from trainer.simulate.components.static_pods import NodeFiles, StaticPod

FOLDER = "/etc/kubernetes/conf"
POLICY = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n"
ENCRYPTION = """\
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources: [{resources: [secrets], providers: [{identity: {}}]}]
"""
WEBHOOK = """\
apiVersion: v1
kind: Config
current-context: a
clusters: [{name: c, cluster: {server: "https://x", certificate-authority: ca.crt}}]
users: [{name: u, user: {}}]
contexts: [{name: a, context: {cluster: c, user: u}}]
"""


def with_file(flag: str, *more: str) -> StaticPod:
    return pod(with_mount(with_flags(APISERVER, f"--{flag}={FOLDER}/f.yaml", *more), FOLDER))


def messages(found: StaticPod, files: NodeFiles) -> list[str]:
    return [problem.message for problem in file_problems(found, files)]


def test_a_file_that_is_right() -> None:
    for flag, text in (("audit-policy-file", POLICY), ("encryption-provider-config", ENCRYPTION)):
        files = node({f"{FOLDER}/f.yaml": text})
        assert messages(with_file(flag), files) == []
        found = configuration(with_file(flag), flag, files)
        assert found is not None
        assert found.kind in text
    assert messages(with_file("audit-policy-file"), node()) == []
    assert configuration(with_file("audit-policy-file"), "audit-policy-file", node()) is None


@each_row(
    ("flag", "text", "message"),
    [
        ("audit-policy-file", POLICY.replace("Metadata", "All"), "RequestResponse"),
        ("audit-policy-file", ENCRYPTION, "contains the kind EncryptionConfiguration, not Policy"),
        ("audit-policy-file", "a: [", "f.yaml"),
        ("encryption-provider-config", ENCRYPTION.replace("identity", "aes"), "aes"),
        (
            "authentication-config",
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n"
            "anonymous: {enabled: false, conditions: [{path: /livez}]}\n",
            "`conditions` need `enabled: true`",
        ),
        (
            "authorization-config",
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\n"
            "authorizers: [{type: Rbac, name: a}]\n",
            "is not a type of authorizer",
        ),
        (
            "admission-control-config-file",
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: [{name: A, path: /a}, {name: PodSecurity, path: /b}]\n",
            "no volumeMount covers /b",
        ),
        ("token-auth-file", "a,b\n", "token,user,uid"),
        (
            "authorization-webhook-config-file",
            WEBHOOK.replace("cluster: c,", "cluster: d,"),
            "names the cluster 'd'",
        ),
    ],
)
def test_a_file_that_the_component_refuses(flag: str, text: str, message: str) -> None:
    found = file_problems(with_file(flag), node({f"{FOLDER}/f.yaml": text}))
    assert len(found) == 1
    assert message in f"{found[0].message} {found[0].location}"


def test_files_of_a_kubeconfig_must_be_seen_too() -> None:
    found = with_file("audit-webhook-config-file")
    files = NodeFiles({f"{FOLDER}/f.yaml": WEBHOOK, "/etc/kubernetes/pki/ca.crt": ""}, complete=False)
    assert messages(found, files) == []
    complete = NodeFiles(
        {f"{FOLDER}/f.yaml": WEBHOOK}, folders=frozenset({"/etc/kubernetes/pki"}), complete=True
    )
    assert any("certificate-authority: the node has no file" in one for one in messages(found, complete))


def test_a_file_without_a_mount() -> None:
    found = file_problems(apiserver("--audit-policy-file=/etc/p.yaml"), node())
    assert [problem.message for problem in found] == [
        "--audit-policy-file: no volumeMount covers /etc/p.yaml: the container doesn't see it"
    ]
    assert found[0].location is not None
    assert found[0].location.line == 42


def test_anonymous_is_set_once() -> None:
    text = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\nanonymous: {enabled: false}\n"
    found = with_file("authentication-config", "--anonymous-auth=false")
    assert "--anonymous-auth can't be set" in messages(found, node({f"{FOLDER}/f.yaml": text}))[0]


def test_the_audit_log_must_be_writable() -> None:
    text = with_mount(with_flags(APISERVER, "--audit-log-path=/var/log/a/audit.log"), "/var/log/a")
    assert "nothing can be written" in messages(pod(text), node())[0]
    assert messages(apiserver("--audit-log-path=-"), node()) == []


def test_paths_beside_a_file() -> None:
    assert beside("/etc/a/b.yaml", "c.crt") == "/etc/a/c.crt"
    assert beside("/etc/a/b.yaml", "/x/c.crt") == "/x/c.crt"
