"""Tests of `packcheck.field_values`: what is added can be there."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.decode import decodes
from trainer.packcheck.field_values import ASKED, EFFECTS, LEFT_OUT, VALUES, scalar_values
from trainer.versions import DEFAULT

SCHEMA = schema_for(DEFAULT)


@each_row(("struct", "names"), EFFECTS.items())
def test_effects_are_fields_of_their_type(struct: str, names: tuple[str, ...]) -> None:
    fields = SCHEMA.fields(struct)
    assert [name for name in names if name not in fields] == []
    assert not set(names) & LEFT_OUT
    assert [
        name for name in names for value in VALUES.get(name, ()) if not decodes(SCHEMA, fields[name], value)
    ] == []


def test_what_is_asked_for_is_an_effect() -> None:
    assert set(ASKED) <= {name for names in EFFECTS.values() for name in names}


@each_row("kind", ["bool", "string", "int32", "int64", "quantity", "int-or-string", "bytes", "duration"])
def test_scalars_have_values_of_their_type(kind: str) -> None:
    values = scalar_values(kind)
    assert values
    assert all(decodes(SCHEMA, SCHEMA.node(kind), value) for value in values)


def test_an_unknown_type_has_none() -> None:
    assert list(scalar_values("any")) == []
