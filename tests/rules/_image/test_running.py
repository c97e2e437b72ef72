"""Tests of `rules._image.running`: why nothing starts, told at the line that is to blame."""

from __future__ import annotations

from tests.rules._image.test_wanted import ALPINE, RUNS, STATIC, told
from tests.table import each_row

LIST = "['/shop']"


@each_row(
    ("text", "line", "words"),
    [
        (f"{STATIC}COPY bin/shop /shop\nCMD /shop", 3, "`/shop` is for /bin/sh, which isn't there."),
        (
            f"{STATIC}COPY bin/shop /shop\nCMD {LIST}",
            3,
            f"{LIST} isn't JSON, whose strings have double quotes",
        ),
        (
            f'{STATIC}COPY bin/shop /opt/\nCMD ["shop"]',
            2,
            "shop: not found: /opt, where it is, isn't in PATH",
        ),
        (
            f'{STATIC}COPY --chmod=644 bin/shop /usr/bin/shop\nCMD ["shop"]',
            2,
            "/usr/bin/shop isn't executable, it has mode 0644",
        ),
        (f'{STATIC}COPY --chmod=700 bin/shop /shop\nUSER 5\nCMD ["/shop"]', 2, "/shop: Permission denied"),
        (f'{STATIC}COPY bin/glibc /shop\nCMD ["/shop"]', 2, "its loader"),
        (f'{STATIC}CMD ["/shop"]', 2, "No container starts: /shop: not found."),
        (
            f"{ALPINE}COPY . /\nRUN apk add --no-cache gcc && CPU=arm64 gcc -o /shop .\n{STATIC}"
            'COPY --from=0 /shop /shop\nCMD ["/shop"]',
            3,
            "/shop: exec format error: it is built with CPU=arm64",
        ),
    ],
)
def test_nothing_starts(text: str, line: int, words: str) -> None:
    (found,) = told(text, **RUNS)
    assert found[0] == line
    assert words in found[1]


def test_for_this_platform_on_purpose() -> None:
    text = f'{ALPINE}COPY . /\nRUN apk add --no-cache gcc && CPU=amd64 STATIC=1 gcc -o /shop .\nCMD ["/shop"]'
    assert told(text, **RUNS) == []
