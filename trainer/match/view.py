"""A value inside a manifest that knows its place, and the pseudo fields that checks can use.

=============================  =====================================================================
`pod`, `template`              at the top: the Pod, or the Pod template of a Deployment, Job ...
`all-containers`               in a Pod's spec: initContainers, containers and ephemeralContainers
`effectiveSecurityContext`     in a container: with what it inherits from the Pod
`argv`                         in a container: `command` and `args` joined
=============================  =====================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import items
from trainer.simulate.containers.effective import argv, effective_security_context
from trainer.simulate.workloads import CONTAINER_LISTS, TEMPLATE_PATHS


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()
"""Represents a missing value (null counts as missing, as in the API)."""


INHERITING: Final = "`securityContext`"
"""The label of an effective securityContext, to which both Pod and container contribute."""


class View:
    """A value of a manifest: `path` is its real place, `parent` the view it was reached from."""

    __slots__ = ("label", "manifest", "parent", "path", "places", "value")

    def __init__(
        self,
        manifest: Manifest,
        value: Any,
        path: Path = (),
        parent: View | None = None,
        places: dict[str | int, Path] | None = None,
        label: str = "",
    ) -> None:
        self.manifest = manifest
        self.value: Any = MISSING if value is None else value
        self.path = path
        self.parent = parent
        self.places = places
        """The real place of a computed value's children, if that isn't below `path`."""
        self.label = label
        """What a computed value is called in a sentence; empty for written ones."""

    @property
    def missing(self) -> bool:
        """Whether there is no value."""
        return self.value is MISSING

    def child(self, key: str) -> View:
        """The value of a field or pseudo field; a missing view if it isn't set."""
        if isinstance(self.value, dict) and key in self.value:
            return self._at(key, self.value[key])
        pseudo = _PSEUDO.get(key)
        found = pseudo(self) if pseudo else None
        return found or self._at(key, MISSING)

    def items(self) -> list[View]:
        """The items of a list; empty if it is missing or isn't a list."""
        if not isinstance(self.value, list):
            return []
        return [self._at(index, item) for index, item in enumerate(self.value)]

    def members(self) -> list[View]:
        """The items of a list, or the values of a mapping; empty for anything else."""
        if isinstance(self.value, dict):
            return [self._at(key, value) for key, value in self.value.items()]
        return self.items()

    def ancestors(self) -> Iterator[View]:
        """This view, then those it was reached from, up to the whole object."""
        view: View | None = self
        while view is not None:
            yield view
            view = view.parent

    def there(self) -> tuple[View, Path]:
        """The deepest view that has a value, and the path of what is missing below it."""
        for view in self.ancestors():
            if not view.missing:
                return view, self.path[len(view.path) :]
        return self, ()

    def _at(self, key: str | int, value: Any) -> View:
        path = (self.places or {}).get(key, (*self.path, key))
        return View(self.manifest, value, path, self)


def whole(manifest: Manifest) -> View:
    """The view of a whole object."""
    return View(manifest, manifest.data)


def _template(view: View) -> View | None:
    if view.parent is not None:
        return None
    path = TEMPLATE_PATHS.get(view.manifest.kind)
    if path is None:
        return None
    return View(view.manifest, view.manifest.get(*path, default=MISSING), path, view)


def _all_containers(view: View) -> View | None:
    if not isinstance(view.value, dict) or not any(field in view.value for field in CONTAINER_LISTS):
        return None
    containers: list[Any] = []
    places: dict[str | int, Path] = {}
    for field in CONTAINER_LISTS:
        for index, container in enumerate(items(view.value.get(field))):
            places[len(containers)] = (*view.path, field, index)
            containers.append(container)
    return View(view.manifest, containers, view.path, view, places)


def _effective(view: View) -> View | None:
    pod = _pod_of(view)
    if pod is None or not isinstance(view.value, dict):
        return None
    values, from_pod = effective_security_context(pod.value, view.value)
    own, shared = (*view.path, "securityContext"), (*pod.path, "securityContext")
    places: dict[str | int, Path] = {
        key: (*(shared if of_pod else own), key) for key, of_pod in from_pod.items()
    }
    return View(view.manifest, values, own, view, places, INHERITING)


def _argv(view: View) -> View | None:
    if _pod_of(view) is None or not isinstance(view.value, dict):
        return None
    words, below = argv(view.value)
    if not words:
        return view._at("command", MISSING)
    places: dict[str | int, Path] = {index: view.path + path for index, path in enumerate(below)}
    fields = list(dict.fromkeys(str(path[0]) for path in below))
    label = " and ".join(f"`{field}`" for field in fields)
    return View(view.manifest, words, (*view.path, fields[0]), view, places, label)


def _pod_of(view: View) -> View | None:
    """The Pod spec that contains a container, or None for anything else."""
    if len(view.path) < 2 or view.path[-2] not in CONTAINER_LISTS:
        return None
    depth = len(view.path) - 2
    return next(
        (above for above in view.ancestors() if len(above.path) == depth and isinstance(above.value, dict)),
        None,
    )


_PSEUDO = {
    "pod": _template,
    "template": _template,
    "all-containers": _all_containers,
    "effectiveSecurityContext": _effective,
    "argv": _argv,
}
