"""Tests of `simulate.images.running`: the commands of RUN, its mounts, and where a build stops."""

from __future__ import annotations

import pytest

from tests.simulate.images.sample import DIGEST, TOKEN, built, content, on, stops
from tests.table import each_row
from trainer.errors import NotJudged


def layers(text, base="alpine:3.20"):
    return on(base, text).image.layers


def test_secrets_are_not_in_the_layer():
    for flags in ("id=token", "id=token,target=/root/.netrc", "src=token,dst=/s,mode=0444"):
        target = {"id=token": "/run/secrets/token"}.get(flags, flags.rpartition("=")[2])
        target = "/s" if "dst=/s" in flags else target
        image = on("alpine:3.20", f"RUN --mount=type=secret,{flags} grep -q {TOKEN} {target} && echo y > /x")
        assert content(image, "/x") == "y\n"
        assert list(image.image.layers[-1].files) == ["/x"]
        assert not image.image.files.is_folder("/run/secrets/token")
    image = on("alpine:3.20", 'RUN --mount=type=secret,id=token,env=T test "$T" = tk-4711 && touch /x')
    assert content(image, "/x") == ""
    # What a command copies from there is in the layer.
    image = on("alpine:3.20", "RUN --mount=type=secret,id=token cp /run/secrets/token /x")
    assert content(image, "/x") == TOKEN


def test_other_mounts():
    image = on(
        "alpine:3.20",
        "RUN --mount=target=/ctx cp /ctx/app.py /a\n"
        "RUN --mount=type=bind,source=src/lib,target=lib,rw cat /lib/a.txt > /b\n"
        "RUN --mount=type=cache,target=/var/cache/apk apk update && touch /var/cache/apk/x /c\n"
        "RUN --mount=type=tmpfs,target=/tmp echo x > /tmp/y\n"
        "RUN --mount=type=bind,from=gcr.io/distroless/static,source=/etc/ssl/ca.crt,target=/k cp /k /d",
    )
    assert [content(image, f"/{name}") for name in "abcd"] == [
        "print('hello')\n",
        "a\n",
        "",
        "certificates\n",
    ]
    assert not any(path.startswith(("/var/cache/apk", "/tmp/", "/ctx")) for path in image.image.files.live())  # noqa: S108


def test_forms_and_shells():
    image = on(
        "debian:12-slim",
        'RUN ["/bin/sh", "-c", "echo $HOME > /a"]\n'
        "RUN <<EOF\nset -e\ncd /tmp\necho x > y\nEOF\n"
        "RUN cat <<A > /c && cat <<B > /d\n1\nA\n2\nB\n"
        "RUN X=1; export Y=2; sh -c 'echo \"[$X$Y]\"' > /e\n"
        'SHELL ["/bin/bash", "-euo", "pipefail", "-c"]\n'
        "RUN [[ -f /a ]] && echo z > /f",
    )
    found = [content(image, path) for path in ("/a", "/tmp/y", "/c", "/d", "/e", "/f")]  # noqa: S108
    assert found == ["/root\n", "x\n", "1\n", "2\n", "[2]\n", "z\n"]
    # Each RUN has its own shell.
    assert content(on("alpine:3.20", 'RUN cd /tmp && A=1\nRUN echo "$PWD$A" > x'), "/x") is not None


def test_the_home_directory():
    image = on("debian:12-slim", "RUN echo x > ~/.netrc && mkdir ~/a && ls ~ > /dev/null")
    assert content(image, "/root/.netrc") == "x\n"


@each_row(
    ("text", "line", "words"),
    [
        ("RUN false", 2, "false"),
        ("RUN true && \\\n  ls /none && \\\n  true", 3, "/none doesn't exist"),
        ("RUN set -e\nRUN nothing-here --x", 3, "not found"),
        ("RUN curl https://get.example/tool", 2, "curl: not found"),
        ("USER nobody\nRUN touch /x", 3, "Permission denied"),
        ("USER nobody\nRUN apk add --no-cache curl", 3, "isn't root"),
        ("USER jane\nRUN true", 3, "no matching entries"),
        ('RUN ["echo", "a"', 2, ""),
        ("RUN", 2, "no command"),
        ("RUN --mount=type=secret,id=other,required cat /run/secrets/other", 2, "no secret"),
        ("RUN --mount=type=secret,id=other cat /run/secrets/other", 2, "doesn't exist"),
        ("RUN --mount=type=bind,source=none,target=/x true", 2, "doesn't exist"),
        ("RUN --mount=type=cache,target=/ true", 2, "target /"),
        ("RUN --mount=type=magic,target=/x true", 2, "mount type"),
        ("RUN --network=none apk update", 2, "no network"),
        ("RUN read x", 2, ""),
        ("RUN if [ -f /none ]; then", 2, ""),
    ],
)
def test_where_the_build_stops(text, line, words):
    error = stops(f"FROM alpine:3.20\n{text}")
    assert error.line == line
    assert words in error.why


def test_without_a_shell():
    error = stops(f"FROM gcr.io/distroless/static@{DIGEST['static']}\nRUN echo x")
    assert "/bin/sh doesn't exist" in error.why
    assert "exit code: 127" in error.shown
    assert "not found" in stops('FROM scratch\nRUN ["/app"]').why


def test_what_is_not_judged():
    for text in (
        "RUN --mount=type=ssh git clone x",
        "RUN --security=insecure true",
        "RUN <<X\n#!/usr/bin/perl\nX",
        "RUN sleep 1 & echo x",
    ):
        with pytest.raises(NotJudged):
            built(f"FROM debian:12-slim\n{text}")
