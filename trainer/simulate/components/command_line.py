"""A component's command line, as the component reads it: forms of flags, the last one wins, lists
accumulate.

The Kubernetes components use `pflag` (`--flag=value`, `--flag value`, `-v 2`; a boolean takes its
value only after `=`; underscores count as dashes), etcd uses Go's `flag` (one dash or two).
Unknown flags, invalid values and words that aren't flags end the component before it starts.
Follows github.com/spf13/pflag and k8s.io/component-base v1.35, and etcd 3.6.
"""

from __future__ import annotations

import csv
import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.values import text
from trainer.patterns import regex
from trainer.simulate.components.flags import Flag, flags_of, history, is_doubtful
from trainer.verdict import Location, Problem
from trainer.versions import DEFAULT, Version

TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
FALSE = frozenset(("0", "f", "F", "FALSE", "false", "False"))
_SHORT = {"v": "v", "h": "help"}
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = regex(r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+\Z")
_PART = regex(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_INTEGER = regex(r"[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]*|[1-9][0-9_]*)\Z")

Value = bool | int | float | str | tuple[str, ...] | dict[str, str] | None
"""A flag's value: seconds for durations, None for a string or number that is not set."""


class Word(msgspec.Struct, frozen=True):
    """One word of `command` or `args`, and its place."""

    text: str
    location: Location


class Use(msgspec.Struct, frozen=True):
    """One use of a flag: the value as written (`true` for a boolean without one)."""

    name: str
    value: str
    location: Location


class CommandLine(msgspec.Struct, frozen=True):
    """What a component reads from its words: `problems` keep it from starting."""

    component: str
    kubernetes: Version
    """The version of the component (of its cluster, for etcd)."""
    uses: Mapping[str, tuple[Use, ...]]
    problems: tuple[Problem, ...] = ()

    @property
    def flags(self) -> Mapping[str, Flag]:
        """All flags that the component has, by name."""
        return flags_of(self.component, self.kubernetes)

    def is_set(self, name: str) -> bool:
        """Whether the flag is set at all."""
        return name in self.uses

    def location(self, name: str) -> Location | None:
        """The place of the deciding use of a flag; None if the default counts."""
        uses = self.uses.get(name)
        return uses[-1].location if uses else None

    def value(self, name: str) -> Value:
        """The effective value of a flag; its default if it isn't set.

        Raises `KeyError` for a flag that the component doesn't have in its version. A value that the
        component refuses (a `problem`) counts as its default.
        """
        flag = self.flags[name]
        uses = [use.value for use in self.uses.get(name, ()) if not value_problem(flag, use.value)]
        if not uses:
            return _typed(flag, [flag.default]) if flag.default or flag.adds_up else None
        return _typed(flag, uses)

    def text(self, name: str) -> str:
        """The value of a string flag; empty if it isn't set."""
        return text(self.value(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of a list flag."""
        value = self.value(name)
        return value if isinstance(value, tuple) else ()

    def flag(self, name: str) -> bool:
        """The value of a boolean flag."""
        return self.value(name) is True

    def number(self, name: str) -> int:
        """The value of a number flag; 0 if it isn't set."""
        value = self.value(name)
        return int(value) if isinstance(value, int | float) else 0


def read_command(component: str, words: Sequence[Word], kubernetes: Version = DEFAULT) -> CommandLine:
    """Read the words after the component's own name, as the component of this version does.

    Raises `NotJudged` for a flag that this version may or may not have.
    """
    reader = (_GoFlags if component == "etcd" else _Pflags)(component, kubernetes)
    reader.read(words)
    uses: dict[str, tuple[Use, ...]] = {}
    for use in reader.uses:
        uses[use.name] = (*uses.get(use.name, ()), use)
    return CommandLine(component, kubernetes, uses, tuple(reader.problems))


class _Reader:
    """What both kinds of command lines share: looking up a flag, recording uses and problems."""

    def __init__(self, component: str, kubernetes: Version) -> None:
        self.component = component
        self.kubernetes = kubernetes
        self.flags = flags_of(component, kubernetes)
        self.uses: list[Use] = []
        self.problems: list[Problem] = []

    def refuse(self, message: str, word: Word) -> None:
        self.problems.append(Problem(message, location=word.location))

    def look_up(self, name: str, word: Word) -> Flag | None:
        flag = self.flags.get(name)
        if flag is None:
            if since := history(self.component, name, self.kubernetes):
                self.refuse(f"{self.component} {self.kubernetes} has no flag --{name}: {since}", word)
                return None
            if is_doubtful(self.component, name, self.kubernetes):
                raise NotJudged(f"the flag --{name} of {self.component}", word.location)
            hint = "; each entry of the list is one word: write --flag=value" if " " in name else ""
            self.refuse(f"{self.component} has no flag --{name}{hint}", word)
        return flag

    def take(self, flag: Flag, value: str, word: Word) -> None:
        if why := value_problem(flag, value):
            self.refuse(f"--{flag.name}: {why}", word)
        if flag.name in ("help", "version") and value not in FALSE:
            self.refuse(f"with --{flag.name}, {self.component} only prints and exits", word)
        self.uses.append(Use(flag.name, value, word.location))

    def stray(self, word: Word) -> None:
        """A word that belongs to no flag."""
        before = self.uses[-1] if self.uses else None
        hint = ""
        if before is not None and self.flags[before.name].type == "bool" and before.value == "true":
            hint = f"; write --{before.name}={word.text}: a boolean takes its value only after ="
        self.refuse(f"{self.component} accepts only flags, and {word.text!r} isn't one{hint}", word)


class _Pflags(_Reader):
    def read(self, words: Sequence[Word]) -> None:
        rest = iter(words)
        for word in rest:
            text = word.text
            if text == "--":
                for stray in rest:
                    self.stray(stray)
            elif text.startswith("--"):
                name, equals, value = text[2:].partition("=")
                if not name or name.startswith("-"):
                    self.refuse(f"{text!r} is not a flag", word)
                else:
                    self._long(name.replace("_", "-"), value if equals else None, word, rest)
            elif text.startswith("-") and len(text) > 1:
                self._short(text[1:], word, rest)
            elif text:
                self.stray(word)

    def _long(self, name: str, value: str | None, word: Word, rest: Iterator[Word]) -> None:
        flag = self.look_up(name, word)
        if flag is None:
            return
        if value is None and flag.type in ("bool", "version"):
            value = "true"
        if value is None:
            following = next(rest, None)
            if following is None:
                self.refuse(f"--{name} needs a value", word)
                return
            value = following.text
        self.take(flag, value, word)

    def _short(self, text: str, word: Word, rest: Iterator[Word]) -> None:
        name = _SHORT.get(text[0])
        if name is None:
            self.refuse(f"{word.text!r}: long flags start with two dashes", word)
            return
        value = text[1:].removeprefix("=") if len(text) > 1 else None
        self._long(name, value, word, rest)


class _GoFlags(_Reader):
    def read(self, words: Sequence[Word]) -> None:
        rest = iter(words)
        for word in rest:
            text = word.text
            if len(text) < 2 or not text.startswith("-") or text == "--":
                for stray in ([] if text == "--" else [word], rest):
                    for one in stray:
                        self.stray(one)
                return
            name, equals, value = text.removeprefix("-").removeprefix("-").partition("=")
            flag = self.look_up(name, word)
            if flag is None:
                return  # reading ends at the first unknown flag
            if equals:
                self.take(flag, value, word)
            elif flag.type == "bool":
                self.take(flag, "true", word)
            elif (following := next(rest, None)) is None:
                self.refuse(f"--{name} needs a value", word)
            else:
                self.take(flag, following.text, word)


def value_problem(flag: Flag, value: str) -> str:
    """Why a flag refuses a value; empty if it accepts it."""
    kind = flag.type
    if kind == "bool":
        return "" if value in TRUE | FALSE else f"{value!r} is neither true nor false"
    if kind == "int":
        return "" if _INTEGER.match(value) else f"{value!r} is not a whole number"
    if kind == "float":
        return "" if _is_float(value) else f"{value!r} is not a number"
    if kind == "duration":
        return "" if seconds(value) is not None else f"{value!r} is not a duration (30s, 5m, 1h)"
    if kind == "ip":
        return "" if not value or _is_address(value) else f"{value!r} is not an IP address"
    if kind == "ports":
        return "" if port_range(value) else f"{value!r} is not a port range (30000-32767)"
    if kind == "list":
        return "" if _split(value) is not None else f"the quotes in {value!r} don't match"
    if kind == "ids":
        wrong = [one for one in value.split(",") if not _INTEGER.match(one)]
        return f"{wrong[0]!r} is not a number" if wrong else ""
    if kind == "map":
        return _map_problem(flag, value)
    return ""


def _map_problem(flag: Flag, value: str) -> str:
    for item in filter(None, (part.strip() for part in value.split(","))):
        name, equals, setting = item.partition("=")
        if flag.name == "runtime-config" and not equals:
            continue
        if not equals or not name:
            return f"{item!r} is not of the form key=value"
        if flag.name in ("feature-gates", "runtime-config") and setting.strip() not in TRUE | FALSE:
            return f"{item!r}: write true or false"
    return ""


def _typed(flag: Flag, values: list[str]) -> Value:
    last = values[-1]
    if flag.type == "bool":
        return last in TRUE
    if flag.type == "int":
        return int(_decimal(last), 0)
    if flag.type == "float":
        return float(last)
    if flag.type == "duration":
        return seconds(last)
    if flag.type in ("list", "ids"):
        return tuple(item for value in values for item in _split(value) or ())
    if flag.type == "array":
        return tuple(value for value in values if value)
    if flag.type == "map":
        return dict(pair for value in values for pair in _pairs(value))
    return last


def _pairs(value: str) -> Iterable[tuple[str, str]]:
    for item in filter(None, (part.strip() for part in value.split(","))):
        name, equals, setting = item.partition("=")
        # Without a component, `kube:` is meant.
        yield name.strip().removeprefix("kube:"), setting.strip() if equals else "true"


def _split(value: str) -> list[str] | None:
    """The items of a comma-separated list, or None if its quotes don't match."""
    if not value:
        return []
    if '"' not in value:
        return value.split(",")
    try:
        return next(csv.reader([value], strict=True), [])
    except csv.Error:
        return None


def _decimal(value: str) -> str:
    """Go reads 010 as octal, where Python wants 0o10."""
    sign, digits = (value[0], value[1:]) if value[0] in "+-" else ("", value)
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        digits = f"0o{digits[1:]}"
    return sign + digits.replace("_", "")


def seconds(value: str) -> float | None:
    """A Go duration (`1h30m`, `90s`, `0`) in seconds, or None if it isn't a duration."""
    if value.lstrip("+-") == "0" and len(value) <= 2:
        return 0.0
    if not _DURATION.match(value):
        return None
    total = sum(float(amount) * _UNITS[unit] for amount, unit in _PART.findall(value))
    return -total if value.startswith("-") else total


def port_range(value: str) -> tuple[int, int] | None:
    """`30000-32767`, `30000+100`, `30080` as first and last port, or None if it isn't a range."""
    found = re.fullmatch(r"\s*([0-9]{1,5})\s*(?:([-+])\s*([0-9]{1,5})\s*)?", value)
    if not found:
        return None
    first = int(found[1])
    last = first if not found[2] else int(found[3]) + (first if found[2] == "+" else 0)
    return (first, last) if 0 < first <= last <= 65535 else None


def _is_float(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return "_" not in value


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value.strip())
    except ValueError:
        return False
    return True
