"""Where an answer differs from the reference, in words: shown beside the solution, never judged.

Objects are paired by kind and name, lists by meaning (`align`), both defaulted; what means the
same to the API server isn't a difference. deepdiff compares the aligned pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from trainer.content.card import Card
from trainer.errors import AnswerUnreadable
from trainer.grading.align import align
from trainer.grading.grade import world_of
from trainer.grading.redact import Redactor
from trainer.manifests.answer import Answer
from trainer.manifests.model import Manifest, Path, path_text
from trainer.match.view import whole
from trainer.match.words import shown
from trainer.simulate.server_fields import without_server_fields
from trainer.simulate.world import World, object_key
from trainer.verdict import Location
from trainer.versions import Version


class Difference(msgspec.Struct, frozen=True):
    """One difference between an answer and the reference."""

    location: Location | None
    """The place in the answer, or the nearest one if the answer lacks it."""
    path: str
    """The field's path, as `spec.containers[0].image`; empty for a whole object."""
    yours: str
    """The answer's value as text; empty if it has none."""
    expected: str
    """The reference's value as text; empty if it has none."""
    message: str
    """The difference as a sentence."""


def difference(card: Card, answer: Answer, reference: Answer) -> list[Difference]:
    """All meaningful differences, in the order of the answer; without the answer's secrets.

    A difference isn't a mistake: another form may be as correct as the reference. Raises
    `AnswerUnreadable` if the reference is unreadable, `CardError` if the card is wrong.
    """
    theirs, _ = world_of(card, reference)
    try:
        mine, _ = world_of(card, answer)
    except AnswerUnreadable:
        mine = World(())
    found = [one for pair in _pairs(mine, theirs) for one in _compare(*pair, card.kubernetes)]
    hidden = Redactor(answer).hidden
    return [
        Difference(
            hidden.location(one.location),
            hidden.sentence(one.path),
            hidden.sentence(f"`{one.yours}`")[1:-1],
            hidden.sentence(f"`{one.expected}`")[1:-1],
            hidden.sentence(one.message),
        )
        for one in (*found, *_text_differences(mine, theirs))
    ]


Pair = tuple[Manifest | None, Manifest | None]


def _pairs(mine: World, theirs: World) -> Iterator[Pair]:
    """The answer's objects with those of the reference: by kind and name, then by kind alone."""
    ours = [*mine.answer, *(refusal.manifest for refusal in mine.refused if refusal.manifest is not None)]
    others = {object_key(manifest): manifest for manifest in theirs.answer}
    lonely = []
    for manifest in ours:
        namespaced = (manifest.group, manifest.kind, manifest.namespace or "default", manifest.name)
        partner = others.pop(object_key(manifest), None) or others.pop(namespaced, None)
        if partner is None:
            lonely.append(manifest)
        else:
            yield _alike(mine, manifest, partner)
    for manifest in lonely:
        key = next((key for key in others if key[:2] == object_key(manifest)[:2]), None)
        yield _alike(mine, manifest, others.pop(key)) if key else (manifest, None)
    for manifest in others.values():
        yield None, manifest


def _alike(mine: World, manifest: Manifest, partner: Manifest) -> Pair:
    """A refused object was never defaulted: it is compared with the reference as written."""
    if all(refusal.manifest is not manifest for refusal in mine.refused):
        return manifest, partner
    node = partner.document.value
    for step in partner.base:
        node = node[step]
    return manifest, partner.with_data(node)


def _compare(mine: Manifest | None, theirs: Manifest | None, kubernetes: Version) -> list[Difference]:
    if mine is None:
        title = _named(theirs) if theirs is not None else ""
        return [Difference(None, "", "", title, f"The reference also has {title}.")]
    if theirs is None:
        message = f"The reference has no {_named(mine)}."
        return [Difference(mine.where("metadata", "name"), "", _named(mine), "", message)]
    left = mine.with_data(without_server_fields(mine))
    right = theirs.with_data(without_server_fields(theirs))
    one, two = align(whole(left), whole(right), kubernetes)
    if one == two:
        return []
    found = [_difference(mine, path, yours, expected) for path, yours, expected in _changes(one, two)]
    return sorted(found, key=_place)


def _named(manifest: Manifest) -> str:
    """An object in words, even if it lacks its kind or its name."""
    if manifest.kind and manifest.name:
        return manifest.title
    if manifest.kind:
        return f"{manifest.kind} without a name"
    return f"object {manifest.name} without a kind" if manifest.name else "object without a kind"


_NOTHING = object()


def _changes(one: Any, two: Any) -> Iterator[tuple[Path, Any, Any]]:
    """What deepdiff finds on an aligned pair: path, value on our side, value on theirs."""
    from deepdiff import DeepDiff
    from deepdiff.helper import NotPresent

    tree = DeepDiff(one, two, view="tree", ignore_order=False, verbose_level=2, threshold_to_diff_deeper=0)
    for changes in tree.values():
        for change in changes:
            path = tuple(change.path(output_format="list"))
            yours = _NOTHING if isinstance(change.t1, NotPresent) else change.t1
            expected = _NOTHING if isinstance(change.t2, NotPresent) else change.t2
            yield path, yours, expected


def _difference(mine: Manifest, path: Path, yours: Any, expected: Any) -> Difference:
    # A key ("+", n) is an item that only the reference has: its place is the list.
    steps: list[str | int] = []
    for step in path:
        if isinstance(step, tuple):
            break
        steps.append(step)
    field = path_text(tuple(steps))
    ours, other = _text(yours), _text(expected)
    if yours is _NOTHING:
        message = f"The reference has {other} in `{field}`." if len(steps) < len(path) else ""
        message = message or f"The reference sets `{field}` to {other}."
    elif expected is _NOTHING:
        message = f"The reference has no `{field}` (yours: {ours})."
    else:
        message = f"`{field}` is {ours}; the reference has {other}."
    return Difference(mine.where(*steps), field, ours.strip("`"), other.strip("`"), message)


def _text(value: Any) -> str:
    return "" if value is _NOTHING else shown(_unaligned(value))


def _unaligned(value: Any) -> Any:
    """A value that was aligned, as it is written: mappings of items are lists again."""
    if isinstance(value, dict):
        if value and all(isinstance(key, int | tuple) for key in value):
            return [_unaligned(item) for item in value.values()]
        return {key: _unaligned(item) for key, item in value.items()}
    return value


def _text_differences(mine: World, theirs: World) -> list[Difference]:
    """Files without objects (profiles, answer lists), line by line."""
    found = []
    with_objects = {manifest.document.file for manifest in theirs.answer}
    for name, expected in theirs.texts.items():
        if name in with_objects:
            continue
        if name not in mine.texts:
            found.append(Difference(None, "", "", name, f"The reference also has the file {name}."))
        else:
            found += _lines(name, mine.texts[name].splitlines(), expected.splitlines())
    return found


def _lines(name: str, yours: Sequence[str], expected: Sequence[str]) -> list[Difference]:
    import difflib

    found = []
    matcher = difflib.SequenceMatcher(None, yours, expected, autojunk=False)
    for what, start, end, other_start, other_end in matcher.get_opcodes():
        if what == "equal":
            continue
        ours, other = "\n".join(yours[start:end]), "\n".join(expected[other_start:other_end])
        if not ours.strip() and not other.strip():
            continue
        line = min(start + 1, max(len(yours), 1))
        side = "after" if start == line else "before"  # the last line is the place of what follows it
        message = {
            "replace": f"From line {line}, the reference has different text.",
            "delete": f"The reference doesn't have line {line}.",
            "insert": f"The reference has more text {side} line {line}.",
        }[what]
        found.append(Difference(Location(name, line, 1), "", ours, other, message))
    return found


def _place(one: Difference) -> tuple[int, int]:
    return (one.location.line, one.location.column) if one.location else (0, 0)
