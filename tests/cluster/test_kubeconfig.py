"""Tests of `cluster.kubeconfig`: kubeconfig files, read without contacting anything."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from trainer.cluster.kubeconfig import Context, kubeconfig_files, read_kubeconfig
from trainer.errors import ClusterError, UsageError

KIND = """\
apiVersion: v1
kind: Config
current-context: kind-lab
clusters:
  - {name: kind-lab, cluster: {server: "https://127.0.0.1:6443", certificate-authority: pki/ca.crt}}
  - {name: cloud, cluster: {server: "https://cloud.example"}}
contexts:
  - {name: kind-lab, context: {cluster: kind-lab, user: me, namespace: sun}}
  - {name: cloud, context: {cluster: cloud, user: robot}}
users:
  - {name: me, user: {token: secret}}
  - {name: robot, user: {exec: {command: cloud-login, apiVersion: client.authentication.k8s.io/v1}}}
"""


def environ(*paths: Path) -> dict[str, str]:
    return {"KUBECONFIG": os.pathsep.join(map(str, paths))}


def test_contexts_with_where_they_lead(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(KIND)
    found = read_kubeconfig(environ(tmp_path / "config"))
    assert found.contexts == (
        Context("kind-lab", "kind-lab", "me", "sun", "https://127.0.0.1:6443", "", True),
        Context("cloud", "cloud", "robot", "default", "https://cloud.example", "cloud-login", False),
    )
    assert found.of("clusters", "kind-lab")["certificate-authority"] == str(tmp_path / "pki/ca.crt")


def test_the_first_of_several_files_wins_and_missing_ones_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(KIND)
    second = {"contexts": [{"name": "cloud", "context": {"cluster": "x"}}, {"name": "new", "context": {}}]}
    (tmp_path / "b").write_text(json.dumps(second))
    found = read_kubeconfig(environ(tmp_path / "none", tmp_path / "a", tmp_path / "b"))
    assert [one.name for one in found.contexts] == ["kind-lab", "cloud", "new"]
    assert found.context("cloud").cluster == "cloud"
    assert found.files == (str(tmp_path / "a"), str(tmp_path / "b"))


def test_the_usual_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert kubeconfig_files({}) == [tmp_path / ".kube" / "config"]
    with pytest.raises(ClusterError, match="kubeconfig not found"):
        read_kubeconfig({})


def test_an_unknown_context_suggests_the_likely_one(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(KIND)
    with pytest.raises(UsageError, match=r"no context 'kind-lap'.*did you mean kind-lab"):
        read_kubeconfig(environ(tmp_path / "config")).context("kind-lap")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("contexts: [", "broken: .*config:"),
        ("- a\n- b\n", "not a kubeconfig: it must be one mapping"),
        ("contexts: {a: b}\n", "contexts is not a list"),
        ("users: [{user: {token: x}}]\n", r"users\[0\] lacks a name"),
        ("clusters: [{name: x, cluster: text}]\n", r"clusters\[0\] lacks"),
        ("\x00\x01", "kubeconfig"),
    ],
)
def test_broken_files_are_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "config").write_text(text)
    with pytest.raises(ClusterError, match=words):
        read_kubeconfig(environ(tmp_path / "config"))


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config")
    with pytest.raises(ClusterError, match="is a pipe, not a file"):
        read_kubeconfig(environ(tmp_path / "config"))


def test_an_empty_file_has_no_contexts(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")
    found = read_kubeconfig(environ(tmp_path / "config"))
    assert found.contexts == ()
    with pytest.raises(UsageError, match="contexts: none"):
        found.context("any")


def test_an_auth_provider_is_a_plugin(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(KIND.replace("token: secret", "auth-provider: {name: oidc}"))
    assert read_kubeconfig(environ(tmp_path / "config")).context("kind-lab").plugin == "auth-provider oidc"
