"""The requests that tell whether a policy about the images of Pods does what it is meant to do.

A universal sentence ("every Pod", "nothing else") isn't judged by the samples of a card alone: the answer's
own words name what it could treat otherwise, and to these come what nobody names, one of each kind. What no
expression and no selector can see isn't varied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from trainer.errors import UsageError
from trainer.rules._admission.around import Around, labeled
from trainer.rules._admission.meant import POD_FIELDS, UNSEEN, Meant, Place, Probe, Words
from trainer.rules._admission.targets import other_targets
from trainer.simulate.admission.mentions import values_of
from trainer.simulate.containers.images import normalise
from trainer.versions import Version

MOST_IMAGES = 60


class Probes(Around):
    """The requests for one answer."""

    def __init__(self, meant: Meant, words: Words, known: Sequence[Place], kubernetes: Version) -> None:
        super().__init__(meant, words, known, meant.images[0] + "app", kubernetes)
        self.meant = meant

    def denied(self) -> Iterator[Probe]:
        """Requests that must be denied: a wrong image in one of the lists, whatever else is so."""
        yield from self.wrong(self.wrong_images())
        for field in self.meant.containers:
            yield from self.variants(self.maker.pod(field, [UNSEEN]))

    def messages(self) -> Iterator[Probe]:
        """Requests whose denials tell all messages: a computed one may depend on the image."""
        yield from self.wrong(self.wrong_images() if self.words.computes_messages else ())

    def wrong(self, more: Iterable[str]) -> Iterator[Probe]:
        """Pods with a wrong image in one of the lists, and nothing else that is special about them."""
        good = self.maker.good
        for field in self.meant.containers:
            for images in ([UNSEEN], [good, UNSEEN], [UNSEEN, good], *([one] for one in more)):
                about = f"image{'s' * (len(images) > 1)} {', '.join(images)}"
                yield from self.both("an image of another registry", self.maker.pod(field, images), about)

    def admitted(self) -> Iterator[Probe]:
        """Requests within the policy's Namespaces that must be admitted: right images only."""
        for image in self.right_images():
            for field in POD_FIELDS:
                pod = self.maker.pod(field, [image])
                yield from self.both("an image of the registry", pod, f"image {image}")
        yield from self.variants(self.maker.pod("initContainers", [self.maker.good] * 2))

    def untouched(self) -> Iterator[Probe]:
        """Requests that the policy isn't for: other Namespaces, operations, subresources, kinds."""
        bad = self.maker.pod("containers", [UNSEEN])
        for place in self.places(inside=False):
            yield from self.both("another Namespace", bad, labeled(place), place=place)
        for pod in (bad, self.maker.right):
            yield Probe("a deletion", self.maker.request("DELETE", None, pod))
        yield from other_targets(self.maker, self.words.rules)

    def wrong_images(self) -> list[str]:
        """Images of other registries: those that the answer's words suggest, and near misses."""
        near = ["nginx"]
        for right in self.meant.images:
            host = right.rstrip("/")
            near += [f"{host}.evil.example/app", f"evil.example/{right}app", f"x{right}app", f"{host}-x/app"]
            near += [f"{host}:5000/app", f"{host[:-1]}/app", f"{host.replace('.', 'x')}/app"]
        words = self.image_words()
        said = [value for value in words if isinstance(value, str)]
        named = [
            one for value in said for one in (f"{value.strip('/')}/app", f"{value}app", value.strip("/"))
        ]
        for value in said:
            word = value.strip("/")
            named += [f"{word}:1", f"x.example/{word}/app", f"{UNSEEN}{value}", f"{UNSEEN}/{word}"]
            for right in self.meant.images:
                named += [f"{value}{right}app", f"{word}/{right}app", f"{right[0]}{value}{right[1:]}app"]
        sizes = [value for value in words if type(value) is int and 0 < value < 300]
        named += ["a" * (size + more) for size in sizes for more in (-1, 0, 1) if size + more > 0]
        hosts = [right.rstrip("/") for right in self.meant.images]
        wrong = [
            one
            for one in dict.fromkeys(near + named)
            if not one.startswith(self.meant.images) and one not in hosts and _is_image(one)
        ]
        return wrong[:MOST_IMAGES]

    def image_words(self) -> list[Any]:
        """The values that images are compared with."""
        fields = [one.field for one in self.words.found if one.field[-1] == "image"]
        return values_of(self.words.found, *fields)

    def right_images(self) -> list[str]:
        """Images below the registry in every form that an image has, also with the answer's own words."""
        endings = ["app", "team/app:1.2.3", "app:latest", "app@sha256:" + "0" * 64, "a/b/c/d_e-f.g:v1-x_y"]
        for value in self.image_words():
            if isinstance(value, str) and not value.startswith(self.meant.images):
                endings += [f"app{value}", f"app/{value.strip('/')}", f"app:{value}"]
        images = [right + ending for right in self.meant.images for ending in endings]
        return [one for one in dict.fromkeys(images) if _is_image(one)][:MOST_IMAGES]


def _is_image(reference: str) -> bool:
    try:
        normalise(reference)
    except UsageError:
        return False
    return True
