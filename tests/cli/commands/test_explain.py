"""`explain`: the documentation of fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trainer.versions import SUPPORTED

Cks = Callable[..., Any]


def test_a_field_is_explained_as_text_and_as_json(cks: Cks) -> None:
    ran = cks("explain", "pod.spec.containers.securityContext.readOnlyRootFilesystem")
    assert ran.code == 0
    assert ran.out.startswith("KIND:       Pod\nVERSION:    v1\n\nFIELD: readOnlyRootFilesystem <boolean>\n")
    data = cks("explain", "--json", "--kubernetes", str(SUPPORTED[-1]), "pod.spec").json
    assert (data["schema"], data["kubernetes"], data["type"]) == (
        "cks-trainer.explain/1",
        str(SUPPORTED[-1]),
        "PodSpec",
    )
    [containers] = [field for field in data["fields"] if field["name"] == "containers"]
    assert containers["required"]
    assert containers["type"] == "[]Container"


def test_what_does_not_exist_is_a_usage_error(cks: Cks) -> None:
    ran = cks("explain", "pod.spec.container")
    assert (ran.code, ran.out) == (2, "")
    assert "containers" in ran.err
