"""An answer's bytes as what `kubectl apply` would send: documents, manifests, and what it would refuse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import msgspec

from trainer.content.card import Card
from trainer.manifests.answer import Answer, AnswerFile
from trainer.manifests.limits import decode
from trainer.manifests.model import Document, Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.world import Refused
from trainer.verdict import Location, Problem, Severity

_YAML = (".yaml", ".yml", ".json")


class Submission(msgspec.Struct, frozen=True, eq=False):
    """An answer as it was read, before anything of it is admitted."""

    manifests: tuple[Manifest, ...]
    """The objects, in the order in which kubectl would apply them."""
    documents: Mapping[str, tuple[Document, ...]]
    texts: Mapping[str, str]
    problems: tuple[Problem, ...]
    unread: tuple[Refused, ...]
    """What could not be read as YAML or as an object."""


def read_submission(card: Card, answer: Answer) -> Submission:
    """Read an answer's files. Raises `AnswerUnreadable` for what is over a limit or not decodable.

    Files that end in .yaml, .yml or .json are parsed, others (AppArmor profiles, Dockerfiles) are
    text only. Objects are taken from all parsed files but the card's `plain_files`, and but for
    JSON documents with neither apiVersion nor kind (seccomp profiles).
    """
    documents: dict[str, tuple[Document, ...]] = {}
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    unread: list[Refused] = []
    manifests: list[Manifest] = []
    for file in answer.files:
        ending = _ending(card, answer, file)
        if ending not in _YAML:
            texts[file.name] = decode(file.data, file.name)
            continue
        parsed = parse(file.data, file.name)
        texts[file.name] = decode(file.data, file.name)
        documents[file.name] = parsed.documents
        problems += parsed.problems or _nothing_there(file.name, parsed.documents)
        unread += _refusals(parsed.problems)
        if file.name in card.plain_files:
            continue
        objects, wrong = manifests_of(
            document for document in parsed.documents if not (ending == ".json" and _is_plain(document))
        )
        manifests += objects
        problems += wrong
        unread += _refusals(wrong)
    return Submission(tuple(manifests), documents, texts, tuple(problems), tuple(unread))


def _ending(card: Card, answer: Answer, file: AnswerFile) -> str:
    ending = PurePosixPath(file.name).suffix.lower()
    if not ending and len(answer.files) == 1 and len(card.files) == 1 and file.name not in card.files:
        # Standard input and the like: read it as the one file that the card asks for.
        return PurePosixPath(card.files[0]).suffix.lower()
    return ending


def _is_plain(document: Document) -> bool:
    value = document.value
    return not (isinstance(value, dict) and ("apiVersion" in value or "kind" in value))


def _nothing_there(file: str, documents: tuple[Document, ...]) -> list[Problem]:
    """A word about a file that holds nothing: kubectl says "no objects passed to apply"."""
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
