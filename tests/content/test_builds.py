"""Tests of `content.builds`: the block `build` of a card."""

from __future__ import annotations

import msgspec

from tests.simulate.images.sample import BUILD
from tests.table import each_row
from trainer.content.builds import build_material
from trainer.content.card import CardFile


def card(build):
    fields = {
        "format": 1,
        "id": "x",
        "title": "x",
        "domain": "supply-chain-security",
        "competency": "SC1",
        "difficulty": "easy",
    }
    return msgspec.convert(
        {**fields, "minutes": 1, "prompt": "x", "files": ["Dockerfile"], "checks": [], "build": build},
        CardFile,
    )


def test_what_is_delivered():
    files, faults = build_material(card(BUILD))
    assert faults == []
    assert files["context/app.py"] == "print('hello')\n"
    assert files["context/.env"].startswith("TOKEN=")
    assert "debian:12-slim" in files["bases.txt"]
    # A program isn't text.
    assert "context/bin/shop" not in files


@each_row(
    ("changed", "path", "words"),
    [
        ({"file": "Containerfile"}, ("build", "file"), "isn't one of `files`"),
        ({"contexts": {}}, ("build", "contexts"), "unknown field"),
        ({"bases": {"x y": {"digest": "sha256:1"}}}, ("build", "bases", "x y"), "not an image reference"),
        (
            {"bases": {name: {"digest": f"sha256:{'a' * 64}"} for name in ("a:1", "a:2")}},
            ("build", "bases", "a:2"),
            "same tag or digest",
        ),
        (
            {"bases": {"a:1": {"digest": f"sha256:{'a' * 64}", "packages": ["vim"]}}},
            ("build", "bases", "a:1", "packages"),
            "no vim",
        ),
        ({"packages": {"a": {"depends": ["b"]}}}, ("build", "packages", "a", "depends"), "no b"),
        (
            {"tools": {"x": {"program": "x", "secret": "s"}}},
            ("build", "tools", "x", "secret"),
            "no s",
        ),
        ({"context": {"../x": ""}}, ("build", "context", "../x"), "leads out"),
    ],
)
def test_faults(changed, path, words):
    _, faults = build_material(card({**BUILD, **changed}))
    assert any(fault.path == path and words in fault.message for fault in faults), faults
