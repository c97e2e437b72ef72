"""Tests of `digests`: SHA-256 with and without the interpreter's own module."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.table import each_row
from trainer.digests import sha256


@each_row("data", [b"", b"abc", bytes(range(256)) * 3])
def test_it_is_the_same_digest(data: bytes) -> None:
    assert sha256(data) == hashlib.sha256(data).digest()


@pytest.mark.parametrize("module", ["_sha2", "_sha256"])
def test_without_that_module_hashlib_does_it(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert sha256(b"abc") == hashlib.sha256(b"abc").digest()


def test_recording_loads_no_other_library() -> None:
    code = "import sys, trainer.session.recording, trainer.content.vary; print('_hashlib' in sys.modules)"
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
