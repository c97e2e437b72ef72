"""What tests of defaults share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.versions import DEFAULT


@pytest.fixture
def defaulted(manifest_of: Callable[[str], Manifest]) -> Callable[[str], dict[str, Any]]:
    """The data of a YAML text as the API server would hold it."""

    def make(text: str) -> dict[str, Any]:
        return with_defaults(manifest_of(text), DEFAULT).data

    return make
