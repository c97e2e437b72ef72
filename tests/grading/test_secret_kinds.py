"""Tests of `grading.secret_kinds`: documents that hold secrets by their kind."""

from __future__ import annotations

from tests.table import each_row
from trainer.grading.secret_kinds import Mode, is_api_version, is_kind, is_known_kind, mode_of, mode_of_kind
from trainer.manifests.reading.tokens import read_tokens


@each_row(
    ("kind", "mode"),
    [
        ("secret", Mode.SECRET),
        ("secretlist", Mode.SECRET),
        ("secert", Mode.SECRET),
        ("encryptionconfig", Mode.ENCRYPTION),
        ("encryptionconfigration", Mode.ENCRYPTION),
        ("config", Mode.KUBECONFIG),
        ("confg", Mode.KUBECONFIG),
        ("configmap", Mode.PLAIN),
        ("service", Mode.PLAIN),
        ("", Mode.PLAIN),
    ],
)
def test_what_a_kind_tells(kind: str, mode: Mode) -> None:
    assert mode_of_kind(kind) is mode


@each_row(
    ("text", "mode"),
    [
        ("kind: Pod\nkind: Secret", Mode.SECRET),
        ("stringdta: {}", Mode.SECRET),
        ("resources: []\nproviders: []", Mode.ENCRYPTION),
        ("current-context: a", Mode.KUBECONFIG),
        ("users: [{name: a}]", Mode.KUBECONFIG),
        ("users: [a]", Mode.PLAIN),
        ("kind: Pod", Mode.PLAIN),
    ],
)
def test_what_fields_tell(text: str, mode: Mode) -> None:
    root = read_tokens(text)
    assert root is not None
    assert mode_of(root, is_root=True) is mode


def test_names() -> None:
    assert is_known_kind("pod")
    assert not is_known_kind("pdo")
    assert is_kind("Secert")
    assert not is_kind("hunter2")
    assert is_api_version("apps/v1")
    assert not is_api_version("hunter2")
