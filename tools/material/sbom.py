"""Bills of materials of images, in both formats that are common: SPDX 2.3 and CycloneDX 1.6, as JSON.

The forms are those of https://spdx.github.io/spdx-spec/v2.3/ and https://cyclonedx.org/docs/1.6/json/. The
packages of an image are invented, apart from those that a card is about.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from random import Random

import msgspec

_CREATED = "2026-11-02T18:00:00Z"
_NAMES = (
    "alpine-baselayout apk-tools bash brotli-libs busybox c-ares ca-certificates curl libcurl expat freetype"
    " gdbm icu json-c krb5-libs libbz2 libcap libffi libgcc libidn2 libpng libpsl libstdc++ libunistring"
    " libxml2 libxslt musl ncurses nghttp2-libs oniguruma openssl pcre2 readline scanelf sqlite-libs"
    " ssl_client tzdata zlib zstd-libs"
).split()


class Package(msgspec.Struct, frozen=True):
    """One package: its ecosystem as package URLs name it (`apk/alpine`, `npm`, `maven`), name and version."""

    kind: str
    name: str
    version: str
    comment: str = ""

    @property
    def url(self) -> str:
        """The package URL; those of distributions say which and for what machine, as tools write them."""
        name = self.name.replace("@", "%40").replace(":", "/")
        rest = "?arch=x86_64&distro=alpine-3.22.2" if self.kind == "apk/alpine" else ""
        return f"pkg:{self.kind}/{name}@{self.version}{rest}"


def usual(image: str, count: int, avoid: Sequence[str] = ()) -> list[Package]:
    """So many packages of a distribution, the same for the same image."""
    rng = Random(f"sbom {image}")  # noqa: S311 - made to be repeatable
    names = [name for name in _NAMES if name not in avoid]
    return [Package("apk/alpine", name, _version(rng)) for name in sorted(rng.sample(names, count))]


def _version(rng: Random) -> str:
    return f"{rng.randrange(1, 9)}.{rng.randrange(30)}.{rng.randrange(9)}-r{rng.randrange(4)}"


def spdx(image: str, packages: Sequence[Package]) -> str:
    """The SPDX document of an image."""
    rows: list[dict[str, object]] = [
        {
            "SPDXID": "SPDXRef-Image",
            "name": image.rpartition(":")[0],
            "versionInfo": image.rpartition(":")[2],
            "primaryPackagePurpose": "CONTAINER",
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
        }
    ]
    for number, one in enumerate(packages, 1):
        row: dict[str, object] = {
            "SPDXID": f"SPDXRef-Package-{number}",
            "name": one.name,
            "versionInfo": one.version,
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": one.url,
                }
            ],
        }
        rows.append(row | ({"comment": one.comment} if one.comment else {}))
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": image,
        "documentNamespace": f"https://registry.example.com/sbom/{image}",
        "creationInfo": {"created": _CREATED, "creators": ["Tool: bom"]},
        "packages": rows,
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": "SPDXRef-Image",
            },
            *(
                {
                    "spdxElementId": "SPDXRef-Image",
                    "relationshipType": "CONTAINS",
                    "relatedSpdxElement": row["SPDXID"],
                }
                for row in rows[1:]
            ),
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def cyclonedx(image: str, packages: Sequence[Package]) -> str:
    """The CycloneDX document of an image."""
    components = [
        {"type": "library", "bom-ref": one.url, "name": one.name, "version": one.version, "purl": one.url}
        | ({"description": one.comment} if one.comment else {})
        for one in packages
    ]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, image)}",
        "version": 1,
        "metadata": {"timestamp": _CREATED, "component": {"type": "container", "name": image}},
        "components": components,
    }
    return json.dumps(document, indent=2) + "\n"
