"""The CKS curriculum in force: six domains with their exam weights, 26 competencies.

Follows "CKS_Curriculum v1.34.pdf" of https://github.com/cncf/curriculum (commit f6c7667, the same
text since v1.32). The README in that repository still has the weights from before October 2024.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec


class DomainInfo(msgspec.Struct, frozen=True):
    """One domain: `weight` is its share of the exam in percent, 0 to 100."""

    id: str
    """The folder's name under `tasks/`."""
    title: str
    weight: int
    competencies: dict[str, str]
    """The curriculum's words, by competency id (`CS1`)."""
    short: str = ""
    """A title of at most 17 letters, for narrow lists; empty if the title is short."""

    @property
    def short_title(self) -> str:
        """The title, or a shorter one."""
        return self.short or self.title


DOMAINS: tuple[DomainInfo, ...] = (
    DomainInfo(
        "cluster-setup",
        "Cluster Setup",
        15,
        {
            "CS1": "Use Network security policies to restrict cluster level access",
            "CS2": "Use CIS benchmark to review the security configuration of Kubernetes components "
            "(etcd, kubelet, kubedns, kubeapi)",
            "CS3": "Properly set up Ingress objects with TLS",
            "CS4": "Protect node metadata and endpoints",
            "CS5": "Verify platform binaries before deploying",
        },
    ),
    DomainInfo(
        "cluster-hardening",
        "Cluster Hardening",
        15,
        {
            "CH1": "Use Role Based Access Controls to minimize exposure",
            "CH2": "Exercise caution in using service accounts e.g. disable defaults, minimize permissions "
            "on newly created ones",
            "CH3": "Restrict access to Kubernetes API",
            "CH4": "Upgrade Kubernetes to avoid vulnerabilities",
        },
    ),
    DomainInfo(
        "system-hardening",
        "System Hardening",
        10,
        {
            "SH1": "Minimize host OS footprint (reduce attack surface)",
            "SH2": "Using least-privilege identity and access management",
            "SH3": "Minimize external access to the network",
            "SH4": "Appropriately use kernel hardening tools such as AppArmor, seccomp",
        },
    ),
    DomainInfo(
        "microservice-vulnerabilities",
        "Minimize Microservice Vulnerabilities",
        20,
        {
            "MV1": "Use appropriate pod security standards",
            "MV2": "Manage kubernetes secrets",
            "MV3": "Understand and implement isolation techniques "
            "(multi-tenancy, sandboxed containers, etc.)",
            "MV4": "Implement Pod-to-Pod encryption (Cilium, Istio)",
        },
        "Microservices",
    ),
    DomainInfo(
        "supply-chain-security",
        "Supply Chain Security",
        20,
        {
            "SC1": "Minimize base image footprint",
            "SC2": "Understand your supply chain (e.g. SBOM, CI/CD, artifact repositories)",
            "SC3": "Secure your supply chain (permitted registries, sign and validate artifacts, etc.)",
            "SC4": "Perform static analysis of user workloads and container images "
            "(e.g. Kubesec, KubeLinter)",
        },
        "Supply Chain",
    ),
    DomainInfo(
        "runtime-security",
        "Monitoring, Logging and Runtime Security",
        20,
        {
            "RT1": "Perform behavioral analytics to detect malicious activities",
            "RT2": "Detect threats within physical infrastructure, apps, networks, data, users and workloads",
            "RT3": "Investigate and identify phases of attack and bad actors within the environment",
            "RT4": "Ensure immutability of containers at runtime",
            "RT5": "Use Kubernetes audit logs to monitor access",
        },
        "Runtime Security",
    ),
)
"""In the curriculum's order; the weights add up to 100."""


def domain_info(domain: str) -> DomainInfo:
    """The domain with this ID. Raises `KeyError` if it doesn't exist."""
    for info in DOMAINS:
        if info.id == domain:
            return info
    raise KeyError(domain)


def trained_less(competencies: Iterable[str], cards: int = 2) -> list[str]:
    """The competencies that fewer than so many cards train; `competencies` has the one of each card."""
    trained = Counter(competencies)
    return [one for domain in DOMAINS for one in domain.competencies if trained[one] < cards]
