"""Tests of `content.likeness`: which words may stand for each other."""

from __future__ import annotations

from tests.table import each_row
from trainer.content.likeness import unlike, word_fault

ALIKE = """
sun moon
pod-ro web
8080 9090
80 81
100000 200000
0644 0600
1.27 1.28
v1.35.0 v1.36.1
10.0.0.0/24 192.168.7.0/24
10.0.0.1 172.16.0.9
203.0.113.9 198.51.100.4
169.254.169.254 169.254.170.2
fd00::/8 fc00::/8
/opt/web /srv/shop
/etc/a.yaml /etc/b.yaml
nginx:1.27 httpd:2.4
jane@example.com john@example.org
registry.example.com images.example.org
"""
UNLIKE = """
sun Moon
sun 8080
sun moon.svc
8080 80
8080 70000
0644 644
1.27 1.27.3
1.35.0 v1.35.0
10.0.0.0/24 10.0.0.0/25
10.0.0.0/24 10.0.0.1
10.0.0.1 8.8.8.8
10.0.0.1 fd00::1
169.254.169.254 10.0.0.1
/opt/web opt
/etc/a.yaml /etc/b.json
nginx:1.27 nginx
nginx:1.27 Nginx:1.28
sun true
sun 1e3
sun null
"""


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(word, other) for word, other in (line.split() for line in text.strip().split("\n"))]


@each_row(("word", "other"), _pairs(ALIKE))
def test_alike(word: str, other: str) -> None:
    assert unlike(word, other) == ""
    assert word_fault(word) == word_fault(other) == ""


@each_row(("word", "other"), _pairs(UNLIKE))
def test_unlike(word: str, other: str) -> None:
    assert unlike(word, other)


def test_a_difference_is_told() -> None:
    assert unlike("10.0.0.0/24", "10.0.0.0/25") == (
        "it is a private network of IPv4 with /25, and not a private network of IPv4 with /24"
    )
    digest = "sha256:" + "a" * 64
    assert unlike(digest, "sha256:" + "b" * 64) == ""
    assert unlike(digest, "sha256:" + "b" * 40)
    assert unlike("sun", "no") == "YAML reads them as different types"


def test_a_word_is_one_word() -> None:
    for text in ("", "a", "two words", " sun", "sun ", "sun\n", "-sun", "sun-", "$(x)", "a" * 201, "sün"):
        assert word_fault(text), text
    for text in ("ab", "aGVsbG8=", "/a", "a/b:c@d+e=f"):
        assert word_fault(text) == "", text
