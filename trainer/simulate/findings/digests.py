"""Files of the material with their checksums, as `sha256sum` and `sha512sum` print them."""

from __future__ import annotations

import hashlib
import posixpath
from typing import Any


def with_digests(file: str, text: str) -> dict[str, Any]:
    """The `name`, the `path`, the size in `bytes`, and the `sha256` and `sha512` of a file."""
    data = text.encode()
    return {
        "name": posixpath.basename(file),
        "path": file,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "sha512": hashlib.sha512(data).hexdigest(),
    }
