"""JSON Schemas for editors and scripts: `docs/card.schema.json` and `docs/results.schema.json`."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from tools.docs.contracts import FORMS
from tools.docs.source import field_docs, structs_below
from trainer.content.card import CardFile, CheckFile
from trainer.rules import load_rule, rule_names
from trainer.simulate.images.given import BuildGiven
from trainer.simulate.node.given import NodeGiven

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def card_schema() -> str:
    """The schema of a card's file; a check has the fields of all checks and those of its rule."""
    rules = {name: _params(name) for name in rule_names()}
    (card, check, node, build, *params), defs = _described(
        [CardFile, CheckFile, NodeGiven, BuildGiven, *rules.values()]
    )
    checks = [
        _check(name, defs[_name(check)], defs[_name(one)]) for name, one in zip(rules, params, strict=True)
    ]
    defs[_name(card)]["properties"]["checks"]["items"] = {"oneOf": checks}
    defs[_name(card)]["properties"]["node"] |= node
    defs[_name(card)]["properties"]["build"] |= build
    for unused in (check, *params):
        defs.pop(_name(unused))
    return _text({"$schema": _DIALECT, "title": "A card of cks-trainer", **card, "$defs": defs})


def results_schema() -> str:
    """The schema of what `--json` prints; the forms are told apart by `schema`."""
    forms, defs = _described(FORMS)
    return _text(
        {"$schema": _DIALECT, "title": "Results of cks-trainer", "oneOf": list(forms), "$defs": defs}
    )


def _params(rule: str) -> type[Any]:
    return load_rule(rule).Params


def _described(roots: Iterable[type[Any]]) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    """References to the structs, and the definitions, with the fields' docstrings as descriptions."""
    roots = list(roots)
    structs = list(dict.fromkeys([*roots, *(below for root in roots for below in structs_below(root))]))
    references, defs = msgspec.json.schema_components(structs, ref_template="#/$defs/{name}")
    for struct, reference in zip(structs, references, strict=True):
        definition = defs[_name(reference)]
        for field, text in field_docs(struct).items():
            definition["properties"][field] = {**definition["properties"][field], "description": text}
    return tuple(references[: len(roots)]), defs


def _check(rule: str, common: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    module = importlib.import_module(load_rule(rule).__name__)  # type: ignore[attr-defined]
    return {
        "title": rule,
        "description": (module.__doc__ or "").partition("\n")[0],
        "type": "object",
        "properties": {**common["properties"], **params["properties"], "rule": {"const": rule}},
        "required": [*common["required"], *params["required"]],
        "additionalProperties": False,
    }


def _name(reference: dict[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
