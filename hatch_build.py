"""What building a wheel adds: the index of the built-in cards, so that the first listing reads none of them.

An editable install gets none: the cards of a checkout change, and their index is kept in the cache folder.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexHook(BuildHookInterface):
    """Makes the index and puts it beside the packaged cards."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the wheel is put together. Raises `CardError` where a card is broken."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from trainer.content.listing import index_to_ship
        from trainer.content.locate import pack_at

        self.folder = tempfile.TemporaryDirectory(prefix="cks-trainer-")
        index = Path(self.folder.name, "cards.index")
        index.write_bytes(index_to_ship(pack_at(Path(self.root))))
        build_data["force_include"][str(index)] = "trainer/_content/cards.index"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Called when the wheel is made."""
        if version != "editable":
            self.folder.cleanup()
