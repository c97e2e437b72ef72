"""The pull policy that an image's name implies."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.defaults.images import pull_policy


@each_row(
    ("image", "policy"),
    [
        ("nginx", "Always"),
        ("nginx:latest", "Always"),
        ("nginx:1.27", "IfNotPresent"),
        ("localhost:5000/nginx", "Always"),
        ("localhost:5000/nginx:1", "IfNotPresent"),
        ("nginx@sha256:" + "0" * 64, "IfNotPresent"),
        ("nginx:latest@sha256:" + "0" * 64, "Always"),
        ("NGINX", "IfNotPresent"),
        ("", "IfNotPresent"),
        (None, "IfNotPresent"),
    ],
)
def test_pull_policy(image: object, policy: str) -> None:
    assert pull_policy(image) == policy
