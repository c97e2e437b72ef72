"""Names that changed on their way."""

from __future__ import annotations

from tests.table import each_row
from trainer.batch.near import alike, plain


@each_row(
    "name",
    [
        "pod.yaml",
        "POD.YAML",
        "pod.yml",
        "pod.yaml.txt",
        "pod (1).yaml",
        "pod(12).yaml",
        "pod - Copy.yaml",
        "pod - Copy (2).yaml",
        "pod copy 2.yaml",
        "pod - Kopie.yaml",
        "Pod (1).yml.txt",
    ],
)
def test_names_that_mean_the_same(name: str) -> None:
    assert plain(name) == "pod.yaml"


@each_row(
    "name",
    ["pod.yaml.bak", "pod.yml2", "pod2.yaml", "pod-1.yaml", "my-pod.yaml", "pod", "pod.json", "pod.txt"],
)
def test_names_that_mean_something_else(name: str) -> None:
    assert plain(name) != "pod.yaml"


def test_folders() -> None:
    assert plain("Pod_RO (1)") == "pod-ro"
    assert alike("Pod_RO x") == "pod-ro-x"
