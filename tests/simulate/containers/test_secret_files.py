"""Which keys of a Secret each container finds."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.containers.secret_files import SecretValue, secret_values
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World

SECRET = "kind: Secret\nmetadata: {name: db, namespace: sun}\ndata: {user: dQ==, pass: cA==}\n"


def values(spec: str, secret: str = SECRET) -> list[SecretValue]:
    texts = (f"kind: Pod\nmetadata: {{name: web, namespace: sun}}\nspec: {spec}\n", secret)
    documents = [parse(text.encode(), "pod.yaml").documents[0] for text in texts if text]
    manifests = tuple(Manifest(document.value, document) for document in documents)
    return secret_values(World(manifests), PodTemplate(manifests[0], ()), "db")


def files(
    volume: str, mount: str = "{name: v, mountPath: /etc/db}", secret: str = SECRET
) -> dict[str, object]:
    spec = f"{{containers: [{{name: a, volumeMounts: [{mount}]}}], volumes: [{{name: v, {volume}}}]}}"
    return {value.file: (value.key, oct(value.mode), value.exists) for value in values(spec, secret)}


def test_every_key_without_items() -> None:
    assert files("secret: {secretName: db}") == {
        "/etc/db/user": ("user", "0o644", True),
        "/etc/db/pass": ("pass", "0o644", True),
    }
    assert files("secret: {secretName: other}") == {}


def test_items_and_modes() -> None:
    items = "items: [{key: user, path: x/u}, {key: pass, path: p, mode: 256}, {key: gone, path: g}]"
    assert files(f"secret: {{secretName: db, defaultMode: 288, {items}}}") == {
        "/etc/db/x/u": ("user", "0o440", True),
        "/etc/db/p": ("pass", "0o400", True),
        "/etc/db/g": ("gone", "0o440", False),
    }


def test_projected() -> None:
    sources = "sources: [{secret: {name: db, items: [{key: pass, path: p}]}}, {configMap: {name: db}}]"
    assert files(f"projected: {{defaultMode: 256, {sources}}}") == {"/etc/db/p": ("pass", "0o400", True)}


@each_row(
    ("sub_path", "mount_path", "expected"),
    [
        ("pass", "/etc/db/secret", ["/etc/db/secret"]),
        ("none", "/etc/db/secret", []),
        ("pas", "/etc/db/secret", []),
    ],
)
def test_sub_paths(sub_path: str, mount_path: str, expected: list[str]) -> None:
    mount = f"{{name: v, mountPath: {mount_path}, subPath: {sub_path}}}"
    assert list(files("secret: {secretName: db}", mount)) == expected


def test_environment() -> None:
    env = "env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: pass}}}, {name: Q, value: x}]"
    found = values(
        f"{{containers: [{{name: a, {env}, envFrom: [{{prefix: DB_, secretRef: {{name: db}}}}]}}]}}"
    )
    assert [(value.variable, value.key) for value in found] == [
        ("P", "pass"),
        ("DB_user", "user"),
        ("DB_pass", "pass"),
    ]


def test_an_optional_key_that_is_not_there_sets_no_variable() -> None:
    for optional, found in (("true", []), ("false", ["P"])):
        reference = f"{{name: db, key: nope, optional: {optional}}}"
        env = f"env: [{{name: P, valueFrom: {{secretKeyRef: {reference}}}}}]"
        assert [one.variable for one in values(f"{{containers: [{{name: a, {env}}}]}}")] == found


def test_a_secret_that_is_not_there() -> None:
    assert files("secret: {secretName: db}", secret="") == {"/etc/db/*": ("*", "0o644", False)}


def test_what_is_not_judged() -> None:
    with pytest.raises(NotJudged, match="subPathExpr"):
        files("secret: {secretName: db}", "{name: v, mountPath: /a, subPathExpr: $(A)}")


def test_odd_data_breaks_nothing() -> None:
    assert values("{containers: [{name: a, env: x, envFrom: [1], volumeMounts: {}}], volumes: 3}") == []
    assert files("secret: {secretName: db, defaultMode: x, items: [{}]}") == {"/etc/db": ("", "0o644", False)}


def test_a_later_source_overwrites_the_file() -> None:
    both = "projected: {sources: [%s, %s]}"
    secret = "{secret: {name: db, items: [{key: pass, path: p}]}}"
    other = "{configMap: {name: c, items: [{key: x, path: p}]}}"
    assert files(both % (other, secret)) == {"/etc/db/p": ("pass", "0o644", True)}
    assert files(both % (secret, other)) == {}


def test_a_group_reads_the_files_with_fs_group() -> None:
    """pkg/volume/volume_linux.go adds 0440 to the files of a read-only volume."""
    volumes = "volumes: [{name: v, secret: {secretName: db, defaultMode: 256}}]"
    containers = "containers: [{name: a, volumeMounts: [{name: v, mountPath: /etc/db}]}]"
    spec = f"{{securityContext: {{fsGroup: 0}}, {containers}, {volumes}}}"
    assert {value.mode for value in values(spec)} == {0o440}


def test_a_key_that_may_be_missing() -> None:
    gone = "items: [{key: gone, path: g}, {key: user, path: u}], optional: true"
    assert files(f"secret: {{secretName: db, {gone}}}") == {"/etc/db/u": ("user", "0o644", True)}
    assert files("secret: {secretName: db, optional: true}", secret="") == {}
