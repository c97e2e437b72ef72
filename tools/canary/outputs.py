"""Every output that a learner's document can reach, of the program as it is, in this process."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.canary.documents import Document
from trainer.__main__ import main
from trainer.report.rows import FORMATS

CARDS = {
    "pod-ro": "pod.yaml",
    "secret-volume": "pod.yaml",
    "etcd-encryption": "encryption.yaml",
    "kubeconfig": "config",
    "ingress-tls": "ingress.yaml",
}
"""Cards that look at what the documents are, and the name of the answer's file."""

_BOOK = "Identifier,Full name,Grade,Maximum Grade,Feedback comments\nParticipant 1,ann,,10,\n"
_FLOW = ("--from", "sun/pod-ro", "--to", "outside")
_WHO = ("--as", "user:jane")
ASKED: dict[str, tuple[str, ...]] = {
    "flow": _FLOW,
    "matrix": (),
    "can-i": (*_WHO, "--do", "get secrets", "-n", "sun"),
    "escalate": _WHO,
    "pod-security": (),
    "audit": (*_WHO, "--do", "get secrets", "-n", "sun"),
    "routes": (),
    "settings": ("--all",),
}


def chosen_for(number: int) -> tuple[str, tuple[str, ...]]:
    """A card and a question for the document of this number: each comes in its turn."""
    return list(CARDS)[number % len(CARDS)], (list(ASKED)[number % len(ASKED)],)


def outputs(
    document: Document, folder: Path, *, card: str = "", asked: tuple[str, ...] = (), batch: bool = True
) -> Iterator[tuple[str, bytes]]:
    """Each output's name and bytes, for one document as the answer to a card and in questions.

    `folder` is empty, and for this document alone. Without `card`, all cards; without `asked`, all questions;
    `batch` tells whether it's also graded in a batch, which starts a process.
    """
    for name in (card,) if card else tuple(CARDS):
        yield from _as_answer(document, folder / name, name)
        if batch:
            yield from _in_batch(document, folder / name, name)
    file = folder / "asked.yaml"
    file.write_bytes(document.data)
    for question in asked or tuple(ASKED):
        for form in ((), ("--json",)):
            yield f"ask {question} {' '.join(form)}", run("ask", question, str(file), *ASKED[question], *form)
    for form in ((), ("--json",)):
        yield f"ask admit {' '.join(form)}", run("ask", "admit", str(file), "--object", str(file), *form)
    yield "config", run("--config", str(file), "list")


def _as_answer(document: Document, folder: Path, card: str) -> Iterator[tuple[str, bytes]]:
    home = folder / "ws"
    answer = home / card
    answer.mkdir(parents=True)
    (answer / CARDS[card]).write_bytes(document.data)
    database = folder / "progress.db"
    common = ("--workspace", str(home), "--database", str(database))
    yield f"grade {card}", run("grade", "--card", card, *common)
    for end in ("", "-wal", "-shm", "-journal"):
        kept = Path(f"{database}{end}")
        if kept.exists():
            yield f"database{end} {card}", kept.read_bytes()
    yield f"grade {card} --json", run("grade", "--card", card, "--json", *common)
    yield f"solution {card}", run("solution", card, "--yes", *common)
    yield f"solution {card} --json", run("solution", card, "--yes", "--json", *common)
    yield f"progress {card} --json", run("progress", "--json", *common)


def _in_batch(document: Document, folder: Path, card: str) -> Iterator[tuple[str, bytes]]:
    out = folder / "out"
    subs = folder / "subs" / "ann"
    subs.mkdir(parents=True)
    (subs / CARDS[card]).write_bytes(document.data)
    options = ("--card", card, "--out", str(out), "--jobs", "1", "--format", ",".join(FORMATS))
    yield f"batch {card}", run("batch", str(folder / "subs"), *options)
    book = folder / "book.csv"
    book.write_text(_BOOK)
    merged = ("--out", str(out / "merged.csv"))
    yield f"batch gradebook {card}", run("batch", "gradebook", str(book), str(out), *merged)
    for result in sorted(path for path in out.rglob("*") if path.is_file()):
        yield f"{result.name} {card}", result.read_bytes()


def run(*arguments: str) -> bytes:
    """What `cks-trainer` writes with these arguments, to stdout and stderr."""
    written = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape") for _ in range(2)]
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO())
    try:
        with contextlib.redirect_stdout(written[0]), contextlib.redirect_stderr(written[1]):
            main(list(arguments))
    except SystemExit:
        pass
    finally:
        sys.stdin = before
    found = b""
    for stream in written:
        stream.flush()
        found += stream.buffer.getvalue()
    return found


def at_home(
    folder: Path,
    put: Callable[[str, str], object] = os.environ.__setitem__,
    remove: Callable[[str], object] = os.environ.__delitem__,
) -> None:
    """Let no run see the settings, the progress or the answers of whoever starts it.

    `put` and `remove` change the environment.
    """
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        put(name, str(folder))
    put("NO_COLOR", "1")
    for name in [name for name in os.environ if name.startswith("CKS_TRAINER_")]:
        remove(name)
