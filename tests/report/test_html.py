"""The page of a class: what it says, and that no word of a submission is more than a word in it."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.report.answers import ACTS, GOLDEN, ROWS, check, row
from tests.report.test_markdown import HOSTILE
from trainer.report.gathered import Gathered
from trainer.report.html import page
from trainer.report.rows import result_files


class Read(HTMLParser):
    """The tags of a page in their order, its attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, set[str]] = {}
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "tags are nested"

    def handle_data(self, data: str) -> None:
        self.text += data


def written(rows: list[Any]) -> str:
    gathered = Gathered()
    for one in rows:
        gathered.add(one)
    return "".join(page(gathered))


PICTURE = {
    "check": "read-only",
    "title": "Where c can write",
    "kind": "tree",
    "columns": ["now"],
    "rows": [
        {"head": "/", "depth": 0, "cells": [{"state": "wrong", "word": "writable", "before": "read-only", "file": "pod.yaml", "line": 9}]},
        {"head": "/run", "depth": 1, "cells": [{"state": "right", "word": "writable"}, {"state": "unasked", "word": ""}]},
    ],
    "left_out": "3 more rows aren't shown.",
}  # fmt: skip


def class_of(count: int, word: str = "ana") -> list[Any]:
    """Learners: every third fails a check, in one of two ways, and the last has no answer."""
    rows = []
    for number in range(count):
        name = f"{word} {number}"
        checks = [check("pass", name="exists")]
        if number % 3:
            checks.append(check("pass"))
        else:
            checks.append(
                check("fail", reason=f"{word}: way {number % 2}", line=9, evidence=[word], why=word)
            )
        rows.append(row(name, checks, effect=[] if number % 3 else [PICTURE | {"title": word}], message=word))
    return [*rows, row(f"{word} last", None)]


def test_it_is_the_golden_file(tmp_path: Path) -> None:
    with result_files(tmp_path, ["html"]) as write:
        for one in [*ROWS, *class_of(12)]:
            write(one)
    assert (tmp_path / "report.html").read_text() == (GOLDEN / "report.html").read_text()


def test_no_word_of_a_submission_is_more_than_a_word() -> None:
    plain = Read(written(class_of(4, "word"))).tags
    for word in [*HOSTILE, '" onload="x', "{{ 7*7 }} {% raw %}", "</style></details>", "<!--", "&lt;b&gt;"]:
        text = written(class_of(4, word[:900]))
        found = Read(text)
        assert found.tags == plain, word
        assert not found.open
        assert {name for name in found.attributes if name.startswith("on")} == set()
        assert all(link.startswith("#") for link in found.attributes["href"]), word
        assert not set(text) & set("\x00\x07\x1b\u202e\x9b")
    assert "49" not in written(class_of(4, "{{ 7*7 }}")).replace("#fff", "").partition("</style>")[2]
    assert ACTS.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e") in Read(written(class_of(4, ACTS))).text


def test_nothing_is_loaded_and_nothing_runs() -> None:
    text = written([*ROWS, *class_of(12)])
    found = Read(text)
    assert not {"script", "link", "img", "iframe", "form", "object", "base"} & set(found.tags)
    assert not {"src", "style", "action"} & set(found.attributes)
    assert "url(" not in text
    assert "@import" not in text
    (style,) = re.findall(r"<style>(.*)</style>", text, re.DOTALL)
    mark = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [one for one in found.attributes["content"] if "default-src" in one]
    assert policy == f"default-src 'none'; style-src 'sha256-{mark}'; base-uri 'none'; form-action 'none'"
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_every_link_has_its_target_and_every_table_its_caption() -> None:
    text = written([*ROWS, *class_of(12)])
    found = Read(text)
    assert {link[1:] for link in found.attributes["href"]} <= found.attributes["id"]
    assert len(re.findall(r' id="', text)) == len(found.attributes["id"]), "no two are the same"
    assert found.tags.count("table") == found.tags.count("caption")
    assert text.count("<th ") == len(re.findall(r'<th (?:[^>]* )?scope="', text))


def test_the_same_mistake_is_told_once_with_everybody_who_made_it() -> None:
    text = Read(written(class_of(12))).text
    assert text.count("Where c") == 0, "the title of the picture is the word"
    summary = re.findall(r"(\d+)\u00d7 (ana: way \d)", " ".join(text.split()))
    assert summary == [("2", "ana: way 0"), ("2", "ana: way 1")]
    assert "✗ writable (was read-only) pod.yaml:9" in text
    assert "3 more rows aren't shown." in text


def test_what_needs_the_instructor_comes_first() -> None:
    text = written([*ROWS, *class_of(12)])
    parts = re.findall(r'<section id="(\w+)">', text)
    assert parts == ["hand", "fails", "help", "missing", "matrix", "cards", "learners", "words"]
    quiet = Read(written([row("ana", [check("pass")])]))
    assert "No check failed." in quiet.text
    assert "Everybody has at least 67%" in quiet.text
    assert "100%" in quiet.text


def test_a_late_answer_is_marked() -> None:
    late = row("ana", [check("pass")], late=True, submitted_at="2026-12-01T18:00:00Z", penalty=0.5)
    text = Read(written([late])).text
    assert "✓ 1.5 late" in text
    assert "1.5 of 2 points, late (2026-12-01T18:00:00Z)" in text
