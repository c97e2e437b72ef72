"""The SBOMs of card `sbom-find-package`, in both formats."""

from __future__ import annotations

from tools.material.sbom import Package, cyclonedx, spdx, usual

_BAD = "5.6.1-r0"
_BUILT = "built on an image with xz-libs 5.6.1-r0, removed in the last stage"


def _xz(version: str, name: str = "xz-libs", comment: str = "") -> Package:
    return Package("apk/alpine", name, version, comment)


def files() -> dict[str, str]:
    """The material by name."""
    host = "registry.example.com"
    return {
        # with the package in this version
        "sboms/gateway.spdx.json": spdx(f"{host}/edge/gateway:3.1.0", _in("gateway", _xz(_BAD))),
        "sboms/report.cdx.json": cyclonedx(f"{host}/batch/report:0.9.4", _in("report", _xz(_BAD))),
        "sboms/auth.spdx.json": spdx(
            f"{host}/shop/auth:1.12.0", _in("auth", _xz(_BAD), _xz("5.6.2-r0", "xz"))
        ),
        # another version: older, of a later package, with a longer number
        "sboms/auth-1.11.spdx.json": spdx(f"{host}/shop/auth:1.11.3", _in("auth", _xz("5.4.6-r0"))),
        "sboms/cart.cdx.json": cyclonedx(f"{host}/shop/cart:2.0.1", _in("cart", _xz("5.6.1-r2"))),
        "sboms/search.spdx.json": spdx(f"{host}/shop/search:4.4.0", _in("search", _xz("15.6.1-r0"))),
        # another package in this version, and words about it
        "sboms/mail.cdx.json": cyclonedx(f"{host}/shop/mail:1.3.3", _in("mail", _xz(_BAD, "xz-doc"))),
        "sboms/site.spdx.json": spdx(
            f"{host}/web/site:5.0.1", _in("site", Package("npm", "site", "5.0.1", _BUILT), _xz("5.6.2-r0"))
        ),
    }


def _in(image: str, *packages: Package) -> list[Package]:
    everything = [*usual(image, 22), *packages]
    return sorted(everything, key=lambda one: one.name)
