"""Names, values and messages of others act in no output of the command line."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import PACK, Ran
from tests.table import each_row
from trainer.__main__ import main

EVIL = "e\x1b]52;c;AA\x07\x9b2J\u202e\u200b\nx"
KEY = '"\\e]52;c;AA\\a\\x9b2J\\u202e\\u200b\\nx"'
"""The same in a YAML text."""
POD = (
    f"apiVersion: v1\nkind: Pod\nmetadata: {{name: tiny, namespace: sun, labels: {{{KEY}: {KEY}}}}}\n"
    f"spec:\n  {KEY}: 1\n  containers: [{{name: tiny, image: {KEY}, command: [{KEY}]}}]\n"
)
RBAC = (
    f"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {KEY}}}\n"
    "rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]\n---\n"
    f"apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: {KEY}, namespace: ci}}\n"
    f"roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {KEY}}}\n"
    "subjects: [{kind: ServiceAccount, name: x, namespace: ci}]\n"
)
SETTINGS = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver, namespace: kube-system}\nspec:\n  containers:\n"
    "  - {name: kube-apiserver, image: 'registry.k8s.io/kube-apiserver:v1.35.0',\n"
    f"     command: [kube-apiserver, '--etcd-servers=x', {KEY}, --tls-min-version={KEY[1:-1]!r}]}}\n"
)


def acting(text: str) -> str:
    """What of a text would act on a terminal."""
    return "".join(c for c in text if c != "\n" and not c.isprintable())


Cks = Callable[..., Ran]


def check(ran: Ran) -> None:
    """No character of what was written acts, and no name begins a line."""
    assert acting(ran.out + ran.err) == ""
    assert not any(line.startswith("x") for line in (ran.out + ran.err).splitlines())


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_answer(cks: Cks, tmp_path: Path, form: tuple[str, ...]) -> None:
    folder = tmp_path / EVIL
    folder.mkdir()
    (folder / f"{EVIL}.yaml").write_text(POD)
    check(cks("grade", "--card", "tiny-pod", folder / f"{EVIL}.yaml", *form))
    check(cks("grade", "--card", "tiny-pod", folder, *form))
    check(cks("grade", "--card", EVIL, folder, *form))
    check(cks("grade", folder / "missing" / EVIL, *form))
    check(cks("grade", "--card", "tiny-pod", "--record", folder, *form))


@each_row("form", [(), ("--json",)])
@each_row(
    ("text", "question"),
    [
        (RBAC, ("escalate", "--as", "sa:ci/x")),
        (RBAC, ("can-i", "--as", "sa:ci/x", "--do", "get secrets", "-n", "ci")),
        (POD, ("pod-security",)),
        (POD, ("matrix",)),
        (SETTINGS, ("settings", "--all")),
        (RBAC, ("flow", "--from", EVIL, "--to", f"a/{EVIL}")),
        (RBAC, ("audit", "--as", f"user:{EVIL}", "--do", f"get {EVIL}")),
        (POD, ("routes", "--url", f"http://{EVIL}")),
    ],
)
def test_a_question(
    cks: Cks, tmp_path: Path, text: str, question: tuple[str, ...], form: tuple[str, ...]
) -> None:
    (tmp_path / f"{EVIL}.yaml").write_text(text)
    check(cks("ask", question[0], tmp_path / f"{EVIL}.yaml", *question[1:], *form))
    (tmp_path / f"{EVIL}.txt").write_text("")
    check(cks("ask", question[0], tmp_path, *question[1:], *form))


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_pack(cks: Cks, tmp_path: Path, form: tuple[str, ...]) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    card = next(pack.rglob("tiny-pod.yaml"))
    text = card.read_text()
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    card.write_text(text.replace(title, f"title: {KEY}"))
    folder = next(path for path in pack.rglob("tiny-pod") if path.is_dir())
    (folder / f"{EVIL}.yaml").write_text("a: b\n")
    (card.parent / f"{EVIL}.yaml").write_text(f"{KEY}: {KEY}\n")
    for words in (
        ("list",),
        ("list", EVIL),
        ("show", "tiny-pod"),
        ("show", EVIL),
        ("progress",),
        ("doctor",),
    ):
        check(cks(*words, "--pack", pack, *form))
    check(cks("pack", "check", pack, *form))
    check(cks("start", "tiny-pod", "--pack", pack, "--workspace", tmp_path / EVIL, *form))
    check(cks("solution", "tiny-pod", "--yes", "--pack", pack, "--workspace", tmp_path / EVIL, *form))
    check(cks("list", "--pack", tmp_path / EVIL, *form))
    check(cks("list", "--config", tmp_path / EVIL, *form))
    check(cks(EVIL, *form))


def test_completion_gives_one_line_for_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    card = next(pack.rglob("tiny-pod.yaml"))
    (card.parent / f"{EVIL}.yaml").write_text("a: b\n")
    monkeypatch.setenv("CKS_TRAINER_PACK", str(pack))
    main(["__complete", "2", "cks-trainer", "show", ""])
    out = capsys.readouterr().out
    assert acting(out) == ""


@pytest.mark.usefixtures("in_this_process")
def test_a_batch(cks: Cks, tmp_path: Path) -> None:
    for name in (EVIL, "a;=1+1", "=cmd", os.fsdecode(b"m\xfcller")):
        (tmp_path / "subs" / name).mkdir(parents=True)
        (tmp_path / "subs" / name / "tiny-pod.yaml").write_text(POD)
    for form in ((), ("--json",)):
        check(
            cks(
                "batch",
                tmp_path / "subs",
                "--card",
                "tiny-pod",
                "--out",
                tmp_path / EVIL,
                "--jobs",
                "1",
                *form,
            )
        )
    lines = (tmp_path / EVIL / "results.jsonl").read_text()
    assert acting(lines) == ""
    assert [json.loads(line)["points"] for line in lines.splitlines()] == [0] * 4
    cells = (tmp_path / EVIL / "results.csv").read_text()
    assert acting(cells) == ""
    assert "a;'=1+1" in cells
    assert "'=cmd" in cells


def test_watching(cks: Cks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / EVIL / "tiny-pod"
    folder.mkdir(parents=True)
    (folder / "pod.yaml").write_text(POD)

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(
        "trainer.cli.commands.watch.watch.__kwdefaults__", {"until_passed": False, "sleep": stop}
    )
    check(cks("watch", folder))
