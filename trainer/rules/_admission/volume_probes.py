"""The requests that tell whether a policy about the volumes of Pods does what it is meant to do.

They are about Pods and about the templates of all workloads: the same volumes, wherever each kind has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trainer.manifests.model import Manifest
from trainer.manifests.validation.names import dns_label
from trainer.manifests.values import mappings
from trainer.rules._admission.around import Around, labeled
from trainer.rules._admission.meant import Forbidden, Place, Probe, Words
from trainer.rules._admission.requests import Data
from trainer.rules._admission.targets import other_targets, workload
from trainer.simulate.workloads import pod_template
from trainer.versions import Version

_VOLUMES: dict[str, Data] = {
    "hostPath": {"path": "/"},
    "emptyDir": {},
    "configMap": {"name": "a"},
    "secret": {"secretName": "a"},
    "projected": {"sources": [{"secret": {"name": "a"}}]},
    "persistentVolumeClaim": {"claimName": "a"},
    "downwardAPI": {"items": [{"path": "a", "fieldRef": {"fieldPath": "metadata.name"}}]},
    "nfs": {"server": "nfs.example", "path": "/"},
    "csi": {"driver": "csi.example"},
}
"""A volume of each type that is tried."""

MOST_WORDS = 20


class VolumeProbes(Around):
    """The requests for one answer."""

    def __init__(self, meant: Forbidden, words: Words, known: Sequence[Place], kubernetes: Version) -> None:
        super().__init__(meant, words, known, "registry.example/app", kubernetes)
        self.meant = meant

    def right_of(self, data: Data) -> Data:
        """An object of the same kind and name without volumes."""
        return self.maker.named(self.with_volumes(data["kind"], None), data["metadata"]["name"])

    def with_volumes(self, kind: str, volumes: list[Data] | None) -> Data:
        """An object of that kind whose Pods have these volumes."""
        spec = self.maker.right["spec"]
        return workload(self.maker, kind, spec if volumes is None else {**spec, "volumes": volumes})

    def denied(self) -> Iterator[Probe]:
        """Requests that must be denied: a forbidden volume in Pods of each kind, whatever else is so."""
        for kind in self.meant.kinds:
            for volumes in self.wrong():
                yield from self.both(
                    f"a volume in a {kind}", self.with_volumes(kind, volumes), _shown(volumes)
                )
        for kind in self.meant.kinds:
            for name in self.meant.volumes:
                yield from self.variants(self.with_volumes(kind, [_volume(name)]))

    def messages(self) -> Iterator[Probe]:
        """Requests whose denials tell all messages."""
        for kind in self.meant.kinds:
            for volumes in self.wrong():
                data = self.with_volumes(kind, volumes)
                yield self.probe(f"a volume in a {kind}", "CREATE", data, None, _shown(volumes))

    def admitted(self) -> Iterator[Probe]:
        """Requests within the policy's Namespaces that must be admitted: other volumes only, or none."""
        right = [
            {**_volume(name), "name": name.lower()} for name in _VOLUMES if name not in self.meant.volumes
        ]
        named = [{"name": name.lower(), "emptyDir": {}} for name in self.meant.volumes]
        for kind in self.meant.kinds:
            for volumes in (None, [], named, right):
                data = self.with_volumes(kind, volumes)
                yield from self.both(f"a {kind} without such a volume", data, _shown(volumes or []))
        for kind in self.meant.kinds:
            yield from self.variants(self.with_volumes(kind, right[:1]))

    def untouched(self) -> Iterator[Probe]:
        """Requests that the policy isn't for: other Namespaces, deletions, subresources, other kinds."""
        for kind in self.meant.kinds:
            bad = self.with_volumes(kind, [_volume(self.meant.volumes[0])])
            for place in self.places(inside=False):
                yield from self.both("another Namespace", bad, labeled(place), place=place)
            yield Probe("a deletion", self.maker.request("DELETE", None, bad))
        yield from other_targets(self.maker, self.words.rules)

    def field_variants(self, pod: Data) -> Iterator[Probe]:
        """Objects with other fields that are still right, or still wrong."""
        is_wrong = self.has_forbidden(self.maker.manifest(pod))
        for probe in super().field_variants(pod):
            if self.has_forbidden(probe.request.subject) is is_wrong:
                yield probe

    def has_forbidden(self, manifest: Manifest) -> bool:
        """Whether the Pods of an object have a volume that they may not have."""
        template = pod_template(manifest)
        volumes = mappings(template.spec.get("volumes")) if template else []
        return any(one.get(name) is not None for one in volumes for name in self.meant.volumes)

    def wrong(self) -> Iterator[list[Data]]:
        """Lists with a forbidden volume: alone, last, first, with other values."""
        other = {"name": "other", "emptyDir": {}}
        for name in self.meant.volumes:
            one = _volume(name)
            yield from ([one], [other, one], [one, other])
            if name == "hostPath":
                yield [{"name": "logs", name: {"path": "/var/log/pods", "type": "Directory"}}]
                for path in self.said():
                    yield [{"name": "v", name: {"path": f"/{path.strip('/')}"}}]
            for word in self.said():
                if not dns_label(word):
                    yield [{**one, "name": word}]

    def said(self) -> list[str]:
        """The words of the answer's expressions, as far as a path or a name could be one of them."""
        values = (value for mention in self.words.found for value in mention.values)
        return list(dict.fromkeys(one for one in values if isinstance(one, str) and one))[:MOST_WORDS]


def _volume(name: str) -> dict[str, Any]:
    return {"name": "v", name: _VOLUMES.get(name, {})}


def _shown(volumes: Sequence[Data]) -> str:
    kinds = [name for one in volumes for name in one if name != "name"]
    return f"volumes {', '.join(kinds)}" if kinds else "no volumes"
