"""ServiceAccount tokens: who decides, where they are mounted, which other ways lead to one."""

from __future__ import annotations

from tests.table import each_row
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


@each_row(
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
    mount = f"    volumeMounts: [{{name: v, mountPath: {AUTOMOUNT_PATH}}}]\n"
    assert tokens("  volumes: [{name: v, emptyDir: {}}]\n", mount) == []


def test_admission_compares_the_mount_path_as_it_is_written() -> None:
    mount = f"    volumeMounts: [{{name: v, mountPath: {AUTOMOUNT_PATH}/}}]\n"
    assert tokens("  volumes: [{name: v, emptyDir: {}}]\n", mount) == [(*AUTO, 3)]


def test_init_containers_get_it_ephemeral_ones_do_not() -> None:
    more = "  initContainers: [{name: i, image: i}]\n  ephemeralContainers: [{name: e, image: i}]\n"
    assert len(tokens(more)) == 2


PROJECTED = (
    "  automountServiceAccountToken: false\n  volumes:\n  - name: t\n    projected:\n      sources:\n"
    "      - serviceAccountToken: {path: vault/token, audience: vault%s}\n"
)


@each_row(
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


@each_row("part", ["other", "vaul", "vault/tok", "vault/token/more", "token"])
def test_a_sub_path_of_something_else_has_no_token(part: str) -> None:
    assert tokens(PROJECTED % "", f"    volumeMounts: [{{name: t, mountPath: /t, subPath: {part}}}]\n") == []


@each_row(
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


def test_a_token_is_of_the_container_that_mounts_it() -> None:
    pod = pod_template(
        manifest(POD % ("", "    env: [{name: T, valueFrom: {secretKeyRef: {name: t, key: token}}}]\n"))
    )
    assert pod is not None
    found = tokens_of(pod, [manifest(SECRET)])
    assert [(one.container, one.path, one.source, one.audience, one.seconds) for one in found] == [
        ("web", "/var/run/secrets/kubernetes.io/serviceaccount/token", "automount", "", 3607),
        ("web", "", "environment", "", 0),
    ]


def test_an_audience_makes_it_a_token_for_somebody_else() -> None:
    for source, audience in ((", audience: vault", "vault"), ("", ""), (", audience: ''", "")):
        text = PROJECTED.replace(", audience: vault", source) % ""
        pod = pod_template(manifest(POD % (text, "    volumeMounts: [{name: t, mountPath: /t}]\n")))
        assert pod is not None
        assert [one.audience for one in tokens_of(pod, [])] == [audience]


@each_row(
    ("mount", "path"),
    [
        ("mountPath: /t", "/t/vault/token"),
        ("mountPath: /t/", "/t/vault/token"),
        ("mountPath: /t, subPath: ''", "/t/vault/token"),
        ("mountPath: /t, subPath: vault", "/t/token"),
        ("mountPath: /t, subPath: vault/token", "/t"),
    ],
)
def test_where_a_projected_token_is(mount: str, path: str) -> None:
    [found] = tokens(PROJECTED % "", f"    volumeMounts: [{{name: t, {mount}}}]\n")
    assert found[0] == path


def test_volumes_that_are_not_mounted_hold_no_token() -> None:
    volumes = PROJECTED % "" + "  - {name: other, secret: {secretName: t}}\n"
    assert tokens(volumes, "    volumeMounts: [{name: elsewhere, mountPath: /t}]\n", SECRET) == []
    found = tokens(volumes, "    volumeMounts: [{name: other, mountPath: /s}]\n", SECRET)
    assert found == [("/s/token", "secret", 0, 10)]


@each_row(
    ("old", "new"),
    [
        ("kind: Secret", "kind: ConfigMap"),
        ("namespace: sun", "namespace: moon"),
        ("service-account-token", "dockercfg"),
        ("name: t", "name: u"),
    ],
)
@each_row(
    "container",
    [
        "    env: [{name: T, valueFrom: {secretKeyRef: {name: t, key: token}}}]\n",
        "    envFrom: [{secretRef: {name: t}}]\n",
        "    volumeMounts: [{name: v, mountPath: /s}]\n",
    ],
)
def test_other_secrets_hold_no_token(old: str, new: str, container: str) -> None:
    spec = "  automountServiceAccountToken: false\n  volumes: [{name: v, secret: {secretName: t}}]\n"
    assert len(tokens(spec, container, SECRET)) == 1
    assert tokens(spec, container, SECRET.replace(old, new)) == []


@each_row(
    "container",
    [
        "    env: [{name: T, valueFrom: {secretKeyRef: {name: t, key: ca.crt}}}, {name: U, value: t}]\n",
        "    env: [{name: T, valueFrom: {configMapKeyRef: {name: t, key: token}}}, {name: U, valueFrom: t}]\n",
        "    envFrom: [{configMapRef: {name: t}}, {secretRef: t}]\n",
    ],
)
def test_other_variables_hold_no_token(container: str) -> None:
    assert tokens("  automountServiceAccountToken: false\n", container, SECRET) == []


def test_lines_of_variables() -> None:
    off = "  automountServiceAccountToken: false\n"
    env = "    env:\n    - {name: A, value: a}\n    - {name: T, valueFrom: {secretKeyRef: {name: t, key: token}}}\n"
    assert [found[3] for found in tokens(off, env, SECRET)] == [10]
    each = "    envFrom:\n    - {configMapRef: {name: c}}\n    - {secretRef: {name: t}}\n"
    assert [found[3] for found in tokens(off, each, SECRET)] == [10]


@each_row(
    ("spec", "name"),
    [
        ("", "default"),
        ("  serviceAccountName: web\n", "web"),
        ("  serviceAccount: old\n", "old"),
        ("  serviceAccountName: web\n  serviceAccount: old\n", "web"),
    ],
)
def test_which_account(spec: str, name: str) -> None:
    pod = pod_template(manifest(POD % (spec, "")))
    assert pod is not None
    others = [
        manifest(ACCOUNT.replace("default", other) % "true") for other in ("web", "other", "old", "default")
    ]
    others += [manifest(ACCOUNT.replace("default", name).replace("sun", "moon") % "true")]
    found = account_of(pod, others)
    assert found.name == name
    assert found.manifest is others[("web", "other", "old", "default").index(name)]


def test_what_is_no_boolean_decides_nothing() -> None:
    assert tokens("", "", ACCOUNT % "'false'") == [(*AUTO, 3)]
    assert tokens("  automountServiceAccountToken: 'false'\n", "", ACCOUNT % "true") == [(*AUTO, 3)]


def test_identity() -> None:
    pod = pod_template(manifest(POD % ("  serviceAccountName: web\n", "")))
    assert pod is not None
    account = account_of(pod, [])
    assert account.title == "ServiceAccount sun/web"
    assert account.manifest is None
    assert account.location.line == 4
    assert automounts(pod, account)[0]


VAULT = "    volumeMounts: [{name: v, mountPath: /vault%s}%s]\n"
ASKED = "{serviceAccountToken: {path: token, audience: vault, expirationSeconds: 7200}}"


def mounted(sources: str, *, mount: str = "", other: str = "") -> list[tuple[str, str, int]]:
    spec = (
        f"  automountServiceAccountToken: false\n  volumes: [{{name: v, projected: {{sources: [{sources}]}}}}"
    )
    found = tokens(f"{spec}, {{name: e, emptyDir: {{}}}}]\n", VAULT % (mount, other), SECRET)
    return [(path, source, seconds) for path, source, seconds, _ in found]


def test_a_later_source_overwrites_an_earlier_one() -> None:
    whole = "{secret: {name: t}}"
    assert mounted(f"{ASKED}, {whole}") == [("/vault/token", "secret", 0)]
    assert mounted(f"{whole}, {ASKED}") == [("/vault/token", "projected", 7200)]
    assert mounted(f"{ASKED}, {{configMap: {{name: c, items: [{{key: x, path: token}}]}}}}") == []


def test_items_decide_which_files_of_the_secret_there_are() -> None:
    only_ca = "{secret: {name: t, items: [{key: ca.crt, path: ca.crt}]}}"
    elsewhere = "{secret: {name: t, items: [{key: token, path: old/x}]}}"
    assert mounted(f"{only_ca}, {ASKED}") == [("/vault/token", "projected", 7200)]
    assert mounted(f"{ASKED}, {elsewhere}") == [
        ("/vault/token", "projected", 7200),
        ("/vault/old/x", "secret", 0),
    ]
    assert mounted(f"{ASKED}, {elsewhere}", mount=", subPath: old") == [("/vault/x", "secret", 0)]


def test_a_deeper_mount_hides_a_token() -> None:
    assert mounted(ASKED, other=", {name: e, mountPath: /vault/token}") == []
    assert mounted(ASKED, other=", {name: e, mountPath: /vault/tok}") == [("/vault/token", "projected", 7200)]
    assert mounted(ASKED, other=", {name: e, mountPath: /}") == [("/vault/token", "projected", 7200)]
    assert mounted(ASKED, other=", {name: e, mountPath: /vault/}") == []


@each_row(
    ("path", "part", "expected"),
    [
        ("/", "", [("/h", "node")]),
        ("/var/lib/kubelet/", "", [("/h", "node")]),
        ("/var/lib/kubelet/pods/x/volumes", "", [("/h", "node")]),
        ("/var", ", subPath: lib", [("/h", "node")]),
        ("/var", ", subPath: log", []),
        ("/var/lib/kubelet2", "", []),
        ("/srv", "", []),
    ],
)
def test_the_tokens_of_a_nodes_pods(path: str, part: str, expected: list[tuple[str, str]]) -> None:
    spec = f"  automountServiceAccountToken: false\n  volumes: [{{name: h, hostPath: {{path: {path}}}}}]\n"
    found = tokens(spec, f"    volumeMounts: [{{name: h, mountPath: /h{part}}}]\n")
    assert [(place, source) for place, source, _, _ in found] == expected
