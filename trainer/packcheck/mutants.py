"""Mutants of an answer: the same answer with one thing changed.

Every object of every file is mutated, one edit a mutant; other files of data leaf by leaf, and
files of text line by line. A change that leaves the API server with the same object isn't a mutant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from trainer.content.card import Card
from trainer.grading.world import admit_file
from trainer.manifests.admit import admit
from trainer.manifests.answer import Answer, AnswerFile, holds_manifests
from trainer.manifests.model import Document, Manifest, path_text
from trainer.manifests.reading.objects import as_kubeconfig, manifests_of
from trainer.manifests.reading.parse import parse
from trainer.packcheck.dockerfile_edits import dockerfile_edits
from trainer.packcheck.falco_edits import is_rule_file, rule_file_edits
from trainer.packcheck.grants import grants_of
from trainer.packcheck.leaves import leaf_edits
from trainer.packcheck.script_edits import script_edits
from trainer.packcheck.tree import Edit, with_value
from trainer.packcheck.weaken import weaken_edits
from trainer.packcheck.weaken_fields import field_edits
from trainer.verdict import Location
from trainer.versions import Version

ROLES = ("Role", "ClusterRole")


class Mutant(msgspec.Struct, frozen=True, eq=False):
    """An answer with one change: `path` (in its object), `mutation` (its kind), `what` (in words)."""

    title: str
    """The object, as `Pod sun/pod-ro`; the file's name if it isn't one."""
    path: str
    mutation: str
    what: str
    location: Location
    """Where in the original answer the change is."""
    answer: Answer


def mutants_of(answer: Answer, card: Card) -> Iterator[Mutant]:
    """All mutants of a correct answer, in the order of its files, objects and leaves."""
    text = b"".join(file.data for file in answer.files).decode("utf-8", "replace")
    for index, file in enumerate(answer.files):
        if card.node and file.name == card.files[0]:
            edits = _script_edits(file, card)
        elif card.build and file.name == card.files[0]:
            edits = _build_edits(file, answer, card)
        elif not holds_manifests(file.name):
            edits = _text_edits(file)
        elif is_rule_file(card, file.name):
            edits = _data_edits(file, rule_file_edits)
        elif file.name in card.plain_files:
            edits = _data_edits(file)
        else:
            place = card.places.get(file.name if file.name in card.files else card.files[0], "")
            edits = _object_edits(file, card.kubernetes, text, place)
        for mutant_of, data in edits:
            files = (*answer.files[:index], AnswerFile(file.name, data), *answer.files[index + 1 :])
            yield msgspec.structs.replace(mutant_of, answer=Answer(files))


def _text_edits(file: AnswerFile) -> Iterator[tuple[Mutant, bytes]]:
    lines = file.data.split(b"\n")
    for index, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith(b"#"):
            continue
        place = Location(file.name, index + 1, 1)
        mutant = Mutant(file.name, f"line {index + 1}", "delete", "line deleted", place, Answer(()))
        yield mutant, b"\n".join(lines[:index] + lines[index + 1 :])


def _script_edits(file: AnswerFile, card: Card) -> Iterator[tuple[Mutant, bytes]]:
    for edit in script_edits(file.data.decode(), card.node):
        place = Location(file.name, edit.line, 1)
        yield Mutant(file.name, edit.path, edit.mutation, edit.what, place, Answer(())), edit.text.encode()


def _build_edits(file: AnswerFile, answer: Answer, card: Card) -> Iterator[tuple[Mutant, bytes]]:
    ignore = next((one.data.decode() for one in answer.files if one.name == f"{file.name}.dockerignore"), "")
    for edit in dockerfile_edits(file.data.decode(), ignore, card.build):
        place = Location(file.name, edit.line, 1)
        yield Mutant(file.name, edit.path, edit.mutation, edit.what, place, Answer(())), edit.text.encode()


def _data_edits(
    file: AnswerFile, edits_of: Callable[[Any], Iterator[Edit]] = leaf_edits
) -> Iterator[tuple[Mutant, bytes]]:
    documents = parse(file.data, file.name).documents
    for index, document in enumerate(documents):
        for edit in _unlike(edits_of(document.value), document.value):
            values = [other.value for other in documents]
            values[index] = edit.value
            yield _mutant(file.name, edit, document.where(edit.path)), _written(values)


def _object_edits(
    file: AnswerFile, kubernetes: Version, answer: str, on_node: str
) -> Iterator[tuple[Mutant, bytes]]:
    documents = parse(file.data, file.name).documents
    for index, document in enumerate(documents):
        for manifest in _objects(document):
            same = _stored(manifest, manifest.data, kubernetes, on_node)
            further = field_edits(manifest.data, kubernetes, answer)
            edits = [*leaf_edits(manifest.data), *weaken_edits(manifest.data), *further]
            for edit in _unlike(edits, manifest.data):
                if _stored(manifest, edit.value, kubernetes, on_node) == same:
                    continue
                values = [other.value for other in documents]
                values[index] = with_value(document.value, manifest.base, edit.value)
                place = manifest.where(*edit.path)
                yield _mutant(manifest.title, edit, place), _written(values)


def _objects(document: Document) -> list[Manifest]:
    manifests, _ = manifests_of([document])
    return manifests


def _stored(manifest: Manifest, data: Any, kubernetes: Version, on_node: str) -> str:
    """What the API server would store of the data, as comparable text; the data itself if it refuses.

    Of a file with a path on a node, what its component reads. Of a Role's rules, only what they grant counts.
    """
    changed = manifest.with_data(as_kubeconfig(data))
    admitted = (admit_file(changed, on_node, kubernetes) if on_node else admit(changed, kubernetes)).manifest
    if admitted is None:
        return json.dumps(data, sort_keys=True)
    stored = admitted.data
    if stored.get("kind") in ROLES:
        stored = {**stored, "rules": sorted(grants_of(stored.get("rules"), cluster=stored["kind"] != "Role"))}
    return json.dumps(stored, sort_keys=True)


def _unlike(edits: Sequence[Edit] | Iterator[Edit], original: Any) -> Iterator[Edit]:
    """The edits that change anything, each result once."""
    seen = {json.dumps(original)}
    for edit in edits:
        text = json.dumps(edit.value)
        if text not in seen:
            seen.add(text)
            yield edit


def _mutant(title: str, edit: Edit, place: Location) -> Mutant:
    return Mutant(title, path_text(edit.path), edit.mutation, edit.what, place, Answer(()))


def _written(values: Sequence[Any]) -> bytes:
    return "\n".join(json.dumps(value) for value in values).encode()
