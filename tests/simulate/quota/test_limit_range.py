"""What LimitRanges add and refuse.

The cases are those of plugin/pkg/admission/limitranger/admission_test.go (v1.36), in the notation of manifests.
"""

from __future__ import annotations

from tests.simulate.quota.worlds import objects, one
from tests.table import each_row
from trainer.manifests.values import mapping_at
from trainer.simulate.quota.limit_range import breaches, with_defaults_of

CONTAINER, POD = "Container", "Pod"


def limit(kind: str, bounds: str) -> str:
    return one("LimitRange", f"{{limits: [{{type: {kind}, {bounds}}}]}}")


def told(limits: str, kind: str, spec: str) -> list[str]:
    """The messages for a Pod or a claim, after defaults."""
    [limit_range], [manifest] = objects(limits), objects(one(kind, spec))
    filled = mapping_at(manifest.data, "spec")
    if kind == "Pod":
        filled = with_defaults_of(filled, [limit_range])
    return sorted(found.message for found in breaches(kind, filled, [limit_range]))


def pod(copies: int, resources: str, *init: str, own: str = "") -> str:
    containers = ", ".join(f"{{name: c{n}, image: a, resources: {resources}}}" for n in range(copies))
    inits = ", ".join(f"{{name: i{n}, image: a, resources: {one}}}" for n, one in enumerate(init))
    return f"{{containers: [{containers}], initContainers: [{inits}]{own}}}"


@each_row(
    ("kind", "bounds", "spec"),
    [
        (CONTAINER, "min: {cpu: 50m}", pod(1, "{requests: {cpu: 100m}}")),
        (CONTAINER, "min: {cpu: 50m}", pod(1, "{requests: {cpu: 100m}, limits: {cpu: 200m}}")),
        (CONTAINER, "min: {memory: 50Mi}", pod(1, "{requests: {memory: 60Mi}, limits: {memory: 100Mi}}")),
        (CONTAINER, "max: {cpu: 2}", pod(1, "{requests: {cpu: 500m}, limits: {cpu: 1}}")),
        (CONTAINER, "max: {cpu: 2}", pod(1, "{limits: {cpu: 1}}")),
        (CONTAINER, "max: {cpu: 2}", pod(1, "{}")),  # the maximum is the default as well
        (CONTAINER, "maxLimitRequestRatio: {cpu: '1.5'}", pod(1, "{requests: {cpu: 500m}, limits: {cpu: 750m}}")),
        (POD, "min: {cpu: 100m}", pod(2, "{requests: {cpu: 75m}, limits: {cpu: 200m}}")),
        (POD, "min: {memory: 100Mi}", pod(2, "{requests: {memory: 60Mi}}")),
        (POD, "min: {memory: 100Mi}", pod(1, "{requests: {memory: 60Mi}}", "{requests: {memory: 100Mi}}")),
        (POD, "max: {cpu: 2}", pod(2, "{limits: {cpu: 1}}", "{limits: {cpu: 2}}", "{limits: {cpu: 2}}")),
        (POD, "max: {memory: 2Gi}, maxLimitRequestRatio: {memory: '1.5'}",
         pod(3, "{requests: {memory: 300Mi}, limits: {memory: 450Mi}}")),
        (POD, "min: {ephemeral-storage: 100Mi}", pod(2, "{requests: {ephemeral-storage: 60Mi}}")),
        (POD, "max: {cpu: 400m, memory: 200Mi}",
         pod(3, "{requests: {cpu: 50m, memory: 60Mi}, limits: {cpu: 200m, memory: 100Mi}}",
             own=", resources: {requests: {cpu: 200m, memory: 180Mi}, limits: {cpu: 400m, memory: 200Mi}}")),
    ],
)  # fmt: skip
def test_what_is_within_bounds(kind: str, bounds: str, spec: str) -> None:
    assert told(limit(kind, bounds), "Pod", spec) == []


@each_row(
    ("kind", "bounds", "spec", "messages"),
    [
        (CONTAINER, "min: {cpu: 50m}", pod(1, "{requests: {cpu: 40m}}"),
         ["minimum cpu usage per Container is 50m, but request is 40m"]),
        (CONTAINER, "max: {cpu: 2}, default: {cpu: 1}, defaultRequest: {cpu: 1}", pod(1, "{limits: {cpu: 2500m}}"),
         ["maximum cpu usage per Container is 2, but limit is 2500m"]),
        (CONTAINER, "maxLimitRequestRatio: {cpu: 1}", pod(1, "{requests: {cpu: 1250m}, limits: {cpu: 2500m}}"),
         ["cpu max limit to request ratio per Container is 1, but provided ratio is 2.000000"]),
        (CONTAINER, "maxLimitRequestRatio: {cpu: 2}", pod(1, "{}"),
         ["cpu max limit to request ratio per Container is 2, but no request is specified or request is 0"]),
        (CONTAINER, "maxLimitRequestRatio: {cpu: 2}", pod(1, "{requests: {cpu: 1}}"),
         ["cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0"]),
        (CONTAINER, "max: {memory: 1Gi}", pod(1, "{requests: {memory: 1Mi}}", "{limits: {memory: 2Gi}}"),
         ["maximum memory usage per Container is 1Gi, but limit is 2Gi"]),
        (POD, "min: {cpu: 100m}", pod(1, "{requests: {cpu: 75m}}"),
         ["minimum cpu usage per Pod is 100m, but request is 75m"]),
        (POD, "min: {cpu: 100m}", pod(1, "{}"), ["minimum cpu usage per Pod is 100m.  No request is specified"]),
        (POD, "max: {cpu: 2, memory: 1Gi}", pod(3, "{limits: {cpu: 1}}"),
         ["maximum cpu usage per Pod is 2, but limit is 3",
          "maximum memory usage per Pod is 1Gi.  No limit is specified"]),
        (POD, "max: {memory: 1Gi}", pod(1, "{limits: {memory: 500Mi}}", "{limits: {memory: 1.5Gi}}"),
         ["maximum memory usage per Pod is 1Gi, but limit is 1536Mi"]),
        (POD, "maxLimitRequestRatio: {memory: '1.5'}", pod(3, "{requests: {memory: 250Mi}, limits: {memory: 500Mi}}"),
         ["memory max limit to request ratio per Pod is 1500m, but provided ratio is 2.000000"]),
        (POD, "max: {cpu: 100m}", pod(1, "{}", own=", resources: {limits: {cpu: 200m}}"),
         ["maximum cpu usage per Pod is 100m, but limit is 200m"]),
    ],
)  # fmt: skip
def test_what_is_not(kind: str, bounds: str, spec: str, messages: list[str]) -> None:
    assert told(limit(kind, bounds), "Pod", spec) == messages


@each_row(
    ("bounds", "size", "messages"),
    [
        ("min: {storage: 1Gi}, max: {storage: 2Gi}", "1Gi", []),
        ("min: {storage: 1Gi}, max: {storage: 2Gi}", "2Gi", []),
        ("min: {storage: 1Gi}", "100Mi",
         ["minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 100Mi"]),
        ("max: {storage: 2Gi}", "3Gi",
         ["maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi"]),
    ],
)  # fmt: skip
def test_sizes_of_claims(bounds: str, size: str, messages: list[str]) -> None:
    spec = f"{{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: {size}}}}}}}"
    assert told(limit("PersistentVolumeClaim", bounds), "PersistentVolumeClaim", spec) == messages
    assert told(limit("Pod", "max: {cpu: 1m}"), "PersistentVolumeClaim", spec) == []


def test_defaults_fill_what_is_missing() -> None:
    [limits] = objects(limit(CONTAINER, "default: {cpu: 75m, memory: 10Mi}, defaultRequest: {cpu: 50m}"))
    [manifest] = objects(one("Pod", pod(1, "{limits: {memory: 1Gi}}", "{requests: {cpu: 1m}}")))
    spec = with_defaults_of(mapping_at(manifest.data, "spec"), [limits])
    assert spec["containers"][0]["resources"] == {
        "limits": {"cpu": "75m", "memory": "1Gi"},
        "requests": {"cpu": "50m", "memory": "1Gi"},
    }
    assert spec["initContainers"][0]["resources"] == {
        "limits": {"cpu": "75m", "memory": "10Mi"},
        "requests": {"cpu": "1m", "memory": "10Mi"},
    }
    assert (
        "resources"
        not in with_defaults_of({"containers": [{"name": "a"}], "initContainers": None}, [])["containers"][0]
    )
