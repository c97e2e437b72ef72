"""What tests of manifests share."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse

Make = Callable[[str], Manifest]


@pytest.fixture
def manifest_of() -> Make:
    """Make a manifest of (indented) YAML with exactly one document."""

    def make(text: str) -> Manifest:
        [document] = parse(textwrap.dedent(text).encode(), "a.yaml").documents
        return Manifest(document.value, document)

    return make
