"""The values of an awk program's expressions: variables, fields, arrays and functions.

Follows POSIX.1-2024, XCU awk, "Expressions in awk" and "Functions". RE2 matches, in linear time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from trainer.errors import NotJudged
from trainer.simulate.shell.process import limited
from trainer.simulate.shell.tools.awk.tokens import unescaped
from trainer.simulate.shell.tools.awk.tree import Node
from trainer.simulate.shell.tools.awk.values import (
    Input,
    Value,
    compared,
    formatted,
    is_true,
    number_of,
    text_of,
)
from trainer.simulate.shell.tools.expressions import compiled, translated

MOST_STEPS = 60_000
MOST_FIELDS = 5_000
_HOLDS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
System = Callable[[str], tuple[int, str]]


class Expressions:
    """What the expressions of one run share; `system` runs a command: its exit code and its output."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.variables: dict[str, Value] = {"FS": " ", "OFS": " ", "ORS": "\n", "NR": 0.0, "FNR": 0.0}
        self.variables |= {"RS": "\n", "SUBSEP": "\x1c", "FILENAME": "", "NF": 0.0}
        self.arrays: dict[str, dict[str, Value]] = {}
        self.fields: list[Value] = []
        self.record: Value = ""
        self.text = ""
        """What was written to the output."""
        self.steps = 0

    def write(self, text: str) -> None:
        """Write to the output."""
        self.text = limited(self.text + text)

    def read(self, line: str) -> None:
        """Make a text the record."""
        self.record = Input(line)
        self.fields = [Input(one) for one in self.split(line, self.variables["FS"])]
        if len(self.fields) > MOST_FIELDS:
            raise NotJudged(f"awk with more than {MOST_FIELDS} fields")
        self.variables["NF"] = float(len(self.fields))

    def split(self, text: str, mark: Value | Node) -> list[str]:
        """A text in fields: at blanks, at a character, or at what a regular expression matches."""
        self.step(len(text) // 32)
        if isinstance(mark, Node):
            pattern = mark.text if mark.kind == "regex" else None
            mark = text_of(self.value(mark)) if pattern is None else None
        else:
            pattern, mark = None, text_of(mark)
        if mark == " ":
            return text.strip(" \t\n").split() if text.strip(" \t\n") else []
        if not text or mark == "":
            return list(text)
        if mark is not None and len(mark) == 1 and mark != "\\":
            return text.split(mark)
        found, end = [], 0
        for match in self.pattern(pattern if mark is None else mark).finditer(text):
            if match.end() > match.start():
                found.append(text[end : match.start()])
                end = match.end()
        return [*found, text[end:]]

    def pattern(self, text: str | None) -> Any:
        """A regular expression, ready to match."""
        return compiled(translated(text or "", extended=True))

    def value(self, node: Node) -> Value:
        """The value of an expression. Raises `NotJudged` after very many steps."""
        self.step()
        return _BY_KIND[node.kind](self, node)

    def step(self, count: int = 1) -> None:
        """Count steps: what takes longer counts as several."""
        self.steps += count
        if self.steps > MOST_STEPS:
            raise NotJudged(f"awk with more than {MOST_STEPS} steps")

    def truth(self, node: Node) -> bool:
        """Whether a condition holds."""
        return is_true(self.value(node))

    def texts(self, nodes: tuple[Node, ...]) -> list[str]:
        """The values of several expressions as texts."""
        return [text_of(self.value(one)) for one in nodes]

    def array(self, name: str) -> dict[str, Value]:
        """An array, which the first use makes. Raises `NotJudged` for a variable that isn't one."""
        if name in self.variables:
            raise NotJudged(f"awk with {name} as an array and as a variable")
        return self.arrays.setdefault(name, {})

    def key(self, node: Node) -> str:
        """The subscript of an element."""
        return text_of(self.variables["SUBSEP"]).join(self.texts(node.parts))

    def matches(self, node: Node, text: str) -> bool:
        """Whether a text has a match of a regular expression."""
        wanted = node.text if node.kind == "regex" else text_of(self.value(node))
        return self.pattern(wanted).search(text) is not None

    def get(self, node: Node) -> Value:
        """The value of a variable, a field or an element."""
        if node.kind == "name":
            if node.text in self.arrays:
                raise NotJudged(f"awk with {node.text} as an array and as a variable")
            return self.variables.get(node.text)
        if node.kind == "element":
            return self.array(node.text).setdefault(self.key(node), None)
        at = self.place(node)
        return self.record if not at else self.fields[at - 1] if at <= len(self.fields) else None

    def place(self, node: Node) -> int:
        """The number of a field."""
        at = number_of(self.value(node.parts[0]))
        if not 0 <= at <= MOST_FIELDS:
            raise NotJudged(f"awk with the field {text_of(at)}")
        return int(at)

    def put(self, node: Node, value: Value) -> Value:
        """Set a variable, a field or an element."""
        if node.kind == "name":
            if node.text in self.arrays or (node.text == "RS" and value != "\n"):
                raise NotJudged(f"awk that sets {node.text}")
            self.variables[node.text] = value
            if node.text == "NF":
                self.fields = (self.fields + [None] * int(number_of(value)))[: int(number_of(value))]
                self.rebuild()
        elif node.kind == "element":
            self.array(node.text)[self.key(node)] = value
        elif not (at := self.place(node)):
            self.read(text_of(value))
        else:
            self.fields += [None] * (at - len(self.fields))
            self.fields[at - 1] = value
            self.rebuild()
        return value

    def rebuild(self) -> None:
        """Make the record of its fields again."""
        self.variables["NF"] = float(len(self.fields))
        self.record = Input(limited(text_of(self.variables["OFS"]).join(map(text_of, self.fields))))


def _set(run: Expressions, node: Node) -> Value:
    target, value = node.parts
    if node.text == "=":
        new = run.value(value)
        return run.put(target, new)
    other = number_of(run.value(value))
    return run.put(target, _calculated(node.text[0], number_of(run.get(target)), other))


def _step(run: Expressions, node: Node) -> Value:
    before = number_of(run.get(node.parts[0]))
    after = before + (1 if node.text == "++" else -1)
    run.put(node.parts[0], after)
    return after if node.kind == "before" else before


def _calculated(sign: str, one: float, other: float) -> float:
    try:
        match sign:
            case "+":
                return one + other
            case "-":
                return one - other
            case "*":
                return one * other
            case "/":
                return one / other
            case "%":
                return math.fmod(one, other)
        return float(one**other)
    except (ZeroDivisionError, OverflowError, ValueError, TypeError):
        raise NotJudged(f"awk that calculates {text_of(one)} {sign} {text_of(other)}") from None


def _unary(run: Expressions, node: Node) -> Value:
    if node.text == "!":
        return float(not run.truth(node.parts[0]))
    value = number_of(run.value(node.parts[0]))
    return -value if node.text == "-" else value


def _compare(run: Expressions, node: Node) -> Value:
    return float(_HOLDS[node.text](compared(run.value(node.parts[0]), run.value(node.parts[1]))))


def _match(run: Expressions, node: Node) -> Value:
    text = text_of(run.value(node.parts[0]))
    return float(run.matches(node.parts[1], text) is (node.text == "~"))


def _joined(run: Expressions, node: Node) -> Value:
    return limited("".join(run.texts(node.parts)))


def _call(run: Expressions, node: Node) -> Value:
    if not (1 <= len(node.parts) <= 3) and node.text not in ("length", "sprintf", "fflush"):
        raise NotJudged(f"awk with {node.text} of {len(node.parts)} values")
    return _FUNCTIONS[node.text](run, node.parts)


def _length(run: Expressions, parts: tuple[Node, ...]) -> Value:
    if parts and parts[0].kind == "name" and parts[0].text in run.arrays:
        return float(len(run.arrays[parts[0].text]))
    return float(len(text_of(run.value(parts[0])) if parts else text_of(run.record)))


def _substr(run: Expressions, parts: tuple[Node, ...]) -> Value:
    text = text_of(run.value(parts[0]))
    start = round(number_of(run.value(parts[1])))
    end = start + round(number_of(run.value(parts[2]))) if len(parts) > 2 else len(text) + 1
    return text[max(start - 1, 0) : max(end - 1, 0)]


def _index(run: Expressions, parts: tuple[Node, ...]) -> Value:
    text, other = run.texts(parts)
    return float(text.find(other) + 1)


def _split(run: Expressions, parts: tuple[Node, ...]) -> Value:
    text = text_of(run.value(parts[0]))
    if len(parts) < 2 or parts[1].kind != "name":
        raise NotJudged("awk with split into no array")
    found = run.split(text, parts[2] if len(parts) > 2 else run.variables["FS"])
    array = run.array(parts[1].text)
    array.clear()
    array.update({str(at): Input(one) for at, one in enumerate(found, 1)})
    return float(len(found))


def _replace(run: Expressions, parts: tuple[Node, ...], *, everywhere: bool) -> Value:
    target = parts[2] if len(parts) > 2 else Node("field", parts=(Node("number", "0"),))
    if len(parts) < 2 or target.kind not in ("name", "field", "element"):
        raise NotJudged("awk with sub of no variable")
    wanted = parts[0].text if parts[0].kind == "regex" else text_of(run.value(parts[0]))
    new, text = text_of(run.value(parts[1])), text_of(run.get(target))
    run.step(len(text) // 32)
    found, end, count = "", 0, 0
    for match in run.pattern(wanted).finditer(text):
        if count and (match.start() == match.end() == end or not everywhere):
            continue
        run.step()
        put = re.sub(r"\\(&|\\)|&", lambda one, match=match: one[1] or match[0], new)  # type: ignore[misc]
        found = limited(found + text[end : match.start()] + put)
        end, count = match.end(), count + 1
    if count:
        run.put(target, found + text[end:])
    return float(count)


def _find(run: Expressions, parts: tuple[Node, ...]) -> Value:
    text = text_of(run.value(parts[0]))
    wanted = parts[1].text if parts[1].kind == "regex" else text_of(run.value(parts[1]))
    match = run.pattern(wanted).search(text)
    run.variables["RSTART"] = float(match.start() + 1 if match else 0)
    run.variables["RLENGTH"] = float(match.end() - match.start() if match else -1)
    return run.variables["RSTART"]


def _sprintf(run: Expressions, parts: tuple[Node, ...]) -> Value:
    form, *values = [run.value(one) for one in parts]
    return limited(formatted(text_of(form), values))


def _system(run: Expressions, parts: tuple[Node, ...]) -> Value:
    code, text = run.system(text_of(run.value(parts[0])))
    run.write(text)
    return float(code)


_FUNCTIONS: dict[str, Callable[[Expressions, tuple[Node, ...]], Value]] = {
    "length": _length,
    "substr": _substr,
    "index": _index,
    "split": _split,
    "sub": lambda run, parts: _replace(run, parts, everywhere=False),
    "gsub": lambda run, parts: _replace(run, parts, everywhere=True),
    "match": _find,
    "sprintf": _sprintf,
    "tolower": lambda run, parts: text_of(run.value(parts[0])).lower(),
    "toupper": lambda run, parts: text_of(run.value(parts[0])).upper(),
    "int": lambda run, parts: float(math.trunc(number_of(run.value(parts[0])))),
    "system": _system,
    "close": lambda _run, _parts: 0.0,
    "fflush": lambda _run, _parts: 0.0,
}


def _member(run: Expressions, node: Node) -> Value:
    return float(run.key(node) in run.array(node.text))


_BY_KIND: dict[str, Callable[[Expressions, Node], Value]] = {
    "number": lambda _run, node: float(node.text),
    "text": lambda _run, node: node.text,
    "regex": lambda run, node: float(run.matches(node, text_of(run.record))),
    **dict.fromkeys(("name", "element", "field"), Expressions.get),
    "group": lambda run, node: run.value(node.parts[0]),
    "set": _set,
    **dict.fromkeys(("before", "after"), _step),
    "choice": lambda run, node: run.value(node.parts[1 if run.truth(node.parts[0]) else 2]),
    "either": lambda run, node: float(run.truth(node.parts[0]) or run.truth(node.parts[1])),
    "both": lambda run, node: float(run.truth(node.parts[0]) and run.truth(node.parts[1])),
    "in": _member,
    "match": _match,
    "compare": _compare,
    "joined": _joined,
    "number of": lambda run, node: _calculated(
        node.text, number_of(run.value(node.parts[0])), number_of(run.value(node.parts[1]))
    ),
    "unary": _unary,
    "call": _call,
}


def given_value(text: str) -> Input:
    """The value that `-v name=text` gives: escapes are read."""
    return Input(unescaped(text, 0, "")[0])
