"""Old names of configuration files that components still accept.

kube-apiserver registers `v1 EncryptionConfig`, which the documentation once had (apiserver
pkg/apis/apiserver/v1/register.go), and `apiserver.k8s.io/v1alpha1 AdmissionConfiguration`
(pkg/apis/apiserver/v1alpha1/register.go, loaded by pkg/server/options/admission.go); v1.35 to v1.37.
The configuration of ImagePolicyWebhook or PodNodeSelector alone, in place of an AdmissionConfiguration,
counts as one that refers to itself (`ReadAdmissionConfiguration` in apiserver pkg/admission/config.go).
"""

from __future__ import annotations

from collections.abc import Collection

from trainer.manifests.model import Document, Manifest
from trainer.manifests.schema.kinds import is_config
from trainer.manifests.values import mapping
from trainer.verdict import Problem, Severity

CURRENT = {
    ("v1", "EncryptionConfig"): ("apiserver.config.k8s.io/v1", "EncryptionConfiguration"),
    ("apiserver.k8s.io/v1alpha1", "AdmissionConfiguration"): (
        "apiserver.config.k8s.io/v1",
        "AdmissionConfiguration",
    ),
}
"""(apiVersion, kind) -> the current ones, with the same fields."""


def in_current_form(manifest: Manifest) -> tuple[Manifest, list[Problem]]:
    """The manifest under its current name, with a warning if it was written under an old one."""
    current = CURRENT.get((manifest.api_version, manifest.kind))
    if current is None:
        return manifest, []
    api_version, kind = current
    message = (
        f"`{manifest.kind}` of `{manifest.api_version}` is an old name that kube-apiserver still accepts"
    )
    remedy = f"Write `apiVersion: {api_version}` and `kind: {kind}`."
    problem = Problem(message, Severity.WARNING, manifest.where("apiVersion"), remedy)
    return manifest.with_data({**manifest.data, "apiVersion": api_version, "kind": kind}), [problem]


_PLUGIN_FILES = frozenset(("imagePolicy", "podNodeSelectorPluginConfig"))
_PLUGINS = ("ImagePolicyWebhook", "PodNodeSelector")
_ADMISSION = ("apiserver.config.k8s.io/v1", "AdmissionConfiguration")


def is_plugin_file(document: Document) -> bool:
    """Whether a document is the configuration of an admission plugin instead of an AdmissionConfiguration."""
    value = mapping(document.value)
    written = str(value.get("apiVersion") or ""), str(value.get("kind") or "")
    return bool(_PLUGIN_FILES & value.keys()) and not is_config(*CURRENT.get(written, written))


def of_plugin_file(document: Document, path: str, enabled: Collection[str]) -> Manifest:
    """The AdmissionConfiguration that such a file at `path` stands for, with the enabled plugins."""
    api_version, kind = _ADMISSION
    plugins = [{"name": name, "path": path} for name in _PLUGINS if name in enabled]
    return Manifest({"apiVersion": api_version, "kind": kind, "plugins": plugins}, document)


def plugin_file_warning(document: Document) -> Problem:
    """A warning that names the current form."""
    message = "this old form, without an AdmissionConfiguration, is still accepted"
    remedy = "Write an AdmissionConfiguration with this under `plugins[].configuration`."
    return Problem(message, Severity.WARNING, document.where(), remedy)
