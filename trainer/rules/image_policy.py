"""Judges which images Pods use: registries, digests, and what a name really means.

References are read as container runtimes read them: `nginx` is `docker.io/library/nginx:latest`,
`docker.io.evil.example/nginx` is another host, a path prefix ends at a slash.
"""

from __future__ import annotations

from trainer.errors import UsageError
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, pods_of
from trainer.simulate.containers.images import Image, normalise
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

READS = Reads(Live.OBJECTS)


class Params(AboutPods, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which Pods, and which images they may use."""

    allowed: tuple[str, ...] = ()
    """Registries with an optional path: `registry.example`, `docker.io/library`; empty: all."""
    forbidden: tuple[str, ...] = ()
    """Forbidden images: `nginx:1.14`, or without a tag every version."""
    digest: bool = False
    """Whether every image must be pinned by its digest."""
    no_latest: bool = False
    """Whether `latest`, written or implied, is forbidden."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every container, of any kind, that uses another image."""
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    reasons: list[Reason] = []
    evidence: list[str] = []
    for pod in pods:
        for path, container in pod.containers():
            written = str(container.get("image") or "")
            try:
                image = normalise(written)
            except UsageError as error:
                reasons.append(Reason(f"{error.message}.", pod.where(*path, "image")))
                name = str(container.get("name", ""))
                evidence.append(f"Container {name} of {pod.title} does not start: InvalidImageName.")
                continue
            for complaint in _complaints(params, image, written):
                reasons.append(Reason(complaint, pod.where(*path, "image")))
                evidence.append(_effect(pod, str(container.get("name", "")), image))
    return Outcome.of(reasons, list(dict.fromkeys(evidence)))


def _complaints(params: Params, image: Image, written: str) -> list[str]:
    complaints = []
    if params.allowed and not any(lies_in(image, prefix) for prefix in params.allowed):
        complaints.append(_elsewhere(image, written, params.allowed))
    for reference in params.forbidden:
        bad = normalise(reference)
        every_version = ":" not in reference.rpartition("/")[2] and "@" not in reference
        if image.name == bad.name and (every_version or image.tag == bad.tag):
            complaints.append(f"{written} must not be used.")
    if params.digest and not image.digest:
        complaints.append(f"{written} is not pinned by its digest.")
    if params.no_latest and image.tag == "latest" and not image.digest:
        complaints.append(f"{written} means the tag latest: use a version tag.")
    return complaints


def _elsewhere(image: Image, written: str, allowed: tuple[str, ...]) -> str:
    where = ", ".join(allowed)
    if any(prefix.partition("/")[0] == image.registry for prefix in allowed):
        return f"{written} is {image.name}, which isn't below {where}."
    return f"{written} comes from {image.registry}; only {where} is allowed."


def lies_in(image: Image, prefix: str) -> bool:
    """Whether an image is in a registry, or below a path of it.

    >>> lies_in(normalise("docker.io.evil.example/nginx"), "docker.io")
    False
    """
    return f"{image.name}/".startswith(f"{prefix.rstrip('/')}/")


def _effect(pod: PodTemplate, container: str, image: Image) -> str:
    return f"Container {container} of {pod.title} runs {image}."
