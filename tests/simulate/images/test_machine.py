"""Tests of `simulate.images.machine`: how programs are found, and who may run them."""

from __future__ import annotations

from tests.simulate.images.sample import GIVEN, content, on, stops
from trainer.simulate.images.bases import files_of, find_base
from trainer.simulate.images.machine import find_program


def test_programs():
    files = files_of(find_base(GIVEN, "alpine:3.20"), GIVEN)
    path = "/usr/local/bin:/bin:/sbin:relative"
    found = {
        name: find_program(files, name, path, "/bin")
        for name in ("sh", "apk", "bash", "./sh", "/sbin/apk", "/etc")
    }
    assert found == {
        "sh": "/bin/sh",
        "apk": "/sbin/apk",
        "bash": None,
        "./sh": "/bin/./sh",
        "/sbin/apk": "/sbin/apk",
        "/etc": None,
    }


def test_scripts_and_binaries():
    image = on(
        "debian:12-slim",
        "COPY run.sh /usr/local/bin/run\nCOPY app.py /plain.sh\nRUN chmod +x /plain.sh\n"
        "RUN printf '#!/bin/sh\\necho \"$0 $1\" > /x\\n' > /s && chmod 755 /s && /s a",
    )
    assert content(image, "/x") == "/s a\n"
    # The mode of a file counts, and a loader that is missing.
    assert "Permission denied" in stops("FROM alpine:3.20\nCOPY app.py /a\nRUN /a").why
    assert "loader /lib64/ld-linux" in stops("FROM alpine:3.20\nCOPY --chmod=755 bin/glibc /a\nRUN /a").why
    assert "interpreter" in stops("FROM alpine:3.20\nRUN printf '#!/bin/bash\\n' > /a; chmod 755 /a; /a").why
    assert "it is a directory" in stops("FROM alpine:3.20\nRUN /etc").why


def test_busybox():
    image = on("alpine:3.20", "RUN busybox touch /a && /bin/busybox sh -c 'echo x > /b'")
    assert (content(image, "/a"), content(image, "/b")) == ("", "x\n")
    # Without it, its links lead nowhere.
    assert "doesn't exist" in stops("FROM alpine:3.20\nRUN rm /bin/busybox\nRUN true").why


def test_users():
    image = on("debian:12-slim", "USER 1000\nRUN touch /tmp/x && mkdir /tmp/d && id -u > /tmp/id")
    assert content(image, "/tmp/id") == "1000\n"  # noqa: S108 - of the image
    assert image.image.files.owners["/tmp/d"] == (1000, 0, 0o755)  # noqa: S108
    assert "Permission denied" in stops("FROM debian:12-slim\nUSER 1000\nRUN cat /root/x > /y").why
    assert "isn't root" in stops("FROM debian:12-slim\nUSER 1000\nRUN useradd x").why
