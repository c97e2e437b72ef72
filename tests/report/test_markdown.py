"""A page for each learner: what it says, and that no word of a submission is more than a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.report.answers import ACTS, GOLDEN, ROWS, check, row
from tests.table import each_row
from trainer.report.markdown import code, escaped, learner_page
from trainer.report.rows import result_files

HOSTILE = [
    ACTS,
    "](javascript:alert(1)) [x](http://evil) ![i](http://evil/p.png)",
    "<script>alert(1)</script> <img src=x onerror=y> <!-- -->",
    "http://evil.example www.evil.example me@evil.example mailto:a@b.c ftp://x.example evil.com run.sh 10.1.2.3",
    "a | b || c\n| d |",
    "# head\n\n> quote\n\n```\nfence\n- item\n1. one",
    "``` `` ` *b* _i_ ~~s~~ $$m$$ &amp; &#60; \\",
    "- x", "+ x", "1. x", "1) x", "=== x", "---", "***", "    code", "\tcode", "[x]: http://evil", "[^1]: note",
    "x" * 5000, "\x00\x1b]8;;http://evil\x07", "\u202egnp.exe",
]  # fmt: skip


def tokens(text: str) -> list[Any]:
    found = []
    for token in MarkdownIt("gfm-like", {"html": True}).parse(text):
        found += [token, *(token.children or [])]
    return found


def hostile_page(word: str) -> str:
    checks = [
        check("pass", says=word),
        check("fail", says=word, reason=word, line=3, evidence=[word], why=word),
        check("error", reason=word),
    ]
    checks[1]["reasons"][0] |= {"file": word, "path": word}
    rows = [row(word, checks, card=word, file=word), row(word, None, message=word, card=word)]
    return learner_page(rows)  # type: ignore[arg-type]


def test_it_is_the_golden_file(tmp_path: Path) -> None:
    with result_files(tmp_path, ["markdown"]) as write:
        for one in ROWS:
            write(one)
    written = {path.name: path.read_text() for path in (tmp_path / "learners").iterdir()}
    golden = {path.name: path.read_text() for path in (GOLDEN / "learners").iterdir()}
    assert written == golden


@each_row("word", HOSTILE)
def test_no_word_of_a_submission_is_more_than_a_word(word: str) -> None:
    page = hostile_page(word)
    plain = [token.type for token in tokens(hostile_page("word"))]
    found = tokens(page)
    kinds = {token.type for token in found}
    assert not kinds & {"link_open", "image", "html_block", "html_inline", "fence", "code_block", "s_open"}
    assert [token.type for token in found if token.type.endswith("_open")] == [
        kind for kind in plain if kind.endswith("_open")
    ], "the same structure"
    assert not set(page) & set("\x00\x1b\x07\u202e")


@given(st.text(alphabet="`*_[]()<>|!#&\\-+1.:/w@ahtps \n$~=^{}\"'", max_size=40))
def test_any_text_stays_a_text(word: str) -> None:
    words = " ".join(word.split())
    (paragraph, inline, _) = MarkdownIt("gfm-like").parse(f"x {escaped(word)} y")
    assert paragraph.type == "paragraph_open"
    assert {child.type for child in inline.children or []} <= {"text"}
    assert "".join(child.content for child in inline.children or []) == (f"x {words} y")
    begins = MarkdownIt("gfm-like").parse(f"- {escaped(word)}")
    assert [token.type for token in begins if token.type.endswith("_open")][:2] == [
        "bullet_list_open", "list_item_open",
    ]  # fmt: skip
    assert not any(
        token.type in ("heading_open", "blockquote_open", "ordered_list_open", "hr") for token in begins
    )


@given(st.text(alphabet="` a|\\", min_size=1, max_size=12))
def test_code_is_what_it_was(word: str) -> None:
    children = MarkdownIt("gfm-like").parse(f"x {code(word)} y")[1].children or []
    (inside,) = [child.content for child in children if child.type == "code_inline"]
    assert inside == word or (not word.strip() and not inside.strip())


def test_the_next_step_says_where_to_begin() -> None:
    page = learner_page([ROWS[1], ROWS[2]])
    assert "Begin with “Its root is read-only” at `pod.yaml`, line 9." in page
    assert "`cks-trainer hint pod-ro`" in page
    assert "`cks-trainer show np-deny`, and submit" in page
    seeded = learner_page([row("ana", [check("pass")], seed=7)])
    assert "`cks-trainer solution pod-ro --seed 7`" in seeded


def test_a_refused_document_is_told_once() -> None:
    import msgspec

    one = row("bo", [check("fail", reason="unknown field", line=2)])
    verdict = msgspec.json.decode(one.verdict)
    verdict["problems"] = [
        {"message": "unknown field", "severity": "error"},
        {"message": "odd", "severity": "warning", "file": "a.yaml", "line": 4, "column": 1, "path": ""},
    ]
    page = learner_page([msgspec.structs.replace(one, verdict=msgspec.json.encode(verdict))])
    assert page.count("unknown field") == 1
    assert "- Warning: `a.yaml`, line 4: odd\n" in page


def test_a_late_answer_says_what_it_costs() -> None:
    one = row("ana", [check("pass")], late=True, submitted_at="2026-12-01T18:00:00Z", penalty=0.5)
    page = learner_page([one])
    assert "Submitted late, 2026-12-01T18:00:00Z: 0.5 points less.\n" in page
    assert "**1.5 of 2 points**" in page
