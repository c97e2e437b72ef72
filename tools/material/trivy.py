"""Reports as `trivy image --format json` writes them: one document for each image.

The form is that of https://trivy.dev/latest/docs/configuration/reporting/#json (schema version 2), and the
order that of `BySeverity` (pkg/types/vulnerability.go of Trivy). Packages, vulnerabilities and versions are
invented.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec

_SYSTEM = "zlib ncurses readline expat pcre2 libxml2 sqlite curl krb5 libtasn1 gnutls tar gzip perl".split()
_APP = "express lodash axios minimist semver ws qs debug yargs jsonwebtoken multer sharp".split()
_SEVERITIES = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
_ENDS = ("overflow in parsing", "use after free", "denial of service", "path traversal", "missing check")


class Found(msgspec.Struct, frozen=True):
    """One vulnerability that a report must have."""

    package: str
    severity: str
    fixed: str = ""
    """The version with the fix; empty if no version has it."""
    in_app: bool = False
    """Whether it is in a package of the application, not of the distribution."""
    number: str = ""
    """Its identifier; empty: any."""
    title: str = ""
    """What the report says of it; empty: any words."""


def report(image: str, found: Sequence[Found], others: int) -> str:
    """The report of an image: what must be in it, among so many other vulnerabilities without importance."""
    rng = Random(f"trivy {image}")  # noqa: S311 - made to be repeatable
    system = [_entry(rng, one, app=False) for one in found if not one.in_app]
    app = [_entry(rng, one, app=True) for one in found if one.in_app]
    for _ in range(others):
        in_app = rng.random() < 0.3
        severity = rng.choice(("LOW", "LOW", "MEDIUM", "MEDIUM", "HIGH"))
        one = Found(rng.choice(_APP if in_app else _SYSTEM), severity, rng.choice(("", "9.9.9")), in_app)
        (app if in_app else system).append(_entry(rng, one, app=in_app))
    system.sort(key=_order)
    app.sort(key=_order)
    results = [
        {"Target": f"{image} (debian 12.8)", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": system},
        {"Target": "Node.js", "Class": "lang-pkgs", "Type": "node-pkg", "Vulnerabilities": app},
    ]
    document = {
        "SchemaVersion": 2,
        "CreatedAt": "2026-11-03T06:00:00Z",
        "ArtifactName": image,
        "ArtifactType": "container_image",
        "Metadata": {"OS": {"Family": "debian", "Name": "12.8"}, "RepoTags": [image]},
        "Results": results,
    }
    # As Go's encoder writes it.
    return json.dumps(document, indent=2).replace("&", "\\u0026") + "\n"


def _order(entry: dict[str, Any]) -> tuple[str, str, int, str]:
    """By package and version; of one package, the worst first."""
    severity = _SEVERITIES.index(entry["Severity"])
    return entry["PkgName"], entry["InstalledVersion"], -severity, entry["VulnerabilityID"]


def _entry(rng: Random, one: Found, *, app: bool) -> dict[str, Any]:
    version = f"{rng.randrange(1, 9)}.{rng.randrange(20)}.{rng.randrange(9)}"
    number = one.number or f"CVE-2026-{rng.randrange(20000, 60000)}"
    url = f"pkg:npm/{one.package}@{version}"
    if not app:
        url = f"pkg:deb/debian/{one.package}@{version}?arch=amd64&distro=debian-12.8"
    entry = {
        "VulnerabilityID": number,
        "PkgID": f"{one.package}@{version}",
        "PkgName": one.package,
        "PkgPath": f"app/node_modules/{one.package}/package.json" if app else "",
        "PkgIdentifier": {"PURL": url},
        "InstalledVersion": version,
        "FixedVersion": one.fixed,
        "Status": "fixed" if one.fixed else "affected",
        "SeveritySource": "ghsa" if app else "debian",
        "PrimaryURL": f"https://avd.aquasec.com/nvd/{number.lower()}",
        "Title": one.title or f"{one.package}: {rng.choice(_ENDS)} of critical data",
        "Severity": one.severity,
    }
    return {key: value for key, value in entry.items() if value}
