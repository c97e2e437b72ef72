"""Which rule is for which kind, how its objects are named, and whether they live in a namespace.

The rules are imported on use: a manifest costs only the modules of its own kind.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import msgspec

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import (
    NameRule,
    dns_label,
    dns_label_1035,
    dns_subdomain,
    path_segment,
)

Rule = Callable[[At, Map], None]


class Kind(msgspec.Struct, frozen=True):
    """A kind's rule ("module:function", empty where there is none), names and scope."""

    rule: str = ""
    name_rule: NameRule = dns_subdomain
    namespaced: bool = True
    meta: bool = True
    """Whether metadata is checked: reviews and configuration files have none that counts."""


_OTHER = Kind()

KINDS: dict[tuple[str, str], Kind] = {
    ("", "Pod"): Kind("pod:pod"),
    ("", "PodTemplate"): Kind("pod:pod_template_object"),
    ("", "ReplicationController"): Kind("workloads:replication_controller"),
    ("apps", "Deployment"): Kind("workloads:deployment"),
    ("apps", "ReplicaSet"): Kind("workloads:replica_set"),
    ("apps", "DaemonSet"): Kind("workloads:daemon_set"),
    ("apps", "StatefulSet"): Kind("workloads:stateful_set"),
    ("batch", "Job"): Kind("batch:job"),
    ("batch", "CronJob"): Kind("batch:cron_job"),
    ("", "PersistentVolume"): Kind("storage:persistent_volume", namespaced=False),
    ("", "PersistentVolumeClaim"): Kind("storage:persistent_volume_claim"),
    ("storage.k8s.io", "StorageClass"): Kind("storage:storage_class", namespaced=False),
}


def kind_of(group: str, kind: str) -> Kind:
    """What is known of a kind; an unknown one has subdomain names and lives in a namespace."""
    return KINDS.get((group, kind), _OTHER)


def rule_of(kind: Kind) -> Rule | None:
    """The kind's rule, imported now; None where it has none."""
    if not kind.rule:
        return None
    module, _, function = kind.rule.partition(":")
    rule: Rule = getattr(import_module(f"trainer.manifests.validation.{module}"), function)
    return rule


_ = (dns_label, dns_label_1035, path_segment)
