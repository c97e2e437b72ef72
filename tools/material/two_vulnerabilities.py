"""The Trivy reports of card `trivy-clean`: which images have neither of two vulnerabilities."""

from __future__ import annotations

from tools.material.trivy import Found, report

_HOST = "registry.example.com"
_SYSTEM = "CVE-2026-4417"
_APP = "CVE-2026-10588"

_REPORTS = {
    # with one of them, in a package of the distribution or of the application
    "api": (f"{_HOST}/shop/api:2.3.0", [Found("libarchive13", "HIGH", "3.6.2-1", number=_SYSTEM)]),
    "mail": (f"{_HOST}/shop/mail:1.3.3", [Found("tar-fs", "HIGH", "3.0.9", in_app=True, number=_APP)]),
    # with both
    "worker": (
        f"{_HOST}/shop/worker:1.8.2",
        [
            Found("libarchive13", "HIGH", "3.6.2-1", number=_SYSTEM),
            Found("tar-fs", "HIGH", "3.0.9", in_app=True, number=_APP),
        ],
    ),
    # rated low, and nothing fixes it
    "site": (f"{_HOST}/web/site:5.0.1", [Found("libarchive13", "LOW", number=_SYSTEM)]),
    # neither: worse ones, longer numbers, and words about them
    "cart": (
        f"{_HOST}/shop/cart:2.0.1",
        [Found("openssl", "CRITICAL", "3.0.17"), Found("libarchive13", "HIGH", number="CVE-2026-44170")],
    ),
    "cart-1.9": (
        f"{_HOST}/shop/cart:1.9.7",
        [Found("libarchive13", "HIGH", title=f"libarchive: incomplete fix of {_SYSTEM}")],
    ),
    "search": (
        f"{_HOST}/web/search:4.4.0",
        [Found("tar-fs", "HIGH", "3.1.0", in_app=True, number="CVE-2025-10588")],
    ),
    "redis": ("redis:7.4.1", [Found("gosu", "MEDIUM", "1.18", in_app=True, number="CVE-2026-105880")]),
}


def files() -> dict[str, str]:
    """The material by name."""
    return {f"reports/{name}.json": report(image, found, 12) for name, (image, found) in _REPORTS.items()}
