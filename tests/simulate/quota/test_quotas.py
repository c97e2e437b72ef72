"""What ResourceQuotas count and refuse, after resourcequota/admission_test.go (v1.36)."""

from __future__ import annotations

from tests.simulate.quota.worlds import objects, one, pod
from tests.table import each_row
from trainer.simulate.quota.quotas import Quotas

HALF = "{requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: 1, memory: 2Gi}}"


def quota(hard: str, more: str = "", name: str = "q") -> str:
    return one("ResourceQuota", f"{{hard: {{{hard}}}{more}}}", name)


def told(quotas: str, *texts: str, existing: str = "") -> list[str]:
    """What is said about each object, in order; an empty text where it fits."""
    counted = Quotas(objects(quotas), [(found, 1) for found in objects(existing)])
    found = [counted.admit(manifest) for text in texts for manifest in objects(text)]
    return [excess.message if excess else "" for excess in found]


@each_row(
    ("quotas", "texts", "messages"),
    [
        (quota("requests.cpu: 1"), (pod(HALF), pod(HALF), pod(HALF)),
         ["", "", "exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=1, limited: requests.cpu=1"]),
        (quota("cpu: 1, limits.memory: 3Gi"), (pod(HALF), pod(HALF)),
         ["", "exceeded quota: q, requested: limits.memory=2Gi, used: limits.memory=2Gi, limited: limits.memory=3Gi"]),
        (quota("pods: 1, requests.memory: 1Gi"), (pod(HALF), pod(HALF)),
         ["", "exceeded quota: q, requested: pods=1,requests.memory=1Gi, used: pods=1,requests.memory=1Gi, "
          "limited: pods=1,requests.memory=1Gi"]),
        # What is refused doesn't count.
        (quota("pods: 1"), (pod(), pod(), pod()), ["", *["exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1"] * 2]),
        (quota("requests.cpu: 300m"), (pod(HALF), pod("{requests: {cpu: 300m}}")),
         ["exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=0, limited: requests.cpu=300m", ""]),
        # Every container says what a quota counts.
        (quota("requests.cpu: 1, limits.memory: 1Gi"), (pod(),),
         ["failed quota: q: must specify limits.memory for: c; requests.cpu for: c"]),
        (quota("cpu: 1"), (pod("{requests: {memory: 1}}"),), ["failed quota: q: must specify cpu for: c"]),
        (quota("requests.cpu: 1"), (pod(more=", resources: {requests: {cpu: 1}}"),), [""]),
        (quota("requests.ephemeral-storage: 1Gi"), (pod(),), [""]),
        # The objects of two quotas must fit into both.
        (quota("pods: 5") + quota("count/pods: 1", name="r"), (pod(), pod()),
         ["", "exceeded quota: r, requested: count/pods=1, used: count/pods=1, limited: count/pods=1"]),
        (quota("services.nodeports: 0"), (one("Service", "{type: NodePort, ports: [{port: 1}]}"),),
         ["exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0"]),
        (quota("services.nodeports: 0"), (one("Service", "{ports: [{port: 1}]}"),), [""]),
        (quota("requests.example.com/gpu: 1"), (pod("{limits: {example.com/gpu: 2}}"),),
         ["exceeded quota: q, requested: requests.example.com/gpu=2, used: requests.example.com/gpu=0, "
          "limited: requests.example.com/gpu=1"]),
    ],
)  # fmt: skip
def test_objects_one_after_the_other(quotas: str, texts: tuple[str, ...], messages: list[str]) -> None:
    assert told(quotas, *texts) == messages


SCOPES = {
    "Terminating": ", activeDeadlineSeconds: 5",
    "PriorityClass": ", priorityClassName: system-node-critical, priority: 2000001000",
    "CrossNamespacePodAffinity": ", affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
    "[{topologyKey: a, namespaces: [b], labelSelector: {}}]}}",
}
OTHER = SCOPES["CrossNamespacePodAffinity"].replace("namespaces: [b], ", "")


@each_row(
    ("scope", "text", "counted"),
    [
        *((f"scopes: [{scope}]", pod(HALF, more=more), True) for scope, more in SCOPES.items()),
        *((f"scopes: [{scope}]", pod(HALF), False) for scope in SCOPES),
        ("scopes: [CrossNamespacePodAffinity]", pod(HALF, more=OTHER), False),
        ("scopes: [NotTerminating]", pod(HALF), True),
        ("scopes: [NotTerminating]", pod(HALF, more=SCOPES["Terminating"]), False),
        ("scopes: [BestEffort]", pod(), True),
        ("scopes: [BestEffort]", pod("{requests: {ephemeral-storage: 1}}"), True),
        ("scopes: [BestEffort]", pod("{requests: {cpu: 0}}"), True),
        ("scopes: [BestEffort]", pod(HALF), False),
        ("scopes: [NotBestEffort]", pod(HALF), True),
        ("scopes: [NotBestEffort]", pod(more=", resources: {requests: {cpu: 1}}"), True),
        ("scopes: [NotBestEffort, Terminating]", pod(HALF), False),
        *(
            (f"scopeSelector: {{matchExpressions: [{{scopeName: PriorityClass, operator: {operator}}}]}}", pod(HALF, more=more), counted)
            for operator, more, counted in (
                ("In, values: [system-node-critical]", SCOPES["PriorityClass"], True),
                ("In, values: [other]", SCOPES["PriorityClass"], False),
                ("NotIn, values: [other]", SCOPES["PriorityClass"], True),
                ("NotIn, values: [other]", "", True),
                ("DoesNotExist", "", True),
                ("DoesNotExist", SCOPES["PriorityClass"], False),
            )
        ),
    ],
)  # fmt: skip
def test_scopes(scope: str, text: str, counted: bool) -> None:
    [message] = told(quota("pods: 0", f", {scope}"), text)
    assert bool(message) is counted


def test_scopes_leave_other_kinds_out() -> None:
    claim = "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1}}%s}"
    classes = ", volumeAttributesClassName: fast"
    none = quota("persistentvolumeclaims: 0", ", scopes: [VolumeAttributesClass]")
    assert told(none, one("PersistentVolumeClaim", claim % "")) == [""]
    assert told(none, one("PersistentVolumeClaim", claim % classes)) != [""]


def test_what_exists_counts() -> None:
    assert told(quota("pods: 1"), pod(), existing=pod(name="old")) == [
        "exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1"
    ]
    counted = Quotas(objects(quota("pods: 3, requests.cpu: 4")), [(objects(pod(HALF))[0], 2)])
    assert counted.standing() == "q: pods 2 of 3, requests.cpu 1 of 4"
