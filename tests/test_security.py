"""What SECURITY.md promises: what it names exists, and grading starts nothing and calls nobody."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import HANGS
from tests.sources import tree_of
from tests.table import each_row
from tools.stress.programs import environment

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", TEXT)))

WATCHED = """
import sys

SEEN = []
REFUSED = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty",
           "pty.spawn", "socket.", "urllib.Request", "http.client.", "ftplib.", "smtplib.", "webbrowser.open")

def look(event, arguments):
    if event.startswith(REFUSED):
        SEEN.append(f"{event} {arguments!r:.200}")

sys.addaudithook(look)
from trainer.__main__ import main
for line in sys.stdin.read().splitlines():
    print("RAN", line, main(line.split("\\t")))
print("SEEN", SEEN)
"""
"""Runs command lines, and says what of the system they used."""

CALLS = (
    ("list",),
    ("show", "pod-ro"),
    ("hint", "pod-ro"),
    ("start", "pod-ro"),
    ("progress",),
    ("grade", "--record", "--card", "docker-to-pod", "docker-to-pod"),
    ("grade", "--card", "immutable-startup-probe", "immutable-startup-probe"),
    ("grade", "--card", "vap-registry", "vap-registry"),
    ("grade", "--card", "image-policy-webhook", "image-policy-webhook"),
    ("grade", "--card", "ingress-tls", "ingress-tls"),
    ("grade", "--card", "kubeconfig", "kubeconfig"),
    ("ask", "routes", "ingress-tls"),
    ("ask", "matrix", "ingress-tls"),
)
CARDS = sorted({call[-1] for call in CALLS if call[0] in ("grade", "ask")})


def watched(home: Path, *lines: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        cwd=home,
        env=environment(home) | {"CKS_TRAINER_PACK": str(ROOT)},
        check=False,
        timeout=HANGS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the reference of some cards, one folder each."""
    for card in CARDS:
        [found] = (ROOT / "solutions").glob(f"*/{card}")
        folder = tmp_path / card
        folder.mkdir()
        reference = found / "reference"
        files = sorted(reference.rglob("*")) if reference.is_dir() else sorted(found.glob("reference.*"))
        for file in files:
            (folder / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_grading_starts_nothing_and_calls_nobody(home: Path) -> None:
    shown = watched(home, *("\t".join(call) for call in CALLS))
    ran = [line.split("\t")[0].removeprefix("RAN ") for line in shown.splitlines() if line.startswith("RAN ")]
    assert len(ran) == len(CALLS)
    assert shown.splitlines()[-1] == "SEEN []"


def test_the_watch_sees_what_is_started() -> None:
    program = WATCHED.partition("from trainer")[0]
    program += "import socket, subprocess; subprocess.run(['true']); socket.socket().close(); print(SEEN)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "subprocess.Popen" in done.stdout
    assert "socket.__new__" in done.stdout


def test_tags_of_yaml_build_nothing(home: Path) -> None:
    trap = home / "trap"
    calls = (
        f"!!python/object/apply:os.system ['touch {trap}']",
        f"!!python/object/new:subprocess.Popen [['touch', '{trap}']]",
        f"!!python/object/apply:builtins.exec [\"open('{trap}', 'w')\"]",
    )
    lines = []
    for number, text in enumerate(calls):
        file = home / f"pod-{number}.yaml"
        file.write_text(f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {text}\n", encoding="utf-8")
        lines.append(f"grade\t--card\tpod-ro\t{file}")
    assert watched(home, *lines).splitlines()[-1] == "SEEN []"
    assert not trap.exists()


@each_row("name", NAMED)
def test_what_the_page_names_exists(name: str) -> None:
    path, _, function = name.partition("::")
    names = {
        node.name
        for node in ast.walk(tree_of(ROOT / path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not function or function in names


def test_make_targets_of_the_page_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make (\w+)", TEXT))
    assert named == {"canary", "fuzz", "stress"}
    assert named <= targets


def test_limits_of_the_page_are_those_of_the_program() -> None:
    from trainer.grading.allowance import SECONDS
    from trainer.manifests.limits import MAX_ALIASES, MAX_ASKED, MAX_BYTES, MAX_DEPTH, MAX_NODES

    words = " ".join(TEXT.split())
    assert f"{MAX_BYTES // 1024**2} MiB, {MAX_NODES:,} values ({MAX_ASKED:,} for `ask`)" in words
    assert f"{MAX_ALIASES} aliases and {MAX_DEPTH} levels" in words
    assert f"{SECONDS:g} second of processor time" in words
