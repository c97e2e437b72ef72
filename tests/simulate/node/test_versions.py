"""Tests of `simulate.node.versions`."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.node.versions import Release, release, version_of


def test_releases_are_compared_by_number():
    assert release("v1.9.10") > release("1.9.9")
    assert str(release("1.35.1-1.1")) == "v1.35.1"
    assert release("v1.35.1") == Release(1, 35, 1)


@each_row("text", ["", "1.9", "v1.35.0-rc.1", "stable"])
def test_what_is_no_release(text):
    assert release(text) is None


def test_packages():
    assert version_of("1.35.1-1.1") == "v1.35.1"
    assert version_of("") == ""
    with pytest.raises(NotJudged):
        version_of("2:3")
