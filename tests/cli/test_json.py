"""`--json` of every command: valid, versioned, and it says at least what the text says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from tests.cli.conftest import PACK, SOLUTIONS
from tests.table import each_row
from trainer.cli.app import command_names, program
from trainer.content.locate import pack_at
from trainer.lab.folder import Lab, members
from trainer.lab.new import new_lab

Cks = Callable[..., Any]
Case = tuple[list[object], list[str]]

REFUSED = "apiVersion: v1\nkind: Pod\nmetadata: {name: q}\nspek: {}\n"
WORLD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: a, image: nginx}]}
---
apiVersion: audit.k8s.io/v1
kind: Policy
rules: [{level: Metadata}]
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i}
spec: {rules: [{host: a.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: w, port: {number: 80}}}}]}}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: v}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]}
  validations: [{expression: "true"}]
"""

TOLD = ["spek", "logo.png"]
"""What every question must tell about the files below: what is refused, what isn't read."""


def questions(repo: Path) -> dict[str, Case]:
    """Arguments and words of the commands about manifests."""
    who = ["--as", "user:jane"]
    return {
        "ask flow": (["ask", "flow", repo, "--from", "default/p", "--to", "outside"], TOLD),
        "ask matrix": (["ask", "matrix", repo], TOLD),
        "ask can-i": (["ask", "can-i", repo, *who, "--do", "get pods"], TOLD),
        "ask escalate": (["ask", "escalate", repo, *who], TOLD),
        "ask pod-security": (["ask", "pod-security", repo], TOLD),
        "ask audit": (["ask", "audit", repo, *who, "--do", "get pods"], TOLD),
        "ask admit": (["ask", "admit", repo / "world.yaml", "--object", repo], TOLD),
        "explain": (["explain", "pod.spec"], ["containers"]),
        "ask node": (["ask", "node", repo / "harden.sh"], ["/etc/marker"]),
        "ask routes": (["ask", "routes", repo], TOLD),
        "ask settings": (["ask", "settings", repo], TOLD),
    }


def exams() -> dict[str, Case]:
    """Arguments and words of the commands of an exam, where none is."""
    return {
        "exam start": (["exam", "start"], ["too few for a whole exam"]),
        **{
            f"exam {name}": (["exam", name, *rest], ["no exam is running"])
            for name, *rest in (
                ("status",),
                ("open", "1"),
                ("flag", "1"),
                ("pause",),
                ("finish", "--yes"),
                ("cancel", "--yes"),
            )
        },
        "exam report": (["exam", "report"], ["no exam has ended"]),
        "exam history": (["exam", "history"], ["exam"]),
    }


def labs(tmp_path: Path, roster: Path) -> dict[str, Case]:
    """Arguments and words of the commands of a lab, whose results of the class are gone."""
    lab = tmp_path / "lab"
    new_lab(lab, Lab(("tiny-space",), tuple(members(["bob"]))), pack_at(PACK))
    (lab / "class" / "results.db").rename(lab / "class" / "gone.db")
    return {
        "lab new": (
            ["lab", "new", tmp_path / "own", "--cards", "tiny-space", "--roster", roster],
            ["bob", "cks-trainer --pack pack batch"],
        ),
        "lab board": (["lab", "board", lab, "--once"], ["bob", "tiny-space", "results.db"]),
    }


@pytest.fixture
def cases(tmp_path: Path) -> dict[str, Case]:
    """By command: a run of it on something odd, and words that its text says."""
    repo, subs, pack = tmp_path / "repo", tmp_path / "subs", tmp_path / "pack"
    folder = tmp_path / "ws" / "tiny-pod"
    for place in (repo, subs / "ana", folder):
        place.mkdir(parents=True)
    (repo / "world.yaml").write_text(WORLD)
    (repo / "bad.yaml").write_text(REFUSED)
    (repo / "harden.sh").write_text("touch /etc/marker\n")
    (repo / "logo.png").write_bytes(b"\x89PNG\xff")
    (subs / "ana" / "tiny-pod.zip").write_text("PK")
    (subs / "zoe.zip").write_text("PK")
    roster = tmp_path / "roster.csv"
    roster.write_text("bob\nbob\n")
    shutil.copy(next(SOLUTIONS.glob("*/tiny-pod/wrong-writable.yaml")), folder / "pod.yaml")
    (folder / "screenshot.png").write_bytes(b"\x89PNG\xff")
    shutil.copytree(PACK, pack)
    broken = pack / "tasks" / "runtime-security" / "tiny-pod.yaml"
    broken.write_text(broken.read_text().replace("minutes: 3", "minutes: soon"))
    (tmp_path / "kubeconfig").write_text(
        "apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: https://c.example}}]\n"
        "contexts: [{name: practice, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {}}]\n"
    )
    return {
        "list": (["list", "--pack", pack], ["tiny-space", "minutes", "tiny-pod.yaml"]),
        "show": (["show", "tiny-pod"], ["Every container has a read-only root filesystem", str(folder)]),
        "start": (["start", "tiny-space"], [str(tmp_path / "ws" / "tiny-space")]),
        "grade": (
            ["grade", folder],
            ["screenshot.png was not read", "readOnlyRootFilesystem", "Nobody can plant files in it"],
        ),
        "watch": (
            ["watch", "--until-passed", tmp_path / "passed", "--card", "tiny-pod"],
            ["shot.png was not"],
        ),
        "hint": (["hint", "tiny-pod"], [""]),
        "solution": (["solution", "tiny-space", "--yes"], ["You have no answer yet."]),
        "plan": (["plan"], ["tiny-space"]),
        "review": (["review", "tiny-pod"], ["tiny-pod"]),
        "progress": (["progress"], ["CS5", "Verify platform binaries"]),
        "batch": (
            ["batch", subs, "--cards", "tiny-pod", "--roster", roster, "--out", tmp_path / "out"],
            ["ana", "bob", "zoe.zip: unpack it"],
        ),
        "doctor": (["doctor"], [str(tmp_path / "progress.db")]),
        "completion": (["completion", "bash"], ["COMP_WORDS"]),
        "pack check": (["pack", "check", pack, "tiny-pod", "--quiet"], ["minutes"]),
        "pack new": (["pack", "new", "a-card", tmp_path / "own", "--competency", "RT4"], ["a-card.yaml"]),
        "pack export": (["pack", "export", tmp_path / "own", "tiny-space"], [str(tmp_path / "own")]),
        "cluster contexts": (["cluster", "contexts"], ["practice", "https://c.example"]),
        "cluster status": (["cluster", "status"], ["no context is named"]),
        "cluster prepare": (["cluster", "prepare", "tiny-pod"], ["no context is named"]),
        "cluster reset": (["cluster", "reset", "tiny-pod"], ["no context is named"]),
        **questions(repo),
        **exams(),
        **labs(tmp_path, roster),
    }


CONVERSATIONS = {"practice", "serve"}
"""Commands that only people use."""


def leaves() -> list[str]:
    """Every command, those of groups with the group's name before theirs."""
    found = []
    context = click.Context(program())
    for name in sorted(set(command_names()) - CONVERSATIONS):
        one = program().get_command(context, name)
        found += [f"{name} {inner}" for inner in one.commands] if isinstance(one, click.Group) else [name]
    return found


@each_row("name", leaves())
def test_json_says_at_least_what_the_text_says(
    cks: Cks, cases: dict[str, Case], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    passed = tmp_path / "passed"
    passed.mkdir(exist_ok=True)
    shutil.copy(next(SOLUTIONS.glob("*/tiny-pod/reference.yaml")), passed / "pod.yaml")
    (passed / "shot.png").write_bytes(b"\x89PNG\xff")
    arguments, words = cases[name]
    own = tmp_path / "own"
    shutil.rmtree(own, ignore_errors=True)  # `pack new` writes no file twice
    text = cks(*arguments)
    shutil.rmtree(own, ignore_errors=True)
    found = cks(*arguments, "--json")
    assert found.code == text.code
    told = json.dumps(json.loads(found.out), ensure_ascii=False)
    assert json.loads(found.out)["schema"].startswith("cks-trainer.")
    for word in words:
        assert word in text.out + text.err
        assert word in told
