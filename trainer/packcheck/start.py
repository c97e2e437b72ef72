"""The starters of a card: their fields are ones that the API server knows.

A misspelled field in a starter is a second task that the prompt doesn't mention. If it is the
task, the card says so under `start_faults`.
"""

from __future__ import annotations

from collections.abc import Iterator

from trainer.content.card import Card
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.schema.check import check_schema
from trainer.verdict import Problem, Severity


def start_faults(card: Card) -> Iterator[tuple[str, str]]:
    """What is wrong with the starters: file and sentence; no file for a useless entry of `start_faults`."""
    named = set()
    for name, text in card.start.items():
        for problem in _problems(card, name, text):
            path = problem.location.path if problem.location else ""
            if path in card.start_faults:
                named.add(path)
                continue
            line = problem.location.line if problem.location else 1
            yield name, f"line {line} of the starter: {problem.message}"
    for path in card.start_faults:
        if path not in named:
            yield "", f"no starter has a fault at {path}"


def _problems(card: Card, name: str, text: str) -> Iterator[Problem]:
    if name in card.plain_files or not name.endswith((".yaml", ".yml", ".json")):
        return
    parsed = parse(text.encode(), name)
    manifests, _ = manifests_of(parsed.documents)
    yield from parsed.problems
    for manifest in manifests:
        if manifest.kind and manifest.api_version:
            found = check_schema(manifest, card.kubernetes)
            yield from (problem for problem in found if problem.severity is Severity.ERROR)
