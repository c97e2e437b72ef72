"""Tests of `content.wording`: what a whole word is, and what a seed is."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.content.wording import AS_WRITTEN, MOST_SEED, Wording, read_seed
from trainer.errors import UsageError


@each_row(
    ("words", "written", "expected"),
    [
        ({"sun": "moon"}, "sun sun/web, `sun`. sun.svc ./sun/ -n=sun [sun]", "moon moon/web, `moon`. moon.svc ./moon/ -n=moon [moon]"),
        ({"sun": "moon"}, "system:serviceaccount:sun:x\nsun", "system:serviceaccount:moon:x\nmoon"),
        ({"sun": "moon"}, "sunday sun-2 pod-sun sun_x SUN Sun süsun sunü", None),
        ({"pod-ro": "web-ro"}, "pod-ro pod-ro.yaml pod-ro-2", "web-ro web-ro.yaml pod-ro-2"),
        ({"80": "81"}, "tcp/80 :80, 8080 10.0.80.1 1.80 80.5 v80 80.", "tcp/81 :81, 8080 10.0.80.1 1.80 80.5 v80 81."),
        ({"1.27": "1.28"}, "nginx:1.27 nginx:1.27.3 11.27 1.27-alpine", "nginx:1.28 nginx:1.27.3 11.27 1.27-alpine"),
        ({"10.0.0.1": "10.0.0.9"}, "10.0.0.1/32 110.0.0.1 10.0.0.10 10.0.0.1.5", "10.0.0.9/32 110.0.0.1 10.0.0.10 10.0.0.1.5"),
        ({"/opt/web": "/srv/web"}, "/opt/web/a /mnt/opt/web /opt/web.d =/opt/web. /opt/webs", "/srv/web/a /mnt/opt/web /opt/web.d =/srv/web. /opt/webs"),
        (
            {"10.0.0.0/24": "10.9.0.0/24", "10.0.0.0/25": "10.9.0.0/25", "10.0.0.128/25": "10.9.0.128/25"},
            "10.0.0.0/24 10.0.0.0/25 10.0.0.128/25 10.0.0.0/26",
            "10.9.0.0/24 10.9.0.0/25 10.9.0.128/25 10.0.0.0/26",
        ),
        ({"a1": "b2", "b2": "c3"}, "a1 b2", "b2 c3"),  # in one pass
        ({"example.com": "example.org", "api.example.com": "web.example.net"}, "api.example.com example.com", "web.example.net example.org"),
    ],
)  # fmt: skip
def test_only_whole_words_are_replaced(words: dict[str, str], written: str, expected: str | None) -> None:
    wording = Wording(1, words)
    assert wording.text(written) == (written if expected is None else expected)
    assert wording.data(written.encode()) == wording.text(written).encode()


def test_bytes_that_are_not_text_stay() -> None:
    assert Wording(1, {"sun": "moon"}).data(b"\xff sun \x00") == b"\xff moon \x00"
    assert AS_WRITTEN.data(b"sun") == b"sun"
    assert AS_WRITTEN.text("sun") == "sun"


def test_seeds() -> None:
    assert [read_seed(text) for text in ("0", "7", "007", str(MOST_SEED))] == [0, 7, 7, MOST_SEED]
    for text in ("-1", "1.5", "", " 1", "x", "٣", "1_0", str(MOST_SEED + 1), "9" * 5000):
        with pytest.raises(UsageError, match="isn't a seed"):
            read_seed(text)
