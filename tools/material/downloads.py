"""The programs and the lists of checksums of card `verify-downloads`."""

from __future__ import annotations

import hashlib
import random

_NOW, _BEFORE = "v1.35.1", "v1.35.0"
_NAMES = (
    "kube-apiserver",
    "kube-log-runner",
    "kube-proxy",
    "kube-scheduler",
    "kubeadm",
    "kubectl",
    "kubectl-convert",
    "kubelet",
)
_PLATFORMS = ("linux/amd64", "linux/arm64")


def files() -> dict[str, str]:
    """The material by name."""
    found = {f"bin/{name}": _program(name) for name in _NAMES if name != "kube-scheduler"}
    mirror = dict(found)  # what the mirror made its list of
    # changed, and the list was made again
    found["bin/kubelet"] = mirror["bin/kubelet"] = _program("kubelet", extra="one line more")
    # the program of the version before, and the list was made of it
    found["bin/kube-apiserver"] = mirror["bin/kube-apiserver"] = _program("kube-apiserver", _BEFORE)
    # changed after the list was made
    found["bin/kubectl-convert"] = _program("kubectl-convert", extra="")
    # of another platform
    found["bin/kube-proxy"] = _program("kube-proxy", platform="linux/arm64")
    # names that the release doesn't have: a digit, and a capital letter
    found["bin/kube1et"] = mirror["bin/kube1et"] = _program("kubelet", extra="a shell")
    found["bin/kube-scheduIer"] = mirror["bin/kube-scheduIer"] = _program("kube-scheduler")
    sums = {name: _sum(text, "sha256") for name, text in mirror.items()}
    # right, but the line in the mirror's list isn't
    sums["bin/kubeadm"] = _sum(_program("kubeadm", _BEFORE), "sha256")
    lines = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    lists = {f"release/{one}/SHA512SUMS": _release(one) for one in (_BEFORE, _NOW)}
    return {**found, "mirror/SHA256SUMS": lines, **lists}


def _release(version: str) -> str:
    return "".join(
        f"{_sum(_program(name, version, platform), 'sha512')}  bin/{platform}/{name}\n"
        for platform in _PLATFORMS
        for name in _NAMES
    )


def _program(
    name: str, version: str = _NOW, platform: str = _PLATFORMS[0], *, extra: str | None = None
) -> str:
    """What stands for a program: a few lines that differ for each of them."""
    chance = random.Random(f"{name} {version} {platform}")  # noqa: S311 - the same bytes each time
    lines = [f"{name} {version} {platform}", *(f"{chance.getrandbits(192):048x}" for _ in range(4))]
    return "\n".join([*lines, *([extra] if extra is not None else [])]) + "\n"


def _sum(text: str, algorithm: str) -> str:
    return hashlib.new(algorithm, text.encode()).hexdigest()
