"""Tests of `simulate.images.account_tools`: what the commands add, and when they fail."""

from __future__ import annotations

import pytest

from tests.simulate.images.sample import on, stops
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.images.accounts import accounts, groups

DEBIAN, ALPINE = "debian:12-slim", "alpine:3.20"


@each_row(
    ("base", "text", "uid", "gid", "home"),
    [
        (DEBIAN, "useradd app", 1000, 1000, "/home/app"),
        (DEBIAN, "useradd -r -u 10001 -s /usr/sbin/nologin app", 10001, 10001, "/home/app"),
        (DEBIAN, "useradd --uid=5000 --no-create-home --home-dir /srv app", 5000, 5000, "/srv"),
        (
            DEBIAN,
            "groupadd --system --gid 700 app && useradd --system --gid app --uid 700 app",
            700,
            700,
            "/home/app",
        ),
        (DEBIAN, "useradd -N app", 1000, 100, "/home/app"),
        (DEBIAN, "adduser --system --group --uid 300 app", 300, 300, "/home/app"),
        (DEBIAN, "adduser --disabled-password --gecos '' app", 1000, 1000, "/home/app"),
        (DEBIAN, "adduser --system app", 100, 65534, "/home/app"),
        (ALPINE, "adduser -D app", 1000, 1000, "/home/app"),
        (ALPINE, "addgroup -g 77 -S app && adduser -S -D -H -u 76 -G app app", 76, 77, "/home/app"),
        (ALPINE, "adduser -S -h /srv app", 100, 65533, "/srv"),
    ],
)
def test_what_is_added(base, text, uid, gid, home):
    files = on(base, f"RUN {text}").image.files
    one = accounts(files)["app"]
    assert (one.uid, one.gid, one.home) == (uid, gid, home)
    assert gid in groups(files).values()


@each_row(
    ("base", "text", "words"),
    [
        (DEBIAN, "useradd nobody", "already exists"),
        (DEBIAN, "useradd -u 0 app", "not unique"),
        (DEBIAN, "useradd -g none app", "does not exist"),
        (DEBIAN, "groupadd app && useradd app", "use -g"),
        (DEBIAN, "groupadd -g 33 app", "already exists"),
        (DEBIAN, "adduser app", "nobody answers"),
        (ALPINE, "useradd app", "not found"),
        (ALPINE, "adduser app", "use -D"),
        (ALPINE, "adduser -D -G none app", "unknown group"),
        (ALPINE, "adduser -D nobody", "in use"),
    ],
)
def test_what_fails(base, text, words):
    assert words in stops(f"FROM {base}\nRUN {text}").why


def test_groups_of_others():
    files = on(ALPINE, "RUN adduser -D app && addgroup app users && adduser app daemon").image.files
    text = files.known["/etc/group"]
    assert text is not None
    assert text.content is not None
    assert "users:x:100:app\n" in text.content
    assert "daemon:x:2:app\n" in text.content


def test_what_is_not_judged():
    for text in ("useradd -D", "useradd -G none app", "useradd -u x app"):
        with pytest.raises(NotJudged):
            on(DEBIAN, f"RUN {text}")
