"""Names of a check about the mesh: which Pods, ports and Services they mean, and what is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from trainer.errors import UsageError
from trainer.manifests.model import Document, Manifest
from trainer.simulate.labels import NOTHING
from trainer.simulate.mesh.calls import Call, Mesh
from trainer.simulate.mesh.unseen import unseen_members, with_elsewhere
from trainer.simulate.names import ANY, PodSet, parse_endpoint
from trainer.simulate.network.ends import SERVICE, services_named
from trainer.simulate.network.flows import Endpoint
from trainer.simulate.network.services import Service, ServicePort
from trainer.simulate.world import World

OUTSIDE = "outside"
UNSEEN_PORT = 61616
"""A port that nobody names."""


class Cast:
    """Two meshes, after and before the answer, and everybody in them: Pods of the world, and unseen ones."""

    def __init__(
        self,
        world: World,
        names: Iterable[str],
        accounts: Callable[[tuple[Mesh, Mesh]], Iterable[tuple[str, str]]] = lambda _: (),
    ) -> None:
        from trainer.rules._flow.meant import key_of

        known = {(one.group, *key_of(one)) for one in world.given}
        added = [one for one in world.objects if (one.group, *key_of(one)) not in known]
        old = [*world.given, *(one for one in added if not one.group.endswith("istio.io"))]
        self.after = with_elsewhere(Mesh(world.objects, world.given))
        self.before = with_elsewhere(Mesh(old, world.given))
        meshes = (self.after, self.before)
        sets = [one for text in names if isinstance(one := _pod_set(text), PodSet)]
        self.unseen = unseen_members(meshes, sets, accounts(meshes))
        self.pods = self.after.network.pods
        self.outside = self.after.network.address("203.0.113.7")

    @property
    def everybody(self) -> tuple[Endpoint, ...]:
        """All Pods, those of the world first."""
        return self.pods + self.unseen

    def named(self, text: str) -> list[Endpoint]:
        """The ends that a name means; a Pod's own name means no unseen ones."""
        if text == OUTSIDE:
            return [self.outside]
        name = _pod_set(text)
        if not isinstance(name, PodSet):
            raise UsageError(f"{text!r} names no Pods", remedy="write namespace/label=value or namespace/*")
        return [end for end in self.everybody if _is_named(self.after, end, name)]

    def ports(self) -> list[int]:
        """The ports that somebody names: containers, Services and policies, and one that nobody does."""
        found: dict[int, None] = {}
        for mesh in (self.after, self.before):
            for end in mesh.network.pods:
                found |= dict.fromkeys(port.number for port in end.declared if port.protocol == "TCP")
            for policy in mesh.peers:
                found |= dict.fromkeys(int(port) for port in policy.ports if port.isdecimal())
        return [*found, UNSEEN_PORT]

    def calls(
        self, mesh: Mesh, sources: Iterable[Endpoint], target: str, port: int, *, direct: bool = False
    ) -> Iterator[Call]:
        """The calls of these clients to a port of a target: `service:shop/api` by the port of the Service.

        Pods are called through each Service that leads to the port, and by their own address if none does,
        or with `direct`.
        """
        clients = list(sources)
        if target.startswith(SERVICE):
            for service in services_named(mesh.network, target):
                for end in mesh.network.pods:
                    if end.pod is None or not service.backends([end.pod]):
                        continue
                    for number in service.target_ports(end.pod, "TCP", port):
                        for source in clients:
                            if source.pod is end.pod:
                                continue
                            yield Call(source, end, number, service, port)
            return
        for end in self.named(target):
            found = mesh.services_to(end.pod, port) if end.pod else []
            for source in clients:
                if source.pod is not None and source.pod is end.pod:
                    continue
                for service, number in found:
                    yield Call(source, end, port, service, number)
                if not found or direct:
                    yield Call(source, end, port)


def unseen_service(end: Endpoint, port: int) -> Service:
    """A Service that somebody may create for a port of a Pod."""
    namespace = end.pod.namespace if end.pod else ""
    data = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "new", "namespace": namespace}}
    manifest = Manifest(data, Document(data, "", 0, 0, {}))
    ports = (ServicePort("", "TCP", port, port),)
    return Service("new", namespace, (), False, ports, NOTHING, manifest)


def missing(cast: Cast, names: Iterable[str]) -> list[str]:
    """The names that match no Pod and no Service of the world."""
    found = []
    for text in dict.fromkeys(names):
        if text.startswith(SERVICE):
            there = bool(services_named(cast.after.network, text))
        else:
            there = text == OUTSIDE or any(not end.unseen for end in cast.named(text))
        if not there:
            found.append(text)
    return found


def check_name(text: str, *, service: bool = False) -> None:
    """Raise `ValueError` for a name that no check about the mesh can have."""
    if service and text.startswith(SERVICE) and "/" in text:
        return
    try:
        name = _pod_set(text)
    except UsageError as error:
        raise ValueError(str(error)) from None
    if text != OUTSIDE and not isinstance(name, PodSet):
        raise ValueError(f"{text!r} names no Pods")


def _pod_set(text: str) -> object:
    return None if text.startswith(SERVICE) else parse_endpoint(text)


def _is_named(mesh: Mesh, end: Endpoint, name: PodSet) -> bool:
    pod = end.pod
    if pod is None or name.namespace not in (ANY, "", pod.namespace):
        return False
    labels = mesh.network.namespace_labels(pod.namespace)
    if not all(labels.get(key) == value for key, value in name.namespace_labels):
        return False
    if name.name:
        return not end.unseen and (name.name == pod.name or any(name.name == own for _, own in pod.owners))
    return all(pod.labels.get(key) == value for key, value in name.labels)
