"""Schedules of CronJobs: five fields or a descriptor, as the cron parser of the controller reads them.

Follows robfig/cron v3 parser.go (`ParseStandard`), which Kubernetes v1.35 uses.
"""

from __future__ import annotations

from trainer.patterns import regex

_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    ("day of week", 0, 6, ("sun", "mon", "tue", "wed", "thu", "fri", "sat")),
)
_DESCRIPTORS = {"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}
_DURATION = regex(r"[-+]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+|[-+]?0")
_NUMBER = regex(r"\+?[0-9]{1,9}")


def schedule_problem(schedule: str) -> str:
    """What is wrong with a schedule, as a sentence's end; empty where nothing is."""
    if schedule.startswith("@"):
        if schedule in _DESCRIPTORS:
            return ""
        if schedule.startswith("@every ") and _DURATION.fullmatch(schedule.removeprefix("@every ")):
            return ""
        return "it isn't a known descriptor, as `@daily` or `@every 1h`"
    fields = schedule.split()
    if len(fields) != 5:
        return (
            f"it has {len(fields)} fields, and it takes 5: minute, hour, day of month, month and day of week"
        )
    for written, (name, low, high, names) in zip(fields, _FIELDS, strict=True):
        for part in written.split(","):
            broken = _part_problem(part, low, high, names)
            # The parser skips empty parts of a list.
            if part and broken:
                return f"the {name} `{written}` {broken}"
    return ""


def _part_problem(part: str, low: int, high: int, names: tuple[str, ...]) -> str:
    pieces = part.split("/")
    ends = pieces[0].split("-")
    if len(pieces) > 2 or len(ends) > 2:
        return "is not understood"
    if ends[0] in {"*", "?"}:
        start, end = low, high
        if len(ends) == 2:
            return "is not understood"
    else:
        numbers = [_number(end, low, names) for end in ends]
        if None in numbers:
            return "is not a number" + (" or a name" if names else "")
        start = numbers[0] or 0
        end = (numbers[1] or 0) if len(ends) == 2 else (high if len(pieces) == 2 else start)
    if len(pieces) == 2 and (not _NUMBER.fullmatch(pieces[1]) or int(pieces[1]) == 0):
        return "has a step that isn't a number above 0"
    if start < low or end > high:
        return f"is outside of {low} to {high}"
    return "has an end before its start" if start > end else ""


def _number(written: str, low: int, names: tuple[str, ...]) -> int | None:
    if written.lower() in names:
        return names.index(written.lower()) + low
    return int(written) if _NUMBER.fullmatch(written) else None
