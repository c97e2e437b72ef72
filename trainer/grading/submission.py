"""An answer's bytes as what `kubectl apply` would send: documents, manifests, and what it would refuse."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from trainer.content.card import Card
from trainer.manifests.answer import Answer, AnswerFile, holds_manifests
from trainer.manifests.limits import decode
from trainer.manifests.model import Document, Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.world import Refused
from trainer.verdict import Location, Problem, Severity

MOST_UNREAD = 10
"""How many files that were not read are named."""


class Submission(msgspec.Struct, frozen=True, eq=False):
    """An answer as it was read, before any of it is admitted."""

    manifests: tuple[Manifest, ...]
    """The objects, in the order in which kubectl would apply them."""
    documents: Mapping[str, tuple[Document, ...]]
    texts: Mapping[str, str]
    problems: tuple[Problem, ...]
    unread: tuple[Refused, ...]
    """What could not be read as YAML or as an object."""


def read_submission(card: Card, answer: Answer) -> Submission:
    """Read an answer's files. Raises `AnswerUnreadable` for what is over a limit or not decodable.

    Files that end in .yaml, .yml or .json and kubeconfig files are parsed, others (AppArmor profiles,
    Dockerfiles) are text only. A file that was not read is a warning. Objects are taken from all parsed files
    except the card's `plain_files` and JSON documents with neither apiVersion nor kind (seccomp profiles).
    """
    documents: dict[str, tuple[Document, ...]] = {}
    texts: dict[str, str] = {}
    problems: list[Problem] = [_unread(name, card) for name in answer.unread[:MOST_UNREAD]]
    unread: list[Refused] = []
    manifests: list[Manifest] = []
    for file in answer.files:
        name = _read_as(card, answer, file)
        if not holds_manifests(name):
            texts[file.name] = decode(file.data, file.name)
            if file.name not in card.files:
                problems.append(_unread(file.name, card))
            continue
        parsed = parse(file.data, file.name)
        texts[file.name] = decode(file.data, file.name)
        documents[file.name] = parsed.documents
        problems += parsed.problems or _nothing_there(file.name, parsed.documents)
        unread += _refusals(parsed.problems)
        if file.name in card.plain_files:
            continue
        objects, wrong = manifests_of(
            document
            for document in parsed.documents
            if not (name.lower().endswith(".json") and _is_plain(document))
        )
        manifests += objects
        problems += wrong
        unread += _refusals(wrong)
    return Submission(tuple(manifests), documents, texts, tuple(problems), tuple(unread))


def _read_as(card: Card, answer: Answer, file: AnswerFile) -> str:
    """The name by which a file is read: its own, or the card's for standard input and for `policy.txt`."""
    alone = len(answer.files) == 1 and len(card.files) == 1 and file.name not in card.files
    return card.files[0] if alone and not holds_manifests(file.name) else file.name


def _unread(name: str, card: Card) -> Problem:
    remedy = f"Only .yaml, .yml and .json files are read, and the card's own files: {', '.join(card.files)}."
    return Problem(f"{name} was not read.", Severity.WARNING, Location(name, 1, 1), remedy)


def _is_plain(document: Document) -> bool:
    value = document.value
    return not (isinstance(value, dict) and ("apiVersion" in value or "kind" in value))


def _nothing_there(file: str, documents: tuple[Document, ...]) -> list[Problem]:
    """A warning about an empty file: kubectl says "no objects passed to apply"."""
    if documents:
        return []
    remedy = "Write your answer into it and save it."
    return [
        Problem(
            "The file is empty: there is nothing to grade.", Severity.WARNING, Location(file, 1, 1), remedy
        )
    ]


def _refusals(problems: tuple[Problem, ...] | list[Problem]) -> list[Refused]:
    return [Refused(None, (problem,)) for problem in problems if problem.severity is Severity.ERROR]
