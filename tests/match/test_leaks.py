"""Tests of `match.leaks`: a secret is found in every form that a reader of the file can read."""

from __future__ import annotations

import base64

from tests.table import each_row
from trainer.manifests.reading.parse import parse
from trainer.match.leaks import leaks

SECRET = "Sum-Total-12"
CODED = base64.b64encode(SECRET.encode()).decode()
LINE_END = base64.b64encode(f"{SECRET}\n".encode()).decode()


def lines(text: str) -> list[int]:
    found = leaks({"a.yaml": text}, {"a.yaml": parse(text.encode(), "a.yaml").documents}, [SECRET])
    return [place.line for place in found]


@each_row(
    "text, expected",
    [
        (f"a: 1\nb: {SECRET}\n", [2]),
        (f"a: 1\n# was {SECRET}, too\n", [2]),
        (f"a: 1\nb: x{SECRET}x\n", [2]),
        (f"a: {SECRET}\nb: {SECRET}\n", [1, 2]),
        (f"{SECRET}: 1\n", [1]),
        (f"data: {{password: {CODED}}}\n", [1]),
        (f"data: {{password: {CODED.rstrip('=')}}}\n", [1]),
        (f"data:\n  password: {LINE_END}\n", [2]),
        (f"# {CODED}\na: 1\n", [1]),
        (f"data:\n  password: |\n    {CODED[:6]}\n    {CODED[6:]}\n", [2]),
        ('a: 1\nb: "Sum\\x2dTotal-12"\n', [2]),
        ('a: 1\nb: "Sum-\\\n  Total-12"\n', [2]),
        ("a: Sum-Total-13\n", []),
        (f"a: {CODED[:-4]}\n", []),
        ("", []),
    ],
)
def test_every_line_with_the_secret_is_found(text: str, expected: list[int]) -> None:
    assert lines(text) == expected


def test_files_are_looked_at_one_by_one() -> None:
    texts = {"a.yaml": f"x: {SECRET}", "b.txt": f"\n  {SECRET}", "c.txt": "nothing"}
    assert [str(place) for place in leaks(texts, {}, ["absent", SECRET])] == ["a.yaml:1:4", "b.txt:2:3"]
