"""`ask`: each question from the command line, as text and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ask_world import SHOP
from trainer.content.locate import builtin_pack
from trainer.versions import DEFAULT, SUPPORTED

REFUSED = """\
apiVersion: v1
kind: Pod
metadata: {name: q}
spec: {volumes: [{name: v, emptyDir: {sizeLimit: -1}}], containers: [{name: a, image: nginx}]}
"""

ADMISSION = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]
  validations: [{expression: "false"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: p}
spec: {policyName: p, validationActions: [Deny]}
"""

Cks = Callable[..., Any]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP)
    return file


QUESTIONS = [
    (
        "flow",
        ["--from", "shop/web", "--to", "shop/db", "--port", "5432"],
        "shop/web to shop/db on TCP 5432: allowed",
    ),
    ("matrix", [], "allowed traffic on which ports: 2 workloads"),
    (
        "can-i",
        ["--as", "sa:shop/ci", "--do", "create pods", "-n", "shop"],
        "ServiceAccount shop/ci: create pods in shop: yes",
    ),
    ("escalate", ["--as", "sa:shop/ci"], "ServiceAccount shop/ci: 1 privilege-escalation path found"),
    ("pod-security", [], f"Pod Security: the strictest level (v{DEFAULT}): privileged"),
    ("audit", ["--as", "user:jane", "--do", "create secrets"], "user jane: create secrets: Metadata"),
    ("settings", [], "settings of kubelet: would start"),
    ("routes", ["--url", "http://shop.example/"], "http://shop.example/: is redirected to https"),
]


@pytest.mark.parametrize(("question", "options", "first_line"), QUESTIONS)
def test_each_question(cks: Cks, shop: Path, question: str, options: list[str], first_line: str) -> None:
    ran = cks("ask", question, shop, *options)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == first_line
    assert cks("ask", question, shop, *options, "--json").json["schema"] == "cks-trainer.ask/1"


def test_answers_name_the_line(cks: Cks, shop: Path) -> None:
    ran = cks("ask", "can-i", shop, "--as", "sa:shop/ci", "--do", "create pods", "-n", "shop")
    assert "shop.yaml:23:9  RoleBinding shop/r gives Role shop/r" in ran.out


def test_wrong_questions(cks: Cks, shop: Path, tmp_path: Path) -> None:
    assert cks("ask", "flow", shop, "--from", "shop/x", "--to", "shop/db").code == 2
    assert cks("ask", "flow", tmp_path / "gone.yaml", "--from", "a/b", "--to", "a/c").code == 4
    assert cks("ask", "flows", shop).code == 2
    (tmp_path / "bad.yaml").write_text(
        SHOP + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: q}\nspek: {}\n"
    )
    ran = cks("ask", "matrix", tmp_path / "bad.yaml")
    assert ran.code == 1
    assert "spek" in ran.err


def test_the_supported_versions_are_listed_and_others_refused(cks: Cks, shop: Path) -> None:
    known = [str(one) for one in SUPPORTED]
    assert f"[{'|'.join(known)}]" in cks("ask", "routes", "--help").out
    for one in SUPPORTED:
        ran = cks("ask", "pod-security", shop, "--kubernetes", f"v{one}")
        assert f"(v{one})" in ran.out
    ran = cks("ask", "pod-security", shop, "--kubernetes", "1.9")
    assert ran.code == 2
    assert ", ".join(f"'{one}'" for one in known) in ran.err


@pytest.mark.parametrize(("question", "options", "first_line"), QUESTIONS)
def test_each_question_tells_what_the_api_server_refuses(
    cks: Cks, shop: Path, question: str, options: list[str], first_line: str
) -> None:
    """Also in a repository with files of other kinds; JSON says at least what the text says."""
    repo = shop.parent / "repo"
    (repo / "a/b/c/d/e").mkdir(parents=True)
    shop.rename(repo / "a/b/c/d/e/shop.yaml")
    (repo / "logo.png").write_bytes(b"\x89PNG\xe7")
    (repo / "README.md").write_text("a: b: c\n")
    (repo / "bad.yaml").write_text(REFUSED)
    ran = cks("ask", question, repo, *options)
    assert (ran.code, ran.out.splitlines()[0]) == (1, first_line)
    assert "left out: bad.yaml:4:39: $.spec.volumes[0].emptyDir.sizeLimit:" in ran.err
    assert "not read, not a .yaml, .yml or .json file: README.md, logo.png\n" in ran.err
    ran = cks("ask", question, repo, *options, "--json")
    assert ran.code == 1
    assert [(one["severity"], one["file"], one["line"]) for one in ran.json["problems"]] == [
        ("error", "bad.yaml", 4)
    ]
    assert [one["file"] for one in ran.json["not_read"]] == ["README.md", "logo.png"]


def test_admit_tells_what_the_api_server_refuses(cks: Cks, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(ADMISSION)
    (tmp_path / "pods.yaml").write_text(f"{REFUSED}---\n{REFUSED.replace('-1', '1')}")
    arguments = ("ask", "admit", tmp_path / "policy.yaml", "--object", tmp_path / "pods.yaml")
    ran = cks(*arguments)
    assert (ran.code, ran.out.splitlines()[0]) == (1, "CREATE of Pod default/q: denied")
    assert [one["file"] for one in cks(*arguments, "--json").json["problems"]] == ["pods.yaml"]


def test_what_a_script_would_change(cks: Cks, tmp_path: Path) -> None:
    script, nodes = tmp_path / "node.sh", tmp_path / "n.yaml"
    script.write_text("sysctl -w kernel.dmesg_restrict=1\n")
    nodes.write_text("hosts: {n1: {sysctl: {kernel.dmesg_restrict: '0'}}}\n")
    asked = ("ask", "node", script, "--node", nodes)
    ran = cks(*asked, "--expect", "stays after a restart")
    assert (ran.code, ran.out.splitlines()[0]) == (1, "node.sh on n1: differs after a restart")
    assert "node.sh:1:1  A restart undoes this: n1 sysctl kernel.dmesg_restrict." in ran.out
    assert cks(*asked, "--json").json["changes"][0]["line"] == 1
    nodes.write_text("hosts: {n1: {sysctl: {kernel.dmesg_restrict: '1'}}}\n")
    assert cks(*asked).out == "node.sh on n1: changes nothing\n"
    pack = ("--pack", builtin_pack().tasks.parent)
    assert cks(*pack, "ask", "node", script, "--card", "node-kernel").out.startswith(
        "node.sh on node01: differs"
    )
    assert cks(*pack, "ask", "node", script, "--card", "pod-ro").code == 2
    assert cks("ask", "node", script).code == 5
    assert cks(*asked, "--card", "tiny-pod").code == 2
    assert cks("ask", "node", script, script).code == 2
    assert cks("ask", "node", tmp_path / "none.sh").code == 4
