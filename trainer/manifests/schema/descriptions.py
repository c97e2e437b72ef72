"""What types and fields of Kubernetes mean: the descriptions of the published OpenAPI, loaded on use.

`schemas/descriptions.json.gz` is made by `tools/generate_schema.py`. The texts are those of the Kubernetes
authors, under the Apache License 2.0 (`schemas/LICENSE`). Kinds that `extra` describes by hand have none.
"""

from __future__ import annotations

from functools import cache

import msgspec

from trainer.manifests.schema.data import packaged
from trainer.versions import Version

Texts = dict[str, dict[str, str]]
"""Type -> field -> what it means; the type's own text is under the empty name."""


@cache
def _texts(kubernetes: Version) -> Texts:
    layers = msgspec.json.decode(packaged("descriptions"), type=dict[str, Texts])
    found: Texts = {}
    for version in sorted(Version(*map(int, name.split("."))) for name in layers):
        if version <= kubernetes:  # a layer has what differs from the versions before it
            for name, fields in layers[str(version)].items():
                found.setdefault(name, {}).update(fields)
    return found


def description(type_name: str, field: str, kubernetes: Version) -> str:
    """What a field of a type means, or with an empty field the type; empty where no text says so."""
    return _texts(kubernetes).get(type_name, {}).get(field, "")


def first_sentence(text: str) -> str:
    """The first sentence of a description, on one line.

    >>> first_sentence("The group (e.g. apps) of it. More info: https://k8s.io\\n\\nMore.")
    'The group (e.g. apps) of it.'
    """
    line = text.strip().partition("\n\n")[0].replace("\n", " ")
    start = 0
    while (end := line.find(". ", start)) >= 0:
        if not line[: end + 1].lower().endswith(("e.g.", "i.e.", "etc.", "vs.")):
            return line[: end + 1]
        start = end + 1
    return line
