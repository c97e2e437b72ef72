"""Judges which images Pods use: registries, digests, and what a name really means.

References are read as container runtimes read them: `nginx` is `docker.io/library/nginx:latest`,
`docker.io.evil.example/nginx` is another host, a path prefix ends at a slash.
"""

from __future__ import annotations

from typing import Any

from trainer.errors import UsageError
from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, pods_before, pods_of
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
    listed_in: str = ""
    """A file of the card with a reference and its digest on each line."""
    runs: dict[str, str] = {}
    """With `listed-in`: which listed image each container runs, by its digest."""

    def __post_init__(self) -> None:
        """Raises `ValueError` if only one of the two that belong together is there, and for no object."""
        super().__post_init__()
        if bool(self.listed_in) is not bool(self.runs):
            raise ValueError("listed-in and runs belong together")


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every container, of any kind, that uses another image.

    Raises `UsageError` for a card whose list lacks an image that it requires.
    """
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    reasons: list[Reason] = []
    evidence: list[str] = []
    listed = _listed(world.node_files.get(params.listed_in, ""))
    if unknown := set(params.runs.values()) - listed.keys():
        raise UsageError(f"the card's file {params.listed_in} doesn't list {', '.join(sorted(unknown))}")
    for pod in pods:
        missing = params.runs.keys() - {str(container.get("name", "")) for _, container in pod.containers()}
        reasons += [Reason(f"There is no container {name}.", pod.where("spec")) for name in sorted(missing)]
        evidence += [f"{pod.title} runs no container {name}." for name in sorted(missing)]
        for path, container in pod.containers():
            written = str(container.get("image") or "")
            try:
                image = normalise(written)
            except UsageError as error:
                reasons.append(Reason(f"{error.message}.", pod.where(*path, "image")))
                name = str(container.get("name", ""))
                evidence.append(f"Container {name} of {pod.title} does not start: InvalidImageName.")
                continue
            complaints = _complaints(params, image, written)
            if wanted := params.runs.get(str(container.get("name", ""))):
                complaints += _unlisted(params.listed_in, listed, image, wanted)
            for complaint in complaints:
                reasons.append(Reason(complaint, pod.where(*path, "image")))
                evidence.append(_effect(pod, str(container.get("name", "")), image))
    return Outcome.of(reasons, list(dict.fromkeys(evidence)))


def picture(world: World, params: Params) -> Picture:
    """The image that each container runs, written in full, now and before."""
    title = "Images that containers run"
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return nothing_to_see(title, pods)
    before = [(pod.title, one) for pod in pods_before(world, params) for _, one in pod.containers()]
    old = {(title, one.get("name")): _in_full(one) for title, one in before}
    facts: list[Fact] = []
    for pod in pods:
        for path, container in pod.containers():
            name, word = str(container.get("name", "")), _in_full(container)
            was = old.get((pod.title, container.get("name")), "")
            who = name if len(pods) == 1 else f"{pod.title}: {name}"
            facts.append(Fact(who, word, True, pod.where(*path, "image"), "" if was == word else was))
    return of_facts(title, facts, judge(world, params))


def _in_full(container: dict[str, Any]) -> str:
    try:
        return str(normalise(str(container.get("image") or "")))
    except UsageError:
        return "not an image: it doesn't start"


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


def _listed(text: str) -> dict[str, str]:
    """The digest of each reference in a listing, one to a line."""
    return dict(line.split() for line in text.splitlines() if len(line.split()) == 2)


def _unlisted(file: str, listed: dict[str, str], image: Image, wanted: str) -> list[str]:
    """Why an image isn't the one that is listed as `wanted`: its digest or its repository is another one."""
    right = normalise(wanted)
    title = f"{_last(right)}:{right.tag}"
    if not image.digest:
        return [f"{image} has no digest; {file} lists {_short(listed[wanted])} for {title}."]
    if image.digest == listed[wanted]:
        beside = lies_in(image, right.name.rpartition("/")[0])
        same = image.name == right.name if beside else _last(image) == _last(right)
        return [] if same else [f"{_short(image.digest)} is the digest of {right.name}, not of {image.name}."]
    others = [normalise(one) for one, digest in listed.items() if digest == image.digest]
    known = f"it is not in {file}"
    if others:
        alike = (_last(others[0]), others[0].tag) == (_last(right), right.tag)
        known = f"it is that of {others[0].name if alike else _last(others[0])}:{others[0].tag}"
    return [f"{_short(image.digest)} is not the digest listed for {title} ({known})."]


def _last(image: Image) -> str:
    return image.repository.rpartition("/")[2]


def _short(digest: str) -> str:
    return f"{digest[:11]}…"


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
