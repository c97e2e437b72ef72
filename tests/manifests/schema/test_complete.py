"""What can be written at a place."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.schema.complete import proposals
from trainer.versions import DEFAULT

POD = ("v1", "Pod")


def words(kind: tuple[str, str], path: str, key: str | None, begun: str, *taken: str) -> list[str]:
    steps = [0 if step == "0" else step for step in path.split(".") if step]
    return [one.word for one in proposals(*kind, steps, key, begun, taken, DEFAULT)]


@each_row(
    "kind, path, key, begun, found",
    [
        (POD, "spec.containers.0", None, "imagep", ["imagePullPolicy"]),
        (POD, "spec.containers.0.securityContext", None, "ROOT", ["readOnlyRootFilesystem", "runAsNonRoot"]),
        (
            POD,
            "spec.containers.0.imagePullPolicy",
            "imagePullPolicy",
            "",
            ["Always", "IfNotPresent", "Never"],
        ),
        (POD, "spec.hostNetwork", "hostNetwork", "t", ["true"]),
        (POD, "spec.hostNetwork", "hostNetwork", "", ["true", "false"]),
        (POD, "", None, "", ["apiVersion", "kind", "metadata", "spec"]),
        (POD, "metadata.labels", None, "a", []),
        (POD, "spec.nope", None, "", []),
        (("", ""), "", None, "", ["apiVersion", "kind", "metadata", "spec"]),
        (("", ""), "spec", None, "", []),
        (POD, "spec.containers.0", "containers", "imagep", ["imagePullPolicy"]),
        (POD, "spec", "spec", "", []),
        (POD, "spec.containers.0.command.0", "command", "", []),
        (
            ("networking.k8s.io/v1", "NetworkPolicy"),
            "spec.policyTypes.0",
            "policyTypes",
            "e",
            ["Egress", "Ingress"],
        ),
        (("networking.k8s.io/v1", ""), "kind", "kind", "netw", ["NetworkPolicy"]),
        (
            ("", ""),
            "kind",
            "kind",
            "netw",
            ["NetworkPolicy", "CiliumClusterwideNetworkPolicy", "CiliumNetworkPolicy"],
        ),
        (("", "Deployment"), "apiVersion", "apiVersion", "", ["apps/v1"]),
        (("audit.k8s.io/v1", "Policy"), "rules.0.level", "level", "req", ["Request", "RequestResponse"]),
    ],
)
def test_words_that_fit(
    kind: tuple[str, str], path: str, key: str | None, begun: str, found: list[str]
) -> None:
    assert words(kind, path, key, begun) == found


def test_required_fields_come_first_and_taken_ones_are_left_out() -> None:
    assert words(POD, "spec", None, "")[0] == "containers"
    assert words(POD, "spec", None, "contain", "containers") == ["ephemeralContainers", "initContainers"]
    assert words(POD, "", None, "", "kind", "apiVersion") == ["metadata", "spec"]
    [one] = proposals(*POD, ("spec",), None, "restartp", (), DEFAULT)
    assert (one.shape, one.note) == ("scalar", "<string> Restart policy for all containers within the pod.")
    shapes = {one.word: one.shape for one in proposals(*POD, ("spec",), None, "", (), DEFAULT)}
    assert (shapes["containers"], shapes["securityContext"], shapes["nodeSelector"]) == (
        "list",
        "object",
        "object",
    )
