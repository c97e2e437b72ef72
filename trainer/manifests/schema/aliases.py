"""Old names of configuration files that components still accept.

kube-apiserver registers `v1 EncryptionConfig`, which the documentation once had (apiserver
pkg/apis/apiserver/v1/register.go), and `apiserver.k8s.io/v1alpha1 AdmissionConfiguration`
(pkg/apis/apiserver/v1alpha1/register.go, loaded by pkg/server/options/admission.go); v1.35 to v1.37.
"""

from __future__ import annotations

from trainer.manifests.model import Manifest
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
