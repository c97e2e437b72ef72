"""From a card's file to a `Card`, or to everything that is wrong with it, with line, column and path."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.content.card import Card, CardFile, Check, CheckFile
from trainer.content.convert import Fault, convert, unknown_key
from trainer.content.curriculum import domain_info
from trainer.content.locate import Pack
from trainer.content.material import reserved_names
from trainer.content.names import answer_fault, folders_among, path_fault
from trainer.content.wording import AS_WRITTEN
from trainer.errors import CardError, TrainerError, UsageError
from trainer.files import FileFault, read_file
from trainer.manifests.model import Document
from trainer.manifests.model import Path as ValuePath
from trainer.manifests.reading.parse import parse
from trainer.manifests.values import mapping
from trainer.match.target import target_of
from trainer.rules import load_rule
from trainer.verdict import Location, Problem, Severity
from trainer.versions import DEFAULT, Version, supported_version

if TYPE_CHECKING:
    from trainer.content.vary import Choose

_ID = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


_HEAD = frozenset(CheckFile.__struct_fields__)
_OTHERWISE = frozenset({"format", "kubernetes", "checks"})
"""Fields of the file that the card has in another form, or not at all."""


def load_card(
    path: Path,
    pack: Pack | None = None,
    *,
    rules: bool = True,
    kubernetes: Version | None = None,
    choose: Choose | None = None,
) -> Card:
    """The card in the file at `path`.

    With `pack` its place is also checked: `tasks/<domain>/<id>.yaml`. With `rules=False` neither the rules
    nor the given manifests are checked, which is quicker: for listings. `kubernetes` overrides the version
    that the card names, to prove the card on another one. `choose` picks another wording (`content.vary`):
    only then `vary` is checked. Raises `CardError` with every problem.
    """
    data = _read(path)
    document, raw = _card_file(path, data, rules=rules)
    written, wording = raw, AS_WRITTEN
    if choose is not None and raw.vary:
        from trainer.content.vary import vary_faults, with_own_names  # only for a seed

        if wrong_sets := list(vary_faults(raw.vary, raw.files)):
            raise _error(document, wrong_sets)
        wording = choose(raw.id, raw.vary)
    if wording.words:
        document, raw = _card_file(path, wording.data(data), rules=rules)
        raw = with_own_names(raw, written)
    named, wrong = _version(raw)
    kubernetes = kubernetes or named
    checks, faults = _checks(list(raw.checks), kubernetes if rules else None)
    faults += wrong + _own_faults(raw) + _place_faults(raw, path, pack) + _needs_faults(checks)
    outputs: dict[str, str] = {}
    node_files: dict[str, str] = {}
    if raw.node:
        from trainer.content.nodes import node_material  # few cards are about nodes

        outputs, node_files, wrong_nodes = node_material(raw)
        faults += wrong_nodes
    if raw.build:
        from trainer.content.builds import build_material  # few cards are about builds

        delivered, wrong_build = build_material(raw)
        outputs |= delivered
        faults += wrong_build
    if rules and not wrong:
        faults += _given_faults(raw, kubernetes, document)
    long_files: dict[str, str] = {}
    if raw.material and not faults:
        from trainer.content.material_files import read_material  # few cards have long material

        long_files, faults = read_material(written, path, wording)
    if faults:
        raise _error(document, faults)
    values = {name: getattr(raw, name) for name in CardFile.__struct_fields__ if name not in _OTHERWISE}
    values["given_files"] = {**raw.given_files, **long_files, **outputs}
    values["node_files"] = {**raw.node_files, **node_files}
    where = document.where()
    return Card(
        **values, kubernetes=kubernetes, checks=tuple(checks), source=path, where=where, wording=wording
    )


def _read(path: Path) -> bytes:
    try:
        return read_file(path)
    except FileFault as fault:
        raise CardError(fault.message, remedy=fault.remedy) from fault


def _card_file(path: Path, data: bytes, *, rules: bool) -> tuple[Document, CardFile]:
    """The document in a card's file, and its fields. Raises `CardError` for wrong types."""
    document = _document(path, data)
    raw, faults = convert(document.value, CardFile)
    if raw is None:
        given = mapping(document.value)
        faults += _checks(given.get("checks"), DEFAULT if rules else None)[1]
        raise _error(document, faults)
    return document, raw


def _document(path: Path, data: bytes) -> Document:
    try:
        parsed = parse(data, path.name)
    except TrainerError as error:
        raise CardError(f"{path}: {error}") from error
    # A duplicate key in a card is a mistake: it is refused, while an answer only gets a warning.
    if parsed.problems:
        raise CardError(_headline(path.name, len(parsed.problems)), parsed.problems)
    if len(parsed.documents) != 1:
        raise CardError(f"{path.name}: a card is one YAML document; this file has {len(parsed.documents)}")
    return parsed.documents[0]


def _headline(name: str, count: int) -> str:
    return f"the card {name} has {count} problem{'s' if count > 1 else ''}"


def _error(document: Document, faults: Iterable[Fault]) -> CardError:
    problems = []
    for fault in faults:
        place = document.where(fault.path)
        path = f"$.{place.path}" if place.path and not place.path.startswith("[") else f"${place.path}"
        location = Location(place.file, fault.line or place.line, place.column, path)
        problems.append(Problem(fault.message, Severity.ERROR, location, fault.remedy))
    return CardError(_headline(document.file, len(problems)), problems)


def _checks(raw: Any, kubernetes: Version | None) -> tuple[list[Check], list[Fault]]:
    """The checks, and what is wrong with them. `kubernetes` is None if rules aren't checked."""
    checks: list[Check] = []
    faults: list[Fault] = []
    if not isinstance(raw, list):
        return checks, faults
    for index, item in enumerate(raw):
        if not isinstance(item, dict):
            continue  # the conversion of the whole file names it
        head, found = convert({key: value for key, value in item.items() if key in _HEAD}, CheckFile)
        settings = {str(key): value for key, value in item.items() if key not in _HEAD}
        if kubernetes is not None:
            found += _rule_faults(item.get("rule"), settings, kubernetes)
            found += _change_faults(head)
        faults += [Fault(("checks", index, *fault.path), fault.message, fault.remedy) for fault in found]
        if head is not None:
            fields = {name: getattr(head, name) for name in CheckFile.__struct_fields__}
            checks.append(Check(**fields, settings=settings))
    return checks, faults


def _rule_faults(rule: Any, settings: dict[str, Any], kubernetes: Version) -> list[Fault]:
    if not isinstance(rule, str):
        return []
    try:
        module = load_rule(rule)
    except UsageError as error:
        return [Fault(("rule",), error.message, error.remedy)]
    wanted = module.Params
    params, faults = convert(settings, wanted)
    unknown = getattr(module, "unknown_keys", None)
    if unknown is not None and params is not None:
        return [Fault(one.path, one.message, one.remedy) for one in unknown(params, kubernetes)]
    if not faults:
        return []
    # A misspelled key of the check itself (`need:`) ends up among the rule's parameters.
    known = [*(field.encode_name for field in msgspec.structs.fields(wanted)), *_HEAD]
    return [
        unknown_key(str(fault.path[0]), known, ())
        if len(fault.path) == 1 and fault.message.startswith("unknown field")
        else fault
        for fault in faults
    ]


def _change_faults(head: CheckFile | None) -> list[Fault]:
    faults = []
    for index, name in enumerate((head.only_changes if head else None) or ()):
        try:
            target_of(name)
        except UsageError as error:
            faults.append(Fault(("only_changes", index), error.message, error.remedy))
    return faults


def _version(card: CardFile) -> tuple[Version, list[Fault]]:
    try:
        return supported_version(card.kubernetes), []
    except UsageError as error:
        return DEFAULT, [Fault(("kubernetes",), error.message, error.remedy)]


def is_card_id(text: str) -> bool:
    """Whether a text can be the ID of a card: a-z, 0-9 and single dashes inside."""
    return bool(text) and not set(text) - _ID and text.strip("-") == text and "--" not in text


def _own_faults(card: CardFile) -> list[Fault]:
    faults = []
    if not is_card_id(card.id):
        faults.append(Fault(("id",), f"{card.id!r} is not a card ID", "use a-z, 0-9 and single hyphens"))
    if card.minutes < 1:
        faults.append(Fault(("minutes",), "a card takes at least 1 minute"))
    if card.competency not in domain_info(card.domain).competencies:
        known = ", ".join(domain_info(card.domain).competencies)
        faults.append(
            Fault(
                ("competency",),
                f"{card.competency!r} is not a competency of {card.domain}",
                f"known: {known}",
            )
        )
    faults += [
        Fault((field,), f"{field!r} is empty")
        for field in ("title", "prompt", "files", "checks")
        if not getattr(card, field)
    ]
    for index, name in enumerate(card.start_given):
        if name not in card.start:
            faults.append(Fault(("start_given", index), f"{name!r} isn't a file of `start`"))
    for field in ("start", "replaces", "plain_files"):
        for name in getattr(card, field):
            if name not in card.files:
                step: str | int = card.plain_files.index(name) if field == "plain_files" else name
                faults.append(Fault((field, step), f"{name!r} is not one of the card's `files`"))
    faults += [
        Fault(("given_files", name), f"{name!r} is a reserved name in the folder `given`", "rename it")
        for name in reserved_names(card)
    ]
    return faults + _name_faults(card)


def _name_faults(card: CardFile) -> list[Fault]:
    """What is wrong with the names of files that the card requires and delivers."""
    named: list[tuple[ValuePath, str, tuple[str, str]]] = [
        (("files", index), name, answer_fault(name)) for index, name in enumerate(card.files)
    ]
    named += [(("given_files", name), name, path_fault(name)) for name in card.given_files]
    for field in ("node_files", "replaces"):
        for key, value in getattr(card, field).items():
            path = key if field == "node_files" else value
            wrong = (
                ("is not an absolute path on a node", "")
                if not path.startswith("/")
                else path_fault(path[1:])
            )
            named.append(((field, key), path, wrong))
    faults = [Fault(place, f"{name!r} {wrong[0]}", wrong[1]) for place, name, wrong in named if wrong[0]]
    faults += [
        Fault((field,), f"{name!r} is a file and the folder of another one", "rename one of them")
        for field in ("files", "given_files", "node_files")
        for name in folders_among(getattr(card, field))
    ]
    return faults


def _place_faults(card: CardFile, path: Path, pack: Pack | None) -> list[Fault]:
    if pack is None:
        return []
    faults = []
    if path.stem != card.id:
        faults.append(Fault(("id",), f"the file name is {path.name}", f"name it {card.id}.yaml"))
    if path.parent.name != card.domain:
        faults.append(
            Fault(
                ("domain",),
                f"the file is in {path.parent.name}/",
                f"move it to {pack.tasks.name}/{card.domain}/",
            )
        )
    return faults


def _needs_faults(checks: list[Check]) -> list[Fault]:
    faults: list[Fault] = []
    ids = [check.id for check in checks]
    needs = {check.id: (*check.needs, *check.needs_any) for check in checks}
    for index, check in enumerate(checks):
        at = ("checks", index)
        if check.points < 1:
            faults.append(Fault((*at, "points"), "a check is worth at least 1 point"))
        if check.id in ids[:index]:
            faults.append(Fault((*at, "id"), f"two checks have the ID {check.id!r}"))
        for field in ("needs", "needs_any"):
            for position, need in enumerate(getattr(check, field)):
                if need not in ids:
                    message, remedy = f"no check has the ID {need!r}", unknown_key(need, ids, ()).remedy
                    faults.append(Fault((*at, field, position), message, remedy))
        if _reaches(check.id, check.id, needs):
            field = "needs" if check.needs else "needs_any"
            message = f"{check.id!r} needs itself, directly or through other checks"
            faults.append(Fault((*at, field), message))
    return faults


def _reaches(start: str, wanted: str, needs: dict[str, tuple[str, ...]]) -> bool:
    seen: set[str] = set()
    waiting = list(needs.get(start, ()))
    while waiting:
        current = waiting.pop()
        if current == wanted:
            return True
        if current not in seen:
            seen.add(current)
            waiting += needs.get(current, ())
    return False


def _given_faults(card: CardFile, kubernetes: Version, document: Document) -> list[Fault]:
    texts: dict[ValuePath, str] = {("given",): card.given}
    texts |= {("start", name): card.start[name] for name in card.start_given if name in card.start}
    return [
        fault for path, text in texts.items() for fault in _manifest_faults(text, path, kubernetes, document)
    ]


def _manifest_faults(text: str, path: ValuePath, kubernetes: Version, document: Document) -> list[Fault]:
    from trainer.content.given import given_manifests

    try:
        problems = given_manifests(text, kubernetes)[1]
    except TrainerError as error:
        return [Fault(path, error.message, error.remedy)]
    start = document.where(path).line
    faults = []
    for problem in problems:
        line = problem.location.line if problem.location else 1
        # The text of a block (`given: |`) starts on the next line.
        faults.append(Fault(path, problem.message, problem.remedy, start + line))
    return faults
