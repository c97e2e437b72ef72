"""`batch --shard` and `batch merge`: the same bytes as one run. `batch --resume`: the same, after a kill."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trainer.batch.journal import Journal

Cks = Callable[..., Any]
SOLUTIONS = Path(__file__).parents[3] / "fixtures/pack-mini/solutions/runtime-security/tiny-pod"
FORMATS = "jsonl,csv,checks,junit,sarif,markdown,html"


@pytest.fixture
def subs(tmp_path: Path) -> Path:
    """Learners with names that look like something else, with right, wrong, missing and unreadable answers."""
    right = (SOLUTIONS / "reference.yaml").read_bytes()
    texts = (right, right.replace(b"true", b"false"), b"[" * 1000, b"\xff", b"kind: Pod\n")
    names = (
        "ann",
        "-x",
        "--shard",
        "0",
        "=1+1",
        "zo\u00eb",
        "\u540d",
        "a b",
        "shard-0-of-2.rows",
        "bob",
        "cy",
    )
    for number, name in enumerate(names):
        (tmp_path / "subs" / name).mkdir(parents=True)
        if number % 6 < 5:
            (tmp_path / "subs" / name / "tiny-pod.yaml").write_bytes(texts[number % 6])
    return tmp_path / "subs"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.usefixtures("in_this_process")
def test_shards_are_merged_to_the_bytes_of_one_run(cks: Cks, subs: Path, tmp_path: Path) -> None:
    call = ("batch", subs, "--cards", "tiny-pod,tiny-space", "--format", FORMATS, "--jobs", "1")
    assert cks(*call, "--out", tmp_path / "one").code == 0
    for shards in (2, 13):
        out = tmp_path / f"of-{shards}"
        ran = [cks(*call, "--out", out, "--shard", f"{shard}/{shards}") for shard in range(shards)]
        assert {one.code for one in ran} == {0}
        assert ran[0].out == f"{out}/shard-0-of-{shards}.rows\n"
        merged = cks("batch", "merge", out, "--out", tmp_path / f"merged-{shards}", "--json")
        assert files(tmp_path / f"merged-{shards}") == files(tmp_path / "one")
        assert {name: merged.json[name] for name in ("schema", "learners", "cards", "rows", "shards")} == {
            "schema": "cks-trainer.batch-merge/1",
            "learners": 11,
            "cards": ["tiny-pod", "tiny-space"],
            "rows": 22,
            "shards": shards,
        }
    (out / "shard-3-of-13.rows").unlink()
    ran = cks("batch", "merge", out, "--out", tmp_path / "none")
    assert (ran.code, (tmp_path / "none").exists()) == (2, False)
    assert "missing shards of 13: 3" in ran.err
    assert cks(*call, "--out", out, "--shard", "13/13").code == 2


@pytest.mark.trial
def test_a_batch_that_was_killed_goes_on(cks: Cks, subs: Path, tmp_path: Path) -> None:
    """The program is killed by itself after some rows, and a half row is left, as from a lost machine."""
    call = ["batch", str(subs), "--cards", "tiny-pod", "--format", "jsonl,csv"]
    assert cks(*call, "--out", tmp_path / "whole").code == 0
    out = tmp_path / "out"
    program = (
        "import os, signal\n"
        "from trainer import batch\n"
        "from trainer.batch.journal import Journal\n"
        "from trainer.__main__ import main\n"
        "add, count = Journal.add, []\n"
        "def counted(self, *row):\n"
        "    add(self, *row)\n"
        "    count.append(row[0])\n"
        "    if len(count) == 7:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "Journal.add = counted\n"
        f"main({[*call, '--out', str(out)]!r})\n"
    )
    killed = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, timeout=300)
    assert killed.returncode == -signal.SIGKILL
    partial = out / "results.partial"
    partial.write_bytes(partial.read_bytes()[:-5])
    assert not (out / "results.jsonl").exists()
    ran = cks(*call, "--out", out, "--resume")
    assert ran.code == 0
    assert re.search(r"\b[1-9]\d* rows of the interrupted run are kept", ran.err)
    assert files(out) == files(tmp_path / "whole")
    assert "no row is kept" in cks(*call, "--out", out, "--resume").err


@pytest.mark.usefixtures("in_this_process")
def test_an_interruption_says_how_to_go_on(
    cks: Cks, subs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And going on makes the bytes of one run, with a half row that is left too, as from a lost machine."""
    call, out = (
        ("batch", subs, "--cards", "tiny-pod", "--format", "jsonl,csv", "--jobs", "1"),
        tmp_path / "out",
    )
    assert cks(*call, "--out", tmp_path / "whole").code == 0
    add, added = Journal.add, []

    def interrupts(self: Journal, *row: Any) -> None:
        add(self, *row)
        added.append(row)
        if len(added) == 7:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "add", interrupts)
        ran = cks(*call, "--out", out)
    assert ran.code == 130
    assert f"the rows so far remain in {out}: pass --resume" in ran.err
    assert [path.name for path in out.iterdir()] == ["results.partial"]
    partial = out / "results.partial"
    partial.write_bytes(partial.read_bytes()[:-5])
    ran = cks(*call, "--out", out, "--resume")
    assert ran.code == 0
    assert re.search(r"\b[1-9]\d* rows of the interrupted run are kept", ran.err)
    assert files(out) == files(tmp_path / "whole")
