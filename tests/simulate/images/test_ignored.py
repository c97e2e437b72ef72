"""Tests of `simulate.images.ignored`, after the documentation of .dockerignore and moby/patternmatcher."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.images.ignored import is_ignored, matches, patterns_of


@each_row(
    ("text", "ignored", "kept"),
    [
        (".env\n# main.go\n\n  .git  \n", {".env", ".git/config"}, {"main.go", "src/.env", ".environment"}),
        ("**/.env", {".env", "a/b/.env"}, {"a/.env.txt"}),
        ("*.md\n!README.md", {"a.md"}, {"README.md", "docs/a.md"}),
        ("!README.md\n*.md", {"README.md"}, {"x"}),
        ("*\n!src\n!go.mod", {".env", "bin/x"}, {"src/a/b.go", "go.mod"}),
        ("/src/*.txt", {"src/a.txt"}, {"src/lib/a.txt", "a.txt"}),
        ("src/**", {"src/a", "src/lib/b"}, {"source"}),
        ("temp?", {"tempa"}, {"temp", "tempab"}),
        ("./bin/", {"bin/x"}, {"src/bin/x"}),
        ("**/secrets/*.[pk]em", {"a/secrets/x.pem", "secrets/y.kem"}, {"secrets/x.crt"}),
        ("a+b", {"a+b"}, {"aab"}),
    ],
)
def test_patterns(text, ignored, kept):
    patterns = patterns_of(text)
    paths = ignored | kept
    assert {path for path in paths if is_ignored(path, patterns)} == ignored


def test_sources():
    assert matches("a.go", "*.go")
    assert not matches("src/a.go", "*.go")


def test_what_is_not_judged():
    with pytest.raises(NotJudged):
        matches("a", "[")
    with pytest.raises(NotJudged):
        patterns_of("a\n" * 600)
