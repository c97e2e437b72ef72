"""Tests of `simulate.images.accounts`: who a user is."""

from __future__ import annotations

import pytest

from tests.simulate.images.sample import GIVEN, built, on
from trainer.simulate.images.accounts import NoUser, accounts, groups, identity, members
from trainer.simulate.images.bases import files_of, find_base


def test_who_a_user_is():
    image = on(
        "debian:12-slim",
        "RUN groupadd -g 50 g && useradd -u 10 -g g -G www-data u && echo 'v:x:11:12::/v:/bin/sh' >> /etc/passwd",
    )
    files = image.image.files
    found = {
        text: identity(files, text) for text in ("", "0", "root", "u", "10", "u:33", "v", "99", "99:g", "u:")
    }
    ids = {text: (one.uid, one.gid, one.home) for text, one in found.items()}
    assert ids == {
        "": (0, 0, "/root"),
        "0": (0, 0, "/root"),
        "root": (0, 0, "/root"),
        "u": (10, 50, "/home/u"),
        "10": (10, 50, "/home/u"),
        "u:33": (10, 33, "/home/u"),
        "v": (11, 12, "/v"),
        "99": (99, 0, "/"),
        "99:g": (99, 50, "/"),
        "u:": (10, 50, "/home/u"),
    }
    assert found["u"].groups == {50, 33}
    assert members(files, "u") == {33}
    for text in ("jane", "u:jane"):
        with pytest.raises(NoUser):
            identity(files, text)


def test_accounts_of_bases():
    files = files_of(find_base(GIVEN, "gcr.io/distroless/static"), GIVEN)
    assert {name: one.uid for name, one in accounts(files).items()} == {
        "root": 0,
        "nobody": 65534,
        "nonroot": 65532,
    }
    assert groups(files)["nonroot"] == 65532
    scratch = built("FROM scratch\nCOPY app.py /").image.files
    assert (accounts(scratch), groups(scratch)) == ({}, {})
    assert identity(scratch, "5").uid == 5
