"""Tests of `patterns`: regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from trainer import patterns
from trainer.patterns import compiled_on_use, regex

ROOT = Path(__file__).parents[1]


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The patterns that were compiled."""
    found: list[str] = []
    compile_now = re.compile

    def note(pattern: Any, flags: int = 0) -> Any:
        found.append(pattern)
        return compile_now(pattern, flags)

    monkeypatch.setattr(patterns, "_compile", note)
    return found


def test_a_pattern_is_compiled_when_it_is_first_used(compiled: list[str]) -> None:
    word = regex("[a-z]+", re.IGNORECASE)
    assert compiled == []
    assert [bool(word.fullmatch(text)) for text in ("Abc", "a1")] == [True, False]
    assert word.sub("x", "a1b") == "x1x"
    assert word.pattern == "[a-z]+"
    assert regex(b"a").match(b"ab")
    assert set(compiled) == {"[a-z]+", b"a"}


def test_a_method_that_is_taken_compiles_when_it_is_called(compiled: list[str]) -> None:
    word = regex("[a-z]")
    match, search, sub = word.match, word.search, word.sub
    assert compiled == []
    assert match("a")
    assert [search("1b", 1), sub("x", "1b", count=1), match("1")][1:] == ["1x", None]
    assert set(compiled) == {"[a-z]"}


def test_a_wrong_pattern_is_told_when_it_is_used() -> None:
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.match("a")


def test_what_is_imported_inside_compiles_on_use(compiled: list[str]) -> None:
    with compiled_on_use():
        inside: Any = re.compile("a+")
        same = re.compile(re.compile("b"))  # type: ignore[call-overload] # what isn't text stays as it is
    assert "a+" not in compiled
    assert inside.match("aa").group() == "aa"
    assert same.pattern == "b"
    assert isinstance(re.compile("c"), re.Pattern), "and nothing outside"


def test_other_threads_are_left_alone() -> None:
    end = threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        with compiled_on_use():
            assert isinstance(re.compile("d"), re.Pattern)
    finally:
        end.set()
        other.join()


def test_pyyaml_is_whole_though_its_patterns_wait() -> None:
    code = (
        "import re\n"
        "from trainer.manifests.reading.libyaml import yaml\n"
        "print(isinstance(yaml.reader.Reader.NON_PRINTABLE, re.Pattern))\n"
        "print(yaml.load('{a: 1, b: 2026-01-02, c: [on, 1.5]}', Loader=yaml.SafeLoader))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n{'a': 1, 'b': datetime.date(2026, 1, 2), 'c': [True, 1.5]}\n"
