"""A file's text in the editor, and the form that it keeps."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import AnswerUnreadable, TrainerError
from trainer.session.held import Held, held

LINES = st.lists(st.sampled_from(["", "a", "b: 1", "ü"]), min_size=1, max_size=6)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b: 1", "ü", "\U0001f600"]), ENDS), max_size=6), LINES)
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_every_form_comes_back_as_it_was(mark: bytes, lines: list[tuple[str, str]], other: list[str]) -> None:
    encoding = {b"": "utf-8", codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le"}.get(
        mark, "utf-16-be"
    )
    data = mark + "".join(line + end for line, end in lines).encode(encoding)
    one = held(data)
    assert "\r" not in one.text
    assert one.encoded(one.text) == data
    changed = one.encoded("\n".join(other))
    assert held(changed).text == "\n".join(other)
    assert changed.startswith(mark)


@each_row(
    ("data", "text", "after"),
    [
        (b"a\r\nb\nc\r\n", "a\nX\nc\n", b"a\r\nX\r\nc\r\n"),
        (b"a\r\nb\nc\r\n", "a\nb\nc\nd\n", b"a\r\nb\nc\r\nd\r\n"),
        (b"a\nb\nc\r\n", "0\na\nb\nc\n", b"0\na\nb\nc\r\n"),
        (b"a\r\nb\n", "", b""),
        (b"a\r\nb\r\n", "a\nb\nc", b"a\r\nb\r\nc"),
        (b"a", "a\nb", b"a\nb"),
    ],
)
def test_lines_keep_their_ends(data: bytes, text: str, after: bytes) -> None:
    assert held(data).encoded(text) == after


def test_what_is_unusual_is_told() -> None:
    assert held("a: 1\n".encode("utf-16")).form == "UTF-16"
    assert held(b"\xef\xbb\xbfa: 1\n").form == Held().form == ""


@each_row("data", [b"caf\xe9\n", b"\xff\xfea", b"\xff\xfe\x00\xd8"])
def test_what_is_not_text_is_refused(data: bytes) -> None:
    with pytest.raises(AnswerUnreadable, match=r"^it is not valid UTF-"):
        held(data)


def test_characters_that_no_file_has_are_refused_with_their_line() -> None:
    with pytest.raises(TrainerError, match="line 2 has a character"):
        Held().encoded("a\n\udcff")
