"""Tests of `simulate.images.packages`: what is installed, and what is left behind."""

from __future__ import annotations

import pytest

from tests.simulate.images.sample import content, on, stops
from tests.table import each_row
from trainer.errors import NotJudged

DEBIAN, ALPINE = "debian:12-slim", "alpine:3.20"


def installed(base, text):
    return set(on(base, f"RUN {text}").image.installed.names)


def left(base, text):
    """The lists of packages in the last layer."""
    layer = on(base, text).image.layers[-1]
    return {path.rpartition("/")[0] for path, file in layer.files.items() if file and "/var/" in path}


def test_apt():
    both = {"curl", "ca-certificates"}
    assert installed(DEBIAN, "apt-get update && apt-get install -y --no-install-recommends curl") == both
    assert (
        installed(DEBIAN, "apt update -qq && DEBIAN_FRONTEND=noninteractive apt install -yq curl bash")
        == both
    )
    assert installed(DEBIAN, "apt-get update && apt-get install -y curl && apt-get purge -y curl") == {
        "ca-certificates"
    }
    assert (
        installed(DEBIAN, "apt-get update && apt-get install -y curl && apt-get purge -y --auto-remove curl")
        == set()
    )
    assert (
        installed(DEBIAN, "apt-get update && apt-get install -y curl && apt-get remove -y ca-certificates")
        == set()
    )
    image = on(
        DEBIAN, "RUN apt-get update && apt-get install -y curl && curl -fsSL -o /t https://get.example/tool"
    )
    assert content(image, "/t") is not None


def test_what_apt_leaves():
    lists = {"/var/lib/apt/lists"}
    install = "RUN apt-get update && apt-get install -y curl"
    assert left(DEBIAN, install) == lists
    assert left(DEBIAN, f"{install} && apt-get clean") == lists
    assert left(DEBIAN, f"{install} && rm -rf /var/lib/apt/lists/*") == set()
    assert left(DEBIAN, f"{install} && rm -rf /var/lib/apt/lists && apt-get distclean") == set()
    assert left(DEBIAN, f"RUN --mount=type=cache,target=/var/lib/apt/lists {install[4:]}") == set()


def test_apk():
    both = {"curl", "ca-certificates"}
    assert installed(ALPINE, "apk add --no-cache curl") == both
    assert installed(ALPINE, "apk --no-cache add curl=8.5-r0") == both
    assert installed(ALPINE, "apk add --no-cache -t .deps curl gcc && apk del .deps") == set()
    assert installed(
        ALPINE, "apk add --no-cache ca-certificates && apk add --no-cache --virtual .d curl && apk del .d"
    ) == {"ca-certificates"}
    assert left(ALPINE, "RUN apk add --no-cache curl") == set()
    assert left(ALPINE, "RUN apk add --update curl") == {"/var/cache/apk"}
    assert left(ALPINE, "RUN apk update && apk add curl && rm -rf /var/cache/apk/*") == set()


@each_row(
    ("base", "text", "words"),
    [
        (DEBIAN, "apt-get install -y curl", "run apt-get update"),
        (DEBIAN, "apt-get update && apt-get install curl", "Use -y"),
        (
            DEBIAN,
            "apt-get update && rm -rf /var/lib/apt/lists/* && apt-get install -y curl",
            "apt-get update",
        ),
        (ALPINE, "apk add curl", "no index"),
        (ALPINE, "apk", "no command"),
        (DEBIAN, "apt-get update && apt-get instal -y curl", "Invalid operation instal"),
        (ALPINE, "apk install curl", "isn't one of its commands"),
    ],
)
def test_what_fails(base, text, words):
    assert words in stops(f"FROM {base}\nRUN {text}").why


@each_row(
    ("base", "text"),
    [
        (DEBIAN, "apt-get update && apt-get install -y emacs"),
        (DEBIAN, "apt-get purge -y emacs"),
        (DEBIAN, "apt-get purge -y bash"),
        (DEBIAN, "apt-get source curl"),
        (DEBIAN, "apt-get update --magic"),
        (ALPINE, "apk add --no-cache tini"),
        (ALPINE, "apk fix"),
    ],
)
def test_what_is_not_judged(base, text):
    with pytest.raises(NotJudged):
        on(base, f"RUN {text}")
