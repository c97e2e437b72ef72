"""Tests of `simulate.images.folders`: owners and modes of directories, and copies of them."""

from __future__ import annotations

import pytest

from tests.simulate.images.sample import built, content, mode, on, stops
from trainer.errors import NotJudged


def test_owners_and_modes():
    image = on(
        "debian:12-slim",
        "COPY src /s\nRUN mkdir /d && chown 1000:2000 /d && chmod 0750 /d\n"
        "RUN chown -R nobody /s && chmod -R o-rx /s && chgrp 5 /s/main.go",
    )
    assert mode(image, "/d") == (1000, 2000, 0o750)
    assert (mode(image, "/s"), mode(image, "/s/lib")) == ((65534, 0, 0o750), (65534, 0, 0o750))
    assert mode(image, "/s/main.go") == (65534, 5, 0o640)


def test_copies_and_moves():
    image = on(
        "debian:12-slim",
        "COPY src /s\nRUN cp -r /s /new && mkdir /in && cp -a /s /in && cp -r /s/. /in && mv /s /moved",
    )
    assert all(content(image, f"{path}/lib/a.txt") == "a\n" for path in ("/new", "/in/s", "/in", "/moved"))
    assert content(image, "/s/main.go") is None
    assert not image.image.files.is_folder("/s")
    assert "is a directory" in stops("FROM debian:12-slim\nRUN cp /etc /x").why
    assert "into itself" in stops("FROM debian:12-slim\nCOPY src /s\nRUN cp -r /s /s/x").why


def test_install():
    image = on(
        "debian:12-slim", "COPY app.py /a\nRUN install -d -m 700 -o 5 /d && install -D -m 0555 /a /e/f/g"
    )
    assert (mode(image, "/d"), mode(image, "/e/f/g")) == ((5, 0, 0o700), (0, 0, 0o555))
    image = on(
        "debian:12-slim",
        "COPY app.py /a\nRUN install -dm1777 /d && install -Dm700 --owner=5 --group 6 /a /d/b "
        "&& install /a /d/b /tmp/",
    )
    assert (mode(image, "/d"), mode(image, "/d/b")) == ((0, 0, 0o1777), (5, 6, 0o700))
    assert mode(image, "/tmp/b") == mode(image, "/tmp/a") == (0, 0, 0o755)  # noqa: S108 - of the image


def test_modes_of_new_directories():
    image = on(
        "debian:12-slim",
        "RUN mkdir -m 1777 /a && mkdir -pm0700 /b/c && mkdir --mode=0750 /d && mkdir -p -m 777 /etc /e\n"
        "RUN mkdir -p /f -m u=rwx,go=",
    )
    modes = [mode(image, path)[2] for path in ("/a", "/b", "/b/c", "/d", "/etc", "/e", "/f")]
    assert modes == [0o1777, 0o755, 0o700, 0o750, 0o755, 0o777, 0o700]


def test_who_may():
    text = "FROM debian:12-slim\nRUN mkdir /d\nUSER 7\n"
    assert "not permitted" in stops(f"{text}RUN chmod 777 /d").why
    assert "not permitted" in stops(f"{text}RUN mkdir /tmp/x && chown 8 /tmp/x").why
    assert "invalid user" in stops("FROM debian:12-slim\nRUN chown jane /tmp").why
    assert mode(built(f"{text}RUN mkdir /tmp/x && chmod 700 /tmp/x"), "/tmp/x") == (7, 0, 0o700)  # noqa: S108 - of the image


def test_what_is_not_judged():
    for text in ("install -s /a /b", "cp -rl /etc /x", "chown --from=1 2 /etc"):
        with pytest.raises(NotJudged):
            on("debian:12-slim", f"RUN {text}")
