"""The SBOM and the advisory of card `sbom-advisory`.

The advisory has the form of https://ossf.github.io/osv-schema/ (1.7), with the affected versions listed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from tools.material.sbom import Package, spdx, usual

_IMAGE = "registry.example.com/shop/checkout:6.2.0"

_PACKAGES = (
    # affected
    Package("npm", "colorkit", "2.4.1"),
    Package("npm", "@acme/http-retry", "1.0.9"),
    Package("pypi", "tracelib", "0.8.2"),
    Package("maven", "com.example.json:json-bind", "4.2.0"),
    Package("npm", "left-align", "3.0.0"),
    # affected in another version
    Package("npm", "colorkit-extra", "2.4.1"),
    Package("npm", "deepmerge-lite", "1.3.10"),
    Package("pypi", "yamlite", "2.1.0"),
    Package("npm", "left-align", "2.9.9"),
    # affected in another ecosystem
    Package("pypi", "http-retry", "1.0.9"),
    Package("npm", "tracelib", "0.8.2"),
    Package("maven", "org.example.json:json-bind", "4.2.0"),
)
_AFFECTED: tuple[tuple[str, str, str, Sequence[str]], ...] = (
    ("npm", "colorkit", "EX-2026-101", ("2.4.0", "2.4.1", "2.5.0")),
    ("npm", "@acme/http-retry", "EX-2026-101", ("1.0.7", "1.0.8", "1.0.9")),
    ("PyPI", "tracelib", "EX-2026-102", ("0.8.0", "0.8.1", "0.8.2")),
    ("Maven", "com.example.json:json-bind", "EX-2026-103", ("4.1.0", "4.2.0", "4.2.1")),
    ("npm", "left-align", "EX-2026-104", ("3.0.0",)),
    ("npm", "deepmerge-lite", "EX-2026-105", ("1.3.1", "1.3.2")),
    ("PyPI", "yamlite", "EX-2026-106", ("2.0.9", "2.10.0")),
    ("npm", "sockjs-lite", "EX-2026-107", ("1.1.0",)),
)


def files() -> dict[str, str]:
    """The material by name."""
    packages = sorted([*usual("checkout", 30), *_PACKAGES], key=lambda one: (one.name, one.version))
    return {"checkout.spdx.json": spdx(_IMAGE, packages), "advisory.json": _advisory()}


def _advisory() -> str:
    rows = [
        {
            "package": {
                "ecosystem": system,
                "name": name,
                "purl": Package(system.lower(), name, "").url[:-1],
            },
            "versions": list(versions),
            "database_specific": {"source": identifier},
        }
        for system, name, identifier, versions in _AFFECTED
    ]
    document = {
        "schema_version": "1.7.0",
        "id": "EX-2026-100",
        "modified": "2026-11-02T20:00:00Z",
        "summary": "Packages whose listed versions send environment variables to a foreign host",
        "affected": rows,
    }
    return json.dumps(document, indent=2) + "\n"
