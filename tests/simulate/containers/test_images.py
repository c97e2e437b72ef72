"""Tests of `simulate.containers.images`: image references as container runtimes read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import UsageError
from trainer.simulate.containers.images import Image, normalise, same_image

SHA = "sha256:" + "a" * 64


@each_row(
    ("reference", "expected"),
    [
        ("busybox", Image("docker.io", "library/busybox", "latest")),
        ("busybox:1.32.0", Image("docker.io", "library/busybox", "1.32.0")),
        ("docker.io/busybox", Image("docker.io", "library/busybox", "latest")),
        ("index.docker.io/library/busybox:1", Image("docker.io", "library/busybox", "1")),
        ("bitnami/nginx:1", Image("docker.io", "bitnami/nginx", "1")),
        ("registry:5000/app", Image("registry:5000", "app", "latest")),
        ("localhost/app", Image("localhost", "app", "latest")),
        ("LOCAL/app", Image("LOCAL", "app", "latest")),
        ("registry.k8s.io/pause:3.10", Image("registry.k8s.io", "pause", "3.10")),
        ("ghcr.io/a/b/c@" + SHA, Image("ghcr.io", "a/b/c", "", SHA)),
        ("ghcr.io/a/b:1@" + SHA, Image("ghcr.io", "a/b", "1", SHA)),
        ("[2001:db8::1]:5000/app:2", Image("[2001:db8::1]:5000", "app", "2")),
    ],
)
def test_normalise(reference: str, expected: Image) -> None:
    assert normalise(reference) == expected


@each_row(
    ("reference", "registry"),
    [
        ("docker.io.evil.example/library/nginx", "docker.io.evil.example"),
        ("docker-io/library/nginx", "docker.io"),
        ("registry.example/nginx", "registry.example"),
        ("registry.example.evil/nginx", "registry.example.evil"),
        ("evil/registry.example/nginx", "docker.io"),
        ("registry.example:443/nginx", "registry.example:443"),
    ],
)
def test_look_alikes_have_their_own_registry(reference: str, registry: str) -> None:
    assert normalise(reference).registry == registry


@each_row(
    "reference",
    [
        "",
        ":1",
        "Busybox",
        "a//b",
        "busybox:",
        "busybox:-x",
        "busybox@sha256:abc",
        "busybox:1:2",
        " busybox",
        "http://busybox",
        "-/x",
        "a" * 64,
        "b" * 300,
        "busybox:" + "1" * 129,
    ],
)
def test_what_is_no_reference(reference: str) -> None:
    with pytest.raises(UsageError, match="not an image reference"):
        normalise(reference)


def test_same_image() -> None:
    assert same_image("busybox:1.32.0", "docker.io/library/busybox:1.32.0")
    assert same_image("nginx", "nginx:latest")
    assert not same_image("busybox:1.32.0", "busybox:1.32")
    assert not same_image("busybox:1@" + SHA, "busybox:1")
    assert same_image("not an image", "not an image")
    assert not same_image("not an image", "busybox")


def test_the_name_has_no_tag() -> None:
    assert normalise("nginx:1").name == "docker.io/library/nginx"


@given(st.from_regex(r"([a-z]{1,5}\.io/)?([a-z]{1,4}/){0,2}[a-z]{1,6}(:[a-z0-9]{1,4})?", fullmatch=True))
def test_the_full_form_means_the_same(reference: str) -> None:
    full = normalise(reference)
    assert normalise(str(full)) == full


@given(st.text(alphabet="ab.:/@-_A", max_size=20))
def test_any_text_is_read_or_refused(reference: str) -> None:
    try:
        image = normalise(reference)
    except UsageError:
        return
    assert normalise(str(image)) == image
