"""Tests of `simulate.images.build`: stages, arguments before FROM, and what the last stage needs."""

from __future__ import annotations

import pytest

from tests.simulate.images.sample import DIGEST, built, content, stops
from tests.table import each_row
from trainer.errors import NotJudged


def test_only_needed_stages_are_built():
    image = built(
        "FROM alpine:3.20 AS a\nRUN echo a > /a\n"
        "FROM nowhere.example/missing-is-fine AS unused\nRUN frobnicate\n"
        "FROM a AS b\nRUN echo b > /b\n"
        "FROM scratch\nCOPY --from=b /a /b /x/\nCOPY --from=0 /a /y"
    )
    assert [stage.name for stage in image.stages] == ["a", "b", "stage-3"]
    assert (content(image, "/x/a"), content(image, "/x/b"), content(image, "/y")) == ("a\n", "b\n", "a\n")


def test_a_stage_named_like_an_image_hides_it():
    image = built("FROM scratch AS debian\nFROM debian\nCOPY app.py /")
    assert image.image.base is None
    assert content(image, "/app.py") is not None


def test_files_of_an_image_without_a_stage():
    image = built("FROM scratch\nCOPY --from=gcr.io/distroless/static /etc/ssl/ca.crt /c/\n")
    assert content(image, "/c/ca.crt") == "certificates\n"


def test_arguments_before_from():
    text = f"ARG BASE=debian\nARG TAG=12-slim@{DIGEST['debian']}\nFROM ${{BASE}}:$TAG\n"
    base = built(text).image.base
    assert base is not None
    assert (base.reference, base.pinned) == ("debian:12-slim", True)
    # They are unknown in stages that don't name them.
    image = built('ARG A=1\nARG B=2\nFROM alpine:3.20\nARG B\nRUN echo "$A-$B" > /x')
    assert content(image, "/x") == "-2\n"
    # --build-arg wins; without ARG it counts nowhere.
    image = built('FROM alpine:3.20\nRUN echo "[$VERSION]" > /a\nARG VERSION=1\nRUN echo $VERSION > /b')
    assert (content(image, "/a"), content(image, "/b")) == ("[]\n", "7\n")


@each_row(
    ("text", "line", "words"),
    [
        ("RUN x\nFROM alpine:3.20", 1, "before the first FROM"),
        ("ARG A", 1, "no FROM"),
        ("ARG A\nFROM $A", 2, "empty"),
        ("FROM alpin:3.20", 1, "Did you mean alpine:3.20"),
        ("FROM alpine", 1, "alpine:3.20"),
        ("FROM alpine:3.19", 1, "no tag"),
        (f"FROM alpine:3.20@{DIGEST['debian']}", 1, "digest of debian:12-slim"),
        ("FROM alpine@sha256:1", 1, "not an image reference"),
        ("FROM scratch\nCOPY --from=2 a b", 2, "no stage 2"),
        ("FROM scratch\nCOPY --from=later a b\nFROM scratch AS later", 2, "above it"),
        ("FROM scratch AS x\nCOPY --from=x a b", 2, "above it"),
        ("ARG N=x\nFROM scratch AS x\nFROM scratch\nCOPY --from=$N a b", 4, "no variables"),
        ("FROM scratch\nCOPY --from=alpine:3.2 /a b", 2, "no tag"),
    ],
)
def test_where_the_build_stops(text, line, words):
    error = stops(text)
    assert error.line == line
    assert words in error.why


def test_what_is_not_judged_has_its_line():
    for text, line in (
        ("FROM --platform=linux/arm64 alpine:3.20", 1),
        ("FROM alpine:3.20\nRUN true\nRUN tar -x", 3),
        ("FROM alpine:3.20\nRUN apk add --no-cache zstd", 2),
    ):
        with pytest.raises(NotJudged) as caught:
            built(text)
        assert caught.value.location is not None
        assert caught.value.location.line == line


def test_platform_of_the_builder():
    assert built("FROM --platform=$BUILDPLATFORM alpine:3.20\nARG TARGETARCH\nRUN echo $TARGETARCH > /x")


def test_triggers_of_a_base_and_of_a_stage():
    image = built("FROM registry.example/trigger:1\nRUN test -f /srv/app.py && test -f /triggered")
    assert content(image, "/triggered") == ""
    image = built(
        "FROM alpine:3.20 AS a\nONBUILD RUN echo x > /x\nFROM a AS b\nFROM b\nRUN test -f /x && rm /x"
    )
    assert content(image, "/x") is None


def test_limits():
    with pytest.raises(NotJudged):
        built("FROM scratch\n" * 31)
    with pytest.raises(NotJudged):
        built("FROM scratch\n" + "LABEL a=b\n" * 401)
