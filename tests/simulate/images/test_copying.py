"""Tests of `simulate.images.copying`, apart from what `test_stage` does."""

from __future__ import annotations

import pytest

from tests.simulate.images.sample import content, on
from trainer.simulate.images.copying import Missing, checked, is_archive, owner_of
from trainer.simulate.images.files import ImageFiles


def test_owners():
    files = ImageFiles()
    assert owner_of(files, "") is None
    assert owner_of(files, "5") == (5, 5)
    assert owner_of(files, "5:6") == (5, 6)
    with pytest.raises(Missing):
        owner_of(files, "jane")


def test_checksums():
    good = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    checked("https://x", "test", good)
    checked("https://x", "test", "")
    for text, checksum in (("other", good), ("test", "md5:1")):
        with pytest.raises(Missing):
            checked("https://x", text, checksum)
    assert is_archive("a.tar.gz")
    assert not is_archive("a.go")


def test_links_are_followed():
    image = on("alpine:3.20", "RUN ln -s /etc/passwd /link\nCOPY --from=alpine:3.20 /bin/sh /shell")
    assert content(image, "/shell") is not None
    assert image.image.files.known["/shell"] is not None
