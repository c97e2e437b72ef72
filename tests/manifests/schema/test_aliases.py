"""Old names of configuration files that components still accept."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.manifests.schema.aliases import CURRENT, in_current_form
from trainer.manifests.schema.kinds import is_config
from trainer.verdict import Severity
from trainer.versions import SUPPORTED, Version


def manifest(text: str) -> Manifest:
    document = parse(text.encode(), "a.yaml").documents[0]
    return Manifest(document.value, document)


@each_row("kubernetes", SUPPORTED)
@each_row(
    ("old", "rest", "kind"),
    [
        (
            "apiVersion: v1\nkind: EncryptionConfig\n",
            "resources: [{resources: [secrets], providers: [{identity: {}}]}]\n",
            "EncryptionConfiguration",
        ),
        (
            "apiVersion: apiserver.k8s.io/v1alpha1\nkind: AdmissionConfiguration\n",
            "plugins: [{name: A, path: a.yaml}]\n",
            "AdmissionConfiguration",
        ),
    ],
)
def test_an_old_name_is_accepted_with_a_warning(old: str, rest: str, kind: str, kubernetes: Version) -> None:
    admitted = admit(manifest(old + rest), kubernetes)
    assert admitted.manifest is not None
    assert (admitted.manifest.api_version, admitted.manifest.kind) == ("apiserver.config.k8s.io/v1", kind)
    assert [problem.severity for problem in admitted.problems] == [Severity.WARNING]
    assert f"kind: {kind}" in admitted.problems[0].remedy


def test_other_names_stay() -> None:
    given = manifest("apiVersion: v1\nkind: EncryptionConfiguration\n")
    assert in_current_form(given) == (given, [])
    assert admit(given, SUPPORTED[0]).manifest is None


def test_the_current_names_are_known() -> None:
    assert all(is_config(api_version, kind) for api_version, kind in CURRENT.values())
