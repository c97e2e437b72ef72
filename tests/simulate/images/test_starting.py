"""Tests of `simulate.images.starting`: what a container runs."""

from __future__ import annotations

from tests.simulate.images.sample import built, on
from tests.table import each_row
from trainer.simulate.images.starting import readable, script_of, start

ALPINE, STATIC = "alpine:3.20", "gcr.io/distroless/static"


@each_row(
    ("base", "text"),
    [
        (STATIC, 'COPY bin/shop /shop\nENTRYPOINT ["/shop"]'),
        (STATIC, 'COPY bin/shop /usr/bin/\nUSER 5\nCMD ["shop", "-v"]'),
        (ALPINE, "COPY bin/shop /bin/\nCMD shop"),
        (ALPINE, "COPY bin/shop /bin/\nCMD exec shop --x"),
        (ALPINE, 'COPY bin/shop run.sh /bin/\nENTRYPOINT ["run.sh"]\nCMD ["a"]'),
        (ALPINE, 'WORKDIR /w\nCOPY bin/shop .\nENTRYPOINT ["./shop"]'),
        ("debian:12-slim", 'COPY bin/glibc /a\nENTRYPOINT ["/a"]'),
        (
            "debian:12-slim",
            'RUN apt-get update && apt-get install -y tini\nCOPY bin/shop /a\nENTRYPOINT ["tini", "--", "/a"]',
        ),
        ("registry.example/trigger:1", 'COPY bin/shop /bin/\nCMD ["shop"]'),
    ],
)
def test_what_starts(base, text):
    assert start(on(base, text).image).program == "shop"


@each_row(
    ("base", "text", "words"),
    [
        (STATIC, "COPY bin/shop /shop", "neither ENTRYPOINT nor CMD"),
        (STATIC, "COPY bin/shop /shop\nCMD /shop", "/bin/sh: not found"),
        (STATIC, 'COPY bin/glibc /shop\nCMD ["/shop"]', "loader"),
        (STATIC, 'COPY bin/shop /shop\nCMD ["shop"]', "shop: not found"),
        (STATIC, 'COPY run.sh /run.sh\nCMD ["/run.sh"]', "interpreter"),
        (STATIC, 'COPY bin/shop /shop\nUSER jane\nCMD ["/shop"]', "unable to find user jane"),
        (STATIC, 'COPY --chmod=700 bin/shop /shop\nUSER 5\nCMD ["/shop"]', "Permission denied"),
        (ALPINE, 'COPY --chmod=644 bin/shop /shop\nCMD ["/shop"]', "Permission denied"),
        (
            ALPINE,
            'RUN mkdir -p /a && chmod 700 /a\nCOPY bin/shop /a/\nUSER 5\nCMD ["/a/shop"]',
            "Permission denied",
        ),
        (ALPINE, "COPY bin/shop /shop\nCMD ['/shop']", "not found"),
        (ALPINE, "CMD echo hello", "ends at once with code 0"),
        (ALPINE, 'CMD ["sh"]', "ends at once"),
    ],
)
def test_what_does_not_start(base, text, words):
    assert words in start(on(base, text).image).trouble


def test_scripts_of_interpreters():
    image = built(
        "FROM alpine:3.20\nWORKDIR /srv\nCOPY app.py .\nCOPY bin/shop /bin/python\n"
        'USER 9\nCMD ["python", "-u", "app.py", "x"]'
    ).image
    started = start(image)
    assert script_of(image, started) == "/srv/app.py"
    assert readable(image.files, "/srv/app.py", started.who)
    assert not readable(image.files, "/root/x", started.who)
