"""Would the API server decode a manifest? Strict decoding, as `kubectl apply` asks for it.

Follows the strict JSON decoding of Kubernetes v1.35 (sigs.k8s.io/json, field validation `Strict`;
https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation): the kind must be
served, field names are case-sensitive, an unknown field and a value of the wrong type refuse the
object, null is fine everywhere. All problems are reported, not the first; whether required values
are there, and whether values make sense, is API validation's business (`validation`).
"""

from __future__ import annotations

from trainer.manifests.model import Manifest, Path, path_text
from trainer.manifests.schema.data import Node, Schema, schema_for
from trainer.manifests.schema.decode import Decoded, Finding, findings
from trainer.manifests.schema.kinds import LONGEST, check_kind, is_config, is_lenient
from trainer.manifests.values import indexed, mapping_at
from trainer.safe_text import one_line
from trainer.verdict import Problem, Severity
from trainer.versions import Version

MOST_PROBLEMS = 100
"""How many problems of one object are listed; beyond, they are counted."""

MOST_SUGGESTIONS = 20
"""For how many unknown fields a search is made for what was meant; each costs up to a few ms."""


def check_schema(manifest: Manifest, kubernetes: Version, *, lenient: bool = False) -> list[Problem]:
    """What the API server of this version would not decode; empty where it would.

    Each problem has its place and says what to do: the field that was meant, the place where a
    misplaced field belongs, the right form of a value. An unknown field of a component's
    configuration file is a warning where the component ignores it, and so it is anywhere with `lenient`: the
    kubelet reads static Pods so. A component that reads strictly refuses a key that is set twice. Raises
    `UsageError` for an unknown version.
    """
    schema = schema_for(kubernetes)
    refused = check_kind(manifest, schema)
    if refused is not None:
        return [refused]
    root = schema.root(manifest.api_version, manifest.kind)
    if root is None:
        return []
    found = findings(schema, root, manifest.data)
    lenient = lenient or is_lenient(manifest.api_version, manifest.kind)
    if not lenient and is_config(manifest.api_version, manifest.kind):
        found_twice = [_twice(one) for one in manifest.document.repeated]
    else:
        found_twice = []
    problems = found_twice + _problems(Decoded(manifest, schema, root), found, lenient=lenient)
    if manifest.kind == "AdmissionConfiguration":
        problems += _plugin_problems(schema, root, manifest)
    return problems


def _twice(repeated: Problem) -> Problem:
    """A key that is set twice, for a strict decoder (`YAMLToJSONStrict`, `kjson.UnmarshalStrict`)."""
    message = repeated.message.replace("the last one counts", "the component refuses that")
    return Problem(message, Severity.ERROR, repeated.location, repeated.remedy)


def _problems(decoded: Decoded, found: list[Finding], *, lenient: bool) -> list[Problem]:
    if not found:
        return []
    # The words are needed for refused manifests only; importing them costs every other start.
    from trainer.manifests.schema.words import unknown_field, wrong_type

    problems = []
    for number, (path, node, value, unknown) in enumerate(found[:MOST_PROBLEMS]):
        severity = Severity.WARNING if unknown and lenient else Severity.ERROR
        if not unknown:
            message = wrong_type(decoded.schema, path, node, value)
        elif number < MOST_SUGGESTIONS:
            message = unknown_field(decoded, path, node, value)
        else:
            message = f"unknown field `{path[-1]}` in `{path_text(path[:-1])}`"
        if severity is Severity.WARNING:
            message += " (the component ignores it and goes on as if it were not there)"
        problems.append(Problem(one_line(message, LONGEST), severity, decoded.manifest.where(*path)))
    rest = found[MOST_PROBLEMS:]
    if rest:
        ignored = lenient and all(unknown for *_, unknown in rest)
        severity = Severity.WARNING if ignored else Severity.ERROR
        where = decoded.manifest.where(*rest[0][0])
        problems.append(Problem(f"and {len(rest)} more fields that do not fit", severity, where))
    return problems


def _plugin_problems(schema: Schema, root: Node, manifest: Manifest) -> list[Problem]:
    """What is wrong with the configurations of plugins inside an AdmissionConfiguration."""
    problems: list[Problem] = []
    for index, plugin in indexed(manifest.data.get("plugins")):
        inner = mapping_at(plugin, "configuration")
        api_version, kind = str(inner.get("apiVersion")), str(inner.get("kind"))
        node, lenient = schema.root(api_version, kind), is_lenient(api_version, kind)
        if node is None and plugin.get("name") == "ImagePolicyWebhook":
            node, lenient = schema.node("imagepolicy.v1.PluginConfiguration"), True
        if node is not None:
            place: Path = ("plugins", index, "configuration")
            found = [(place + path, *rest) for path, *rest in findings(schema, node, inner)]
            problems += _problems(Decoded(manifest, schema, root), found, lenient=lenient)
    return problems
