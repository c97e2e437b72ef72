"""Tests of `simulate.images.given`: the block of a card."""

from __future__ import annotations

import msgspec
import pytest

from tests.simulate.images.sample import BUILD
from trainer.simulate.images.given import BuildGiven


def test_defaults():
    given = msgspec.convert({"bases": {}, "context": {}}, BuildGiven)
    assert (given.file, given.bases_file, given.context_folder) == ("Dockerfile", "bases.txt", "context")


def test_unknown_fields():
    with pytest.raises(msgspec.ValidationError, match="secret"):
        msgspec.convert({**BUILD, "secret": {}}, BuildGiven)
