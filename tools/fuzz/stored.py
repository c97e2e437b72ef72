"""The stored answers of all built-in cards, as trees that can be changed and written again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

import msgspec

from tools.fuzz.tree import Op, changed, tree_of
from tools.fuzz.writing import Form, written
from trainer.content.card import Card
from trainer.content.catalogue import load_catalogue
from trainer.content.locate import builtin_pack
from trainer.content.solutions import load_solutions
from trainer.manifests.answer import Answer, AnswerFile, holds_manifests
from trainer.manifests.reading.parse import parse
from trainer.verdict import Severity


class Part(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One file of a stored answer: documents, or lines of text. It's read on use: few of them are changed."""

    file: AnswerFile

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.file.name

    @property
    def is_text(self) -> bool:
        """Whether the file has lines instead of documents."""
        return self._documents is None

    @property
    def nodes(self) -> list[Any]:
        """Its documents as trees, or its lines."""
        if self._documents is not None:
            return self._documents
        return list(self.file.data.decode("utf-8", "replace").splitlines())

    @cached_property
    def _documents(self) -> list[Any] | None:
        if not holds_manifests(self.name) and self.name != "stdin":
            return None
        parsed = parse(self.file.data, self.name)
        if any(problem.severity is Severity.ERROR for problem in parsed.problems):
            return None
        return [tree_of(one.value) for one in parsed.documents]

    def data(self, changes: Sequence[Op] = (), form: Form = Form()) -> bytes:  # noqa: B008 - frozen
        """The file's bytes after some changes, in a form; text has only its own."""
        nodes = changed(self.nodes, changes)
        if self.is_text:
            lines = [one for one in nodes if isinstance(one, str)]
            return "\n".join([*lines, ""] if lines else []).encode("utf-8", "surrogatepass")
        if self.name.endswith(".json"):  # read by what reads nothing else
            form = msgspec.structs.replace(form, json=True)
        mark = b"\xef\xbb\xbf" if form.mark else b""
        return mark + written(nodes, form).encode("utf-8", "surrogatepass")


class Stored(msgspec.Struct, frozen=True, eq=False):
    """One stored answer of a card."""

    card: Card
    name: str
    """`reference`, `also-<word>` or `wrong-<word>`."""
    parts: tuple[Part, ...]

    def answer(self, changes: Sequence[Op] = (), form: Form = Form(), only: int | None = None) -> Answer:  # noqa: B008
        """The answer after some changes to all files, or to one of them."""
        return Answer(
            tuple(
                AnswerFile(part.name, part.data(changes if only in (None, place) else (), form))
                for place, part in enumerate(self.parts)
            )
        )


@cache
def stored_answers() -> dict[str, Stored]:
    """All stored answers of the built-in cards, by `card/name`."""
    pack = builtin_pack()
    found = {}
    for card in load_catalogue(pack).cards:
        solutions = load_solutions(card, pack)
        for variant in (solutions.reference, *solutions.also, *solutions.wrong):
            parts = tuple(map(Part, variant.answer.files))
            found[f"{card.id}/{variant.name}"] = Stored(card, variant.name, parts)
    return found


def names(only: str = "") -> list[str]:
    """The names of the stored answers; `only` those that begin so behind the card's name."""
    return sorted(name for name in stored_answers() if name.partition("/")[2].startswith(only))
