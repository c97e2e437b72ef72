"""A question to the material: which rows, and what of them. The answer is a set of facts.

The same question also says why a fact isn't in the set: the row that comes closest, and what of it doesn't
fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import Any, Literal

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.values import text
from trainer.patterns import regex
from trainer.simulate.findings.facts import Kind, Unfit, canonical, package_url
from trainer.simulate.findings.fields import values_at
from trainer.simulate.findings.material import Format, Row, compiled, rows_of
from trainer.simulate.findings.requests import TOLD
from trainer.simulate.workloads import pod_templates
from trainer.simulate.world import World

Value = str | int | bool

GIVEN_OBJECTS = "cluster.yaml"
"""The file in which a learner finds the given objects."""

_DIGEST = regex(r"[0-9a-f]{64,}")
_SHOWN = 12
"""Digits of a checksum in a message."""


class Query(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", eq=False):
    """Rows of the material, and the fact that each of them shows."""

    take: str
    """The field with the fact: `user.username`; with several fields:
    `{objectRef.namespace}/{objectRef.name}`."""
    file: str = ""
    """A file that the card gives, or several: `sboms/*.json`."""
    workloads: Literal["Deployment", ""] = ""
    """Instead of a file, the containers of the given workloads of this kind: rows with `kind`, `namespace`,
    `name`, `container`, `image` and `spec`, the container itself."""
    format: Format = "json-lines"
    """How the file is read: each line as JSON, the whole as JSON, lines with a pattern, a JSON list of
    CertificateSigningRequests (with `subject`, `for-its-sender` and `refused-by-signer`), or not at all: as a
    file with its `name`, `sha256` and `sha512`."""
    pattern: str = ""
    """With `lines`: a pattern (RE2) whose named groups are the fields, besides `file`."""
    rows: str = ""
    """With `json` and `signing-requests`: the path to the items: `Results[].Vulnerabilities[]`, or `[]` in a
    document that is a list."""
    where: dict[str, Value | tuple[Value, ...] | Condition] = {}
    """What must hold for a row, by field: a value, a list of which one is enough, or a condition."""
    only: Literal["all", "first", "last"] = "all"
    """Which of the rows count, in the order of the material."""
    at_least: int = 1
    """How many rows must show a fact."""
    without: Query | None = None
    """Facts that don't count."""
    url: str = ""
    """With packages: the field with their package URLs. An answer may give these instead; then the ecosystem
    counts as well."""

    def sources(self) -> Iterator[str]:
        """The files in which a learner finds what the query needs, its own first."""
        yield self.file or GIVEN_OBJECTS
        for wanted in self.where.values():
            for query in (wanted.among, wanted.not_among) if isinstance(wanted, Condition) else ():
                yield from query.sources() if query is not None else ()
        if self.without is not None:
            yield from self.without.sources()


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", eq=False):
    """What must hold for a field of a row: everything that is set here."""

    matches: str = ""
    """A pattern (RE2) that one of its values has."""
    never_matches: str = ""
    """A pattern (RE2) that none of its values has."""
    is_not: tuple[Value, ...] = msgspec.field(default=(), name="not")
    """Values that it must not have."""
    among: Query | None = None
    """Facts of which one must be its value."""
    not_among: Query | None = None
    """Facts of which none may be its value."""
    as_: Kind = msgspec.field(default="text", name="as")
    """With `among` and `not-among`: how the two are compared."""
    present: bool | None = None
    """Whether the field has a value that isn't empty."""


class Shown(msgspec.Struct, frozen=True, eq=False):
    """What the material shows."""

    facts: Mapping[str, Row]
    """Each fact in canonical form, with the row that shows it first."""
    seen: Mapping[str, int]
    """How many of the rows show each fact, those that are too few or left out included."""


@lru_cache(maxsize=4096)
def _matches(pattern: str, value: str) -> bool:
    """Whether a pattern is found in a value: the checks of a card ask it of the same rows."""
    return compiled(pattern).search(value) is not None


class Question:
    """A query of one kind of fact, put to the material of a world."""

    def __init__(self, world: World, query: Query, kind: Kind) -> None:
        self.world, self.query, self.kind = world, query, kind
        conditions = {field: one for field, one in query.where.items() if isinstance(one, Condition)}
        self._texts = {
            field: _as_texts(one.is_not if isinstance(one, Condition) else one)
            for field, one in query.where.items()
        }
        self._among, self._not_among = (
            {
                field: Question(world, asked, one.as_).shown.facts
                for field, one in conditions.items()
                if (asked := getattr(one, name)) is not None
            }
            for name in ("among", "not_among")
        )

    @cached_property
    def shown(self) -> Shown:
        """The facts that the material shows. Raises `NotJudged` for material that can't be read."""
        query = self.query
        matching = [row for row in self.rows if self.fits(row)]
        if query.only != "all":
            matching = matching[:1] if query.only == "first" else matching[-1:]
        facts: dict[str, Row] = {}
        seen: dict[str, int] = {}
        for row in matching:
            for fact in self.facts_of(row):
                facts.setdefault(fact, row)
                seen[fact] = seen.get(fact, 0) + 1
        kept = {
            fact: row
            for fact, row in facts.items()
            if seen[fact] >= query.at_least and fact not in self.left_out
        }
        return Shown(kept, seen)

    @cached_property
    def left_out(self) -> Mapping[str, Row]:
        """The facts that don't count, each with the row that shows it."""
        without = self.query.without
        return Question(self.world, without, self.kind).shown.facts if without else {}

    @cached_property
    def rows(self) -> list[Row]:
        """The rows that the query is about, before its conditions."""
        if self.query.workloads:
            return list(_containers(self.world, self.query.workloads))
        files = self.world.node_files
        names = sorted(name for name in files if fnmatchcase(name, self.query.file))
        if not names:
            raise NotJudged(f"the card gives no file {self.query.file}")
        form, pattern, path = self.query.format, self.query.pattern, self.query.rows
        return [row for name in names for row in rows_of(name, files[name], form, pattern, path)]

    def facts_of(self, row: Row) -> Iterator[str]:
        """The facts of a row, in canonical form. What isn't of this kind is left out."""
        for written in values_at(row, self.query.take):
            fact = canonical(self.kind, written)
            if not isinstance(fact, Unfit):
                yield fact

    @cached_property
    def urls(self) -> Mapping[str, str]:
        """The fact that each package URL stands for, of the rows that count."""
        return {
            url: fact
            for row in self.rows
            if self.fits(row)
            for fact in self.facts_of(row)
            for url in self.urls_of(row)
        }

    def urls_of(self, row: Row) -> Iterator[str]:
        """The package URLs of a row, in canonical form."""
        if self.query.url:
            yield from filter(None, map(package_url, values_at(row, self.query.url)))

    def fits(self, row: Row) -> bool:
        """Whether a row meets all conditions; nothing is said of it, so most rows end at the first."""
        for field, wanted in self.query.where.items():
            if not self._holds(field, values_at(row, field), wanted):
                return False
        return True

    def misfits(self, row: Row) -> dict[int, str]:
        """The conditions that a row doesn't meet, by their place among all, in words."""
        told = {}
        for place, (field, wanted) in enumerate(self.query.where.items()):
            values = values_at(row, field)
            if not self._holds(field, values, wanted):
                told[place] = _told(field, values, wanted)
        return told

    def told(self, row: Row, place: int) -> str:
        """What a row has for the condition at a place, in words."""
        field, wanted = list(self.query.where.items())[place]
        return _told(field, values_at(row, field), wanted)

    def _holds(self, field: str, values: list[str], wanted: Value | tuple[Value, ...] | Condition) -> bool:
        if not isinstance(wanted, Condition):
            return any(value in self._texts[field] for value in values)
        if wanted.present is not None and any(values) is not wanted.present:
            return False
        if wanted.matches and not any(_matches(wanted.matches, value) for value in values):
            return False
        if wanted.never_matches and any(_matches(wanted.never_matches, value) for value in values):
            return False
        if any(value in self._texts[field] for value in values):
            return False
        if wanted.among is None and wanted.not_among is None:
            return True
        facts = {canonical(wanted.as_, value) for value in values}
        if facts & self._not_among.get(field, {}).keys():
            return False
        known = self._among.get(field)
        return known is None or bool(facts & known.keys())


def _containers(world: World, kind: str) -> Iterator[Row]:
    for pod in pod_templates(one for one in world.given if one.kind == kind):
        for path, container in pod.containers():
            about: dict[str, Any] = {"kind": kind, "namespace": pod.namespace, "name": pod.owner.name}
            about |= {"container": text(container.get("name")), "image": text(container.get("image"))}
            about["spec"] = container
            yield Row(GIVEN_OBJECTS, pod.where(*path).line, (about,))


def _told(field: str, values: list[str], wanted: Value | tuple[Value, ...] | Condition) -> str:
    name = field.replace("../", "").lstrip("/").replace("[]", "").replace("{", "").replace("}", "")
    if not any(values):
        return f"{name} isn't set"
    shown = _DIGEST.sub(lambda found: f"{found[0][:_SHOWN]}…", ", ".join(values))
    told = TOLD.get((name, shown)) or f"{name} is {shown}"
    if isinstance(wanted, Condition) and (wanted.matches or wanted.never_matches or wanted.is_not):
        told += ", which doesn't count"
    if isinstance(wanted, Condition) and wanted.among is not None:
        told += f", and no entry of {next(wanted.among.sources())} that counts shows it"
    if isinstance(wanted, Condition) and wanted.not_among is not None:
        told += f", as an entry of {next(wanted.not_among.sources())} shows"
    return told


def _as_texts(wanted: Value | tuple[Value, ...]) -> list[str]:
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
