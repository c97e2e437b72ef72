"""An answer's bytes as what reads them: kubectl, or the component whose file on a node they replace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from trainer.content.card import Card
from trainer.manifests.answer import Answer, AnswerFile, holds_manifests
from trainer.manifests.limits import decode
from trainer.manifests.model import Document, Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import Parsed, parse
from trainer.manifests.schema.aliases import (
    in_current_form,
    is_plugin_file,
    of_plugin_file,
    plugin_file_warning,
)
from trainer.manifests.schema.kinds import is_config, is_lenient
from trainer.manifests.values import mapping
from trainer.simulate.world import Refused, is_static
from trainer.verdict import Location, Problem, Severity

if TYPE_CHECKING:
    from trainer.manifests.reading.component_file import ComponentFile

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
"""Byte order marks: YAML allows them, a reader of plain data may not."""

_IMAGE_POLICY = "ImagePolicyWebhook"
"""The plugin whose configuration cards ask for."""

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
    places: Mapping[str, str] = {}
    """The paths on a node of those files that replace one there, by file name."""


def read_submission(card: Card, answer: Answer) -> Submission:
    """Read an answer's files. Raises `AnswerUnreadable` for what is over a limit or not decodable.

    The place of a file makes no difference to that: a component would refuse what isn't text, but an answer
    that nobody can read isn't one, and the exit code 4 says so.

    Files that end in .yaml, .yml or .json and kubeconfig files are parsed, others (AppArmor profiles,
    Dockerfiles) are text only. A file that was not read is a warning. Objects are taken from all parsed files
    except the card's `plain_files` and JSON documents with neither apiVersion nor kind (seccomp profiles).
    Of a file that replaces one on a node (`Card.places`), the component reads the first document only.
    """
    reader = _Reader(card, answer)
    for file in answer.files:
        reader.read(file)
    return Submission(
        tuple(reader.manifests),
        reader.documents,
        reader.texts,
        tuple(reader.problems),
        tuple(reader.unread),
        reader.places,
    )


class _Reader:
    """What was read so far of an answer's files."""

    def __init__(self, card: Card, answer: Answer) -> None:
        self.card, self.answer = card, answer
        self.documents: dict[str, tuple[Document, ...]] = {}
        self.texts: dict[str, str] = {}
        self.problems: list[Problem] = [_unread(name, card) for name in answer.unread[:MOST_UNREAD]]
        self.unread: list[Refused] = []
        self.manifests: list[Manifest] = []
        self.places: dict[str, str] = {}
        self.card_places = card.places

    def read(self, file: AnswerFile) -> None:
        """Read one file, as what its name and the card say that it is."""
        name = _read_as(self.card, self.answer, file)
        meant = self.card.files[0] if len(self.answer.files) == len(self.card.files) == 1 else name
        if place := self.card_places.get(meant):
            self.places[file.name] = place
        if not holds_manifests(name):
            self.texts[file.name] = self._plain(file)
            if (name if self.card.node or self.card.build else file.name) not in self.card.files:
                self.problems.append(_unread(file.name, self.card))
            return
        text = self.texts[file.name] = decode(file.data, file.name)
        if file.name in self.places and not self._is_data(file.name, meant):
            from trainer.manifests.reading.component_file import component_file

            self._component_file(component_file(text, file.name), self.places[file.name])
            return
        parsed = parse(file.data, file.name)
        self.documents[file.name] = parsed.documents
        if self._is_data(file.name, meant):
            if file.data.startswith(_MARKS):
                self.texts[file.name] = "\ufeff" + text
            self._take(parsed.problems or _nothing_there(parsed))
        else:
            self._objects(parsed, is_json=name.lower().endswith(".json"))

    def _plain(self, file: AnswerFile) -> str:
        """A file without manifests. Of a script, what bash reads: marks are text, UTF-16 has NUL bytes."""
        text = decode(file.data, file.name)
        if not self.card.node or not file.data.startswith(_MARKS):
            return text
        return "\ufeff" + text if file.data.startswith(_MARKS[0]) else file.data.decode("latin-1")

    def _is_data(self, name: str, meant: str) -> bool:
        """Whether a file is one of the card's `plain_files`, with another ending, too."""
        stem = name.rpartition(".")[0]
        return any(
            plain in (name, meant) or plain.rpartition(".")[0] == stem for plain in self.card.plain_files
        )

    def _objects(self, parsed: Parsed, *, is_json: bool) -> None:
        """A file for kubectl: every document, and the items of a List."""
        self._take(_without_refused_keys(parsed) or _nothing_there(parsed))
        objects, wrong = manifests_of(
            document for document in parsed.documents if not (is_json and _is_plain(document))
        )
        self.manifests += objects
        self._take(wrong)

    def _component_file(self, found: ComponentFile, place: str) -> None:
        """A file that replaces one on a node: whether it is right for its component, the component says."""
        if found.document is not None:
            self.documents[found.document.file] = (found.document,)
        if found.manifest is not None:
            self.manifests.append(found.manifest)
            refused = found.manifest.document.repeated if _is_strict(found.manifest) else ()
            self._take([one for one in found.problems if one not in refused])
        elif found.document is not None and self._is_old_admission_file(found.document, place):
            self.problems.append(plugin_file_warning(found.document))
            self.manifests.append(of_plugin_file(found.document, place, (_IMAGE_POLICY,)))
        elif is_static(place) or found.document is None:
            self._take(found.problems)

    def _is_old_admission_file(self, document: Document, place: str) -> bool:
        """Whether the file takes the place of an AdmissionConfiguration in the old form."""
        given = self.card.node_files.get(place, "")
        return "kind: AdmissionConfiguration" in given and is_plugin_file(document)

    def _take(self, problems: Sequence[Problem]) -> None:
        self.problems += problems
        self.unread += [Refused(None, (one,)) for one in problems if one.severity is Severity.ERROR]


def _without_refused_keys(parsed: Parsed) -> tuple[Problem, ...]:
    """What is wrong with a file, without warnings about keys that the component's decoder refuses."""
    refused = {
        one
        for document in parsed.documents
        if document.repeated and _is_strict(Manifest(mapping(document.value), document))
        for one in document.repeated
    }
    return tuple(one for one in parsed.problems if one not in refused)


def _is_strict(manifest: Manifest) -> bool:
    """Whether a component reads this object from a file, and refuses keys that are set twice."""
    manifest, _ = in_current_form(manifest)
    api_version, kind = manifest.api_version, manifest.kind
    return is_config(api_version, kind) and not is_lenient(api_version, kind)


def _read_as(card: Card, answer: Answer, file: AnswerFile) -> str:
    """The name by which a file is read: its own, or the card's for standard input and for `policy.txt`."""
    alone = len(answer.files) == 1 and (len(card.files) == 1 or bool(card.build))
    return card.files[0] if alone and not holds_manifests(file.name) else file.name


def _unread(name: str, card: Card) -> Problem:
    remedy = f"Only .yaml, .yml and .json files are read, and the card's own files: {', '.join(card.files)}."
    return Problem(f"{name} was not read.", Severity.WARNING, Location(name, 1, 1), remedy)


def _is_plain(document: Document) -> bool:
    value = document.value
    return not (isinstance(value, dict) and ("apiVersion" in value or "kind" in value))


def _nothing_there(parsed: Parsed) -> list[Problem]:
    """A warning about an empty file: kubectl says "no objects passed to apply"."""
    if parsed.documents:
        return []
    place = Location(parsed.file, 1, 1)
    remedy = "Write your answer into it and save it."
    return [Problem("The file is empty: there is nothing to grade.", Severity.WARNING, place, remedy)]
