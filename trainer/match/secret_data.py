"""How a value in the `data` of a Secret differs from the required one, in words that don't show either.

Kubernetes stores the bytes as they are, a line break at the end included:
https://kubernetes.io/docs/concepts/configuration/secret/ (v1.35).
"""

from __future__ import annotations

import base64
import binascii

from trainer.match.view import View


def is_secret_data(view: View) -> bool:
    """Whether a value is one of a Secret's `data`."""
    return view.manifest.kind == "Secret" and len(view.path) == 2 and view.path[0] == "data"


def difference(required: object, written: object) -> str:
    """What is wrong with a value in base64, to continue a sentence about it."""
    wanted, found = _bytes(required), _bytes(written)
    if wanted and found:
        if found.rstrip(b"\r\n") == wanted:
            return "ends with a line break, the required value doesn't (`echo` adds one, `echo -n` doesn't)"
        if found == wanted.rstrip(b"\r\n"):
            return "lacks the line break at the end of the required value"
        if found.strip() == base64.b64encode(wanted):
            return "is encoded in base64 twice; text under `stringData` isn't encoded at all"
        if found.strip(b" \t\r\n\"'") == wanted.strip():
            return "has blanks or quotes around the required value"
    return "is not the required value"


def _bytes(value: object) -> bytes:
    """The decoded bytes; empty if it isn't base64."""
    try:
        return base64.b64decode(value) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        return b""
