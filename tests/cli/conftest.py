"""The command line in this process, on the tiny pack and folders of the test."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from trainer.__main__ import main

FIXTURES = Path(__file__).parent.parent / "fixtures"
PACK = FIXTURES / "pack-mini"
SOLUTIONS = PACK / "solutions"


class Ran(NamedTuple):
    """What a run returned and wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal(io.StringIO):
    """A stdin that is a terminal, with what somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings, the progress or the answers of whoever runs it."""
    for name in ("CONFIG", "CONTEXT", "EDITOR"):
        monkeypatch.delenv(f"CKS_TRAINER_{name}", raising=False)
    for name in ("EDITOR", "VISUAL", "NO_COLOR", "KUBECONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "data"))
    monkeypatch.setenv("CKS_TRAINER_WORKSPACE", str(tmp_path / "ws"))
    monkeypatch.setenv("CKS_TRAINER_DATABASE", str(tmp_path / "progress.db"))
    monkeypatch.setenv("CKS_TRAINER_PACK", str(PACK))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))


@pytest.fixture
def cks(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs `cks-trainer` with these arguments."""

    def run(*arguments: object) -> Ran:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts somebody at the terminal who types this."""

    def sit_down(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", Terminal(text))
        monkeypatch.setattr("trainer.cli.streams.interactive", lambda: True)

    return sit_down


@pytest.fixture
def answer(tmp_path: Path) -> Callable[..., Path]:
    """Writes an answer into the workspace: one of the pack's variants, or text or bytes."""

    def write(content: str | bytes = "reference", card: str = "tiny-pod", file: str = "pod.yaml") -> Path:
        folder = tmp_path / "ws" / card
        folder.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str) and "\n" not in content:
            content = next(SOLUTIONS.glob(f"*/{card}/{content}.yaml")).read_bytes()
        data = content.encode() if isinstance(content, str) else content
        (folder / file).write_bytes(data)
        return folder

    return write


class Here:
    """Stands for `isolate.Pool`: the tasks run in this process, and values are as plain as there."""

    def __init__(self, *_: object) -> None:
        pass

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def call(self, function: str, *arguments: Any) -> Any:
        return next(self.map(function, [arguments]))

    def map(self, function: str, tasks: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        module, _, name = function.partition(":")
        call = getattr(import_module(module), name)
        for task in tasks:
            yield plain(call(*plain(task)))


def plain(value: Any) -> Any:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(value))


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worker processes take most of the time of a small batch; `tests/batch` tests what they do."""
    monkeypatch.setattr("trainer.batch.Pool", Here)
    monkeypatch.setattr("trainer.batch.opening.Pool", Here)
