"""What the API server makes of an object that somebody creates: stored, or refused, and by what.

Follows the order of the admission plugins in v1.36 (pkg/kubeapiserver/options/plugins.go): LimitRanger,
Priority and RuntimeClass change a Pod, validation follows, then LimitRanger, PodSecurity and ResourceQuota
may refuse it. Webhooks and admission policies aren't asked, and a ServiceAccount is taken to exist.
Controllers create the Pods of a workload one by one, until one is refused. Pods of workloads that exist were
created without LimitRanges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.admit import admit
from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest, path_text
from trainer.manifests.values import mapping, mapping_at, mappings, number, text
from trainer.simulate.podsecurity.admission import admit as admit_pod_security
from trainer.simulate.podsecurity.admission import configuration_in
from trainer.simulate.quota.charges import resource_name
from trainer.simulate.quota.limit_range import breaches, with_defaults_of
from trainer.simulate.quota.quotas import Quotas
from trainer.simulate.scheduling.placement import takes
from trainer.simulate.scheduling.runtime_class import class_name, contradictions, merged
from trainer.simulate.workloads import TEMPLATE_PATHS, PodTemplate, pod_template
from trainer.simulate.world import BUILT_IN_NAMESPACES, World
from trainer.verdict import Location, Severity

LIMIT_RANGE, QUOTA = "LimitRange", "ResourceQuota"
COUNTED = (
    *TEMPLATE_PATHS,
    "PersistentVolumeClaim",
    "Service",
    "ConfigMap",
    "Secret",
    "ServiceAccount",
    QUOTA,
)
"""The kinds whose existing objects count. A quota for objects of another kind isn't judged."""
MOST_QUOTAS = 50
_EVERY_NAMESPACE = (("v1", "ConfigMap", "kube-root-ca.crt"), ("v1", "ServiceAccount", "default"))
"""What controllers create in every Namespace; quotas count it."""


class Creation(msgspec.Struct, frozen=True, eq=False):
    """What became of an object."""

    stored: Manifest | None
    """The object as it is stored; None if it is refused."""
    message: str = ""
    """Why it is refused, in the API server's words."""
    by: str = ""
    """What refused it: `LimitRange`, `ResourceQuota`, `PodSecurity`, or something else."""
    place: Location | None = None
    """Where the setting is that decided."""
    pods: int | None = None
    """Of a workload: how many Pods its controller could create."""
    pod_refused: Creation | None = None
    """Of a workload: the creation of a Pod that was refused."""


class Server:
    """The API server of a world, for objects that are created one after the other."""

    def __init__(self, world: World, *, last_first: bool = False) -> None:
        """With `last_first`, several LimitRanges of a Namespace apply in reverse order.

        In the API server, their order isn't determined, so the default values may be those of either
        (https://kubernetes.io/docs/concepts/policy/limit-range/).
        """
        self._last_first = last_first
        self._world = world
        self._configuration = configuration_in(world)
        self._namespaces = {one.name: one for one in world.find("Namespace")}
        self._names = BUILT_IN_NAMESPACES | self._namespaces.keys()
        self._quotas: dict[str, Quotas] = {}

    def quotas_of(self, namespace: str) -> Quotas:
        """The quotas of a Namespace, with what is used of them now."""
        if namespace not in self._quotas:
            existing = [(one, 1) for one in self._made_for(namespace)]
            for kind in COUNTED:
                for one in self._world.find(kind, namespace=namespace):
                    existing += [(one, 1), *self._children(one)]
            found = self._world.find(QUOTA, namespace=namespace)
            if len(found) > MOST_QUOTAS:
                raise NotJudged(f"more than {MOST_QUOTAS} quotas in a Namespace", found[-1].where())
            self._quotas[namespace] = Quotas(found, existing)
        return self._quotas[namespace]

    def create(self, manifest: Manifest, user: str = "") -> Creation:
        """What becomes of an object, defaulted, that `user` creates; what is stored counts from then on.

        Raises `NotJudged` for Pods whose number depends on nodes that aren't known, and for a quota for other
        kinds than those of `COUNTED`.
        """
        if manifest.namespace and manifest.namespace not in self._names:
            return Creation(None, f'namespaces "{manifest.namespace}" not found', "Namespace")
        made = self._create_one(manifest, user)
        template = pod_template(manifest)
        if made.stored is None or template is None or manifest.kind in ("Pod", "PodTemplate", "CronJob"):
            return made
        refused, pods = None, 0
        for one in self._to_create(manifest, template):
            child = self._create_one(one, "")
            if child.stored is None:
                refused = child
                break
            pods += one.kind == "Pod"
        return msgspec.structs.replace(made, pods=pods, pod_refused=refused)

    def _create_one(self, manifest: Manifest, user: str) -> Creation:
        refused: Creation | None = None
        if manifest.kind == "Pod":
            manifest, refused = self._changed(manifest)
        elif manifest.kind == "PersistentVolumeClaim":
            manifest = self._with_class(manifest)
        refused = refused or self._out_of_bounds(manifest) or self._not_secure(manifest, user)
        if refused is not None:
            return refused
        quotas = self.quotas_of(manifest.namespace)
        if manifest.kind not in COUNTED and any(quotas.about(manifest)):
            raise NotJudged(f"a quota that counts objects of the kind {manifest.kind}")
        excess = quotas.admit(manifest)
        if excess is not None:
            return _forbidden(manifest, excess.message, QUOTA, excess.quota.where(*excess.path))
        return Creation(manifest)

    def _changed(self, pod: Manifest) -> tuple[Manifest, Creation | None]:
        """The Pod as the plugins change it, and why it is refused on the way."""
        ranges = self._ranges(pod.namespace)
        spec = with_defaults_of(mapping_at(pod.data, "spec"), ranges)
        default = next(
            (one for one in self._world.find("PriorityClass") if one.get("globalDefault") is True), None
        )
        if default is not None and not spec.get("priorityClassName"):
            spec["priorityClassName"] = default.name
        if name := class_name(spec):
            named = next(iter(self._world.find("RuntimeClass", name)), None)
            if named is None:
                words = f'pod rejected: RuntimeClass "{name}" not found'
                return pod, _forbidden(pod, words, "RuntimeClass", pod.where("spec", "runtimeClassName"))
            for path in contradictions(spec, named):
                words = f"pod rejected: {path_text(path)} doesn't match RuntimeClass {name}"
                return pod, _forbidden(pod, words, "RuntimeClass", named.where())
            spec = merged(spec, named)
        changed = pod.with_data({**pod.data, "spec": spec})
        checked = admit(changed, self._world.kubernetes)
        for problem in checked.problems:
            if problem.severity is Severity.ERROR:
                words = f'Pod "{pod.name}" is invalid: {problem.message}'
                place = ranges[0].where("spec", "limits") if ranges else problem.location
                return pod, Creation(None, words, LIMIT_RANGE if ranges else "validation", place)
        return changed, None

    def _with_class(self, claim: Manifest) -> Manifest:
        """The claim with the default StorageClass (plugin DefaultStorageClass)."""
        if claim.get("spec", "storageClassName") is not None:
            return claim
        note = "storageclass.kubernetes.io/is-default-class"
        for one in self._world.find("StorageClass"):
            if mapping(one.metadata.get("annotations")).get(note) == "true":
                spec = {**mapping_at(claim.data, "spec"), "storageClassName": one.name}
                return claim.with_data({**claim.data, "spec": spec})
        return claim

    def _out_of_bounds(self, manifest: Manifest) -> Creation | None:
        spec = mapping_at(manifest.data, "spec")
        for one in self._ranges(manifest.namespace):
            if found := breaches(manifest.kind, spec, [one]):
                told = sorted(breach.message for breach in found)
                words = told[0] if len(told) == 1 else f"[{', '.join(told)}]"
                return _forbidden(manifest, words, LIMIT_RANGE, one.where(*found[0].path))
        return None

    def _not_secure(self, manifest: Manifest, user: str) -> Creation | None:
        home = self._namespaces.get(manifest.namespace)
        if manifest.kind != "Pod" or home is None:
            return None
        found = admit_pod_security(manifest, home.labels, self._configuration, user)
        if found.admitted or found.policy is None:
            return None
        why = ", ".join(dict.fromkeys(one.reason for one in found.rejected))
        place = home.where("metadata", "labels", "pod-security.kubernetes.io/enforce")
        return _forbidden(
            manifest, f'violates PodSecurity "{found.policy.enforce}": {why}', "PodSecurity", place
        )

    def _ranges(self, namespace: str) -> list[Manifest]:
        found = self._world.find(LIMIT_RANGE, namespace=namespace)
        return sorted(found, key=lambda one: one.name, reverse=self._last_first)

    def _made_for(self, namespace: str) -> Iterator[Manifest]:
        home = self._namespaces.get(namespace)
        for version, kind, name in _EVERY_NAMESPACE if home is not None else ():
            if home is not None and not self._world.find(kind, name, namespace):
                data = {
                    "apiVersion": version,
                    "kind": kind,
                    "metadata": {"name": name, "namespace": namespace},
                }
                yield home.with_data(data)

    def _children(self, owner: Manifest) -> list[tuple[Manifest, int]]:
        """What the controllers made of a workload that exists: of each sort one, and their number."""
        template = pod_template(owner)
        if template is None or owner.kind in ("Pod", "PodTemplate", "CronJob"):
            return []
        sorts = list(self._to_create(owner, template, most=1))
        return [(one, 1 if one.kind == "ReplicaSet" else self._copies(owner, template)) for one in sorts]

    def _to_create(
        self, owner: Manifest, template: PodTemplate, most: int | None = None
    ) -> Iterator[Manifest]:
        """What the controllers create for a workload, in order."""
        if owner.kind == "Deployment":
            yield _child(owner, template, "apps/v1", "ReplicaSet", f"{owner.name}-1", {})
        copies = self._copies(owner, template)
        for number_of in range(copies if most is None else min(most, copies)):
            name = f"{owner.name}-{number_of}"
            if owner.kind == "StatefulSet":
                for claim in mappings(owner.get("spec", "volumeClaimTemplates")):
                    own = f"{text(mapping_at(claim, 'metadata').get('name'))}-{name}"
                    spec = mapping_at(claim, "spec")
                    yield _child(owner, template, "v1", "PersistentVolumeClaim", own, {"spec": spec})
            pod = _child(owner, template, "v1", "Pod", name, {"spec": template.spec})
            yield with_defaults(pod, self._world.kubernetes)

    def _copies(self, owner: Manifest, template: PodTemplate) -> int:
        if owner.kind == "DaemonSet":
            nodes = self._world.find("Node")
            if not nodes:
                raise NotJudged(
                    "the number of Pods of a DaemonSet, because the nodes aren't known", owner.where()
                )
            return sum(takes(node, template) for node in nodes)
        if owner.kind == "Job":
            wanted = number(owner.get("spec", "parallelism"))
            completions = number(owner.get("spec", "completions"))
            most = 1 if wanted is None else wanted
            return 0 if owner.get("spec", "suspend") is True else min(most, completions or most)
        wanted = number(owner.get("spec", "replicas"))
        return 1 if wanted is None else max(wanted, 0)


def _child(
    owner: Manifest, template: PodTemplate, version: str, kind: str, name: str, more: Mapping[str, Any]
) -> Manifest:
    """An object that a controller creates; its places are those of the template."""
    meta = {**template.metadata, "name": name, "namespace": owner.namespace}
    data = {"apiVersion": version, "kind": kind, "metadata": meta, **more}
    return Manifest(data, owner.document, owner.base + template.path)


def _forbidden(manifest: Manifest, why: str, by: str, place: Location | None) -> Creation:
    return Creation(None, f'{resource_name(manifest)} "{manifest.name}" is forbidden: {why}', by, place)
