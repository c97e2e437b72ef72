"""`python -m tools.material`: writes the long material of the built-in cards into `tasks/`.

A test fails when it is stale.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from tools.docs.source import ROOT

CARDS = {
    "supply-chain-security/lint-report-check": "kubelinter",
    "runtime-security/web-shell-trail": "web_shell",
    "runtime-security/attack-phases": "attack",
    "supply-chain-security/sbom-advisory": "advisory",
    "supply-chain-security/sbom-find-package": "liblzma_images",
    "runtime-security/strace-forbidden": "forbidden_calls",
    "runtime-security/falco-shells": "shells",
    "runtime-security/falco-package-managers": "package_managers",
    "runtime-security/falco-override": "terminal_shells",
    "runtime-security/falco-noise": "network_tools",
    "runtime-security/falco-devmem": "device_memory",
    "supply-chain-security/sbom-compare": "two_releases",
    "supply-chain-security/kubesec-triage": "kubesec",
    "supply-chain-security/trivy-clean": "two_vulnerabilities",
    "supply-chain-security/trivy-scale-down": "critical_images",
    "runtime-security/audit-secret-readers": "secret_readers",
}
"""The module that makes the material of each card."""

KEYS = {
    "cluster-setup/verify-downloads": "downloads",
    "cluster-hardening/csr-review": "pending",
    "cluster-setup/ingress-new-cert": "portal",
    "cluster-hardening/csr-user": "jane",
}
"""The same for cards whose material is short, but not written by hand: keys, certificates, checksums."""


def stored_files() -> dict[Path, str]:
    """The text of every file, by its place."""
    found: dict[Path, str] = {}
    for card, module in (CARDS | KEYS).items():
        texts = importlib.import_module(f"tools.material.{module}").files()
        found |= {ROOT / "tasks" / card / name: text for name, text in texts.items()}
    return found


def main() -> None:
    """Write the files that have changed, and say which on stdout."""
    for path, text in stored_files().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
