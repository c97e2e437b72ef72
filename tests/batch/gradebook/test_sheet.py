"""Every byte stays but those of the cells that are replaced."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.batch.gradebook.books import CANVAS, COURSE, MOODLE
from tests.table import each_row
from trainer.batch.gradebook.sheet import Sheet
from trainer.errors import UsageError


@each_row(
    ("data", "delimiter", "rows"),
    [
        (b"a,b\r\n1,2\r\n", ",", [["a", "b"], ["1", "2"]]),
        (b"a;b\n1,5;2\n", ";", [["a", "b"], ["1,5", "2"]]),
        (b"sep=;\r\na;b", ";", [["a", "b"]]),
        (b"a\tb\r1\t2", "\t", [["a", "b"], ["1", "2"]]),
        (b'\xef\xbb\xbf"a ""x"", y",b\n', ",", [['a "x", y', "b"]]),
        ('a;"é;\n"'.encode("utf-16"), ";", [["a", "é;\n"]]),
        ("a,é\x80".encode("latin-1").replace(b"\x80", b"\x80"), ",", [["a", "é€"]]),
        (b"a,\x81\n", ",", [["a", "\x81"]]),
        (b'"a,b";c\n', ";", [["a,b", "c"]]),
        (b"a,b\n\n1,2", ",", [["a", "b"], [""], ["1", "2"]]),
        (b"a,b", ",", [["a", "b"]]),
        (b"", ",", []),
        (b'x"y,z\n', ",", [['x"y', "z"]]),
    ],
)
def test_reading(data: bytes, delimiter: str, rows: list[list[str]]) -> None:
    sheet = Sheet(data, "x.csv")
    assert sheet.delimiter == delimiter
    assert [[cell.value for cell in row] for row in sheet.rows] == rows
    assert sheet.encoded() == data


def test_what_is_not_a_csv_file() -> None:
    for data, line in ((b'a,"b\nc\nd', 1), (b'a\n"b"c,d\n', 2), (b"\xff\xfea", 0)):
        with pytest.raises(UsageError, match=f":{line}: a quote" if line else "not utf-16-le text"):
            Sheet(data, "x.csv")


def test_more_cells_than_a_class_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.batch.gradebook.sheet.MOST_CELLS", 100)
    for data in (b"," * 101, b"a\n" * 101, b"a,b\n" * 51):
        with pytest.raises(UsageError, match="more than 100 cells"):
            Sheet(data, "x.csv")
    assert len(Sheet(b"a,b\n" * 50, "x.csv").rows) == 50


@each_row(
    ("old", "value", "new"),
    [
        ("a,b\n", "1", "a,1\n"),
        ('a,"b"\r\n', "1", 'a,"1"\r\n'),
        ("a,b\n", "1,5", 'a,"1,5"\n'),
        ("a;b\n", "1,5", "a;1,5\n"),
        ("a,\n", 'say "x"', 'a,"say ""x"""\n'),
        ("a,", "two\nlines", 'a,"two\nlines"'),
    ],
)
def test_replacing(old: str, value: str, new: str) -> None:
    sheet = Sheet(old.encode(), "x.csv")
    sheet.replace(0, 1, value)
    assert sheet.encoded() == new.encode()


@given(
    st.lists(
        st.lists(st.text(alphabet='a,;"\n é€', max_size=5), min_size=2, max_size=4), min_size=1, max_size=4
    )
)
def test_as_the_standard_library_reads_it(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    data = stream.getvalue().encode()
    sheet = Sheet(data, "x.csv")
    assert [[cell.value for cell in row] for row in sheet.rows] == rows
    sheet.replace(0, 1, "new")
    assert next(csv.reader(io.StringIO(sheet.encoded().decode(), newline="")))[1] == "new"


@each_row("text", [CANVAS, MOODLE, COURSE])
def test_a_replaced_cell_changes_no_other_byte(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        data = text.encode(encoding)
        sheet = Sheet(data, "x.csv")
        sheet.replace(3 if len(sheet.rows) > 3 else 1, 1, "QQQ")
        new = sheet.encoded().decode(encoding)
        before, after = new.split("QQQ")
        assert text.startswith(before)
        assert text.endswith(after)
