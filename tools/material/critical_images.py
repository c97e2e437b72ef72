"""The Trivy reports of card `trivy-scale-down`."""

from __future__ import annotations

from tools.material.trivy import Found, report

_REPORTS = {
    "api": ("registry.example.com/shop/api:2.3.0", [Found("openssl", "CRITICAL", "3.0.17")]),
    # the older image of the same repository runs nowhere
    "api-2.2": ("registry.example.com/shop/api:2.2.9", [Found("openssl", "CRITICAL", "3.0.17")]),
    "worker": (
        "registry.example.com/shop/worker:1.8.2",
        [Found("vm2", "CRITICAL", "3.9.20", in_app=True), Found("glibc", "HIGH", "2.36-9")],
    ),
    # only an init container uses it
    "busybox": ("busybox:1.36.1", [Found("busybox", "CRITICAL", "1.37.0")]),
    # critical, and nothing fixes it
    "nginx": (
        "nginx:1.27.3",
        [Found("libaom3", "CRITICAL"), Found("zlib1g", "CRITICAL"), Found("tiff", "HIGH", "4.5")],
    ),
    # fixable, and not critical
    "redis": (
        "redis:7.4.1",
        [Found("openssl", "HIGH", "3.0.17"), Found("gosu", "HIGH", "1.18", in_app=True)],
    ),
    "site": ("registry.example.com/web/site:5.0.1", [Found("libxslt", "CRITICAL")]),
}


def files() -> dict[str, str]:
    """The material by name."""
    return {f"reports/{name}.json": report(image, found, 14) for name, (image, found) in _REPORTS.items()}
