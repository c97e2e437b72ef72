"""`show`: the task as text and as JSON; neither hints nor solution."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trainer.versions import DEFAULT

Cks = Callable[..., Any]


def test_the_task_as_text(cks: Cks, tmp_path: Path) -> None:
    ran = cks("show", "tiny-pod")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "A tiny Pod with a read-only root\n"
        f"tiny-pod · RT4 · easy · 3 min · 5 points · Kubernetes {DEFAULT}\n"
        "\n"
        "Create Pod `tiny` in Namespace `sun` with image `busybox:1.32.0`\n"
        "and a read-only root filesystem.\n"
        "\n"
        "Given:\n"
        "  apiVersion: v1\n"
        "  kind: Namespace\n"
        "  metadata: {name: sun}\n"
        "\n"
        "Checks:\n"
        "  2  Pod tiny exists in Namespace sun\n"
        "  3  Every container has a read-only root filesystem\n"
        "\n"
        "Documentation:\n"
        "  https://kubernetes.io/docs/tasks/configure-pod-container/security-context/\n"
        "\n"
        f"Answer: pod.yaml in {tmp_path / 'ws' / 'tiny-pod'}\n"
    )


def test_the_task_as_json_keeps_hints_and_solution(cks: Cks) -> None:
    ran = cks("show", "--json", "tiny-pod")
    card = ran.json["card"]
    assert ran.json["schema"] == "cks-trainer.show/1"
    assert (card["id"], card["files"], card["hints"], card["points"]) == ("tiny-pod", ["pod.yaml"], 2, 5)
    assert [check["id"] for check in card["checks"]] == ["exists", "read-only"]
    assert "readOnly." not in ran.out


def test_a_misspelt_card(cks: Cks) -> None:
    ran = cks("show", "tiny-pot")
    assert (ran.code, ran.out) == (2, "")
    assert "no card has the ID 'tiny-pot'" in ran.err
    assert "tiny-pod" in ran.err


def test_what_a_pack_says_cannot_drive_the_terminal(cks: Cks, tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "fixtures" / "pack-mini" / "tasks"
    shutil.copytree(source, tmp_path / "pack" / "tasks")
    card = tmp_path / "pack" / "tasks" / "runtime-security" / "tiny-pod.yaml"
    card.write_text(card.read_text().replace("title: A tiny Pod", r'title: "\e[2J[red]\u202e"  # '))
    ran = cks("show", "--pack", tmp_path / "pack", "tiny-pod")
    assert ran.code == 0
    assert ran.out.startswith(r"\x1b[2J[red]\u202e")


def test_another_wording(cks: Cks) -> None:
    shown = cks("show", "tiny-pod", "--seed", "3").out
    assert f"Kubernetes {DEFAULT} · seed 3\n" in shown
    assert "`moon` with image `busybox:1.36.1`" in shown
    assert "sun" not in shown
    card = cks("show", "tiny-pod", "--learner", "Jane Doe", "--json").json["card"]
    assert card["seed"] == 225899
    assert cks("show", "tiny-pod", "--json").json["card"]["seed"] == 0
    assert cks("show", "tiny-space", "--seed", "3", "--json").json["card"]["seed"] == 0


def test_what_is_started_is_shown_as_it_was_started(cks: Cks) -> None:
    cks("start", "tiny-pod", "--seed", "3")
    assert "`moon`" in cks("show", "tiny-pod").out
    assert "`sun`" in cks("show", "tiny-pod", "--seed", "0").out


def test_what_is_no_seed_is_refused(cks: Cks) -> None:
    for seed in ("-1", "x", "1.5", "2147483648", "9" * 5000):
        ran = cks("show", "tiny-pod", "--seed", seed)
        assert ran.code == 2
        assert "isn't a seed: use a whole number from 0 to 2147483647" in ran.err
    assert cks("show", "tiny-pod", "--learner", " ").code == 2
