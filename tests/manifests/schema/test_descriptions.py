"""The descriptions of types and fields."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.descriptions import description, first_sentence
from trainer.versions import SUPPORTED, Version


def test_nearly_all_fields_of_every_version_have_descriptions() -> None:
    for version in SUPPORTED:
        schema = schema_for(version)
        names = [name for name in schema._types if schema.fields(name)]
        without = [
            f"{name}.{field}"
            for name in names
            for field in schema.fields(name)
            if not description(name, field, version) and "." not in schema.fields(name)[field].name
        ]
        assert len(names) > 300
        described = sum(len(schema.fields(name)) for name in names)
        assert len(without) < described / 50, version  # the OpenAPI has none for parts of apiextensions


def test_a_version_has_its_own_words() -> None:
    newest, oldest = max(SUPPORTED), min(SUPPORTED)
    assert "read-only root filesystem" in description(
        "core.v1.SecurityContext", "readOnlyRootFilesystem", oldest
    )
    assert description("core.v1.Nothing", "x", newest) == ""
    assert description("core.v1.Pod", "", newest).startswith("Pod is a collection of containers")
    later = [name for name in schema_for(newest)._types if name not in schema_for(oldest)._types]
    assert later
    assert all(description(name, "", oldest) == "" for name in later)
    assert isinstance(newest, Version)


@each_row(
    "text, first",
    [
        ("One. Two.", "One."),
        ("A list, e.g. this. More.", "A list, e.g. this."),
        ("Two\nlines\n\nNext", "Two lines"),
        ("", ""),
        ("v1.2 is here", "v1.2 is here"),
    ],
)
def test_the_first_sentence(text: str, first: str) -> None:
    assert first_sentence(text) == first
