"""ImagePolicyWebhook from the flag to the backend."""

from __future__ import annotations

import pytest

from tests.image_policy_world import ADMISSION, FILES, FOLDER, POD
from tests.static_pod_maker import apiserver, pod
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.components.image_policy_webhook import Webhook, plugin_files, review, webhook_of
from trainer.simulate.components.start import start_problems
from trainer.simulate.components.static_pods import NodeFiles

FOLDERS = frozenset({"/etc/ssl/certs", "/etc/kubernetes/pki"})


def wired(files: dict[str, str] | None = None, text: str = POD) -> Webhook:
    return webhook_of(pod(text), NodeFiles(FILES if files is None else files, folders=FOLDERS, complete=True))


def problem(files: dict[str, str] | None = None, text: str = POD) -> str:
    found = wired(files, text).problems
    assert len(found) == 1
    assert found[0].location is not None
    return found[0].message


def changed(name: str, old: str, new: str) -> dict[str, str]:
    path = f"{FOLDER}/{name}"
    assert old in FILES[path]
    return {**FILES, path: FILES[path].replace(old, new)}


def test_all_is_wired() -> None:
    found = wired()
    assert (found.enabled, found.problems, found.backend.server) == (True, (), "https://scanner:8443/review")
    assert (found.backend.authority, found.backend.certificate) == (
        f"{FOLDER}/ca.crt",
        f"{FOLDER}/client.crt",
    )
    assert (found.default_allow, found.allow_ttl, found.deny_ttl, found.retry_backoff) == (
        False,
        100,
        50,
        500,
    )
    assert found.places["defaultAllow"].line == 11
    assert found.places["retryBackoff"].path == "plugins[0].configuration.imagePolicy.retryBackoff"
    assert found.backend.at("server") == found.backend.places["server"]
    assert found.backend.places["server"].path == "clusters[0].cluster.server"


def test_it_starts() -> None:
    assert start_problems(pod(POD), NodeFiles(FILES), default_policy()) == []
    bad = changed("admission.yaml", "allowTTL: 100", "allowTTL: 4000")
    assert "allowTTL must be" in start_problems(pod(POD), NodeFiles(bad), default_policy())[0].message


@each_row(
    ("name", "old", "new", "message"),
    [
        (
            "admission.yaml",
            "name: ImagePolicyWebhook",
            "name: PodSecurity",
            "has no entry for ImagePolicyWebhook",
        ),
        ("admission.yaml", "kubeconfig.yaml", "other.yaml", "the node has no file"),
        (
            "admission.yaml",
            f"      kubeConfigFile: {FOLDER}/kubeconfig.yaml\n",
            "",
            "doesn't know its backend",
        ),
        ("admission.yaml", "imagePolicy:", "imagepolicies:", "has no imagePolicy"),
        ("admission.yaml", "denyTTL: 50", "denyTTL: 0.5", "denyTTL"),
        ("admission.yaml", "defaultAllow: false", "defaultAllow: never", "defaultAllow"),
        (
            "kubeconfig.yaml",
            "current-context: webhook",
            "current-context: web",
            "context 'web' doesn't exist",
        ),
        ("kubeconfig.yaml", "client.key", "none.key", "client-key: the node has no file"),
        ("kubeconfig.yaml", f"{FOLDER}/ca.crt", "/root/ca.crt", "no volumeMount covers"),
    ],
)
def test_what_is_wrong(name: str, old: str, new: str, message: str) -> None:
    assert message in problem(changed(name, old, new))


def test_flags_and_mounts() -> None:
    assert "is not enabled" in problem(text=POD.replace(",ImagePolicyWebhook", ""))
    assert "is not set" in problem(text=POD.replace("--admission-control-config-file=", "--cert-dir="))
    assert "no volumeMount covers" in problem(
        text=POD.replace(f"mountPath: {FOLDER}", "mountPath: /elsewhere")
    )
    with pytest.raises(NotJudged):
        webhook_of(pod(POD), NodeFiles())


def test_names_without_regard_to_case() -> None:
    # Go's decoder takes them so.
    assert wired(changed("admission.yaml", "defaultAllow: false", "defaultallow: true")).default_allow


def test_a_file_of_its_own() -> None:
    own = (
        "imagePolicy:\n  kubeConfigFile: /etc/kubernetes/imagepolicy/kubeconfig.yaml\n  defaultAllow: true\n"
    )
    head = ADMISSION.partition("  configuration")[0]
    files = {**FILES, f"{FOLDER}/admission.yaml": head + "  path: own.yaml\n", f"{FOLDER}/own.yaml": own}
    found = wired(files)
    assert (found.problems, found.default_allow, found.allow_ttl) == ((), True, 300)
    assert "the node has no file" in problem(
        {**files, f"{FOLDER}/admission.yaml": head + "  path: no.yaml\n"}
    )
    assert "neither configuration nor path" in problem({**files, f"{FOLDER}/admission.yaml": head})


def test_files_that_it_needs() -> None:
    plugin = {"name": "ImagePolicyWebhook"}
    files = set(plugin_files(pod(POD), NodeFiles(FILES), f"{FOLDER}/admission.yaml", plugin))
    assert files == set(FILES) - {f"{FOLDER}/admission.yaml"}


def test_rulings() -> None:
    closed, opened = Webhook(True), Webhook(True, default_allow=True)
    assert not review(closed, ["nginx"], None).admitted
    assert review(opened, ["nginx"], None).admitted
    assert review(closed, ["docker.io/library/nginx:latest"], frozenset({"nginx"})).admitted
    assert not review(opened, ["nginx", "evil"], frozenset({"nginx"})).admitted
    assert review(webhook_of(apiserver(), NodeFiles()), ["evil"], frozenset()).admitted
