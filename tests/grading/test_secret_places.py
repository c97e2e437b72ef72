"""Tests of `grading.secret_places`: what of a document is hidden."""

from __future__ import annotations

from tests.table import each_row
from trainer.grading.secret_places import Fate, places, with_targets
from trainer.manifests.reading.tokens import read_tokens


def hidden(text: str) -> list[str]:
    """The scalars that are hidden, keys too, in the order of the text."""
    root = read_tokens(text)
    assert root is not None
    found = [one for one in with_targets(list(places(root)), root) if one.fate not in (Fate.KEPT, Fate.NAME)]
    return [one.node.value or "" for one in sorted(found, key=lambda one: one.node.start)]


@each_row(
    "kind",
    [
        "Secret",
        "secret",
        "SECRET",
        "Secrets",
        "SecretList",
        "Secert",
        "Sercet",
        "!!str Secret",
        '"S\\u0065cret"',
    ],
)
def test_a_secret_in_any_writing(kind: str) -> None:
    assert hidden(f"{{data: {{a: b}}, kind: {kind}, metadata: {{name: c}}}}") == ["b"]


@each_row("field", ["stringData", "stringdata", "string_data", "string-data", "stringDta", "STRINGDATA"])
def test_the_field_of_a_secret_tells_it_without_a_kind(field: str) -> None:
    assert hidden(f"{field}: {{a: b}}\nmetadata: {{name: c}}") == ["b"]


@each_row(
    ("text", "values"),
    [
        ("kind: Secret\nmetadata: {name: a, labels: {b: c}, annotations: {d: e}}\ntype: f", ["c", "e", "f"]),
        ("kind: Secret\ntype: kubernetes.io/tls\nimmutable: true\nname: a", ["a"]),
        ("kind: Secret\nkind: Foo\ndata: {a: b}", ["Foo", "b"]),
        ("kind: List\nitems: [{kind: Secret, data: {a: b}}, {kind: Pod, x: c}]", ["b"]),
        ("kind: SecretList\nitems: [{metadata: {name: a}, data: {b: c}}]", ["c"]),
        ("data: {a: b}", ["b"]),
        ("kind: Foo\napiVersion: v1\ndata: {a: b}\nspec: {c: d}", ["b"]),
        ("kind: ConfigMap\ndata: {a: b}", []),
        ("kind: Role\nrules: [{data: {a: b}}]", []),
        ("<<: {kind: Secret}\ndata: {a: b}", ["b"]),
        ("Kind: Secret\ndata: {a: b}", ["b"]),
        # EncryptionConfiguration
        (
            "kind: EncryptionConfiguration\nresources:\n- resources: [secrets, Foo]\n  providers:\n"
            "  - aescbc: {keys: [{name: k, secret: a}, {nam: b, Secert: c}]}\n  - kms: {endpoint: 'unix:///d'}",
            ["Foo", "a", "b", "c"],
        ),
        ("resources:\n- resources: [secrets]\n  providers: [{aescbc: {keys: [{foo: a}]}}]", ["a"]),
        # kubeconfig
        ("kind: Config\nusers: [{name: a, user: {token: b, tokn: c, client-certificate: d, username: e}}]", ["b", "c"]),
        ("current-context: a\nusers: [{name: b, user: {password: c}}]", ["c"]),
        ("users: [{name: a, user: {foo: b}}]", ["b"]),
        ("kind: Config\nusers: [{name: a, user: 'token:b'}]", ["token:b"]),
        (
            "kind: Config\nusers: [{name: a, user: {exec: {command: b, args: [c], env: [{name: d, value: e}]}}}]",
            ["c", "d", "e"],
        ),
        ("kind: Policy\nrules: [{users: ['system:kube-proxy'], level: None}]", []),
        # names and shapes
        ("kind: Pod\nspec: {env: [{name: DB_PASSWORD, value: a}, {value: b, name: token}, {name: c, value: d}]}", ["a", "b"]),
        ("kind: Pod\nspec: {env: [{name: PASSWD, value: {a: b}}]}", ["a", "b"]),
        ("kind: Pod\nspec: {command: [sh, -c, 'PASSWORD=a b']}", ["PASSWORD=a b"]),
        ("kind: Pod\nspec: {volumes: [{secret: {secretName: a}}], automountServiceAccountToken: false}", []),
        ("kind: ConfigMap\ndata: {db-password-old: a, url: 'x://u:p@h', b: c}", ["a", "x://u:p@h"]),
        ("kind: ConfigMap\ndata: {a.json: '{\"kind\": \"Secret\"}', b.yaml: \"token: x\\na: b\"}", ['{"kind": "Secret"}', "token: x\na: b"]),
        ("kind: Foo\nspec: {secret: {a: b}, c: d}", ["a", "b"]),
        ("kind: Pod\nx: &n {a: b}\ny: &m c\ntoken: *m\npassword: *m", ["c", "m", "m"]),
        ("kind: List\nitems: [{kind: Pod, x: &n {a: b}}, {kind: Secret, data: *n}]", ["b", "n"]),
        ("kind: Pod\nenv: [{name: !!binary REJfUEFTUw==, value: a}]", ["a"]),
        ("kind: ConfigMap\nbinaryData: {a: cGFzc3dvcmQ9aHVudGVyMg==}", ["cGFzc3dvcmQ9aHVudGVyMg=="]),
        ("kind: Config\nusers: [{name: a, user: {name: b}}]", ["b"]),
        ("kubectl create secret generic a --from-literal=b=c", ["kubectl create secret generic a --from-literal=b=c"]),
        ("kind: ServiceAccount\nimagePullSecrets: [{name: a}]\nsecrets: [{name: b}]", []),
        ("kind: ClusterRole\nrules: [{apiGroups: [''], resources: [secrets], verbs: [get]}]", []),
    ],
)  # fmt: skip
def test_what_is_hidden(text: str, values: list[str]) -> None:
    assert hidden(text) == values


def test_a_key_that_may_be_the_value() -> None:
    assert hidden("kind: Secret\nstringData: {'password:a', b}") == ["password:a", "b"]
    assert hidden("kind: Secret\nstringData: {a: {b: c}}") == ["b", "c"]
