"""Tests of `cli.ask_findings`: SARIF at the right lines, whole, and without secrets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ask_world import SHOP

Cks = Callable[..., Any]

POD = """apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec:
  hostPID: true
  containers: [{name: a, image: nginx, env: [{name: PASSWORD, value: canary-77x}]}]
"""


@pytest.fixture
def asked(cks: Cks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, list[Any]]]:
    """Asks in a folder with manifests; the exit code and the results of the SARIF file."""
    (tmp_path / "k8s" / "apps").mkdir(parents=True)
    (tmp_path / "k8s" / "apps" / "pod.yaml").write_text(POD)
    (tmp_path / "shop.yaml").write_text(SHOP)
    monkeypatch.chdir(tmp_path)

    def ask(*arguments: object) -> tuple[int, list[Any]]:
        ran = cks("ask", *arguments, "--sarif", "out.sarif")
        text = (tmp_path / "out.sarif").read_text()
        assert "canary" not in text + ran.out + ran.err
        [run] = json.loads(text)["runs"]
        ids = [one["id"] for one in run["tool"]["driver"]["rules"]]
        assert all(ids[one["ruleIndex"]] == one["ruleId"] for one in run["results"])
        marks = [one["partialFingerprints"]["answer/v1"] for one in run["results"]]
        assert len(set(marks)) == len(marks), "code hosts merge results with the same mark"
        return ran.code, run["results"]

    return ask


def place(result: Any) -> tuple[str, int]:
    physical = result["locations"][0]["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


def test_findings_of_pod_security(asked: Callable[..., tuple[int, list[Any]]]) -> None:
    code, results = asked("pod-security", "k8s", "--level", "baseline")
    assert code == 0
    assert [(one["ruleId"], one["level"], place(one)) for one in results] == [
        ("ask/answer", "error", ("k8s/apps/pod.yaml", 5))
    ]
    assert "hostPID" in results[0]["message"]["text"]
    assert asked("pod-security", "k8s", "--expect", "Privileged") == (0, [])
    code, results = asked(
        "pod-security", "k8s/apps/pod.yaml", "--expect", "baseline", "--expect", "restricted"
    )
    assert code == 1
    assert {place(one)[0] for one in results} == {"k8s/apps/pod.yaml"}


def test_an_unexpected_answer_and_what_is_refused(
    asked: Callable[..., tuple[int, list[Any]]], tmp_path: Path
) -> None:
    flow = ("flow", "shop.yaml", "--from", "shop/web", "--to", "shop/db")
    assert asked(*flow, "--port", 80)[1] == []
    answer = {"allowed", "denied"}
    found = {word: asked(*flow, "--port", 80, "--expect", word) for word in answer}
    assert sorted(code for code, _ in found.values()) == [0, 1]
    assert [one["ruleId"] for _, results in found.values() for one in results][:1] == ["ask/answer"]
    (tmp_path / "k8s" / "bad.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: q}\nspek: {}\n")
    (tmp_path / "k8s" / "worse.yaml").write_text("a: [\n")
    code, results = asked("escalate", "k8s", "--as", "user:jane")
    assert code == 1
    refused = {place(one) for one in results if one["ruleId"] == "ask/refused"}
    assert {("k8s/bad.yaml", 4)} < refused
    assert {file for file, _ in refused} == {"k8s/bad.yaml", "k8s/worse.yaml"}


def test_a_question_without_an_answer(asked: Callable[..., tuple[int, list[Any]]]) -> None:
    code, results = asked("routes", "k8s")
    assert code == 2
    assert [(one["ruleId"], one["kind"]) for one in results] == [("ask/question", "open")]
    code, results = asked("matrix", "missing.yaml")
    assert (code, len(results)) == (4, 1)


def test_a_file_that_cannot_be_written(cks: Cks, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    ran = cks("ask", "matrix", tmp_path / "pod.yaml", "--sarif", tmp_path / "pod.yaml" / "x")
    assert ran.code == 4
    assert "pod.yaml is a file, not a folder" in ran.err
