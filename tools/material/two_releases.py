"""The SBOMs of card `sbom-compare`: two releases of one image."""

from __future__ import annotations

import json
from random import Random

from tools.material.sbom import Package, spdx, usual

_IMAGE = "registry.example.com/web/site"

_NEW = (
    Package("apk/alpine", "socat", "1.8.0.3-r1"),
    Package("npm", "event-pipe", "3.3.6"),
    Package("npm", "left-align-more", "1.0.0"),
)
_GONE = (
    Package("apk/alpine", "nettle", "3.10.1-r0"),
    Package("npm", "yargs-lite", "17.7.2"),
)
_OLD_VERSIONS = (
    Package("apk/alpine", "libssh2", "1.11.1-r0"),
    Package("npm", "left-align", "2.9.9"),
    Package("npm", "queue-lite", "4.10.0"),
)
_NEW_VERSIONS = (
    Package("apk/alpine", "libssh2", "1.11.1-r1"),
    Package("npm", "left-align", "3.0.0"),
    # an older version than before
    Package("npm", "queue-lite", "4.9.1"),
)
_WORDS = "replaces nettle 3.10.1-r0 and yargs-lite"
_SAME = (Package("npm", "parse-flags", "1.2.0", _WORDS), Package("npm", "site", "5.0.1"))


def files() -> dict[str, str]:
    """The material by name. The packages of the two files aren't in the same order."""
    base = usual("site", 28)
    before = [*base, *_GONE, *_OLD_VERSIONS, *_SAME]
    after = [*base, *_NEW, *_NEW_VERSIONS, *_SAME]
    Random("two releases").shuffle(after)  # noqa: S311 - made to be repeatable
    return {
        "site-5.0.spdx.json": spdx(f"{_IMAGE}:5.0.1", sorted(before, key=lambda one: one.name)),
        "site-5.1.spdx.json": _later(spdx(f"{_IMAGE}:5.1.0", after)),
    }


def _later(text: str) -> str:
    """The document of the second release, made a month later by another version of the tool."""
    document = json.loads(text)
    document["creationInfo"] = {"created": "2026-12-02T18:00:00Z", "creators": ["Tool: bom-v0.7.1"]}
    return json.dumps(document, indent=2) + "\n"
