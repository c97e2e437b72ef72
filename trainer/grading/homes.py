"""What must exist before the API server accepts an object, and what admission does with the object.

Follows the admission plugins that are on by default in v1.35 (NamespaceLifecycle, ServiceAccount,
RuntimeClass, Priority, PodSecurity;
https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/). A missing
ServiceAccount, RuntimeClass or PriorityClass also counts as a refusal for workloads, although the API
server accepts them and only their Pods are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from trainer.manifests.model import Manifest, path_text
from trainer.manifests.schema.kinds import is_config
from trainer.simulate.scheduling.runtime_class import contradictions
from trainer.simulate.workloads import pod_template
from trainer.simulate.world import BUILT_IN_NAMESPACES
from trainer.verdict import Problem

_BUILT_IN_PRIORITIES = frozenset(("system-cluster-critical", "system-node-critical"))
_POD_SECURITY = "pod-security.kubernetes.io/"
_ENFORCE = f"{_POD_SECURITY}enforce"


class Homes(msgspec.Struct, frozen=True):
    """What exists for other objects to live in and refer to, by name."""

    namespaces: frozenset[str]
    accounts: frozenset[tuple[str, str]]
    """(namespace, name); every namespace also has `default`."""
    runtime_classes: Mapping[str, Manifest]
    priority_classes: Mapping[str, Manifest | None]
    """None for those that every cluster has: their values are part of the Pod's own validation."""

    @classmethod
    def of(cls, given: Sequence[Manifest], accepted: Sequence[Manifest]) -> Homes:
        """What the given objects and those accepted so far provide; a namespace in use counts as given."""
        everything = [*given, *accepted]

        def names(kind: str) -> dict[str, Manifest]:
            return {one.name: one for one in everything if one.kind == kind}

        return cls(
            BUILT_IN_NAMESPACES
            | names("Namespace").keys()
            | {one.namespace for one in given if one.namespace},
            frozenset((one.namespace, one.name) for one in everything if one.kind == "ServiceAccount"),
            names("RuntimeClass"),
            {**names("PriorityClass"), **dict.fromkeys(_BUILT_IN_PRIORITIES)},
        )

    def problem(self, manifest: Manifest) -> Problem | None:
        """What an object refers to and doesn't find, or None."""
        if is_config(manifest.api_version, manifest.kind):
            return None
        if not manifest.name:
            return Problem(
                f"kubectl apply needs a name for this {manifest.kind}.",
                location=manifest.where("metadata"),
                remedy="Write metadata.name; generateName works only with kubectl create.",
            )
        if manifest.namespace and manifest.namespace not in self.namespaces:
            return Problem(
                f"The API server refuses {manifest.title}: Namespace {manifest.namespace} doesn't exist.",
                location=manifest.where("metadata", "namespace"),
                remedy=_remedy("Namespace", manifest.namespace, self.namespaces),
            )
        return self._pod_problem(manifest)

    def lacks_pods(self, manifest: Manifest) -> bool:
        """Whether an object with a problem is a workload that exists, but whose Pods are refused."""
        there = not manifest.namespace or manifest.namespace in self.namespaces
        return (
            bool(manifest.name)
            and there
            and manifest.kind != "Pod"
            and self._pod_problem(manifest) is not None
        )

    def _pod_problem(self, manifest: Manifest) -> Problem | None:
        template = pod_template(manifest)
        if template is None or manifest.kind == "PodTemplate":
            return None
        account = template.spec.get("serviceAccountName") or "default"
        if account != "default" and (manifest.namespace, account) not in self.accounts:
            known = [name for space, name in self.accounts if space == manifest.namespace]
            return Problem(
                f"{_who_lacks_pods(manifest)}: "
                f"ServiceAccount {account} doesn't exist in Namespace {manifest.namespace}.",
                location=template.where("spec", "serviceAccountName"),
                remedy=_remedy("ServiceAccount", account, known),
            )
        classes: tuple[tuple[str, str, Mapping[str, Manifest | None], _Contradictions], ...] = (
            ("runtimeClassName", "RuntimeClass", self.runtime_classes, contradictions),
            ("priorityClassName", "PriorityClass", self.priority_classes, _against_priority),
        )
        for field, kind, known_classes, against in classes:
            name = template.spec.get(field)
            if not name:
                continue
            if name not in known_classes:
                return Problem(
                    f"{_who_lacks_pods(manifest)}: {kind} {name} doesn't exist.",
                    location=template.where("spec", field),
                    remedy=_remedy(kind, name, known_classes),
                )
            named = known_classes[name]
            for path in against(template.spec, named) if named is not None else ():
                return Problem(
                    f"{_who_lacks_pods(manifest)}: "
                    f"`{path_text(path)}` doesn't agree with {kind} {name}, which sets it.",
                    location=template.where("spec", *path),
                    remedy=f"Remove it: it follows from `{field}`.",
                )
        return None


_Contradictions = Callable[[Mapping[str, Any], Manifest], Iterator[tuple[str, ...]]]


def _against_priority(spec: Mapping[str, Any], named: Manifest) -> Iterator[tuple[str, ...]]:
    """What a Pod's spec says against its PriorityClass (`admitPod` of the plugin Priority)."""
    for field, value in (
        ("priority", named.get("value")),
        ("preemptionPolicy", named.get("preemptionPolicy")),
    ):
        if spec.get(field) not in (None, value):
            yield (field,)


def _who_lacks_pods(manifest: Manifest) -> str:
    """Who can't create the Pods of an object; the API server only refuses Pods themselves."""
    if manifest.kind == "Pod":
        return f"The API server refuses {manifest.title}"
    controller = {"Deployment": "its ReplicaSet", "CronJob": "its Jobs"}.get(manifest.kind, "its controller")
    return f"{manifest.title} is created, but {controller} can't create Pods"


def admission_problems(
    manifest: Manifest, before: Manifest | None, namespaces: Mapping[str, Manifest]
) -> list[Problem]:
    """What Pod Security admission refuses, with the labels that the namespaces have at this moment.

    `before` is the object that is updated: the plugin looks at a Pod again only if its spec
    changes, and at the labels of a Namespace only if they change.
    """
    if manifest.kind == "Namespace":
        if not any(label.startswith(_POD_SECURITY) for label in manifest.labels):
            return []
        if before is not None and before.labels == manifest.labels:
            return []
        from trainer.simulate.podsecurity.admission import label_problems

        return [
            Problem(f"The API server refuses this label: {problem.message}.", location=problem.location)
            for problem in label_problems(manifest)
        ]
    home = namespaces.get(manifest.namespace)
    if manifest.kind != "Pod" or home is None or home.labels.get(_ENFORCE, "privileged") == "privileged":
        return []
    if before is not None and before.get("spec") == manifest.get("spec"):
        return []
    from trainer.rules.pod_security import violation_reasons
    from trainer.simulate.podsecurity.admission import admit

    found = violation_reasons(list(admit(manifest, home.labels).rejected))
    level = home.labels.get(_ENFORCE)
    return [
        Problem(
            f"Namespace {manifest.namespace} enforces the Pod Security level {level} and refuses "
            f"{manifest.title}: {reason.message}",
            location=reason.location,
        )
        for reason in found
    ]


def _remedy(kind: str, name: str, known: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"Did you mean {near[0]}?" if near else f"Use an existing {kind}, or create this one, too."
