"""Would kubectl and the API server take a manifest, and as what would the server hold it?"""

from __future__ import annotations

import msgspec

from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.manifests.schema.aliases import in_current_form
from trainer.manifests.schema.check import check_schema
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.decode import known_only
from trainer.manifests.values import mapping
from trainer.verdict import Problem, Severity
from trainer.versions import Version


class Admitted(msgspec.Struct, frozen=True, eq=False):
    """The manifest as it would be stored, or None where it is refused; and every problem found.

    A manifest that was taken may have warnings.
    """

    manifest: Manifest | None
    problems: tuple[Problem, ...] = ()


def admit(manifest: Manifest, kubernetes: Version, *, static: bool = False) -> Admitted:
    """Decode strictly, fill in defaults, validate: as `kubectl apply` against an empty cluster.

    What cannot be decoded is not defaulted or validated: the API server would not come so far. A
    component's configuration file (an audit Policy, a kubeconfig) and a custom resource that cards
    use are decoded, and validated where their component does. An old name of a configuration file
    becomes the current one.

    `static` is for a static Pod: the kubelet drops unknown fields, and a warning names them
    (`legacyscheme.Codecs.UniversalDecoder` in kubernetes pkg/kubelet/config/common.go). The kubelet reads
    its KubeletConfiguration in the same way (pkg/kubelet/kubeletconfig/util/codec/codec.go), v1.35.
    Raises `UsageError` for an unknown version.
    """
    manifest, problems = in_current_form(manifest)
    problems += check_schema(manifest, kubernetes, lenient=static)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Admitted(None, tuple(problems))
    if problems and (static or manifest.kind == "KubeletConfiguration"):
        schema = schema_for(kubernetes)
        root = schema.root(manifest.api_version, manifest.kind)
        if root is not None:
            manifest = manifest.with_data(known_only(schema, root, manifest.data))
    if static:
        manifest = _on_its_node(manifest)
    defaulted = with_defaults(manifest, kubernetes)
    # The validators of thirty kinds are loaded only for what can be decoded.
    from trainer.manifests.validation import validate

    problems += validate(defaulted, kubernetes, admission=not static)
    refused = any(problem.severity is Severity.ERROR for problem in problems)
    return Admitted(None if refused else defaulted, tuple(problems))


def _on_its_node(manifest: Manifest) -> Manifest:
    """A static Pod without `spec.nodeName`, which the kubelet overwrites (`applyDefaults`, common.go)."""
    spec = mapping(manifest.data.get("spec"))
    if "nodeName" not in spec:
        return manifest
    kept = {field: value for field, value in spec.items() if field != "nodeName"}
    return manifest.with_data({**manifest.data, "spec": kept})
