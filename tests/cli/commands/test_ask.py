"""`ask`: each question from the command line, as text and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ask_world import SHOP
from trainer.versions import DEFAULT, SUPPORTED

Cks = Callable[..., Any]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP)
    return file


@pytest.mark.parametrize(
    ("question", "options", "first_line"),
    [
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
    ],
)
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
    assert ran.code == 0
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
