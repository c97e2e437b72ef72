"""Rule `image-policy`: implied registries, look-alike hosts, digests, every kind of container."""

from __future__ import annotations

import msgspec
import pytest

from tests.pictures import judging
from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import image_policy
from trainer.rules.image_policy import Params, lies_in
from trainer.simulate.containers.images import normalise
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(image_policy)

DIGEST = "sha256:" + "a" * 64


LIST = "\n".join(
    f"r.example/{name}  sha256:{letter * 64}"
    for name, letter in {"ok/app:1": "a", "ok/app:1-debug": "b", "ok/db:1": "c", "other/app:1": "d"}.items()
)


def outcome(image: str, init: str = "", **params: object) -> Outcome:
    more = f"\n  initContainers: [{{name: i, image: '{init}'}}]" if init else ""
    text = f"kind: Pod\nmetadata: {{name: web, namespace: sun}}\nspec:\n  containers: [{{name: a, image: '{image}'}}]{more}\n"
    document = parse(text.encode(), "pod.yaml").documents[0]
    world = World((Manifest(document.value, document),), node_files={"list.txt": LIST})
    return judge(world, msgspec.convert({"object": "sun/web"} | params, Params))


@each_row(
    ("image", "prefix", "expected"),
    [
        ("nginx", "docker.io", True),
        ("nginx", "docker.io/library", True),
        ("team/nginx", "docker.io/library", False),
        ("docker.io.evil.example/nginx", "docker.io", False),
        ("registry.example/team/app", "registry.example/team", True),
        ("registry.example/teams/app", "registry.example/team", False),
        ("registry.example:5000/app", "registry.example", False),
        ("evil/registry.example/app", "registry.example", False),
    ],
)
def test_registries(image: str, prefix: str, expected: bool) -> None:
    assert lies_in(normalise(image), prefix) is expected
    assert (outcome(image, allowed=[prefix]).status is Status.PASS) is expected


def test_a_path_that_only_looks_alike() -> None:
    judged = outcome("registry.example/teams/app:1", allowed=["registry.example/team"])
    assert judged.reasons[0].message == (
        "registry.example/teams/app:1 is registry.example/teams/app, which isn't below registry.example/team."
    )


def test_no_reference_at_all() -> None:
    assert outcome("app:1:2").evidence == ("Container a of Pod sun/web does not start: InvalidImageName.",)


def test_init_containers_count() -> None:
    judged = outcome("registry.example/app:1", "busybox", allowed=["registry.example"])
    assert judged.reasons[0].message == "busybox comes from docker.io; only registry.example is allowed."
    assert judged.evidence == ("Container i of Pod sun/web runs docker.io/library/busybox:latest.",)


@each_row(
    ("image", "params", "passes"),
    [
        ("nginx", {"no-latest": True}, False),
        ("nginx:1.27", {"no-latest": True}, True),
        (f"nginx@{DIGEST}", {"digest": True, "no-latest": True}, True),
        # The runtime ignores the tag beside a digest.
        (f"nginx:latest@{DIGEST}", {"no-latest": True}, True),
        ("nginx:latest", {"no-latest": True}, False),
        ("nginx:latest", {}, True),
        ("nginx:1.27", {"digest": True}, False),
        ("nginx:1.14", {"forbidden": ["nginx:1.14"]}, False),
        ("docker.io/library/nginx:1.14", {"forbidden": ["nginx"]}, False),
        ("nginx:1.27", {"forbidden": ["nginx:1.14"]}, True),
        ("NGINX", {}, False),
    ],
)
def test_tags_and_digests(image: str, params: dict[str, object], passes: bool) -> None:
    assert (outcome(image, **params).status is Status.PASS) is passes


@each_row(
    ("image", "message"),
    [
        ("r.example/ok/app@sha256:" + "a" * 64, ""),
        ("r.example/ok/app:9@sha256:" + "a" * 64, ""),
        (
            "r.example/ok/app@sha256:" + "b" * 64,
            "sha256:bbbb… is not the digest listed for app:1 (it is that of app:1-debug).",
        ),
        (
            "r.example/ok/app@sha256:" + "d" * 64,
            "sha256:dddd… is not the digest listed for app:1 (it is that of r.example/other/app:1).",
        ),
        (
            "r.example/ok/app@sha256:" + "e" * 64,
            "sha256:eeee… is not the digest listed for app:1 (it is not in list.txt).",
        ),
        (
            "r.example/ok/web@sha256:" + "a" * 64,
            "sha256:aaaa… is the digest of r.example/ok/app, not of r.example/ok/web.",
        ),
        ("r.example/ok/app:1", "r.example/ok/app:1 has no digest; list.txt lists sha256:aaaa… for app:1."),
    ],
)
def test_the_image_that_a_list_names(image: str, message: str) -> None:
    runs = {"a": "r.example/ok/app:1"}
    judged = outcome(image, **{"listed-in": "list.txt", "runs": runs})
    assert [reason.message for reason in judged.reasons] == ([message] if message else [])


def test_a_card_whose_list_lacks_its_image_is_wrong() -> None:
    with pytest.raises(UsageError, match=r"list\.txt doesn't list r\.example/ok/web:1"):
        outcome("r.example/ok/app:1", **{"listed-in": "list.txt", "runs": {"a": "r.example/ok/web:1"}})


def test_a_container_that_must_run_an_image_must_exist() -> None:
    judged = outcome("r.example/ok/app:1", **{"listed-in": "list.txt", "runs": {"b": "r.example/ok/db:1"}})
    assert [reason.message for reason in judged.reasons] == ["There is no container b."]
    with pytest.raises(msgspec.ValidationError):
        outcome("r.example/ok/app:1", runs={"b": "r.example/ok/db:1"})
