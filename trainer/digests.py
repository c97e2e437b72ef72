"""SHA-256 of a few bytes, without the library that `hashlib` loads: that takes longer than the digest."""

from __future__ import annotations

import sys
from importlib import import_module


def sha256(data: bytes) -> bytes:
    """The digest, by the interpreter's own module if it has one, as `random` takes it; else by `hashlib`."""
    module = "_sha2" if sys.version_info >= (3, 12) else "_sha256"
    try:
        found = import_module(module)
    except ImportError:
        found = import_module("hashlib")
    digest: bytes = found.sha256(data).digest()
    return digest
