"""A question at the terminal: what is told, and the exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.ask_world import SHOP

Cks = Callable[..., Any]

BAD_POLICY = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: All}]\n"
ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\n"
QUESTION = ("--as", "user:bob", "--do", "get pods")


def test_what_is_asked_about_is_refused(cks: Cks, tmp_path: Path) -> None:
    (tmp_path / "audit.yaml").write_text(BAD_POLICY)
    ran = cks("ask", "audit", tmp_path / "audit.yaml", *QUESTION, "--json")
    assert ran.code == 1
    assert (ran.json["kind"], ran.json["exit"]) == ("refused", 1)
    assert ran.json["message"] == "found no Kubernetes object that the API server accepts"
    assert [one["path"] for one in ran.json["problems"]] == ["rules[0].level"]
    (tmp_path / "role.yaml").write_text(ROLE)
    (tmp_path / "README.md").write_text("# Roles\n")
    ran = cks("ask", "audit", tmp_path, *QUESTION, "--json")
    assert (ran.code, ran.json["message"]) == (1, "the files contain no Policy that the API server accepts")
    assert [one["file"] for one in ran.json["not_read"]] == ["README.md"]
    assert "left out: audit.yaml:3:" in ran.err


def test_a_wrong_question_stays_one(cks: Cks, tmp_path: Path) -> None:
    (tmp_path / "role.yaml").write_text(ROLE)
    ran = cks("ask", "audit", tmp_path, *QUESTION, "--json")
    assert (ran.code, ran.json["kind"], ran.json["problems"]) == (2, "usage", [])
    (tmp_path / "bad.yaml").write_text(f"{SHOP}---\n{BAD_POLICY}")
    ran = cks("ask", "flow", tmp_path, "--from", "shop/x", "--to", "shop/db", "--json")
    assert (ran.code, ran.json["kind"], len(ran.json["problems"])) == (2, "usage", 1)


def test_unreadable_manifests_in_a_folder(cks: Cks, tmp_path: Path) -> None:
    (tmp_path / "role.yaml").write_text(ROLE)
    (tmp_path / "bad.yaml").write_bytes(b"a: \xff\n")
    ran = cks("ask", "can-i", tmp_path, *QUESTION)
    assert (ran.code, ran.out.splitlines()[0]) == (4, "user bob: get pods: no")
    assert "left out: bad.yaml: bad.yaml is not valid UTF-8" in ran.err


def test_many_files_are_counted(cks: Cks, tmp_path: Path) -> None:
    (tmp_path / "role.yaml").write_text(ROLE)
    for number in range(13):
        (tmp_path / f"{number:02}.md").write_text("")
    ran = cks("ask", "can-i", tmp_path, *QUESTION)
    assert ran.code == 0
    assert ran.err.endswith("08.md, 09.md and 3 more\n")
    assert len(cks("ask", "can-i", tmp_path, *QUESTION, "--json").json["not_read"]) == 13


def test_nothing_in_a_table_acts_on_the_terminal(cks: Cks, tmp_path: Path) -> None:
    ingress = SHOP.split("---\n")[-1].replace("shop.example", '"shop\\u009b31m.example"')
    (tmp_path / "ingress.yaml").write_text(SHOP.replace(SHOP.split("---\n")[-1], ingress))
    ran = cks("ask", "routes", tmp_path)
    assert "\x9b" not in ran.out + ran.err


def test_an_answer_that_is_not_expected(cks: Cks, tmp_path: Path) -> None:
    (tmp_path / "role.yaml").write_text(ROLE)
    ran = cks("ask", "can-i", tmp_path, *QUESTION, "--expect", "No")
    assert (ran.code, ran.err) == (0, "")
    ran = cks("ask", "can-i", tmp_path, *QUESTION, "--expect", "yes", "--expect", "maybe")
    assert (ran.code, ran.err) == (1, "expected: yes or maybe\n")
    assert ran.out.startswith("user bob: get pods: no\n")
    assert cks("ask", "can-i", tmp_path, *QUESTION, "--expect", "yes", "--json").json["as_expected"] is False
    assert "as_expected" not in cks("ask", "can-i", tmp_path, *QUESTION, "--json").json
    (tmp_path / "bad.yaml").write_bytes(b"a: \xff\n")
    assert cks("ask", "can-i", tmp_path, *QUESTION, "--expect", "yes").code == 4
