"""Answers that say the same: in a class, many differ only in comments, blanks, quotes, or the order of keys.

Of manifests, rules see values and reasons tell places; nothing else of a file makes a verdict.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.errors import AnswerUnreadable
from trainer.grading.untouched import is_untouched
from trainer.manifests.answer import holds_manifests
from trainer.manifests.reading.parse import SMALL, parse
from trainer.rules import Live, load_rule

if TYPE_CHECKING:
    from trainer.content.card import Card
    from trainer.manifests.answer import Answer

_MOST_FILES = 4
"""Of so many files, what was read is still known when the answer is graded."""


class Content(msgspec.Struct, frozen=True):
    """Two digests of what an answer says."""

    values: bytes
    """Names of files, and values: a verdict without a sentence depends on nothing else."""
    places: bytes
    """The same with the place of each value, for other verdicts."""


def content_of(card: Card, answer: Answer) -> Content | None:
    """What an answer says, if its verdict depends on nothing else.

    None for a card whose rules see more than objects, for files that aren't read as manifests or have a fault
    or a warning, and for an unchanged starter, which is compared line by line.
    """
    if answer.unread or not 0 < len(answer.files) <= _MOST_FILES or not _is_about_objects(card):
        return None
    values: list[Any] = []
    places: list[Any] = []
    for file in answer.files:
        if not holds_manifests(file.name) or len(file.data) > SMALL:
            return None
        try:
            parsed = parse(file.data, file.name)
        except AnswerUnreadable:
            return None
        if parsed.problems or not parsed.documents:
            return None
        values.append((file.name, [one.value for one in parsed.documents]))
        places += [(one.line, one.column, list(one.marks.values())) for one in parsed.documents]
    if is_untouched(card, answer):
        return None
    try:
        said = _encoder.encode(values)
    except (UnicodeEncodeError, OverflowError):
        return None
    return Content(_digest(said), _digest(msgspec.msgpack.encode((values, places))))


_encoder = msgspec.msgpack.Encoder(order="sorted")


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _is_about_objects(card: Card) -> bool:
    """Whether the card's rules judge the objects that a cluster would have, and no file as it is written."""
    return not (card.plain_files or card.node or card.build or card.places) and all(
        load_rule(check.rule).READS.live is Live.OBJECTS for check in card.checks
    )
