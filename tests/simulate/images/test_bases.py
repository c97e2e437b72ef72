"""Tests of `simulate.images.bases`: which image a reference means, and what is in it."""

from __future__ import annotations

import pytest

from tests.simulate.images.sample import DIGEST, GIVEN
from tests.table import each_row
from trainer.simulate.images.bases import NoBase, files_of, find_base, listing


def test_references():
    for reference, name, pinned in (
        ("alpine:3.20", "alpine:3.20", False),
        ("docker.io/library/alpine:3.20", "alpine:3.20", False),
        (f"alpine@{DIGEST['alpine']}", "alpine:3.20", True),
        (f"index.docker.io/library/alpine:9@{DIGEST['alpine']}", "alpine:3.20", True),
        ("gcr.io/distroless/static", "gcr.io/distroless/static:latest", False),
    ):
        base = find_base(GIVEN, reference)
        assert (base.reference, base.pinned) == (name, pinned)


@each_row(
    ("reference", "words"),
    [
        ("alpine", "no tag like this; it has alpine:3.20"),
        ("debain:12-slim", "Did you mean debian:12-slim"),
        (f"alpine@{DIGEST['static']}", "digest of gcr.io/distroless/static:latest"),
        ("evil.example/alpine:3.20", "no image evil.example/alpine:3.20"),
        ("Alpine", "not an image reference"),
    ],
)
def test_what_the_registry_does_not_have(reference, words):
    with pytest.raises(NoBase, match=words):
        find_base(GIVEN, reference)


def test_files():
    debian, alpine, static = (
        files_of(find_base(GIVEN, name), GIVEN)
        for name in ("debian:12-slim", "alpine:3.20", "gcr.io/distroless/static")
    )
    paths = ("/bin/sh", "/bin/bash", "/usr/bin/apt-get", "/sbin/apk", "/usr/sbin/useradd", "/etc/passwd")
    assert [path for path in paths if debian.at(path)] == [
        "/bin/sh",
        "/bin/bash",
        "/usr/bin/apt-get",
        "/usr/sbin/useradd",
        "/etc/passwd",
    ]
    assert [path for path in paths if alpine.at(path)] == ["/bin/sh", "/sbin/apk", "/etc/passwd"]
    assert [path for path in paths if static.at(path)] == ["/etc/passwd"]


def test_listing():
    text = listing(GIVEN)
    assert (
        f"debian:12-slim                   75 MB  root  bash, sh  apt              {DIGEST['debian']}" in text
    )
    assert "gcr.io/distroless/static:latest: /etc/ssl/ca.crt, account nonroot (65532)" in text
    assert "it runs /bin/sh -c true" in text
