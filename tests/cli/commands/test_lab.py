"""`lab new`: the folder of a lab, from cards and a roster as teachers have them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cks = Callable[..., Any]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    file = tmp_path / "class.csv"
    file.write_text("name,mail\nAnn Lee,a\nBo,b\n-rf,c\nBo,d\n")
    return file


def test_the_contract(cks: Cks, tmp_path: Path, roster: Path) -> None:
    ran = cks(
        "lab", "new", tmp_path / "l", "--cards", "tiny-pod,tiny-space,tiny-pod", "--roster", roster, "--json"
    )
    assert ran.json == {
        "schema": "cks-trainer.lab-new/1",
        "folder": str(tmp_path / "l"),
        "cards": ["tiny-pod", "tiny-space"],
        "seed": None,
        "learners": [
            {"name": "Ann Lee", "folder": "Ann-Lee"},
            {"name": "Bo", "folder": "Bo"},
            {"name": "-rf", "folder": "rf"},
        ],
        "listed_twice": ["Bo"],
        "grade": "cks-trainer --pack pack batch answers --cards tiny-pod,tiny-space --roster roster.csv"
        " --seed-by-learner --out results",
    }
    assert ran.err == "listed twice in the roster, one folder: Bo\n"
    again = cks("lab", "new", tmp_path / "l", "--cards", "tiny-pod", "--roster", roster)
    assert (again.code, again.out) == (2, "")
    assert "l exists already" in again.err


def test_the_commands_of_the_readme_work_as_they_are(
    cks: Cks, tmp_path: Path, roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = cks("lab", "new", tmp_path / "l", "--cards", "tiny-pod,tiny-space", "--roster", roster)
    assert "Ann Lee works in Ann-Lee\n" in ran.err
    monkeypatch.chdir(tmp_path / "l")
    for name in ("WORKSPACE", "DATABASE", "PACK"):
        monkeypatch.delenv(f"CKS_TRAINER_{name}")
    [grade] = re.findall(r"^    (cks-trainer .* batch .*)$", Path("README.md").read_text(), re.MULTILINE)
    assert ran.out == f"{grade}\n"
    solutions = ROOT / "tests/fixtures/pack-mini/solutions"
    right = cks("--config", "settings/Ann-Lee.toml", "show", "tiny-pod", "--json").json["card"]
    namespace = re.search(r"Namespace `(\w+)`", right["prompt"])[1]
    image = re.search(r"image `(\S+)`", right["prompt"])[1]
    text = (solutions / "runtime-security/tiny-pod/reference.yaml").read_text()
    answer = text.replace("sun", namespace).replace("busybox:1.32.0", image)
    Path("answers/Ann-Lee/tiny-pod/pod.yaml").write_text(answer)
    Path("answers/Bo/tiny-space/namespace.yaml").write_text(
        (solutions / "cluster-setup/tiny-space/reference.yaml").read_text()
    )
    ran = cks(*shlex.split(grade)[1:], "--json")
    assert ran.code == 0
    assert (ran.json["learners"], ran.json["rows"], ran.json["missing"]) == (3, 6, 2)
    assert ran.json["not_in_roster"] == []
    rows = [line.split(",")[:4] for line in Path("results/results.csv").read_text().splitlines()]
    assert ["Ann-Lee", "tiny-pod", "graded", "true"] in rows
    assert ["Bo", "tiny-space", "graded", "true"] in rows


def test_cards_can_be_drawn(cks: Cks, tmp_path: Path, roster: Path) -> None:
    options = ("--roster", roster, "--json", "--pack", ROOT)
    ran = cks(
        "lab", "new", tmp_path / "a", "--minutes", 20, "--domain", "cluster-setup", "--seed", 4, *options
    )
    assert len(ran.json["cards"]) > 1
    assert ran.json["seed"] == 4
    again = cks(
        "lab", "new", tmp_path / "b", "--minutes", 20, "--domain", "cluster-setup", "--seed", 4, *options
    )
    assert again.json["cards"] == ran.json["cards"]
    few = cks(
        "lab", "new", tmp_path / "c", "--domain", "system-hardening", "--minutes", 1, "--roster", roster
    )
    assert (few.code, "a lab" in few.err) == (2, True)


def test_what_cannot_be_a_lab(cks: Cks, tmp_path: Path, roster: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("name\n")
    for arguments, words in (
        (("--cards", "tiny-pod", "--roster", empty), "has no learners"),
        (("--cards", "tiny-pod", "--roster", tmp_path / "none.csv"), "does not exist"),
        (("--cards", ",", "--roster", roster), "--cards is empty"),
        (("--cards", "tiny-pdo", "--roster", roster), "Did you mean tiny-pod"),
        (("--roster", roster), "name the cards"),
        (("--cards", "tiny-pod", "--minutes", 5, "--roster", roster), "name the cards"),
    ):
        ran = cks("lab", "new", tmp_path / "l", *arguments)
        assert ran.code in (2, 4)
        assert ran.out == ""
        assert words in ran.err
    assert not (tmp_path / "l").exists()


def test_the_board(cks: Cks, tmp_path: Path, roster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = tmp_path / "l"
    cks("lab", "new", lab, "--cards", "tiny-pod,tiny-space", "--roster", roster, "--seed", 0)
    for name in ("WORKSPACE", "DATABASE", "PACK"):
        monkeypatch.delenv(f"CKS_TRAINER_{name}")
    file = lab / "answers" / "Ann-Lee" / "tiny-pod" / "pod.yaml"
    solutions = ROOT / "tests/fixtures/pack-mini/solutions/runtime-security/tiny-pod"
    file.write_bytes((solutions / "wrong-writable.yaml").read_bytes())
    assert cks("--config", lab / "settings/Ann-Lee.toml", "grade", "--card", "tiny-pod").code == 1
    ran = cks("lab", "board", lab, "--once", "--html", tmp_path / "board.html")
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"^Ann Lee +0/2 +2/6 +◐· +tiny-pod: read-only +now$", ran.out, re.MULTILINE)
    assert re.search(r"^-rf +0/2 +0/6 +··$", ran.out, re.MULTILINE)
    assert "Ann Lee" in (tmp_path / "board.html").read_text()
    shown = cks("lab", "board", lab, "--json").json
    assert shown["counts"] == {"done": 0, "working": 1, "stuck": 0, "none": 2}
    assert shown["learners"][0]["cards"][0]["tries"] == 1
    without = cks("lab", "board", lab)
    assert (without.code, without.out) == (2, "")
    assert "--once" in without.err
    other = cks("lab", "board", tmp_path, "--once")
    assert (other.code, "isn't a lab" in other.err) == (2, True)


def test_at_a_terminal_the_board_opens(
    tmp_path: Path, roster: Path, cks: Cks, monkeypatch: pytest.MonkeyPatch
) -> None:
    cks("lab", "new", tmp_path / "l", "--cards", "tiny-pod", "--roster", roster)
    opened: list[object] = []
    monkeypatch.setattr("trainer.cli.streams.at_terminal", lambda: True)
    monkeypatch.setattr("trainer.cli.streams.is_dumb", lambda: False)
    monkeypatch.setattr("trainer.tui.board.run", lambda *arguments: opened.append(arguments[1:]) or True)
    assert cks("lab", "board", tmp_path / "l", "--every", 3).code == 0
    assert opened == [(None, 3)]
