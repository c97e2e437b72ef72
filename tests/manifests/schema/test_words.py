"""The words about what does not decode: what is, and what to write."""

from __future__ import annotations

from collections.abc import Callable

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.schema.check import check_schema
from trainer.versions import DEFAULT

Make = Callable[[str], Manifest]

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n"
WEB = "  containers:\n  - name: a\n    image: nginx\n"
ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\n"
POLICY = (
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector: {}\n"
)

TYPES = [
    (
        POD + WEB + "  hostPID: 'true'\n",
        '`spec.hostPID` must be true or false, but it is the text "true": write true without quotes',
    ),
    (
        POD + WEB + "  activeDeadlineSeconds: '30'\n",
        '`spec.activeDeadlineSeconds` must be a whole number, but it is the text "30": write 30 without quotes',
    ),
    (
        POD + WEB + "    env: [{name: a, value: 1}]\n",
        '`spec.containers[0].env[0].value` must be text, but it is 1: write it in quotes, "1"',
    ),
    (
        POD + WEB + "    env: [{name: a, value: no}]\n",
        "`spec.containers[0].env[0].value` must be text, but it is false: write the word in quotes; YAML"
        " reads yes, no, on, off, y and n as true or false, too",
    ),
    (
        POD + WEB + "    env: {a: b}\n",
        "`spec.containers[0].env` must be a list, but the value is an object: start each item with a dash (`- `)",
    ),
    (
        POLICY + "  policyTypes: Ingress, Egress\n",
        '`spec.policyTypes` must be a list, but it is the text "Ingress, Egress":'
        " write `[Ingress, Egress]`, or each item on a line of its own with a dash",
    ),
    (
        POD + WEB + "    volumeMounts: data\n",
        '`spec.containers[0].volumeMounts` must be a list, but it is the text "data":'
        " write each item on lines of its own, the first with a dash (`- `)",
    ),
    (
        POD + "  - hostPID: true\n",
        "`spec` must be an object, but the value is a list:"
        " take the dash away, so that its fields stand directly below",
    ),
    (
        POD + WEB + "    startupProbe: {exec: [rm, x]}\n",
        "`spec.containers[0].startupProbe.exec` must be an object, but the value is a list:"
        " the list goes below `command`",
    ),
    (
        POD + WEB + "    securityContext: {seccompProfile: RuntimeDefault}\n",
        "`spec.containers[0].securityContext.seccompProfile` must be an object,"
        ' but it is the text "RuntimeDefault": its fields go below it, such as `type: RuntimeDefault`',
    ),
    (
        POD + "  |\n  containers: []\n",
        '`spec` must be an object, but it is the text "containers: []\\n":'
        " take the `|` or the quotes away, so that its fields are read",
    ),
    (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: 'hello world'}\n",
        '`data.a` must be base64, but it is the text "hello world":'
        " encode it (`echo -n ... | base64`), or, in a Secret, write it under `stringData`",
    ),
    (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: [a]\n",
        "`data` must be an object of `key: value` lines, but the value is a list: take the dash away",
    ),
    (
        POD + WEB + "    ports: [{containerPort: 2147483648}]\n",
        "`spec.containers[0].ports[0].containerPort` must be from -2147483648 to 2147483647,"
        " but it is 2147483648",
    ),
]

FIELDS = [
    (
        POD + WEB + "    securityContext: {readonlyRootFilesystem: true}\n",
        "unknown field `readonlyRootFilesystem` in `spec.containers[0].securityContext`:"
        " did you mean `readOnlyRootFilesystem`?",
    ),
    (
        POD + WEB + "    readOnlyRootFileSystem: true\n",
        "unknown field `readOnlyRootFileSystem` in `spec.containers[0]`: `readOnlyRootFilesystem` (written"
        " like this) is a container field, move it to `spec.containers[0].securityContext`",
    ),
    (
        POD + WEB + "  - name: b\n    image: nginx\n  readOnlyRootFilesystem: true\n",
        "unknown field `readOnlyRootFilesystem` in `spec`: it is a container field, move it to"
        " `spec.containers[0].securityContext` (and to each other one that it is meant for)",
    ),
    (
        ROLE + "spec: {rules: []}\n",
        "unknown field `spec` in a Role: `rules` belongs directly in a Role, take this level out",
    ),
    (ROLE + "rules: [{verb: [get]}]\n", "unknown field `verb` in `rules[0]`: did you mean `verbs`?"),
    (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a, type: Opaque}\n",
        "unknown field `type` in `metadata`: it belongs at the top level, beside `kind` and `metadata`",
    ),
    (
        POLICY + "  name: a\n",
        "unknown field `name` in `spec`: it is a metadata field, and `metadata` has it already;"
        " take it out here",
    ),
    (
        POD + WEB + "    livenessProbe: {port: 80}\n",
        "unknown field `port` in `spec.containers[0].livenessProbe`: it is a container field, move it to"
        " `spec.containers[0].livenessProbe.grpc`, `spec.containers[0].livenessProbe.httpGet` or"
        " `spec.containers[0].livenessProbe.tcpSocket`",
    ),
    (
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec: {replicas: 2}\n",
        "unknown field `replicas` in `spec`: no part of a DaemonSet has a field of this name; take it out",
    ),
]


@each_row(("text", "message"), TYPES)
def test_a_wrong_type(text: str, message: str, manifest_of: Make) -> None:
    assert [problem.message for problem in check_schema(manifest_of(text), DEFAULT)] == [message]


@each_row(("text", "message"), FIELDS)
def test_an_unknown_field(text: str, message: str, manifest_of: Make) -> None:
    assert [problem.message for problem in check_schema(manifest_of(text), DEFAULT)] == [message]


def test_a_no_break_space_in_a_name_is_told(manifest_of: Make) -> None:
    (problem,) = check_schema(
        manifest_of(POD.replace("{name: a}", "{name: a}\n\u00a0\u00a0kind: x")), DEFAULT
    )
    assert problem.message == (
        "unknown field `\u00a0\u00a0kind` in a Pod: its name has a no-break space (U+00A0) in column 1; "
        "write ordinary spaces"
    )
