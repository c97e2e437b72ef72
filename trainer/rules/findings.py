"""Judges facts that the learner found in logs and reports: all that the material shows, nothing else.

What is right is never written in a card: queries take it from the delivered material. The answer is a YAML
or JSON mapping; a check looks at one key of it. Order, repetition and the form of a fact don't matter (see
`fact`). Of what is missing only the number is told, and where to look. For a fact that isn't right, the
reason names the line of the material that contradicts it, if any.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Document, Path
from trainer.patterns import regex
from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.simulate.findings.facts import Kind, Unfit, canonical, package_url
from trainer.simulate.findings.material import Row
from trainer.simulate.findings.query import Query, Question
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason, Status

READS = Reads(Live.NEVER, ("Deployment",))

MOST = 4
"""Wrong facts that are explained."""
_BREAK = regex(r"[\n,]+")
_NAMES_OF_ONE = frozenset(("namespace", "Namespace", "name", "pod", "Pod"))
"""Keys of a mapping that is one object, not objects by their Namespace."""
_LONGEST = 60
"""Characters of a fact in a message."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which facts, and the queries that find them in the material."""

    answer: str
    """The key of the answer with the facts; `attacker.address` is a key of a mapping."""
    fact: Kind
    """The kind of fact, which decides which forms mean the same: `object` (namespace/name), `name`, `user`,
    `time` (to the second), `image`, `package` (name@version), `address`, `digest`, `word` (upper and lower
    case are the same), `number`, `path`, `file` (with or without its directories), `text`."""
    from_: Query | tuple[Query, ...] = msgspec.field(name="from")
    """Where the facts are; those of several queries count together."""
    file: str = "answer.yaml"
    """The file of the answer."""


class _Named(msgspec.Struct, frozen=True):
    """One fact of the answer: as it is written, in canonical form, and its place."""

    written: str
    fact: str | Unfit
    place: Location
    url: str = ""
    """The package URL, where the answer gives one instead of a name and a version."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every named fact that the material doesn't show, and with the number of those not named."""
    queries = params.from_ if isinstance(params.from_, tuple) else (params.from_,)
    questions = [Question(world, query, params.fact) for query in queries]
    wanted = {fact: row for question in questions for fact, row in question.shown.facts.items()}
    if not wanted:
        raise NotJudged(f"a query for {params.answer} that finds nothing in the material")
    found = _find(world, params)
    if isinstance(found, Outcome):
        return found
    document, path = found
    named = [_exact(one, questions) for one in _facts(document, path, params.fact)]
    wrong = [one for one in dict.fromkeys(named) if isinstance(one.fact, Unfit) or one.fact not in wanted]
    reasons: list[Reason] = []
    evidence: list[str] = []
    for one in wrong[:MOST]:
        reason, effect = _explained(one, questions)
        reasons.append(Reason(reason, one.place))
        evidence.append(effect)
    if len(wrong) > MOST:
        more = len(wrong) - MOST
        facts = "1 more fact" if more == 1 else f"{more} more facts"
        verb = "isn't" if more == 1 else "aren't"
        reasons.append(Reason(f"{facts} in `{params.answer}` {verb} right.", document.where(path)))
    missing = len(wanted.keys() - {one.fact for one in named if isinstance(one.fact, str)})
    if missing and not (wrong and len(wanted) == 1):
        places = _listed(name for query in queries for name in query.sources())
        facts = "1 fact is" if missing == 1 else f"{missing} facts are"
        reasons.append(
            Reason(f"{facts} missing in `{params.answer}`: look in {places}.", document.where(path))
        )
        evidence.append(
            f"The number of facts in {places} is {len(wanted)}; the answer names {len(wanted) - missing}."
        )
    return Outcome.of(reasons, list(dict.fromkeys(evidence)))


def picture(world: World, params: Params) -> Picture:
    """Each fact that the answer names, and whether the material shows it; of the others only the number."""
    title = f"What the answer names in {params.answer}"
    queries = params.from_ if isinstance(params.from_, tuple) else (params.from_,)
    questions = [Question(world, query, params.fact) for query in queries]
    wanted = {fact for question in questions for fact in question.shown.facts}
    found = _find(world, params)
    if isinstance(found, Outcome):
        return nothing_to_see(title, found)
    document, path = found
    shown: list[Fact] = []
    known: set[str] = set()
    for one in dict.fromkeys(_exact(one, questions) for one in _facts(document, path, params.fact)):
        right = isinstance(one.fact, str) and one.fact in wanted
        known |= {one.fact} if isinstance(one.fact, str) else set()
        shown.append(Fact(one.written, "shown by the material" if right else "not shown", right, one.place))
    missing = len(wanted - known)
    if missing:
        shown.append(Fact("facts that are missing", str(missing), False, document.where(path)))
    return of_facts(title, shown, Outcome.of([]))


def _find(world: World, params: Params) -> tuple[Document, Path] | Outcome:
    """The document and the path of the facts, or why it has none."""
    own = world.documents.get(params.file)
    documents = own or [one for name in world.documents for one in world.documents[name]]
    steps: Path = tuple(params.answer.split("."))
    keys: list[str] = []
    for document in documents:
        value = document.value
        for step in steps:
            if not isinstance(value, dict) or step not in value:
                keys += value if isinstance(value, dict) else ()
                break
            value = value[step]
        else:
            return document, steps
    near = difflib.get_close_matches(str(steps[-1]), [str(key) for key in keys], n=1)
    hint = f" Rename `{near[0]}`." if near else ""
    place = documents[0].where() if documents else Location(params.file, 1, 1)
    message = f"The answer has no key `{params.answer}`.{hint}"
    return Outcome(Status.FAIL, (Reason(message, place),), (f"No fact is named in `{params.answer}`.",))


def _facts(document: Document, path: Path, kind: Kind) -> Iterator[_Named]:
    """The facts that are named at a path: one, a list, or objects by Namespace. Empty ones don't count."""
    value: Any = document.value
    for step in path:
        value = value[step]
    for place, item in _items(value, path, kind):
        yield _named(item, kind, document.where(place))


def _items(value: Any, path: Path, kind: Kind) -> Iterator[tuple[Path, Any]]:
    if value is None or value == "":
        return
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _items(item, (*path, index), kind)
    elif isinstance(value, str) and kind != "text":
        # What a shell prints, pasted as one text. The name of a user may be a distinguished one: `CN=a,O=b`.
        whole = kind == "user" and "=" in value
        lines = value.split("\n") if whole else _BREAK.split(value)
        yield from ((path, line) for line in lines if line.strip())
    elif kind == "object" and isinstance(value, dict) and not value.keys() & _NAMES_OF_ONE:
        for key, names in value.items():
            for index, name in enumerate(names if isinstance(names, list) else [names]):
                place = (*path, key, index) if isinstance(names, list) else (*path, key)
                yield place, {"namespace": key, "name": name}
    else:
        yield path, value


def _named(value: Any, kind: Kind, place: Location) -> _Named:
    if isinstance(value, dict):
        text = ", ".join(f"{key}: {item}" for key, item in value.items())
    else:
        text = "" if value is None else str(value)
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return _Named(shown, canonical(kind, value), place, package_url(value) if kind == "package" else "")


def _exact(one: _Named, questions: list[Question]) -> _Named:
    """A package URL stands for the package of its own ecosystem, where the material says which it is."""
    exact = [question for question in questions if question.query.url]
    if not one.url or not exact or isinstance(one.fact, Unfit):
        return one
    fact = next((question.urls[one.url] for question in exact if one.url in question.urls), one.url)
    return msgspec.structs.replace(one, fact=fact)


def _explained(one: _Named, questions: list[Question]) -> tuple[str, str]:
    """Why a fact isn't right, and what the material says instead."""
    if isinstance(one.fact, Unfit):
        return f"`{one.written}` {one.fact.why}.", f"`{one.written}` can't be compared with the material."
    for question in questions:
        if found := _contradiction(one.fact, question):
            row, what = found
            at = f"{row.file}:{row.line}" if row.line else row.file
            return (
                f"`{one.written}` isn't right: at {at}, {what}.",
                f"{at} shows {one.written}, but {what}.",
            )
    sources = _listed(next(question.query.sources()) for question in questions)
    return (
        f"`{one.written}` isn't right: no entry of {sources} shows it.",
        f"No entry of {sources} shows {one.written}.",
    )


def _contradiction(fact: str, question: Question) -> tuple[Row, str] | None:
    """The row that shows a fact and comes closest to the query, and what of it doesn't fit."""
    if fact in question.left_out:
        return question.left_out[fact], "this entry rules it out"
    nearest: tuple[tuple[int, int, int], Row, str] | None = None
    right = next(iter(question.shown.facts.values()), None)
    for row in question.rows:
        if fact not in question.facts_of(row) and fact not in question.urls_of(row):
            continue
        misfits = question.misfits(row)
        if not misfits:
            few = question.shown.seen.get(fact, 0)
            if question.query.only != "all":
                return row, f"it isn't the {question.query.only} such entry"
            return row, f"only {few} such entr{'y' if few == 1 else 'ies'} in the material show it"
        # Of those with as many misfits, what was meant is the entry that meets the first conditions, and of
        # these the one that looks most like a right one (`/files/help.jsp.txt`, not `/login`).
        first = next(iter(misfits))
        alike = _alike(misfits[first], question.told(right, first)) if right else 0
        distance = (len(misfits), -first, -alike)
        if nearest is None or distance < nearest[0]:
            nearest = distance, row, misfits[first]
    return nearest and nearest[1:]


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _listed(names: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(names))
