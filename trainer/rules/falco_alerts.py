"""Judges rules of Falco by what they report: for the recorded events, and for events like these.

Falco's default order holds: the files in the order of `files`, of several matching rules only the first one
reports. Without other parameters, Falco must only load the files. With `when`, the rule must report exactly
the events for which that condition holds, among the recorded ones and those in which one thing is changed:
to what either condition names, to something like that, or to something unseen.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Literal

import msgspec

from trainer.errors import UsageError
from trainer.picture import Cell, Picture, Row, State, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._detection.compare import MOST_TOLD, Difference, cause_of, reason, recorded, seeds, unseen
from trainer.rules._detection.rule_files import Files, files_of
from trainer.simulate.detection.events import Event
from trainer.simulate.detection.falco import Alert
from trainer.simulate.detection.output import output_fields
from trainer.simulate.detection.ruleset import Part, Ready
from trainer.simulate.detection.sections import LoadError
from trainer.simulate.detection.variants import variants
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason, Status

READS = Reads(Live.NEVER)

_WITHIN = {"container.image.repository": "container.image"}
"""Fields whose text is a part of another field's."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What Falco must report."""

    files: tuple[str, ...]
    """The rule files in the order in which Falco loads them; one of them is the answer's."""
    events: str = "events.jsonl"
    """The recorded events, a file that the card gives: one JSON object on each line, by names of fields."""
    alert: str = ""
    """The name of the rule that the check is about."""
    when: str = ""
    """The condition that tells which events the rule must report. It may use the given macros and lists."""
    side: Literal["both", "hits", "misses"] = "both"
    """`hits`: only events that must be reported count; `misses`: only those that must not be."""
    vary: dict[str, tuple[str, ...]] = {}
    """More values for events like the recorded ones, by field."""
    output: tuple[str, ...] = ()
    """Fields that the output of the rule must show."""
    priority: str = ""
    """The priority of the rule."""
    tags: tuple[str, ...] = ()
    """Tags that the rule must have."""
    rest: Literal["", "unchanged"] = ""
    """`unchanged`: every other given rule is and reports as before."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with the part of the condition that decides, and with the alert or the event without one."""
    files = files_of(world, params.files, params.events)
    if isinstance(files, Outcome):
        return files
    reasons: list[Reason] = []
    evidence: list[str] = []
    if params.rest:
        for told, shown in _changed(files, params):
            reasons.append(told)
            evidence.append(shown)
    if params.alert:
        ready = files.loaded.ruleset.rules.get(params.alert)
        if ready is None:
            return _missing(files, params)
        for told, shown in _of_rule(files, ready, params):
            reasons.append(told)
            evidence.append(shown)
    return Outcome.of(reasons[:MOST_TOLD], list(dict.fromkeys(evidence[:MOST_TOLD])))


def _missing(files: Files, params: Params) -> Outcome:
    """There is no rule of the name."""
    names = list(files.loaded.ruleset.rules)
    own = [name for name in names if name not in files.shipped.ruleset.rules]
    near = difflib.get_close_matches(params.alert, own or names, n=1)
    hint = f" Your rule is `{near[0]}`." if near else ""
    message = f"There is no rule `{params.alert}`.{hint}"
    place = files.loaded.ruleset.rules[near[0]].rule.place if near else Location(files.answer, 1, 1)
    shown = f"Falco loads {len(names)} rules, none of them `{params.alert}`."
    return Outcome(Status.FAIL, (Reason(message, place),), (shown,))


def _of_rule(files: Files, ready: Ready, params: Params) -> Iterator[tuple[Reason, str]]:
    """What is wrong with the rule."""
    rule = ready.rule
    if not rule.enabled:
        yield (
            Reason(f"Rule `{rule.name}` is switched off.", rule.where("enabled")),
            f"Falco reports no event by rule `{rule.name}`.",
        )
        return
    spec = _spec(files, params.when)
    if spec is not None:
        yield from _differences(files, ready, spec, params)
    yield from _settings(files, ready, spec, params)


def _settings(files: Files, ready: Ready, spec: Part | None, params: Params) -> Iterator[tuple[Reason, str]]:
    """What is wrong with the priority, the output and the tags of the rule."""
    rule, example = ready.rule, _example(files, ready, spec)
    if params.priority and rule.priority.lower() != params.priority.lower():
        message = f"The priority of rule `{rule.name}` is {rule.priority}, not {params.priority}."
        yield Reason(message, rule.where("priority")), example
    shown = output_fields(rule.output)
    for field in params.output:
        if field not in shown and _WITHIN.get(field) not in shown:
            message = f"The output of rule `{rule.name}` doesn't show `%{field}`."
            yield Reason(message, rule.output_place), example
    for tag in params.tags:
        if tag not in rule.tags:
            message = f"Rule `{rule.name}` has no tag `{tag}`."
            yield Reason(message, rule.where("tags")), f"Its tags: {', '.join(rule.tags) or 'none'}."


def _spec(files: Files, when: str) -> Part | None:
    try:
        return files.condition(when) if when else None
    except LoadError as error:
        raise UsageError(f"the condition of the check: {error.message}") from None


def _differences(files: Files, ready: Ready, spec: Part, params: Params) -> Iterator[tuple[Reason, str]]:
    """The events that the rule treats otherwise, each with its reason."""
    return (reason(one, files, ready, spec) for one in _told(files, ready, spec, params))


def _told(files: Files, ready: Ready, spec: Part, params: Params) -> Iterator[Difference]:
    """The events that the rule treats otherwise; unseen ones only if the recorded ones are right."""
    told = 0
    found: dict[str, None] = {}
    for differences in (recorded(files, ready, spec), unseen(files, ready, spec, params.vary)):
        for one in differences:
            if not _counts(one, params.side):
                continue
            cause = cause_of(one, ready, spec)
            if cause not in found:
                found[cause] = None
                told += 1
                yield one
            if told == MOST_TOLD:
                return
        if told:
            return


def picture(world: World, params: Params) -> Picture:
    """Events, and whether the rule reports each of them."""
    title = f"What Falco reports by `{params.alert}`" if params.alert else "What Falco loads"
    files = files_of(world, params.files, params.events)
    if isinstance(files, Outcome):
        return nothing_to_see(title, files, "not loaded")
    rows: list[Row] = []
    ready = files.loaded.ruleset.rules.get(params.alert) if params.alert else None
    if params.alert and ready is None:
        return nothing_to_see(title, _missing(files, params))
    if ready is not None and not ready.rule.enabled:
        told = [one for one, _ in _of_rule(files, ready, params)]
        return nothing_to_see(title, Outcome.of(told), "switched off")
    if ready is not None:
        spec = _spec(files, params.when)
        rows += _event_rows(files, ready, spec, params) if spec is not None else []
        faults = [one for one, _ in _settings(files, ready, spec, params)]
        rows += [Row(one.message, (Cell("wrong", State.WRONG, "", one.location),)) for one in faults]
        if not faults and (params.priority or params.output or params.tags):
            rows.append(Row("priority, output and tags", (Cell("as required", State.RIGHT),)))
    if params.rest:
        changed = [
            Row(one.message, (Cell("changed", State.WRONG, "", one.location),))
            for one, _ in _changed(files, params)
        ]
        rows += changed or [Row("every other given rule", (Cell("unchanged", State.RIGHT),))]
    rows = rows or [Row("the rule files", (Cell("load", State.RIGHT),))]
    return drawn(title, [""], rows)


def _event_rows(files: Files, ready: Ready, spec: Part, params: Params) -> Iterator[Row]:
    """The events that are treated otherwise than they must be, then recorded ones of each sort."""
    wrong = list(_told(files, ready, spec, params))
    for one in wrong:
        word = "not reported" if one.wanted else "reported"
        place = reason(one, files, ready, spec)[0].location
        yield Row(one.title, (Cell(word, State.WRONG, "", place),))
    if any(one.variant is None for one in wrong):
        return
    sorts: dict[tuple[object, ...], list[Event]] = {}
    for event in files.events:
        reported = files.first(event) is ready
        key = (files.holds(spec, event), reported, event.type, event.get("proc.name"))
        sorts.setdefault(key, []).append(event)
    for (wanted, is_reported, *_), events in sorted(sorts.items(), key=lambda pair: not pair[0][0]):
        counted = params.side == "both" or wanted is (params.side == "hits")
        more = f" and {len(events) - 1} more like it" if len(events) > 1 else ""
        state = State.RIGHT if counted else State.UNASKED
        yield Row(f"{events[0].title}{more}", (Cell("reported" if is_reported else "not reported", state),))


def _counts(one: Difference, side: str) -> bool:
    return side == "both" or one.wanted is (side == "hits")


def _example(files: Files, ready: Ready, spec: Part | None) -> str:
    """An alert of the rule, as Falco prints it."""
    for event in files.events:
        if files.holds(spec, event) if spec else ready.reports(event):
            return Alert(event, ready).text
    return f"Rule `{ready.rule.name}` reports no recorded event."


def _changed(files: Files, params: Params) -> Iterator[tuple[Reason, str]]:
    """The given rules that are otherwise than before, except the one that the check is about."""
    for name, before in files.shipped.ruleset.rules.items():
        after = files.loaded.ruleset.rules.get(name)
        if name == params.alert:
            continue
        if after is None:
            yield Reason(f"Rule `{name}` is gone.", Location(files.answer, 1, 1)), f"Falco loads no `{name}`."
            continue
        for part in ("enabled", "priority", "output", "tags", "source"):
            old, new = getattr(before.rule, part), getattr(after.rule, part)
            if old != new:
                message = f"Rule `{name}` should stay as it is: its {part} has changed."
                if part == "enabled":
                    message = f"Rule `{name}` should stay as it is; it is switched {'on' if new else 'off'}."
                place = after.rule.output_place if part == "output" else after.rule.where(part)
                yield Reason(message, place), f"{part} was {_word(old)}, now it is {_word(new)}."
        yield from _other_events(files, name, before, after)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _other_events(files: Files, name: str, before: Ready, after: Ready) -> Iterator[tuple[Reason, str]]:
    """An event that a given rule reports otherwise than before."""
    changed = _changed_definitions(files)
    if before.rule.condition == after.rule.condition and not changed:
        return
    chosen = seeds(files, before.condition, after.condition)
    events = [(event, event.title) for event in files.events]
    events += [(one.event, one.title) for one in variants(chosen, (before.condition, after.condition), {})]
    for event, title in events:
        if before.reports(event) != after.reports(event):
            verb = "no longer reports" if before.reports(event) else "now reports"
            message = f"Rule `{name}` should stay as it is, but it {verb} an event."
            same = before.rule.condition == after.rule.condition
            place = next(iter(changed.values())) if same else after.rule.condition[-1].place
            if same:
                message += f" It uses what you have changed: {', '.join(changed)}."
            yield Reason(message, place), f"Rule `{name}` {verb} {title}."
            return


def _changed_definitions(files: Files) -> dict[str, Location]:
    """The given macros and lists that the answer changes, and lists whose names would be replaced."""
    old, new = files.shipped.ruleset.definitions, files.loaded.ruleset.definitions
    found = {
        f"macro `{name}`": new.macros[name].place
        for name, one in old.macros.items()
        if new.macros[name].condition != one.condition
    }
    for name, one in new.lists.items():
        if name not in old.lists or old.lists[name].items != one.items:
            found[f"list `{name}`"] = one.place
    return found
